"""The platform with two sides, built once for all tests that change nothing of it."""

import shutil

import pytest

from procurement.database import make_engine
from tests.procurement.app.cells.scene import standing_scene


@pytest.fixture(scope="session")
def scene(sqlite_template, tmp_path_factory):
    """Two sides on SQLite; whatever a request changes is undone."""
    folder = tmp_path_factory.mktemp("cells")
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'jicai.sqlite3')}")
    with standing_scene(engine, folder) as standing:
        yield standing
    engine.dispose()
