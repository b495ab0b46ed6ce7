"""The platform with this stage's handlers, whether the application joins them yet or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from procurement.app import health
from procurement.app import make as app_make
from procurement.rounds import api, pages
from procurement.rounds.hooks import install, installed, make_hooks
from tests.procurement.platform import Platform, running_platform


@contextmanager
def stage_platform(
    engine: Engine,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: Callable[[], datetime],
) -> Iterator[Platform]:
    """Run the platform with the pages and the API of rounds, and nothing that others hook in."""
    routes = (*health.ROUTES, *pages.ROUTES, *api.ROUTES)
    monkeypatch.setattr(app_make, "ROUTES", routes)
    before = installed()
    with running_platform(engine, folder, clock=clock) as running:
        # The application installs its hooks as it is made: other stages' parts stay outside here.
        install(make_hooks())
        yield running
    install(before)
