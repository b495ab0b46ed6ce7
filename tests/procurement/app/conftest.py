"""The platform with two sides, built once for all tests; what their requests change is undone."""

import shutil

import pytest

from procurement.database import make_engine
from tests.postgresql import new_database
from tests.procurement.app.cells.scene import standing_scene


@pytest.fixture(scope="session")
def scene(sqlite_template, tmp_path_factory):
    """Both sides on SQLite."""
    folder = tmp_path_factory.mktemp("cells")
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'jicai.sqlite3')}")
    with standing_scene(engine, folder) as standing:
        yield standing
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_scene(postgresql_server, postgresql_template, tmp_path_factory):
    """Both sides on PostgreSQL."""
    with (
        new_database(postgresql_server, postgresql_template) as engine,
        standing_scene(engine, tmp_path_factory.mktemp("cells")) as standing,
    ):
        yield standing


@pytest.fixture(params=["scene", "postgresql_scene"], ids=["sqlite", "postgresql"])
def either_scene(request):
    """Both sides, on each database."""
    return request.getfixturevalue(request.param)
