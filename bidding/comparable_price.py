"""Comparable price (单位可比价): prices of different strengths and packs on one scale.

The NDRC price ratio rules (2011 No. 2452) set how much dearer a larger content or pack may be:
K = 1.7^(log2 X) for a content ratio X, K = 1.95^(log2 X) for a pack ratio X. A price divided by
its K is the price at the lot's main strength.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

from bidding.bid_sheet import Bid, Lot, Quote
from bidding.errors import MissingFactError
from bidding.rules import RoundRules
from pricing.money import (
    EXACT,
    SIGNIFICANT_DIGITS,
    UnitPrice,
    floor_to_step,
    round_half_up,
)

_WIDE = Context(prec=50)
_ONE = Decimal(1)


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
    """How a price of one bid becomes comparable: pack price ÷ divisor, then rounding.

    Attributes:
        factor: K, the price ratio of the bid's strength (and pack) to the main one; for daily
            cost the inverse of the daily dose is part of it, for price cuts it is the ceiling.
        divisor: factor × units in the pack, exact.
        decimals: To which comparable prices are rounded half up; None keeps 28 digits.
    """

    factor: Decimal
    divisor: Decimal
    decimals: int | None

    def comparable(self, pack_price: Decimal) -> Decimal:
        """The comparable price of a pack price, in yuan per unit of the main strength."""
        exact = pack_price if self.divisor == 1 else EXACT.divide(pack_price, self.divisor)
        if self.decimals is None:
            return SIGNIFICANT_DIGITS.plus(exact)
        return round_half_up(exact, self.decimals)

    def highest_price(self, limit: Decimal, step: Decimal) -> Decimal:
        """The highest pack price, a multiple of ``step``, that compares at ``limit`` or less."""
        half = Decimal(5).scaleb(-self.decimals - 1) if self.decimals is not None else Decimal(0)
        price = floor_to_step(EXACT.multiply(EXACT.add(limit, half), self.divisor), step)
        while price > 0 and self.comparable(price) > limit:
            price -= step
        return price


def scale_of(lot: Lot, bid: Bid, quote: Quote, rules: RoundRules) -> Scale:
    """How prices of a quote compare under the rules of the round.

    Raises:
        MissingFactError: Daily cost or price cut is compared, and dose or ceiling is missing.
        UnknownRuleError: The rulebook does not know how prices are converted.
    """
    price = quote.declared_price
    units = price.pack_units if price else 1
    factor = EXACT.multiply(
        _strength_factor(lot, quote, rules), _pack_factor(lot, units, rules) or _ONE
    )
    coefficients = rules.table("conversion.product_factors")
    if coefficients:
        factor = EXACT.multiply(
            factor, Decimal(str(coefficients.get(f"{lot.lot}/{bid.bid}", _ONE)))
        )
    factor = _by_basis(lot, bid, quote, rules, factor)
    decimals = rules.count("comparable.decimals")
    return Scale(factor, EXACT.multiply(factor, Decimal(units)), decimals)


def _strength_factor(lot: Lot, quote: Quote, rules: RoundRules) -> Decimal:
    fixed = rules.table("conversion.fixed_factors")
    if fixed and quote.strength in fixed:
        return Decimal(str(fixed[quote.strength]))
    ratio = lot.strengths[quote.strength].ratio
    base = rules.decimal("conversion.strength_base") if ratio != 1 else None
    return dose_price_ratio(ratio, base) if base else _ONE


def _pack_factor(lot: Lot, units: int, rules: RoundRules) -> Decimal | None:
    """Price ratio of the pack per unit; None where the round names no main pack."""
    main_packs = rules.table("conversion.main_pack")
    base = rules.decimal("conversion.pack_base")
    if not main_packs or base is None or lot.lot not in main_packs:
        return None
    relative = EXACT.divide(Decimal(units), Decimal(str(main_packs[lot.lot])))
    return SIGNIFICANT_DIGITS.divide(dose_price_ratio(relative, base), relative)


def _by_basis(lot: Lot, bid: Bid, quote: Quote, rules: RoundRules, factor: Decimal) -> Decimal:
    basis = rules.word("comparable.basis")
    if basis == "daily-cost":
        if lot.daily_dose is None:
            raise MissingFactError(lot.lot, None, "daily_dose", "comparable.basis")
        return EXACT.divide(factor, lot.daily_dose)
    if basis == "price-cut":
        ceiling = lot.strengths[quote.strength].price_ceiling
        if ceiling is None:
            raise MissingFactError(lot.lot, bid.bid, "price_ceiling", "comparable.basis")
        return ceiling
    return factor


def unit_price_at(price: UnitPrice | None, pack_price: Decimal) -> UnitPrice:
    """The unit price that the same pack would have at another pack price."""
    return UnitPrice(pack_price, price.pack_units if price else 1)
