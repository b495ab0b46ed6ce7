"""A transaction is kept whole or not at all; a snapshot neither waits nor changes anything."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from procurement.database import make_engine, snapshot, transaction
from procurement.rounds.service import RoundDocument, find_round, store_round
from procurement.rounds.tables import Round

MOMENT = datetime(2026, 1, 5, tzinfo=UTC)


def store(session, name="pilot"):
    document = RoundDocument(
        name=name,
        title="4+7 城市药品集中采购",
        rulebook="national-pilot-2018",
        rulebook_digest="0" * 64,
        opened_on=date(2018, 12, 6),
        facts="{}",
    )
    return store_round(session, document=document, moment=MOMENT)


def test_what_was_done_is_kept(engine):
    with transaction(engine) as session:
        store(session)
    with snapshot(engine) as session:
        assert find_round(session, name="pilot") is not None


def test_a_failure_undoes_everything_and_is_raised(engine):
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        store(session)
        1 / 0  # noqa: B018 - any error will do
    with snapshot(engine) as session:
        assert find_round(session, name="pilot") is None


def test_a_failing_commit_is_raised(engine):
    # The foreign key is checked only at COMMIT, so that the block itself ends well.
    if engine.dialect.name == "sqlite":
        prepare = "PRAGMA defer_foreign_keys = ON"
    else:
        prepare = (
            "ALTER TABLE evaluation_report ALTER CONSTRAINT fk_evaluation_report_round_id_round "
            "DEFERRABLE INITIALLY DEFERRED"
        )
    orphan = text(
        "INSERT INTO evaluation_report (round_id, report, report_digest, rulebook_digest,"
        " code_version, evaluated_at) VALUES (7, '{}', '', '', '', '2026-01-05 00:00:00+00')"
    )
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), transaction(engine) as session:
        session.execute(text(prepare))
        session.execute(orphan)


def test_nothing_written_in_a_snapshot_is_kept(engine):
    with snapshot(engine) as session:
        store(session)
    with snapshot(engine) as session:
        assert find_round(session, name="pilot") is None


def test_rows_stay_readable_after_the_block(engine):
    with transaction(engine) as session:
        written = store(session)
    with snapshot(engine) as session:
        read = find_round(session, name="pilot")
    assert read is not None
    assert written.title == read.title == "4+7 城市药品集中采购"


def test_a_snapshot_does_not_see_what_is_written_meanwhile(engine):
    with snapshot(engine) as reader:
        assert find_round(reader, name="pilot") is None
        with transaction(engine) as writer:
            store(writer)
        assert find_round(reader, name="pilot") is None


def test_a_snapshot_does_not_wait_for_a_writer(engine):
    with transaction(engine) as writer:
        store(writer)
        with snapshot(engine) as reader:
            assert find_round(reader, name="pilot") is None


def test_a_second_writer_on_sqlite_waits_for_the_first(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'waits.sqlite3')}")

    def write_second():
        with transaction(engine) as session:
            store(session, "second")

    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as session:
            store(session, "first")
            second = pool.submit(write_second)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.2)
        second.result(timeout=5)
    with snapshot(engine) as session:
        assert session.scalars(select(Round.name).order_by(Round.id)).all() == ["first", "second"]
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1)],
)
def test_every_sqlite_connection_is_prepared(tmp_path, pragma, value):
    engine = make_engine(f"sqlite:///{tmp_path / 'new' / 'folder' / 'jicai.sqlite3'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_ddl_is_undone_with_its_transaction(empty_engine):
    with pytest.raises(ZeroDivisionError), empty_engine.begin() as connection:
        Round.metadata.create_all(connection, checkfirst=False)
        1 / 0  # noqa: B018 - any error will do
    with empty_engine.begin() as connection:
        Round.metadata.create_all(connection, checkfirst=False)


def test_an_error_does_not_quote_what_was_to_be_stored(engine):
    with pytest.raises(DBAPIError) as refused, transaction(engine) as session:
        session.execute(text("INSERT INTO no_such_table VALUES (:price)"), {"price": "7.654"})
    assert "7.654" not in str(refused.value)
