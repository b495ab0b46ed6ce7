"""DuckDB over Parquet: the default."""

from collections.abc import Iterator, Sequence
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from procurement.savings.analytics.errors import AnalyticsError
from procurement.savings.analytics.expression import Totals, totals_expression
from procurement.savings.analytics.source import BATCH, COLUMNS, IS_WINNING, TABLE, PurchaseFiles

MEMORY_LIMIT = "512MB"
"""Of the engine; what is beyond goes to its own temporary files."""

_ROWS_AT_ONCE = 10_000
_NAMES = 3
"""So many columns of the sums are names; whole numbers follow."""


def duckdb_totals(files: PurchaseFiles, breaks: Sequence[date]) -> Iterator[Totals]:
    """Sum the lines of the files.

    Raises:
        AnalyticsError: An amount does not fit into 64 bits.
    """
    expression = totals_expression(breaks, with_batch=bool(files.with_batch))
    sql = ibis.to_sql(expression, dialect="duckdb")
    with TemporaryDirectory(prefix="jicai-duckdb-") as spill:
        yield from _rows(files, str(sql), spill)


def _rows(files: PurchaseFiles, sql: str, spill: str) -> Iterator[Totals]:
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
    try:
        # Sums do not depend on the order of lines, and keeping it costs memory.
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"CREATE VIEW {TABLE} AS {_selection(files)}")
        for rows in connection.sql(_in_64_bits(sql)).to_arrow_reader(_ROWS_AT_ONCE):
            yield from map(Totals._make, zip(*map(_cells, rows.columns), strict=True))
    except duckdb.Error as error:
        raise AnalyticsError(f"DuckDB: {str(error).splitlines()[0]}") from None
    finally:
        connection.close()


def _in_64_bits(sql: str) -> str:
    """The sums, which DuckDB makes 128 bits wide; one that needs them fails."""
    names, sums = Totals._fields[:_NAMES], Totals._fields[_NAMES:]
    columns = ", ".join([*names, *(f"CAST({name} AS BIGINT) AS {name}" for name in sums)])
    return f"SELECT {columns} FROM ({sql})"  # noqa: S608 - our own column names


def _cells(column: pa.Array) -> list[Any]:
    """The cells of a column; whole numbers, which are never empty, go by way of numpy."""
    if pa.types.is_integer(column.type):
        return list(column.to_numpy().tolist())
    return list(column.to_pylist())


def _selection(files: PurchaseFiles) -> str:
    """The files as one table with the columns of the schema."""
    parts = []
    for has_batch in (True, False):
        paths = [path for path in files.paths if (path in files.with_batch) is has_batch]
        if paths:
            parts.append(_part([str(path) for path in paths], has_batch=has_batch))
    return " UNION ALL ".join(parts)


def _part(paths: Sequence[str], *, has_batch: bool) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    cells = {
        BATCH: BATCH if has_batch else f"CAST(NULL AS VARCHAR) AS {BATCH}",
        IS_WINNING: f"CAST({IS_WINNING} AS BIGINT) AS {IS_WINNING}",
    }
    columns = ", ".join(cells.get(name, name) for name in COLUMNS)
    # The paths are ours, quoted above; a view takes no parameters.
    return f"SELECT {columns} FROM read_parquet([{quoted}], hive_partitioning = false)"  # noqa: S608
