"""Agreed volumes by the number of winners, of later years, and of extensions."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import cast

from pricing.money import share_of_units
from pricing.stated_rules import RuleNotStatedError, StatedRules
from procurement.orders.fulfilment.rules.region_rules import FoundRule, RegionRules
from rulebooks.vocabulary import ByNumber

OF_AGREED = "next_year.of_agreed_min"
OF_PURCHASES = "next_year.of_purchases_min"
OF_AGREED_IF_UNFINISHED = "next_year.of_agreed_min_if_unfinished"
MONTHS = 12


def agreed_by_winners(
    base: int, winners: int, rules: StatedRules, *, category: str = "general"
) -> int:
    """The agreed volume of a first year: the base times the share for so many winners.

    Args:
        base: Minimal units a year.
        winners: How many were selected.
        rules: Of the round's document.
        category: Of the lot.

    Raises:
        RuleNotStatedError: No source states the shares.

    Examples:
        >>> rules = StatedRules.of("national-4")
        >>> [agreed_by_winners(1000000, winners, rules) for winners in (1, 2, 3, 4, 9)]
        [500000, 600000, 700000, 800000, 800000]
    """
    shares = cast("dict[str, ByNumber]", rules.required("share.by_winners"))[category]
    return share_of_units(cast("Decimal", shares.at(winners)), base)


@dataclass(frozen=True, slots=True)
class NextYear:
    """The least that is agreed for the next year.

    Attributes:
        least: Minimal units, rounded up: less than the rule's exact number is not enough.
        rule: The rule that decides.
    """

    least: int
    rule: FoundRule


def next_year_least(agreed: int, bought: int, rules: RegionRules) -> NextYear:
    """The least that is agreed for the year after one.

    Args:
        agreed: Agreed minimal units of the year before.
        bought: Winning products taken in that year.
        rules: Of the region, for the kind of product.

    Raises:
        RuleNotStatedError: No rule of the region states it.

    Examples:
        >>> from datetime import date
        >>> rules = RegionRules("320000", date(2023, 6, 1), covers="consumables")
        >>> next_year_least(1000, 1600, rules).least, next_year_least(1000, 800, rules).least
        (1120, 1000)
    """
    unfinished = rules.found(OF_AGREED_IF_UNFINISHED)
    if unfinished is not None and bought < agreed:
        return _part(agreed, unfinished)
    for key, whole in ((OF_PURCHASES, bought), (OF_AGREED, agreed)):
        rule = rules.found(key)
        if rule is not None:
            return _part(whole, rule)
    raise RuleNotStatedError(
        rules.region,
        OF_AGREED,
        zh="本地区没有规则载明次年约定采购量的下限",
        en="no rule of this region states the least agreed volume of the next year",
    )


def _part(whole: int, rule: FoundRule) -> NextYear:
    return NextYear(ceil(whole * Fraction(cast("Decimal", rule.value))), rule)


@dataclass(frozen=True, slots=True)
class Extension:
    """What is agreed for some months after the cycle.

    Attributes:
        volume: Minimal units, half up.
        unchanged: Policies that stay as they are.
        rule: The rule that decides.
    """

    volume: int
    unchanged: tuple[str, ...]
    rule: FoundRule


def extension_volume(agreed_year: int, months: int, rules: RegionRules) -> Extension:
    """What is agreed for an extension by some months, pro rata by month of the last year.

    Raises:
        RuleNotStatedError: No rule of the region states how an extension counts.

    Examples:
        >>> from datetime import date
        >>> found = extension_volume(1200, 5, RegionRules("210000", date(2024, 1, 1)))
        >>> found.volume, found.unchanged[0]
        (500, 'payment-standard')
    """
    rule = rules.required("extension.volume")
    volume = share_of_units(Fraction(months, MONTHS), agreed_year)
    return Extension(volume, rules.words("extension.unchanged"), rule)


def first_year_of_demand(demand: int, rules: RegionRules) -> int:
    """The agreed volume of a first year where a document takes a share of the demand.

    Raises:
        RuleNotStatedError: No rule of the region states one.

    Examples:
        >>> from datetime import date
        >>> first_year_of_demand(1000, RegionRules("310000", date(2024, 1, 1), covers="tcm"))
        800
    """
    return share_of_units(rules.decimal("first_year.of_demand"), demand)
