"""Rows of an append-only table can be added and read, and nothing else."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from procurement.database import append_only_ddl, transaction

REPLACE = {
    "sqlite": "INSERT OR REPLACE INTO entry (id, code, amount) VALUES (1, 'a', 9)",
    "postgresql": "INSERT INTO entry (id, code, amount) VALUES (1, 'a', 9)"
    " ON CONFLICT (id) DO UPDATE SET amount = excluded.amount",
}
REPLACE_BY_CODE = {
    "sqlite": "INSERT OR REPLACE INTO entry (id, code, amount) VALUES (2, 'a', 9)",
    "postgresql": "INSERT INTO entry (id, code, amount) VALUES (2, 'a', 9)"
    " ON CONFLICT (code) DO UPDATE SET amount = excluded.amount",
}


@pytest.fixture
def entries(empty_engine):
    """An append-only table with one row, on both databases."""
    return with_entries(empty_engine)


def with_entries(engine):
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE entry (id INTEGER PRIMARY KEY, code TEXT UNIQUE, amount BIGINT)")
        )
        for statement in append_only_ddl("entry", dialect=engine.dialect.name):
            connection.execute(text(statement))
        connection.execute(text("INSERT INTO entry (id, code, amount) VALUES (1, 'a', 5)"))
    return engine


def amounts(engine):
    with engine.connect() as connection:
        return connection.scalars(text("SELECT amount FROM entry ORDER BY id")).all()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET amount = 9",
        "UPDATE entry SET amount = amount",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE id = 1",
        REPLACE,
        REPLACE_BY_CODE,
    ],
    ids=["update", "update-to-the-same", "delete-all", "delete-one", "replace", "replace-by-code"],
)
def test_a_row_cannot_be_changed(entries, statement):
    sql = statement if isinstance(statement, str) else statement[entries.dialect.name]
    with (
        pytest.raises(IntegrityError, match="entry is append-only"),
        transaction(entries) as session,
    ):
        session.execute(text(sql))
    assert amounts(entries) == [5]


def test_rows_can_be_added(entries):
    with transaction(entries) as session:
        session.execute(text("INSERT INTO entry (id, code, amount) VALUES (2, 'b', -5)"))
    assert amounts(entries) == [5, -5]


def test_a_postgresql_table_cannot_be_truncated(new_postgresql):
    entries = with_entries(new_postgresql("template0"))
    with (
        pytest.raises(IntegrityError, match="entry is append-only"),
        transaction(entries) as session,
    ):
        session.execute(text("TRUNCATE entry"))
    assert amounts(entries) == [5]


def test_a_foreign_sqlite_connection_cannot_replace_a_row(tmp_path):
    # Without our engine's settings; the triggers alone must hold.
    connection = sqlite3.connect(tmp_path / "entries.sqlite3")
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, amount INTEGER)")
    for statement in append_only_ddl("entry", dialect="sqlite"):
        connection.execute(statement)
    connection.execute("INSERT INTO entry (amount) VALUES (5)")
    with pytest.raises(sqlite3.IntegrityError, match="entry is append-only"):
        connection.execute("REPLACE INTO entry (id, amount) VALUES (1, 9)")
    connection.close()


@pytest.mark.parametrize(("table", "dialect"), [("a; DROP TABLE b", "sqlite"), ("a", "oracle")])
def test_an_odd_name_or_an_unknown_database_is_refused(table, dialect):
    with pytest.raises(ValueError, match=r"not the name of a table|no append-only triggers"):
        append_only_ddl(table, dialect=dialect)
