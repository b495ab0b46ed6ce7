"""A new version replaces the old one while bids are taken."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from procurement.database import transaction, upgrade
from procurement.settings import resource_folder
from tests.migration_policy import BASELINE, faults_of, released_versions
from tests.procurement.bids.world import World
from tests.procurement.platform import running_platform

GOOD = """
def upgrade():
    op.add_column("round", sa.Column("note", sa.Text, nullable=True))
    op.add_column("lot", sa.Column("kind", sa.String(9), nullable=False, server_default="x"))
    op.create_index("ix_lot_kind", "lot", ["kind"])

def downgrade():
    op.drop_column("round", "note")
"""


def test_migrations_after_the_first_release_only_add():
    scripts = ScriptDirectory(str(resource_folder("migrations")))
    released = released_versions()
    faults = {}
    for script in scripts.iterate_revisions("head", BASELINE):
        with open(script.path, encoding="utf-8") as opened:
            faults[script.revision] = faults_of(opened.read(), released=released)
    assert {revision: found for revision, found in faults.items() if found} == {}


def test_what_is_added_passes():
    assert faults_of(GOOD, released=()) == []


@pytest.mark.parametrize(
    "statement",
    [
        'op.drop_column("round", "title")',
        'op.drop_table("lot")',
        'op.rename_table("lot", "lots")',
        'op.alter_column("round", "title", new_column_name="name")',
        'op.add_column("lot", sa.Column("kind", sa.String(9), nullable=False))',
        'op.execute("ALTER TABLE lot RENAME COLUMN a TO b")',
        'op.create_unique_constraint("uq", "lot", ["name"])',
        'op.drop_constraint("uq", "lot")',
    ],
)
def test_what_the_previous_version_uses_is_not_taken_away(statement):
    migration = f"def upgrade():\n    {statement}\n"
    assert len(faults_of(migration, released=("0.2.0",))) == 1


def test_a_release_after_its_last_use_a_column_goes():
    contract = 'CONTRACTS = {"round.old": "%s"}\n'
    migration = f'{contract}def upgrade():\n    op.drop_column("round", "old")\n'
    assert faults_of(migration % "0.2.0", released=("0.2.0",)) == []
    assert faults_of(migration % "0.3.0", released=("0.2.0",)) != []


def expand(engine):
    """What a next version may do to the schema, with rows in it and people at work."""
    with engine.begin() as connection:
        for statement in (
            "ALTER TABLE log_leaf ADD COLUMN later VARCHAR(9) NOT NULL DEFAULT 'x'",
            "ALTER TABLE round ADD COLUMN later_note TEXT",
            "ALTER TABLE audit_entry ADD COLUMN later_why TEXT",
            "CREATE TABLE later_table (id INTEGER PRIMARY KEY)",
            "CREATE INDEX ix_lot_later ON lot (id, round_id)",
            "UPDATE alembic_version SET version_num = '9999'",
        ):
            connection.execute(text(statement))


@pytest.fixture
def own_engine(request, engine):
    """A database of its own: its schema changes."""
    if engine.dialect.name == "sqlite":
        yield engine
    else:
        template = request.getfixturevalue("postgresql_template")
        yield request.getfixturevalue("new_postgresql")(template)


def test_a_process_of_the_old_version_goes_on_on_the_new_schema(own_engine, tmp_path):
    world = World(own_engine)
    with running_platform(own_engine, tmp_path, works=True) as platform:
        manifest = world.prepare()
        makers = [world.new_maker() for _ in range(2)]
        assert world.bid(makers[0], manifest).is_receipt
        expand(own_engine)
        assert world.bid(makers[1], manifest).is_receipt
        assert platform.nobody().get("/rounds").status_code == 200
        ready = platform.nobody().get("/ready")
        assert (ready.status_code, ready.json()["schema"]) == (200, "ok")
        # A machine with the old version may even start now.
        upgrade(own_engine)
    log = world.close()
    assert {maker.last for maker in makers} == set(log.leaves)
    with transaction(own_engine) as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_an_older_schema_is_not_ready(own_engine, tmp_path):
    with running_platform(own_engine, tmp_path) as platform:
        with transaction(own_engine) as session:
            session.execute(text("UPDATE alembic_version SET version_num = '0019'"))
        ready = platform.nobody().get("/ready")
        assert (ready.status_code, ready.json()["schema"]) == (503, "failing")
