"""Which purchase lines are wrong; searched only where their sums show that some are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from procurement.rounds.folder.faults import FaultList, quoted
from procurement.savings.analytics import PurchaseFiles
from procurement.savings.analytics.source import COLUMNS
from procurement.savings.folder.cells import LARGEST
from procurement.savings.folder.purchase_csv import LINE
from procurement.savings.rules import Terms
from procurement.savings.rules.exact import STEPS_A_YUAN

_ROWS_AT_ONCE = 16_384

FindTerms = Callable[[str, str, str | None, date], Terms | None]
"""The agreement that a line of a hospital, product, batch and day belongs to."""

_Cells = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LineChecks:
    """What lines are checked against.

    Attributes:
        hospitals: All that ``contracts.csv`` names.
        terms_of: Finds the agreement of a line.
        faults: Where faults go.
    """

    hospitals: frozenset[str]
    terms_of: FindTerms
    faults: FaultList

    def check(self, file: str, line: int, cells: _Cells) -> None:
        """Note what is wrong with one line."""
        empty = [name for name in COLUMNS if name != "batch" and cells[name] is None]
        for name in empty:
            self.faults.add(file, line, name, "is empty", "a value")
        if empty:
            return
        hospital, quantity, price = cells["hospital"], cells["quantity"], cells["unit_price"]
        if hospital not in self.hospitals:
            problem = f"{quoted(str(hospital))} is not in contracts.csv"
            self.faults.add(file, line, "hospital", problem, "a hospital of contracts.csv")
        if cells["is_winning"] not in (0, 1):
            problem = f"{cells['is_winning']} is no flag"
            self.faults.add(file, line, "is_winning", problem, "0 or 1")
        steps = int(Decimal(str(price)) * STEPS_A_YUAN)
        if steps <= 0:
            problem = f"{price} is not above zero"
            self.faults.add(file, line, "unit_price", problem, "a price above zero")
        elif abs(int(str(quantity)) * steps) > LARGEST:
            problem = f"{quantity} units at {price} yuan are too much for one line"
            self.faults.add(file, line, "quantity", problem, f"at most {LARGEST} / 10000 yuan")
        elif cells["is_winning"] == 1:
            self._check_price(file, line, cells, steps)

    def _check_price(self, file: str, line: int, cells: _Cells, steps: int) -> None:
        day, batch = cells["received_on"], cells["batch"]
        if not isinstance(day, date):
            return
        terms = self.terms_of(
            str(cells["hospital"]), str(cells["product"]), str(batch) if batch else None, day
        )
        if terms is not None and steps != agreed_steps(terms):
            problem = f"{cells['unit_price']} is not the agreed price"
            expected = f"{terms.winning_price} as in contracts.csv"
            self.faults.add(file, line, "unit_price", problem, expected)


def agreed_steps(terms: Terms) -> int:
    """The winning price in 1/10,000 yuan, half up, as a purchase line can hold it."""
    return int((terms.winning_price * STEPS_A_YUAN + Decimal("0.5")) // 1)


def find_faults(files: PurchaseFiles, names: Mapping[Path, str], checks: LineChecks) -> None:
    """Check every line of the files.

    Args:
        files: The Parquet files.
        names: What messages call them.
        checks: What lines are checked against.
    """
    for path in files.paths:
        for line, cells in _lines(path, has_batch=path in files.with_batch):
            checks.check(names[path], line, cells)


def _lines(path: Path, *, has_batch: bool) -> Iterator[tuple[int, _Cells]]:
    """Lines with their number: that of the CSV file, or the row of the Parquet file."""
    file = pq.ParquetFile(path)
    columns = [name for name in COLUMNS if name != "batch" or has_batch]
    numbered = LINE in file.schema_arrow.names and path.name.startswith("purchases-csv")
    more = [LINE] if numbered else []
    row = 0
    for batch in file.iter_batches(_ROWS_AT_ONCE, columns=[*columns, *more]):
        for cells in batch.to_pylist():
            row += 1
            cells.setdefault("batch", None)
            yield cells[LINE] if numbered else row, cells
