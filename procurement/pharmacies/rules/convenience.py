"""Convenience pharmacies (医保便民药店): who keeps the sign, who is favoured."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.stated_rules import StatedRules


@dataclass(frozen=True, slots=True)
class PharmacyYear:
    """A convenience pharmacy's year.

    Attributes:
        reported_quarters: For each quarter whether its need was reported in time.
        completion: Of what it agreed to, as a ratio.
        sales: Yearly sales of winning products, in yuan.
        price: Dearest sale price of a winning product …
        winning_price: … beside the winning price of the same.
    """

    reported_quarters: Sequence[bool]
    completion: Decimal
    sales: Decimal
    price: Decimal
    winning_price: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from a year.

    Attributes:
        keeps_sign: Whether it stays a convenience pharmacy.
        is_preferred: Whether it is favoured for further designations.
        blocked_years: In which it cannot apply again; 0 where it keeps the sign.
        because: Keys of the rules that cost the sign.
    """

    keeps_sign: bool
    is_preferred: bool
    blocked_years: int
    because: tuple[str, ...]


def standing(year: PharmacyYear, rules: StatedRules) -> Standing:
    """Judge a year by a document.

    Raises:
        RuleNotStatedError: A rule of the document is not known.

    Examples:
        >>> year = PharmacyYear(
        ...     [True] * 4, Decimal("0.85"), Decimal(10000), Decimal("8.90"), Decimal("8.90")
        ... )
        >>> standing(year, StatedRules.of("pharmacy-jiangsu-2023")).is_preferred
        True
    """
    because = tuple(_removed_for(year, rules))
    if because:
        return Standing(False, False, rules.count("removal.years"), because)
    completed = year.completion >= rules.decimal("preference.completion_min")
    preferred = completed and year.sales >= rules.decimal("preference.sales_min")
    return Standing(True, preferred, 0, ())


def _removed_for(year: PharmacyYear, rules: StatedRules) -> list[str]:
    because = []
    silent = sum(not reported for reported in year.reported_quarters)
    if silent >= rules.count("removal.silent_quarters"):
        because.append("removal.silent_quarters")
    if rules.word("pharmacy.price_at_most") == "winning-price" and year.price > year.winning_price:
        because.append("pharmacy.price_at_most")
    return because
