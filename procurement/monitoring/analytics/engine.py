"""DuckDB over Parquet: the sums of two quarters, read once."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb
import ibis
from ibis.expr.types import Table

from procurement.china_days import MONTHS, Quarter
from procurement.monitoring.analytics.expressions import (
    SUMS,
    hospitals_expression,
    months_expression,
    prices_expression,
    shares_expression,
    sums_expression,
)
from procurement.monitoring.analytics.source import (
    SCHEMA,
    TABLE,
    MonitoringAnalyticsError,
    PurchasePaths,
)
from procurement.monitoring.rules.gaps import PriceRange
from procurement.monitoring.rules.index import Bought

MEMORY_LIMIT = "512MB"
"""Of the engine; what is beyond goes to its own temporary files."""

_ROWS_AT_ONCE = 10_000


class Drug(NamedTuple):
    """One strength of one manufacturer.

    Attributes:
        generic: Name and form.
        strength: As printed.
        maker: Credit code, else name.
    """

    generic: str
    strength: str
    maker: str


@dataclass(frozen=True, slots=True)
class Share:
    """What was bought in a month.

    Attributes:
        month: Its first day.
        is_winning: Selected products, or all others.
        is_known: Strength and maker are known, so that an index can hold it.
        lines: Purchase lines.
        amount: In 1/10,000 yuan.
    """

    month: date
    is_winning: bool
    is_known: bool
    lines: int
    amount: int


@dataclass(frozen=True, slots=True)
class QuarterSums:
    """What two quarters of purchase lines say.

    Attributes:
        quarter: The later one.
        months: By month and drug what was bought.
        prices: Of the later quarter, by drug.
        shares: By month, what won and what is known.
        hospitals_before: How many took in a drug in the earlier quarter.
    """

    quarter: Quarter
    months: Mapping[date, Mapping[Drug, Bought]]
    prices: Mapping[Drug, PriceRange]
    shares: tuple[Share, ...]
    hospitals_before: Mapping[Drug, int] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """How many purchase lines were summed."""
        return sum(one.lines for one in self.shares)

    def bought_in(self, quarter: Quarter) -> dict[Drug, Bought]:
        """What was bought in a quarter, by drug."""
        found: dict[Drug, Bought] = {}
        for month in quarter.months:
            for drug, one in self.months.get(month, {}).items():
                before = found.get(drug, _NOTHING)
                found[drug] = Bought(before.quantity + one.quantity, before.amount + one.amount)
        return found


_NOTHING = Bought(0, 0)


def quarter_sums(files: PurchasePaths, quarter: Quarter) -> QuarterSums:
    """Sum the purchase lines of a quarter and of the one before.

    Raises:
        MonitoringAnalyticsError: A sum does not fit into 64 bits, or a file cannot be read.
    """
    settings = {"memory_limit": MEMORY_LIMIT}
    with (
        TemporaryDirectory(prefix="jicai-monitoring-") as spill,
        closing(duckdb.connect(config={**settings, "temp_directory": spill})) as connection,
    ):
        try:
            # Sums do not depend on the order of lines, and keeping it costs memory.
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(f"CREATE VIEW {TABLE} AS {_selection(files)}")
            return _summed(connection, quarter)
        except duckdb.Error as error:
            raise MonitoringAnalyticsError(f"DuckDB: {str(error).splitlines()[0]}") from None


def _summed(connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> QuarterSums:
    sums = sums_expression(quarter.before.first_day, quarter.last_day)
    connection.execute(f"CREATE TEMP TABLE {SUMS} AS {_sql(sums)}")
    months: dict[date, dict[Drug, Bought]] = {}
    for *drug, month, quantity, amount in _rows(connection, months_expression()):
        months.setdefault(_first_day(month), {})[Drug(*drug)] = Bought(quantity, amount)
    first, last = (_counted(quarter.months[place]) for place in (0, -1))
    before, hospitals = (_hospitals(connection, one) for one in (quarter.before, quarter))
    prices = {
        (one := Drug(*names)): PriceRange(lowest, highest, mode, number, hospitals.get(one, 0))
        for *names, lowest, highest, mode, number in _rows(
            connection, prices_expression(first, last)
        )
    }
    shares = sorted(
        (
            Share(_first_day(month), *more)
            for month, *more in _rows(connection, shares_expression())
        ),
        key=lambda one: (one.month, one.is_winning, one.is_known),
    )
    return QuarterSums(quarter, months, prices, tuple(shares), before)


def _hospitals(connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> dict[Drug, int]:
    counted = hospitals_expression(quarter.first_day, quarter.last_day)
    return {Drug(*names): count for *names, count in _rows(connection, counted)}


def _sql(expression: Table) -> str:
    """The statement, with the sums, which DuckDB makes 128 bits wide, in 64; more fails."""
    columns = ", ".join(
        f"CAST({name} AS BIGINT) AS {name}" if kind.is_integer() else name
        for name, kind in expression.schema().items()
    )
    compiled = ibis.to_sql(expression, dialect="duckdb")
    return f"SELECT {columns} FROM ({compiled})"  # noqa: S608 - our own expressions


def _rows(connection: duckdb.DuckDBPyConnection, expression: Table) -> Iterator[tuple[Any, ...]]:
    for batch in connection.sql(_sql(expression)).to_arrow_reader(_ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _first_day(counted: int) -> date:
    return date(counted // MONTHS, counted % MONTHS + 1, 1)


def _counted(month: date) -> int:
    return month.year * MONTHS + month.month - 1


def _selection(files: PurchasePaths) -> str:
    quoted = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files.paths)
    columns = ", ".join(SCHEMA)
    # The paths are ours, quoted above; a view takes no parameters.
    return f"SELECT {columns} FROM read_parquet([{quoted}], hive_partitioning = false)"  # noqa: S608
