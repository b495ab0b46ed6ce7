"""PostgreSQL: the lines go into a temporary table of the server that ``DATABASE_URL`` names."""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import ibis
import psycopg
import pyarrow.parquet as pq
from psycopg import Connection, sql

from procurement.savings.analytics.errors import AnalyticsError
from procurement.savings.analytics.expression import Totals, totals_expression
from procurement.savings.analytics.source import BATCH, COLUMNS, TABLE, PurchaseFiles

URL_VARIABLE = "DATABASE_URL"

_TYPES = ("text", "text", "text", "date", "bigint", "bigint", "numeric(18, 4)")
_ROWS_AT_ONCE = 10_000


def postgres_totals(files: PurchaseFiles, breaks: Sequence[date]) -> Iterator[Totals]:
    """Sum the lines of the files.

    Raises:
        AnalyticsError: No server is named, or an amount does not fit into 64 bits.
    """
    expression = totals_expression(breaks, with_batch=bool(files.with_batch))
    statement = str(ibis.to_sql(expression, dialect="postgres"))
    try:
        with psycopg.connect(_address()) as connection:
            _load(connection, files)
            with connection.cursor(name="totals") as cursor:
                cursor.itersize = _ROWS_AT_ONCE
                # Compiled from the expression; no text of a user is in it.
                cursor.execute(statement.encode())
                for row in cursor:
                    yield _whole(row)
            connection.rollback()
    except psycopg.Error as error:
        raise AnalyticsError(f"PostgreSQL: {str(error).splitlines()[0]}") from None


def _whole(row: Sequence[Any]) -> Totals:
    """A row whose sums, which PostgreSQL makes as wide as needed, fit into 64 bits."""
    sums = [int(one) for one in row[3:]]
    if any(not -(2**63) <= one < 2**63 for one in sums):
        raise AnalyticsError("PostgreSQL: a sum does not fit into 64 bits")
    return Totals(*row[:3], *sums)


def _address() -> str:
    url = os.environ.get(URL_VARIABLE, "")
    if not url.startswith("postgresql"):
        raise AnalyticsError(f"{URL_VARIABLE}: names no PostgreSQL: expected postgresql://…")
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _load(connection: Connection, files: PurchaseFiles) -> None:
    columns = sql.SQL(", ").join(
        sql.SQL(f"{{}} {kind}").format(sql.Identifier(name))
        for name, kind in zip(COLUMNS, _TYPES, strict=True)
    )
    table = sql.Identifier(TABLE)
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(table, columns))
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy,
    ):
        for path in files.paths:
            names = [name for name in COLUMNS if name != BATCH or path in files.with_batch]
            for batch in pq.ParquetFile(path).iter_batches(_ROWS_AT_ONCE, columns=names):
                for row in batch.to_pylist():
                    flag = row["is_winning"]
                    row["is_winning"] = None if flag is None else int(flag)
                    copy.write_row([row.get(name) for name in COLUMNS])
