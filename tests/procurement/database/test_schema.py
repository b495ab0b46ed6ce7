"""The migrations make what the tables say, on both databases."""

import importlib
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from procurement.database import Base, metadata, upgrade
from procurement.settings import resource_folder
from tests.house_rules import ROOT


@pytest.fixture(autouse=True)
def all_tables():
    """Every stage's tables are in the metadata."""
    for file in sorted(ROOT.glob("procurement/**/tables.py")):
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def test_migrations_and_tables_agree(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_upgrading_again_changes_nothing(engine):
    before = inspect(engine).get_table_names()
    upgrade(engine)
    assert inspect(engine).get_table_names() == before


def test_two_processes_may_upgrade_at_once(empty_engine):
    program = (
        "import sys; from procurement.database import make_engine, upgrade;"
        "upgrade(make_engine(sys.argv[1]))"
    )
    url = empty_engine.url.render_as_string(hide_password=False)
    both = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert inspect(empty_engine).has_table("evaluation_report")


def test_every_stage_is_known_to_alembic():
    env = (resource_folder("migrations") / "env.py").read_text("utf-8")
    modules = {mapper.class_.__module__ for mapper in Base.registry.mappers}
    assert {module for module in modules if f"import {module}" not in env} == set()


def test_migrations_form_one_line_and_their_files_start_with_a_date():
    scripts = ScriptDirectory(str(resource_folder("migrations")))
    assert len(scripts.get_heads()) == 1
    for script in scripts.walk_revisions():
        assert f"_{script.revision}_" in script.path
