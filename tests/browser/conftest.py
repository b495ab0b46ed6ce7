"""Chromium for the tests of pages, and a site of pages that needs no server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import Engine

from procurement.database import make_engine
from tests.browser.guests import Guests
from tests.browser.looking import DESK
from tests.browser.rounds_on_show import bidding_rounds, reporting_round
from tests.browser.site import Site
from tests.server import running_server


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Yield a visitor without cookies, at a desk, in Beijing."""
    made = chromium.new_context(
        viewport={"width": DESK, "height": 900}, timezone_id="Asia/Shanghai", locale="zh-CN"
    )
    yield made
    made.close()


@pytest.fixture
def site(context: BrowserContext) -> Site:
    """Return pages made of our templates and scripts, under the content security policy."""
    return Site(context.new_page())


@contextmanager
def served(folder: Path, template: Path) -> Iterator[tuple[Engine, str]]:
    """Serve a new database; yield its engine and the address."""
    file = folder / "platform.sqlite3"
    shutil.copyfile(template, file)
    engine = make_engine(f"sqlite:///{file}")
    with running_server(engine, folder) as server:
        yield engine, server.address
        assert server.process.stdout is not None
        server.process.stdout.close()
    engine.dispose()


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[str]:
    """Yield the address of an empty platform that is being served."""
    with served(tmp_path_factory.mktemp("platform"), sqlite_template) as (_, address):
        yield address


@pytest.fixture(scope="session")
def bidding(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, chromium: Browser
) -> Iterator[Guests]:
    """Yield people around rounds that are drafted, in bidding and being opened."""
    folder = tmp_path_factory.mktemp("bidding")
    with served(folder, sqlite_template) as (engine, address):
        yield Guests(chromium, engine, address, bidding_rounds(engine, folder))


@pytest.fixture(scope="session")
def reporting(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, chromium: Browser
) -> Iterator[Guests]:
    """Yield people around a round in volume reporting."""
    with served(tmp_path_factory.mktemp("reporting"), sqlite_template) as (engine, address):
        yield Guests(chromium, engine, address, reporting_round(engine))
