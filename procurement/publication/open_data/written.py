"""Public tables as files: CSV that is safe in a spreadsheet, and Parquet with exact types."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy.orm import Session

from procurement.catalogue.spreadsheets import as_csv
from procurement.permissions import NotFoundForActorError
from procurement.publication.open_data.afterwards import (
    AGREED_VOLUMES,
    AGREEMENTS,
    DRUG_LIST,
    PLACES,
    PRICES,
)
from procurement.publication.open_data.columns import (
    ROWS_AT_ONCE,
    Kind,
    PublicTable,
    Row,
    Value,
    When,
)
from procurement.publication.open_data.rounds import AWARDS, BASE_VOLUMES, BIDS, LOTS, ROUNDS

TABLES: Mapping[str, PublicTable] = {
    one.name: one
    for one in (
        ROUNDS,
        LOTS,
        BASE_VOLUMES,
        BIDS,
        AWARDS,
        PRICES,
        AGREED_VOLUMES,
        AGREEMENTS,
        DRUG_LIST,
        PLACES,
    )
}
"""By name, in the order of the process."""

_MARK = len(b"\xef\xbb\xbf")
"""Bytes of the mark by which spreadsheets know UTF-8; a file begins with one."""

_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.MONEY: pa.decimal128(18, 4),
    Kind.DECIMAL: pa.string(),
    Kind.FLAG: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    Kind.DEGREES: pa.float64(),
}


def table_named(name: str) -> PublicTable:
    """Return a public table.

    Raises:
        NotFoundForActorError: There is none of that name.
    """
    if name not in TABLES:
        raise NotFoundForActorError
    return TABLES[name]


def write_csv(session: Session, *, table: PublicTable, when: When, written: IO[bytes]) -> None:
    """Write a table as CSV; a text that a spreadsheet would take for a formula is marked.

    Args:
        session: Any session.
        table: The table.
        when: When it is read.
        written: Where to.
    """
    written.write(as_csv([[column.name for column in table.columns]]))
    for rows in _batches(table.read(session, when)):
        written.write(as_csv([cell_text(value) for value in row] for row in rows)[_MARK:])


def cell_text(value: Value) -> str:
    """Write a value as CSV has it: nothing where it is not given.

    Examples:
        >>> from decimal import Decimal
        >>> cell_text(Decimal("2.5000")), cell_text(True), cell_text(None)
        ('2.5', '1', '')
        >>> cell_text(datetime(2026, 11, 22, tzinfo=UTC))
        '2026-11-22T00:00:00Z'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value}"


def write_parquet(session: Session, *, table: PublicTable, when: When, written: IO[bytes]) -> None:
    """Write a table as Parquet: amounts as decimals with four places, days as days.

    Args:
        session: Any session.
        table: The table.
        when: When it is read.
        written: Where to.
    """
    schema = pa.schema([pa.field(one.name, _TYPES[one.kind]) for one in table.columns])
    with pq.ParquetWriter(written, schema, compression="zstd") as writer:
        for rows in _batches(table.read(session, when)):
            writer.write_table(_as_arrow(rows, table, schema))


def _as_arrow(rows: Sequence[Row], table: PublicTable, schema: pa.Schema) -> pa.Table:
    columns = [
        [_typed(row[place], column.kind) for row in rows]
        for place, column in enumerate(table.columns)
    ]
    return pa.table(columns, schema=schema)


def _typed(value: Value, kind: Kind) -> Value:
    return cell_text(value) if kind in (Kind.TEXT, Kind.DECIMAL) and value is not None else value


def _batches(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield some
