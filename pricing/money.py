"""Money: exact prices, and the only functions in the project that round.

A manufacturer declares a price for a *pack*. The price of one minimal unit (tablet, vial, bag) is
the exact quotient of the pack price and the number of units in the pack, and it is never stored
rounded. Amounts are rounded to the cent once, when they are paid.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import reduce

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Arithmetic of prices: wide enough that no sum, product or comparison in a lot is rounded."""

SIGNIFICANT_DIGITS = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""Conversion ratios, and comparable prices that a document leaves unrounded, have 28 digits."""

CENT = Decimal("0.01")
"""The smallest step of a pack price and of an amount, in yuan."""

UNIT_PRICE_STEP = Decimal("0.000001")
"""The smallest step of a unit price that is declared as such, in yuan."""

_PRICE = re.compile(r"\d{1,12}(\.\d{1,12})?")


class PriceError(ValueError):
    """A text is not a price, or a price is not above zero."""


def parse_price(text: str) -> Decimal:
    """Read a price in yuan from a decimal string.

    Args:
        text: Digits with at most one decimal point: no sign, comma, exponent or currency.

    Returns:
        The exact price in yuan, above zero.

    Raises:
        PriceError: The text has another form, or the price is zero.

    Examples:
        >>> parse_price("6.97")
        Decimal('6.97')
        >>> parse_price("1,200")
        Traceback (most recent call last):
        pricing.money.PriceError: '1,200' is not a price: expected digits like 12.3456
    """
    if not _PRICE.fullmatch(text) or not text.isascii():
        raise PriceError(f"{text!r} is not a price: expected digits like 12.3456")
    price = Decimal(text)
    if price == 0:
        raise PriceError(f"{text!r} is not a price: expected more than zero")
    return price


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """The price of one minimal unit, kept as the pack it was declared for.

    Attributes:
        pack_price: Yuan per pack, exact.
        pack_units: Minimal units in the pack; 1 where the unit price itself was declared.

    Examples:
        >>> seven = UnitPrice(Decimal("6.97"), 7)
        >>> seven.exact
        Fraction(697, 700)
        >>> str(seven.shown)
        '0.9957142857142857142857142857'
    """

    pack_price: Decimal
    pack_units: int = 1

    @property
    def exact(self) -> Fraction:
        """The exact quotient, in yuan per minimal unit."""
        return Fraction(self.pack_price) / self.pack_units

    @property
    def shown(self) -> Decimal:
        """The quotient to 28 significant digits, in yuan per minimal unit."""
        if self.pack_units == 1:
            return self.pack_price
        return SIGNIFICANT_DIGITS.divide(self.pack_price, Decimal(self.pack_units))

    def is_at_most(self, unit_price: Decimal) -> bool:
        """Whether it is not above a unit price, compared exactly."""
        return self.pack_price <= EXACT.multiply(unit_price, Decimal(self.pack_units))

    @property
    def step(self) -> Decimal:
        """The smallest change of the declared price: a cent a pack, or a millionth a unit."""
        if self.pack_units > 1:
            return CENT
        exponent = self.pack_price.as_tuple().exponent
        finest = Decimal((0, (1,), exponent)) if isinstance(exponent, int) else UNIT_PRICE_STEP
        return min(UNIT_PRICE_STEP, finest)

    def with_pack_price(self, pack_price: Decimal) -> "UnitPrice":
        """The same pack at another price."""
        return UnitPrice(pack_price, self.pack_units)


def exact_sum(prices: Iterable[Decimal]) -> Decimal:
    """The sum of prices, not rounded.

    Examples:
        >>> exact_sum([Decimal("0.1")] * 3)
        Decimal('0.3')
    """
    return reduce(EXACT.add, prices, Decimal(0))


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round to a number of decimals, halves away from zero.

    Examples:
        >>> round_half_up(Decimal("0.32374999"), 4)
        Decimal('0.3237')
        >>> round_half_up(Decimal("0.00005"), 4)
        Decimal('0.0001')
    """
    return value.quantize(Decimal((0, (1,), -decimals)), ROUND_HALF_UP, EXACT)


def floor_to_step(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of ``step`` (a power of ten) that is not above ``value``.

    Examples:
        >>> floor_to_step(Decimal("1.23999"), Decimal("0.01"))
        Decimal('1.23')
    """
    return value.quantize(step, ROUND_FLOOR, EXACT)


def to_cents(amount: Decimal) -> Decimal:
    """An amount in yuan to the cent, half up: the one rounding of money that is paid.

    Examples:
        >>> to_cents(Decimal("2715.485"))
        Decimal('2715.49')
    """
    return amount.quantize(CENT, ROUND_HALF_UP, EXACT)


def share_of_units(share: Decimal | Fraction, units: int) -> int:
    """A share of a volume in whole minimal units, half up.

    Agreed volumes are rounded so, by region and strength.

    Args:
        share: From 0 to 1.
        units: Minimal units, zero or more.

    Examples:
        >>> share_of_units(Decimal("0.5"), 5), share_of_units(Decimal("0.7"), 2)
        (3, 1)
    """
    numerator, denominator = share.as_integer_ratio()
    return (2 * numerator * units + denominator) // (2 * denominator)
