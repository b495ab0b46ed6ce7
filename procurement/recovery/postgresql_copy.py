"""A PostgreSQL database table by table, by COPY, where its own programs are not installed.

The schema is not copied: the migrations make it anew, up to the revision of the back-up.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, inspect, text

from procurement.recovery.errors import BadBackUpError

FOLDER = "tables"
CHUNK = 2**20
VERSION_TABLE = "alembic_version"


def dump(connection: Connection, folder: Path) -> None:
    """Write all tables as the connection's transaction sees them."""
    (folder / FOLDER).mkdir()
    for table in _tables(connection):
        names = _identifiers(_columns(connection, table))
        statement = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)").format(
            sql.Identifier(table), names
        )
        with (
            (folder / FOLDER / f"{table}.copy").open("wb") as opened,
            _cursor(connection) as cursor,
            cursor.copy(statement) as copied,
        ):
            for content in copied:
                opened.write(content)


def restore(connection: Connection, folder: Path) -> None:
    """Fill the tables of a fresh schema, within the connection's transaction.

    Raises:
        BadBackUpError: The back-up has a table more or less than the schema.
    """
    tables = _tables(connection)
    files = {file.stem: file for file in (folder / FOLDER).glob("*.copy")}
    if set(files) != set(tables):
        raise BadBackUpError("its tables are not those of its schema")
    for table in reversed(tables):
        # Migrations may have put rows of their own; triggers of ours would refuse the rest.
        _execute(connection, "ALTER TABLE {} DISABLE TRIGGER USER", table)
        _execute(connection, "DELETE FROM {}", table)
    for table in tables:
        _fill(connection, table, files[table])
    for table in tables:
        _execute(connection, "ALTER TABLE {} ENABLE TRIGGER USER", table)
        _go_on_counting(connection, table)


def _fill(connection: Connection, table: str, file: Path) -> None:
    names = _identifiers(_columns(connection, table))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(table), names
    )
    with (
        file.open("rb") as opened,
        _cursor(connection) as cursor,
        cursor.copy(statement) as copied,
    ):
        while chunk := opened.read(CHUNK):
            copied.write(chunk)


def _go_on_counting(connection: Connection, table: str) -> None:
    """Let the next row get the number after the last one."""
    for column in inspect(connection).get_columns(table):
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(quote_ident(:table), :column)"),
            {"table": table, "column": column["name"]},
        )
        if sequence is not None:
            connection.execute(
                text(
                    f"SELECT setval(CAST(:sequence AS regclass), max({_quoted(column['name'])}))"  # noqa: S608
                    f" FROM {_quoted(table)} HAVING max({_quoted(column['name'])}) IS NOT NULL"
                ),
                {"sequence": sequence},
            )


def _tables(connection: Connection) -> Sequence[str]:
    """The tables, each after those that it refers to."""
    found = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _keys in found if name is not None and name != VERSION_TABLE]


def _columns(connection: Connection, table: str) -> Sequence[str]:
    # By name: where columns were added later, their order differs from that of a new schema.
    return sorted(column["name"] for column in inspect(connection).get_columns(table))


def _identifiers(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _execute(connection: Connection, statement: str, table: str) -> None:
    with _cursor(connection) as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(table)))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cursor(connection: Connection) -> Any:  # noqa: ANN401 - psycopg's cursor, behind SQLAlchemy's
    driver = connection.connection.dbapi_connection
    if driver is None:
        raise TypeError("the connection is closed")
    return driver.cursor()
