"""Rounds that were stored before the platform conducted any live on."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from procurement.database import transaction
from procurement.rounds.service import RoundDocument, find_round, store_round
from procurement.rounds.tables import RoundStatus
from procurement.settings import resource_folder
from tests.procurement.rounds import world

OLD_ROUND = """
INSERT INTO round (id, name, title, rulebook, rulebook_digest, opened_on, facts, facts_digest,
                   imported_at)
VALUES (7, 'national-3-2020', '第三批', 'national-3', :digest, '2020-08-20', '{}', :digest,
        '2026-01-05 00:00:00')
"""


def migrate(engine, revision, *, down=False):
    config = Config()
    config.set_main_option("script_location", str(resource_folder("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def test_a_stored_round_gets_the_new_columns_and_keeps_its_facts(empty_engine):
    migrate(empty_engine, "0004")
    with transaction(empty_engine) as session:
        session.execute(text(OLD_ROUND), {"digest": "0" * 64})
    migrate(empty_engine, "head")
    with transaction(empty_engine) as session:
        round_ = find_round(session, name="national-3-2020")
        assert round_ is not None
        assert (round_.id, round_.status, round_.facts) == (7, RoundStatus.IMPORTED, "{}")
        assert (round_.options, round_.version, round_.is_inquiry) == ("{}", 1, False)
        assert (round_.bureau_id, round_.closes_at) == (None, None)


def test_the_migration_of_rounds_can_be_taken_back(empty_engine):
    migrate(empty_engine, "0005")
    with transaction(empty_engine) as session:
        session.execute(text(OLD_ROUND), {"digest": "0" * 64})
    migrate(empty_engine, "0004", down=True)
    with transaction(empty_engine) as session:
        assert session.scalar(text("SELECT name FROM round")) == "national-3-2020"
    migrate(empty_engine, "0005")


def test_an_imported_round_is_stored_as_before(engine):
    document = RoundDocument(
        name="x",
        title="x",
        rulebook="national-3",
        rulebook_digest="0" * 64,
        opened_on=world.MOMENT.date(),
        facts="{}",
    )
    with transaction(engine) as session:
        stored = store_round(session, document=document, moment=world.MOMENT)
        session.refresh(stored)
        assert stored.status == RoundStatus.IMPORTED
