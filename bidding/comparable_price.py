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
STRENGTH_BASE = "conversion.strength_base"
PACK_BASE = "conversion.pack_base"
FIXED = "conversion.fixed_factors"
COEFFICIENTS = "conversion.product_factors"


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
        key: The rule that the factor comes from.
    """

    factor: Decimal
    multiplier: Decimal
    divisor: Decimal
    decimals: int | None
    key: str = STRENGTH_BASE

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
        price = self._price_of(bound, step)
        if not limit.allows(self.comparable(price)):
            return price - step
        if self.decimals is None and limit.allows(self.comparable(price + step)):
            # To 28 digits the next step compares equal.
            return price + step
        return price

    def price_level(self, limit: Limit, step: Decimal) -> Decimal:
        """The highest pack price, a multiple of ``step``, that is at a price level or under it.

        Unlike ``highest_price`` it gives nothing away by rounding: who comes down to the level of
        a winner does not sell dearer than the winner.
        """
        if self.decimals is None:
            return self.highest_price(limit, step)
        return self._price_of(limit, step)

    def _price_of(self, limit: Limit, step: Decimal) -> Decimal:
        """The largest multiple of ``step`` whose exact comparable price is within a limit."""
        exact = Limit(
            EXACT.multiply(limit.numerator, self.divisor),
            EXACT.multiply(limit.denominator, self.multiplier),
        )
        return _floor(exact, step)


def _floor(limit: Limit, step: Decimal) -> Decimal:
    """The largest multiple of ``step`` at or under a limit, exactly."""
    floor = floor_to_step(limit.shown, step)
    if not limit.allows(floor):
        return floor - step
    return floor + step if limit.allows(floor + step) else floor


class Scales:
    """The scales of one lot; packs of one size and strength share theirs."""

    def __init__(self, lot: Lot, rules: RoundRules) -> None:
        """Read once how the lot's prices are compared."""
        self._lot = lot
        self._decimals = rules.count("comparable.decimals")
        self._basis = rules.word(BASIS)
        self._fixed = rules.table(FIXED) or {}
        self._coefficients = rules.table(COEFFICIENTS) or {}
        several = any(strength.ratio != 1 for strength in lot.strengths.values())
        self._strength_base = rules.decimal(STRENGTH_BASE) if several else None
        main_packs = rules.table("conversion.main_pack") or {}
        self._main_pack = cast("int | None", main_packs.get(lot.lot))
        self._pack_base = rules.decimal(PACK_BASE) if self._main_pack else None
        self._known: dict[tuple[str, int, Decimal], Scale] = {}

    def of(self, bid: Bid, quote: Quote) -> Scale:
        """How prices of a quote compare.

        Raises:
            MissingFactError: Daily cost or price cut is compared; dose or ceiling is missing.
        """
        units = quote.declared_price.pack_units if quote.declared_price else 1
        own = cast("Decimal", self._coefficients.get(f"{self._lot.lot}/{bid.bid}", _ONE))
        key = (quote.strength, units, own)
        if key not in self._known:
            self._known[key] = self._scale(bid, quote.strength, Decimal(units), own)
        return self._known[key]

    def _scale(self, bid: Bid, strength: str, units: Decimal, coefficient: Decimal) -> Scale:
        if self._basis == "price-cut":
            ceiling = self._lot.strengths[strength].price_ceiling
            if ceiling is None:
                raise MissingFactError(self._lot.lot, bid.bid, "price_ceiling", BASIS)
            return Scale(_ONE, _ONE, EXACT.multiply(ceiling, units), self._decimals, BASIS)
        factor = EXACT.multiply(self._strength_factor(strength), self._pack_factor(units))
        factor = EXACT.multiply(factor, coefficient)
        divisor = EXACT.multiply(factor, units)
        key = COEFFICIENTS if coefficient != 1 else self._key(strength)
        return Scale(factor, self._daily_dose(), divisor, self._decimals, key)

    def _key(self, strength: str) -> str:
        """The rule that converts a strength; where it is the main one, the rule for packs."""
        if strength in self._fixed:
            return FIXED
        return STRENGTH_BASE if self._lot.strengths[strength].ratio != 1 else PACK_BASE

    def _strength_factor(self, strength: str) -> Decimal:
        if strength in self._fixed:
            return cast("Decimal", self._fixed[strength])
        if self._strength_base is None:
            return _ONE
        return dose_price_ratio(self._lot.strengths[strength].ratio, self._strength_base)

    def _pack_factor(self, units: Decimal) -> Decimal:
        """Price ratio of the pack per unit; 1 where the round names no main pack for the lot."""
        if self._main_pack is None or self._pack_base is None:
            return _ONE
        relative = EXACT.divide(units, Decimal(self._main_pack))
        return SIGNIFICANT_DIGITS.divide(dose_price_ratio(relative, self._pack_base), relative)

    def _daily_dose(self) -> Decimal:
        if self._basis != "daily-cost":
            return _ONE
        if self._lot.daily_dose is None:
            raise MissingFactError(self._lot.lot, None, "daily_dose", BASIS)
        return self._lot.daily_dose
