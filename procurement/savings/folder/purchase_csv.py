"""``purchases.csv``: streamed once from top to bottom into a Parquet file beside the work."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from procurement.rounds.folder.cells import optional, parse_flag, parse_name
from procurement.rounds.folder.tables import Column, Row, Table
from procurement.savings.analytics.source import PRICE_TYPE
from procurement.savings.folder.cells import parse_paid_price, parse_quantity, parse_received_on
from procurement.savings.rules.exact import yuan

HOSPITAL = Column("hospital", parse_name)
PRODUCT = Column("product", parse_name)
RECEIVED_ON = Column("received_on", parse_received_on)
IS_WINNING = Column("is_winning", parse_flag)
QUANTITY = Column("quantity", parse_quantity)
UNIT_PRICE = Column("unit_price", parse_paid_price)
BATCH = Column("batch", optional(parse_name), needed=False)

COLUMNS = (HOSPITAL, PRODUCT, RECEIVED_ON, IS_WINNING, QUANTITY, UNIT_PRICE, BATCH)

LINE = "line"
"""Column of the written file: the line of the CSV file."""

_ROWS_AT_ONCE = 65_536

WRITTEN_SCHEMA = pa.schema(
    {
        "hospital": pa.string(),
        "product": pa.string(),
        "batch": pa.string(),
        "received_on": pa.date32(),
        "is_winning": pa.bool_(),
        "quantity": pa.int64(),
        "unit_price": PRICE_TYPE,
        LINE: pa.int64(),
    }
)


def write_purchases(table: Table, path: Path) -> None:
    """Write the sound lines of ``purchases.csv`` as Parquet; faults are noted in the table."""
    rows = table.rows(COLUMNS)
    with pq.ParquetWriter(path, WRITTEN_SCHEMA, compression="zstd") as writer:
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            writer.write_table(_arrow(chunk))


def _arrow(rows: list[Row]) -> pa.Table:
    columns = {
        "hospital": [row[HOSPITAL] for row in rows],
        "product": [row[PRODUCT] for row in rows],
        "batch": [row[BATCH] for row in rows],
        "received_on": [row[RECEIVED_ON] for row in rows],
        "is_winning": [row[IS_WINNING] for row in rows],
        "quantity": [row[QUANTITY] for row in rows],
        "unit_price": list(_prices(rows)),
        LINE: [row.line for row in rows],
    }
    return pa.table(columns, schema=WRITTEN_SCHEMA)


def _prices(rows: list[Row]) -> Iterator[object]:
    return (yuan(row[UNIT_PRICE]) for row in rows)
