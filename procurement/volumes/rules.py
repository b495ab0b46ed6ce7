"""The rules of volume reporting: past use, the line below which need is explained, conversion.

Pure. Quantities are whole minimal units a year (片, 粒, 支, 袋); shares and means are exact.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import ceil

from bidding.errors import UnknownRuleError
from bidding.rules import RoundRules

MINIMUM_SHARE = "reporting.minimum_share"
HISTORY_YEARS = "reporting.history_years"

SHOWN_YEARS = 2
"""How many past years stand beside the grid where no rule says how many count."""

QUANTITY_MAX = 10**12
"""Largest quantity of one line: five thousand such lines still add up within an int64."""


@dataclass(frozen=True, slots=True)
class ReportingRule:
    """What a round's document says about need and past use.

    Attributes:
        minimum_share: Least reported need as a share of past use; None where no source states it.
        years: How many past years make the mean; None where no source states it.
        cited: How an explanation cites the rule.
        is_stated: Both are known, so that the line can be drawn.
    """

    minimum_share: Decimal | None
    years: int | None
    cited: str

    @property
    def is_stated(self) -> bool:
        """Whether the line can be drawn at all."""
        return self.minimum_share is not None and self.years is not None

    @property
    def shown_years(self) -> int:
        """How many past years a page shows."""
        return self.years or SHOWN_YEARS


def reporting_rule(rules: RoundRules) -> ReportingRule:
    """Read the rule from a round's rulebook and options; what nobody knows stays unknown.

    Examples:
        >>> from rulebooks import load_rulebook
        >>> rule = reporting_rule(RoundRules(load_rulebook("national-11")))
        >>> rule.minimum_share, rule.years, rule.is_stated
        (Decimal('0.8'), 2, True)
        >>> reporting_rule(RoundRules(load_rulebook("national-3"))).is_stated
        False
    """
    try:
        share = rules.decimal(MINIMUM_SHARE)
    except UnknownRuleError:
        share = None
    try:
        years = rules.count(HISTORY_YEARS)
    except UnknownRuleError:
        years = None
    return ReportingRule(share, years, rules.cite(MINIMUM_SHARE))


def past_years(reporting_on: date, count: int) -> tuple[int, ...]:
    """The last complete calendar years before the day on which reporting opens, oldest first.

    Examples:
        >>> past_years(date(2025, 8, 6), 2)
        (2023, 2024)
    """
    return tuple(range(reporting_on.year - count, reporting_on.year))


Units = int | Fraction
"""Minimal units; fractions come from adding strengths up by content."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one product at one hospital, and on which side of it the need is.

    Attributes:
        demand: Reported need.
        used: Use of all the years together; None where a year is not known.
        years: How many years these are.
        share: Least need as a share of the mean use; None where no source states it.
    """

    demand: Units
    used: Units | None
    years: int
    share: Fraction | None

    @property
    def mean(self) -> Fraction | None:
        """Mean use of the past years; None where a year is not known."""
        return None if self.used is None else Fraction(self.used) / self.years

    @property
    def minimum(self) -> Fraction | None:
        """Least need without an explanation; None where the line is not known."""
        mean = self.mean
        return None if mean is None or self.share is None else mean * self.share

    @property
    def ratio(self) -> Fraction | None:
        """Need as a share of the mean; None without past use."""
        mean = self.mean
        return self.demand / mean if mean else None

    @property
    def needs_explanation(self) -> bool:
        """Whether the need is below the line; exactly on it is enough."""
        if self.used is None or self.share is None:
            return False
        # The comparison with the minimum, multiplied out: exact, and fast for 100,000 products.
        return self.demand * self.years * self.share.denominator < self.share.numerator * self.used

    @property
    def minimum_units(self) -> int | None:
        """The least whole quantity on the good side of the line."""
        minimum = self.minimum
        return None if minimum is None else ceil(minimum)


def draw_line(demand: Units, uses: Sequence[Units | None], rule: ReportingRule) -> Line:
    """Compare need with past use.

    Args:
        demand: Reported need of one hospital for one product.
        uses: Its use in each past year, None for a year of which nothing is known; a year in
            which the hospital bought other products only counts as 0, not as unknown.
        rule: The round's rule.

    Returns:
        The line. Without past use, or where no source states the rule, there is none.

    Examples:
        >>> rule = ReportingRule(Decimal("0.8"), 2, "reporting.minimum_share")
        >>> draw_line(8399, [12000, 9000], rule).needs_explanation
        True
        >>> draw_line(8400, [12000, 9000], rule).needs_explanation
        False
    """
    known = [use for use in uses if use is not None]
    used = sum(known) if known and len(known) == len(uses) else None
    share = _exact(rule.minimum_share) if rule.minimum_share and rule.is_stated else None
    return Line(demand, used, len(uses), share)


@cache
def _exact(share: Decimal) -> Fraction:
    return Fraction(share)


def main_units(quantities: Iterable[tuple[Decimal, int]]) -> Units:
    """Add quantities of several strengths of one product, in units of the main strength.

    Two tablets of half the content count as one: a hospital that moves to another strength has
    not reduced its need. That products are compared by content is our reading; no source says
    how strengths are added up.

    Args:
        quantities: Content relative to the main strength, and quantity.

    Examples:
        >>> main_units([(Decimal(1), 100), (Decimal("0.5"), 50)])
        Fraction(125, 1)
    """
    return sum(
        quantity if ratio == 1 else Fraction(ratio) * quantity for ratio, quantity in quantities
    )


def rounded_mean(uses: Sequence[int | None]) -> int | None:
    """The mean use in whole units, half up, as a first proposal for the need.

    Examples:
        >>> rounded_mean([12000, 9001])
        10501
        >>> rounded_mean([None, 9000]) is None
        True
    """
    known = [use for use in uses if use is not None]
    if not known or len(known) != len(uses):
        return None
    return (2 * sum(known) + len(known)) // (2 * len(known))


def minimal_units(packs: int, units_per_pack: int) -> int:
    """Turn packs into minimal units.

    Examples:
        >>> minimal_units(350, 24)
        8400
    """
    return packs * units_per_pack


def converted_units(quantity: int, ratio: Decimal) -> int:
    """Need in another strength, in whole units of the lot's strength.

    The ratio is units of the lot's strength for one unit of the other. Half a unit counts as
    one; no source says how such need is rounded, and agreed volumes are rounded half up.

    Examples:
        >>> converted_units(75, Decimal("0.5"))
        38
    """
    with localcontext() as context:
        context.prec = 60
        return int((quantity * ratio).to_integral_value(ROUND_HALF_UP))


def region_of(division: str, regions: Iterable[str]) -> str | None:
    """The region of a round in which a division lies: the smallest that contains it.

    Args:
        division: Administrative division code, 6 digits.
        regions: Codes of the round's regions: provinces, or cities.

    Examples:
        >>> region_of("340123", ["340000", "340100", "110000"])
        '340100'
        >>> region_of("540100", ["340000"]) is None
        True
    """
    return region_finder(regions)(division)


def region_finder(regions: Iterable[str]) -> Callable[[str], str | None]:
    """Prepare `region_of` for many divisions.

    Examples:
        >>> find = region_finder(["340000", "110000"])
        >>> find("341523"), find("540100")
        ('340000', None)
    """
    by_prefix = {region_prefix(region): region for region in regions}
    lengths = sorted({len(prefix) for prefix in by_prefix}, reverse=True)

    def find(division: str) -> str | None:
        for length in lengths:
            region = by_prefix.get(division[:length])
            if region is not None:
                return region
        return None

    return find


def region_prefix(region: str) -> str:
    """The digits that all divisions of a region begin with.

    Examples:
        >>> region_prefix("340000"), region_prefix("340100"), region_prefix("000000")
        ('34', '3401', '')
    """
    prefix = region
    while prefix.endswith("00"):
        prefix = prefix[:-2]
    return prefix


def receipt_number(round_name: str, report_id: int, submission: int) -> str:
    """The number that a submission is known by.

    Examples:
        >>> receipt_number("national-12", 4711, 2)
        'BL-national-12-004711-2'
    """
    return f"BL-{round_name}-{report_id:06}-{submission}"
