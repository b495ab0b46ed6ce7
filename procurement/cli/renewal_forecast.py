"""The forecast of ``jicai renewal --forecast``: a CSV file with a line for each year."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from pricing.renewal import Agreement
from procurement.cli.sealing_files import read_file
from procurement.rounds.folder.cells import optional, parse_positive
from procurement.rounds.folder.faults import FaultList
from procurement.rounds.folder.tables import Column, Row, Table
from procurement.rounds.folder.text import UTF_8, read_lines

UNITS = Column("units", parse_positive)
EXPECTED_UNITS = Column("expected_units", optional(parse_positive))
SCOPE_UNITS = Column("scope_units", optional(parse_positive), needed=False)


def read_forecast(path: Path, years: int) -> tuple[Agreement, ...]:
    """Read a forecast.

    Args:
        path: CSV, a line for each year in order: ``units`` used, ``expected_units`` a year that
            the company's budget counts on (in the first year of each agreement), and
            ``scope_units`` a year that a change of scope adds afterwards (in its last year, if the
            scope changes).
        years: Length of an agreement.

    Raises:
        BadFileError: The file cannot be read.
        BadFolderError: With every fault in it.
    """
    faults = FaultList()
    read_file(path)
    table = Table(path.name, read_lines(path, UTF_8), faults)
    rows = list(table.rows((UNITS, EXPECTED_UNITS, SCOPE_UNITS)))
    if not faults.faults and (not rows or len(rows) % years):
        expected = f"whole agreements of {years} years"
        table.fault(None, None, f"has {len(rows)} years", expected)
    faults.raise_if_any()
    parts = [rows[start : start + years] for start in range(0, len(rows), years)]
    agreements = tuple(map(_agreement, parts))
    faults.raise_if_any()
    return agreements


def _agreement(rows: Sequence[Row]) -> Agreement:
    first, last = rows[0], rows[-1]
    for row in rows[1:]:
        if row[EXPECTED_UNITS] not in (None, first[EXPECTED_UNITS]):
            row.fault(EXPECTED_UNITS, "differs within the agreement", "one budget for all years")
    for row in rows[:-1]:
        if row[SCOPE_UNITS] is not None:
            problem = "stands before the last year"
            row.fault(SCOPE_UNITS, problem, "a change of scope at the end of the agreement")
    if first[EXPECTED_UNITS] is None:
        first.fault(EXPECTED_UNITS, "is empty", "the units a year behind the budget")
    return Agreement(
        units=tuple(row[UNITS] for row in rows),
        expected_units=first[EXPECTED_UNITS] or Decimal(1),
        scope_units=last[SCOPE_UNITS],
    )
