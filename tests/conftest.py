"""Fixtures for all tests: databases with the schema of the migrations, and shared material."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, make_url

from procurement.database import make_engine, upgrade
from tests.chromium import chromium, pictures
from tests.house_rules import ROOT
from tests.missing import skip_unless_ci
from tests.postgresql import (
    INSTALL_HINT,
    MigratedDatabases,
    find_programs,
    new_database,
    running_server,
)

__all__ = ["chromium", "pictures"]

# No test fails because the machine does something else at the same time.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

MEMORY = Path("/dev/shm")  # noqa: S108 - only its room is asked for; pytest makes the folder
ROOM_BYTES = 8 * 2**30


def pytest_configure() -> None:
    """Keep the files of tests in memory where there is room: SQLite waits for a disk at COMMIT."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a test in a browser once more when it fails: not all of its waits are ours to make.

    The summary names each that needed it (``RERUN``): such a test is to be mended.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """Look no more through what was loaded and collected: all of it stays until the end."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let the libraries tidy up, some of which say at the end what they could not."""
    gc.unfreeze()


# Crash tests end servers and databases again and again: they run when asked for (`make soak`).
collect_ignore = [] if os.environ.get("JICAI_CRASH_POINTS") else ["crash"]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of rounds and cases that lies beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        skip_unless_ci("../shared is missing: the rounds and cases to compare with are there")
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    engine = make_engine(f"sqlite:///{file}")
    upgrade(engine)
    # Disposing of the last connection folds the write-ahead log into the file.
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Engine]:
    """Yield an engine on a server where databases can be created, outside of transactions."""
    given = os.environ.get("JICAI_TEST_POSTGRES")
    if given:
        yield from _administration(given)
        return
    programs = find_programs()
    if programs is None:
        skip_unless_ci(INSTALL_HINT)
        return
    with running_server(programs) as url:
        yield from _administration(url)


def _administration(url: str) -> Iterator[Engine]:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Engine) -> Iterator[str]:
    """Yield the name of a migrated PostgreSQL database, to be copied."""
    with new_database(postgresql_server, "template0") as engine:
        upgrade(engine)
        # A database can be copied only while nobody is connected to it.
        engine.dispose()
        yield str(engine.url.database)


@pytest.fixture(scope="session")
def migrated_postgresql(
    postgresql_server: Engine, postgresql_template: str
) -> Iterator[MigratedDatabases]:
    """Yield databases with the newest schema, which tests use one after the other."""
    databases = MigratedDatabases(postgresql_server, postgresql_template)
    yield databases
    databases.drop()


@pytest.fixture
def new_postgresql(postgresql_server: Engine) -> Iterator[Callable[[str], Engine]]:
    """Yield a function that makes a database from a template."""
    with ExitStack() as stack:
        yield lambda template: stack.enter_context(new_database(postgresql_server, template))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Yield an engine on a database without any table, once for each kind of database."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    else:
        engine = request.getfixturevalue("new_postgresql")("template0")
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Yield an engine on a fresh database with the newest schema, once for each kind."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        engine = make_engine(f"sqlite:///{shutil.copy(template, tmp_path / 'jicai.sqlite3')}")
        yield engine
        engine.dispose()
    else:
        databases: MigratedDatabases = request.getfixturevalue("migrated_postgresql")
        with databases.empty() as engine:
            yield engine
