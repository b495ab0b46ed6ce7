"""Purchase lines as Parquet files, made without the platform."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from procurement.orders.partitions.columns import SCHEMA


class Line(NamedTuple):
    """What monitoring reads of a purchase line."""

    hospital: str
    generic: str
    strength: str | None
    maker: str | None
    received_on: date
    is_winning: bool
    quantity: int
    unit_price: Decimal


def write_lines(folder: Path, lines: list[Line], *, files: int = 1) -> Path:
    """Write lines as partitions do, in so many files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        rows = [
            {**line._asdict(), "product": line.generic, "batch": None}
            for line in lines[number::files]
        ]
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        pq.write_table(table, folder / f"part-{number:05d}.parquet")
    return folder
