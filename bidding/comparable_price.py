"""Comparable price (单位可比价): prices of different strengths and packs on one scale.

The NDRC price ratio rules (2011 No. 2452) set how much dearer a larger content or pack may be:
K = 1.7^(log2 X) for a content ratio X, K = 1.95^(log2 X) for a pack ratio X. A price divided by
its K is the price at the lot's main strength.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from typing import cast

from bidding.bid_sheet import Bid, Lot, Quote
from bidding.errors import MissingFactError
from bidding.limit import Limit
from bidding.rules import RoundRules
from pricing.money import (
    EXACT,
    SIGNIFICANT_DIGITS,
    floor_to_step,
    round_half_up,
)

_WIDE = Context(prec=50)
_ONE = Decimal(1)
_HALF = Decimal("0.5")

BASIS = "comparable.basis"


@lru_cache(maxsize=4096)
def dose_price_ratio(ratio: Decimal, base: Decimal) -> Decimal:
    """Price ratio K = base^(log2 ratio), to 28 significant digits (差比价规则).

    Args:
        ratio: Content or pack size relative to the main one, above zero.
        base: 1.7 for content, 1.95 for packs.

    Examples:
        >>> dose_price_ratio(Decimal(3), Decimal("1.7"))
        Decimal('2.318744510095004283595748218')
        >>> dose_price_ratio(Decimal(2), Decimal("1.7"))
        Decimal('1.7')
    """
    if ratio == 1:
        return _ONE
    log2 = _WIDE.divide(_WIDE.ln(ratio), _WIDE.ln(Decimal(2)))
    return SIGNIFICANT_DIGITS.plus(_WIDE.power(base, log2)).normalize(SIGNIFICANT_DIGITS)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a price of one bid becomes comparable: pack price × multiplier ÷ divisor, rounded.

    Attributes:
        factor: K, the price ratio of the bid's strength (and pack) to the main one.
        multiplier: Daily dose where daily cost is compared, otherwise 1.
        divisor: K × units in the pack; for price cuts the ceiling × units in the pack.
        decimals: To which comparable prices are rounded half up; None keeps 28 digits.
    """

    factor: Decimal
    multiplier: Decimal
    divisor: Decimal
    decimals: int | None

    def comparable(self, pack_price: Decimal) -> Decimal:
        """The comparable price of a pack price, in yuan per unit of the main strength."""
        exact = pack_price
        if self.multiplier != 1:
            exact = EXACT.multiply(exact, self.multiplier)
        if self.divisor != 1:
            exact = EXACT.divide(exact, self.divisor)
        if self.decimals is None:
            return SIGNIFICANT_DIGITS.plus(exact)
        return round_half_up(exact, self.decimals)

    def highest_price(self, limit: Limit, step: Decimal) -> Decimal:
        """The highest pack price, a multiple of ``step``, that compares at ``limit`` or less."""
        bound = limit
        if self.decimals is not None:
            # Everything that rounds to the highest allowed comparable price is allowed.
            unit = Decimal(1).scaleb(-self.decimals)
            bound = Limit(EXACT.fma(unit, _HALF, _floor(limit, unit)))
        exact = Limit(
            EXACT.multiply(bound.numerator, self.divisor),
            EXACT.multiply(bound.denominator, self.multiplier),
        )
        price = _floor(exact, step)
        return price if limit.allows(self.comparable(price)) else price - step


def _floor(limit: Limit, step: Decimal) -> Decimal:
    """The largest multiple of ``step`` at or under a limit, exactly."""
    floor = floor_to_step(limit.shown, step)
    if not limit.allows(floor):
        return floor - step
    return floor + step if limit.allows(floor + step) else floor


def scale_of(lot: Lot, bid: Bid, quote: Quote, rules: RoundRules) -> Scale:
    """How prices of a quote compare under the rules of the round.

    Raises:
        MissingFactError: Daily cost or price cut is compared, and dose or ceiling is missing.
        UnknownRuleError: The rulebook does not know how prices are converted.
    """
    units = Decimal(quote.declared_price.pack_units if quote.declared_price else 1)
    decimals = rules.count("comparable.decimals")
    if rules.word(BASIS) == "price-cut":
        ceiling = lot.strengths[quote.strength].price_ceiling
        if ceiling is None:
            raise MissingFactError(lot.lot, bid.bid, "price_ceiling", BASIS)
        return Scale(_ONE, _ONE, EXACT.multiply(ceiling, units), decimals)
    factor = EXACT.multiply(_strength_factor(lot, quote, rules), _pack_factor(lot, units, rules))
    coefficients = rules.table("conversion.product_factors")
    if coefficients:
        coefficient = cast("Decimal", coefficients.get(f"{lot.lot}/{bid.bid}", _ONE))
        factor = EXACT.multiply(factor, coefficient)
    return Scale(factor, _daily_dose(lot, rules), EXACT.multiply(factor, units), decimals)


def _strength_factor(lot: Lot, quote: Quote, rules: RoundRules) -> Decimal:
    fixed = rules.table("conversion.fixed_factors")
    if fixed and quote.strength in fixed:
        return cast("Decimal", fixed[quote.strength])
    ratio = lot.strengths[quote.strength].ratio
    base = rules.decimal("conversion.strength_base") if ratio != 1 else None
    return dose_price_ratio(ratio, base) if base else _ONE


def _pack_factor(lot: Lot, units: Decimal, rules: RoundRules) -> Decimal:
    """Price ratio of the pack per unit; 1 where the round names no main pack for the lot."""
    main_packs = rules.table("conversion.main_pack")
    base = rules.decimal("conversion.pack_base") if main_packs else None
    if not main_packs or base is None or lot.lot not in main_packs:
        return _ONE
    relative = EXACT.divide(units, Decimal(cast("int", main_packs[lot.lot])))
    return SIGNIFICANT_DIGITS.divide(dose_price_ratio(relative, base), relative)


def _daily_dose(lot: Lot, rules: RoundRules) -> Decimal:
    if rules.word(BASIS) != "daily-cost":
        return _ONE
    if lot.daily_dose is None:
        raise MissingFactError(lot.lot, None, "daily_dose", BASIS)
    return lot.daily_dose
