"""What was stored before there were sittings lives on as the sitting of the bids."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from procurement.database import upgrade
from procurement.settings import resource_folder

ROWS = (
    "INSERT INTO organisation (id, kind, name, short_name, region, is_active, registered_at,"
    " version) VALUES (1, 'manufacturer', 'f', 'f', '340000', true, '2026-01-01 00:00:00', 1)",
    "INSERT INTO round (id, name, title, rulebook, rulebook_digest, opened_on, facts,"
    " facts_digest, imported_at) VALUES (1, 'old', 'old', 'national-3', 'a', '2026-01-01', '{}',"
    " 'b', '2026-01-01 00:00:00')",
    "INSERT INTO checkpoint (id, round_id, document, leaves, standing, made_at)"
    " VALUES (1, 1, '{}', 'a b', 'b', '2026-01-01 00:00:00')",
    "INSERT INTO log_leaf (id, round_id, chain_tag, request_tag, sealed)"
    " VALUES (1, 1, 'c', 'r', '')",
    "INSERT INTO opening (id, round_id, way, seats, opened_at)"
    " VALUES (1, 1, 'shares', '1 2', '2026-01-01 00:00:00')",
    "INSERT INTO opened_bid (id, opening_id, round_id, leaf_id, organisation_id, verdict)"
    " VALUES (1, 1, 1, 1, 1, 'opened')",
)
OF_BIDS = ("checkpoint", "log_leaf", "opening", "opened_bid")


def run(engine, step, to):
    config = Config()
    config.set_main_option("script_location", str(resource_folder("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config, to)


@pytest.fixture
def before(empty_engine):
    """A database as it was before this migration, with an opened round."""
    run(empty_engine, command.upgrade, "0011")
    with empty_engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    return empty_engine


def test_what_there_is_belongs_to_the_bids(before):
    run(before, command.upgrade, "0012")
    with before.begin() as connection:
        for table in OF_BIDS:
            (row,) = connection.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608
            assert (row["id"], row["round_id"], row["sitting"]) == (1, 1, 0)
        connection.execute(
            text(
                "INSERT INTO checkpoint (id, round_id, sitting, document, leaves, standing,"
                " made_at) VALUES (2, 1, 1, '{}', '', '', '2026-01-01 00:00:00')"
            )
        )
    upgrade(before)


@pytest.mark.parametrize("table", OF_BIDS)
def test_tables_that_were_made_anew_still_only_grow(before, table):
    run(before, command.upgrade, "0012")
    with before.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own names


def test_a_second_checkpoint_of_the_bids_is_refused(before):
    run(before, command.upgrade, "0012")
    with before.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(
            text(
                "INSERT INTO checkpoint (id, round_id, document, leaves, standing, made_at)"
                " VALUES (2, 1, '{}', '', '', '2026-01-01 00:00:00')"
            )
        )


def test_the_way_back_keeps_the_bids(before):
    run(before, command.upgrade, "0012")
    run(before, command.downgrade, "0011")
    names = {column["name"] for column in inspect(before).get_columns("opening")}
    assert "sitting" not in names
    with before.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM opened_bid")) == 1
