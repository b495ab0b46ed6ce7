"""What is compared between the table and what was written from it: counts and exact sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from procurement.errors import JicaiError
from procurement.orders.partitions.columns import PRICE_TYPE, QUANTITY, UNIT_PRICE

ROWS_AT_ONCE = 16_384


class SumsDifferError(JicaiError):
    """What was written is not what the table holds: nothing is kept."""

    def __init__(self, partition: str, table: "Sums", written: "Sums") -> None:
        """Keep both."""
        super().__init__(f"{partition}: the table has {table}, the files have {written}")
        self.table = table
        self.written = written


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts and sums of some purchase lines.

    Attributes:
        rows: How many.
        quantity: Minimal units, returns deducted.
        value: Units times unit price, in 1/10,000 yuan: what a settlement adds up.
    """

    rows: int = 0
    quantity: int = 0
    value: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.rows + other.rows, self.quantity + other.quantity, self.value + other.value
        )

    def __str__(self) -> str:
        return f"{self.rows} rows, {self.quantity} units, {self.value} steps"

    def as_json(self) -> dict[str, str | int]:
        """Return it as a manifest has it; sums as text, since they may be beyond 64 bits."""
        return {"rows": self.rows, "quantity": str(self.quantity), "value": str(self.value)}


def from_json(found: Mapping[str, object]) -> Sums:
    """Read what `Sums.as_json` wrote.

    Examples:
        >>> from_json(Sums(1, 2, 3).as_json())
        Sums(rows=1, quantity=2, value=3)
    """
    return Sums(*(int(str(found[name])) for name in ("rows", "quantity", "value")))


def sums_of(quantities: Sequence[int], prices: Sequence[int]) -> Sums:
    """Add up quantities and unit prices in 1/10,000 yuan, in whole numbers without a limit.

    Examples:
        >>> sums_of([20, -20, 3], [5000, 5000, 1])
        Sums(rows=3, quantity=3, value=3)
    """
    return Sums(len(quantities), sum(quantities), sum(map(mul, quantities, prices)))


def read_back(path: Path) -> Sums:
    """Add up a file as it lies on the disk, in pieces."""
    total = Sums()
    file = pq.ParquetFile(path)
    for batch in file.iter_batches(ROWS_AT_ONCE, columns=[QUANTITY, UNIT_PRICE]):
        quantities: list[int] = batch.column(QUANTITY).to_pylist()
        total += sums_of(quantities, price_steps(batch.column(UNIT_PRICE)))
    return total


def price_array(prices: Sequence[int]) -> pa.Array:
    """Return prices in 1/10,000 yuan as the decimals of a column, without a detour.

    Examples:
        >>> price_array([9957, -1]).to_pylist()
        [Decimal('0.9957'), Decimal('-0.0001')]
    """
    low = np.array(prices, dtype=np.int64)
    # 128 bits: the number itself, and its sign again and again.
    wide = np.stack([low, low >> 63], axis=1)
    return pa.Array.from_buffers(PRICE_TYPE, len(low), [None, pa.py_buffer(wide.tobytes())])


def price_steps(column: pa.Array) -> list[int]:
    """Return the decimals of a column in 1/10,000 yuan, as `price_array` takes them.

    Examples:
        >>> price_steps(price_array([9957, -1])[1:])
        [-1]
    """
    wide = np.frombuffer(column.buffers()[1], dtype=np.int64).reshape(-1, 2)
    own: list[int] = wide[column.offset : column.offset + len(column), 0].tolist()
    return own
