"""One serving process: loads the platform, then looks no more through what it loaded."""

import atexit
import gc
from importlib import import_module

from litestar.types import ASGIApp


def make_process() -> ASGIApp:
    """Make the application of this process.

    What is loaded stays until the process ends. Python's search for unreachable objects goes
    through all of it again and again: that would take a quarter of the start, and later
    hold up requests for some tenths of a second each time.
    """
    gc.disable()
    # Not before: all packages come with it.
    made: ASGIApp = import_module("procurement.app.asgi").make_application()
    gc.collect()
    gc.freeze()
    gc.enable()
    # At the end libraries tidy up, and say what they could not.
    atexit.register(gc.unfreeze)
    return made
