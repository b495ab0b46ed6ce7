"""Says on standard output when a server answers; ``jicai serve`` runs it as a process of its own.

Not a thread: the server forks its workers, and a fork while a thread imports something leaves the
worker waiting for that import for ever. It imports nothing of the platform, so that it is quick.
"""

import os
import ssl
import sys
import time
from contextlib import suppress
from urllib.request import urlopen

SECONDS = 120
"""How long the first answer is waited for."""

PAUSE = 0.1


def announce(address: str, server: int) -> int:
    """Wait for the first answer, and print the line.

    Args:
        address: Of the server, with its scheme.
        server: Its process; waiting ends when it has ended.

    Returns:
        0, or 1 where nothing answers.
    """
    # The certificate names the public address, and this asks the local one.
    anybody = ssl._create_unverified_context()  # noqa: S323
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and os.getppid() == server:
        with suppress(OSError), urlopen(f"{address}/health", timeout=5, context=anybody):  # noqa: S310
            print(f"jicai: ready at {address}", flush=True)
            return 0
        time.sleep(PAUSE)
    print(f"jicai serve: nothing answers at {address}; see the log above", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(announce(sys.argv[1], int(sys.argv[2])))
