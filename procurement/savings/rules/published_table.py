"""Checks of a published table's own arithmetic: sums, percentages, products, parts.

A bureau runs them before a table goes on the web site; they need nothing but the table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from procurement.savings.rules.exact import EXACT, less, quotient, times, total


@dataclass(frozen=True, slots=True)
class Misprint:
    """A number that does not follow from the others of its table.

    Attributes:
        where: Row and column.
        printed: What stands there.
        computed: What should.
        rule: ``sum``, ``percentage`` or ``product``.
    """

    where: str
    printed: Decimal
    computed: Decimal
    rule: str


@dataclass(frozen=True, slots=True)
class TableRules:
    """What the columns of a table mean to each other, by their names.

    Attributes:
        label: Column that names the row.
        total_row: Name of the row of totals; its cells are the sums of their columns.
        summed: Columns that add up in the row of totals.
        percentages: Percentage column, with its numerator and denominator. A denominator that is
            the same as the numerator stands for that column's total.
        products: Column, with the two whose product it is.
        parts: Column, with the columns that add up to it.
    """

    label: str
    total_row: str = "合计"
    summed: Sequence[str] = ()
    percentages: Mapping[str, tuple[str, str]] | None = None
    products: Mapping[str, tuple[str, str]] | None = None
    parts: Mapping[str, Sequence[str]] | None = None


Row = Mapping[str, str]


def check_table(rows: Sequence[Row], rules: TableRules) -> tuple[Misprint, ...]:
    """Find every number that does not follow from the others.

    Numbers are compared to the decimals that are printed; an empty cell is not checked.

    Examples:
        >>> rows = [
        ...     {"档次": "90 分及以上", "品规数": "2", "占比": "50.00"},
        ...     {"档次": "80-90 分", "品规数": "1", "占比": "33.33"},
        ...     {"档次": "60-80 分", "品规数": "1", "占比": "25.00"},
        ... ]
        >>> rules = TableRules("档次", percentages={"占比": ("品规数", "品规数")})
        >>> for misprint in check_table(rows, rules):
        ...     print(misprint.where, misprint.printed, misprint.computed, misprint.rule)
        80-90 分, 占比 33.33 25.00 percentage
    """
    body = [row for row in rows if row[rules.label] != rules.total_row]
    found = [*_sums(rows, body, rules)]
    for row in rows:
        found += _percentages(row, body, rules)
        found += _products(row, rules)
        found += _parts(row, rules)
    return tuple(found)


def check_sum(where: str, parts: Sequence[str], printed: str) -> tuple[Misprint, ...]:
    """Whether amounts add up to a printed total.

    Examples:
        >>> check_sum("合计", ["2.89", "13.2"], "16.09")
        ()
        >>> check_sum("合计", ["2.89", "13.2"], "16.10")[0].computed
        Decimal('16.09')
    """
    return tuple(_compare(where, total([Decimal(part) for part in parts]), printed, "sum"))


def check_percentage(where: str, part: str, whole: str, printed: str) -> tuple[Misprint, ...]:
    """Whether a printed percentage is that of a part in its whole.

    Examples:
        >>> check_percentage("完成率", "674", "468", "144")
        ()
        >>> check_percentage("占比", "1", "4", "33.33")[0].computed
        Decimal('25.00')
    """
    if not Decimal(whole):
        return ()
    share = times(quotient(Decimal(part), Decimal(whole)), 100)
    return tuple(_compare(where, share, printed.rstrip("%％"), "percentage"))


def _sums(rows: Sequence[Row], body: Sequence[Row], rules: TableRules) -> Iterator[Misprint]:
    for row in rows:
        if row[rules.label] != rules.total_row:
            continue
        for column in rules.summed:
            parts = [Decimal(one[column]) for one in body if one[column]]
            where = f"{rules.total_row}, {column}"
            yield from _compare(where, total(parts), row[column], "sum")


def _percentages(row: Row, body: Sequence[Row], rules: TableRules) -> Iterator[Misprint]:
    for column, (part, whole) in (rules.percentages or {}).items():
        if not row[column] or not row[part]:
            continue
        divisor = row[whole]
        if part == whole:
            divisor = str(total([Decimal(one[part]) for one in body if one[part]]))
        yield from check_percentage(
            f"{row[rules.label]}, {column}", row[part], divisor, row[column]
        )


def _products(row: Row, rules: TableRules) -> Iterator[Misprint]:
    for column, factors in (rules.products or {}).items():
        if row[column] and all(row[factor] for factor in factors):
            product = times(*(Decimal(row[factor]) for factor in factors))
            where = f"{row[rules.label]}, {column}"
            yield from _compare(where, product, row[column], "product")


def _parts(row: Row, rules: TableRules) -> Iterator[Misprint]:
    for column, parts in (rules.parts or {}).items():
        if row[column] and all(row[part] for part in parts):
            where = f"{row[rules.label]}, {column}"
            yield from check_sum(where, [row[part] for part in parts], row[column])


def _compare(where: str, computed: Decimal, printed: str, rule: str) -> Iterator[Misprint]:
    """A misprint, unless the computed number rounds half up to the printed one."""
    if not printed:
        return
    stands = Decimal(printed)
    step = Decimal((0, (1,), min(int(stands.as_tuple().exponent), 0)))
    rounded = computed.quantize(step, ROUND_HALF_UP, _ROUNDING)
    if less(rounded, stands):
        yield Misprint(where, stands, rounded, rule)


_ROUNDING = EXACT.copy()
_ROUNDING.clear_traps()
