"""Exact arithmetic of a settlement: products and sums that are never rounded on the way."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, Overflow
from fractions import Fraction

from pricing.money import SIGNIFICANT_DIGITS

EXACT = Context(prec=180, rounding=ROUND_HALF_EVEN, traps=[Inexact, Overflow])
"""Wide enough for a volume times a price times two ratios; it raises rather than rounds."""

STEPS_A_YUAN = 10_000
"""Prices and amounts are whole numbers of 1/10,000 yuan in every engine."""

_STEP = Decimal("0.0001")


def times(*factors: Decimal | int) -> Decimal:
    """The exact product.

    Examples:
        >>> times(1000000, Decimal("1.20"), Decimal("0.60"))
        Decimal('720000.0000')
    """
    product = Decimal(1)
    for factor in factors:
        product = EXACT.multiply(product, Decimal(factor))
    return product


def total(amounts: "list[Decimal] | tuple[Decimal, ...]") -> Decimal:
    """The exact sum; nothing sums to 0."""
    found = Decimal(0)
    for amount in amounts:
        found = EXACT.add(found, amount)
    return found


def less(minuend: Decimal, subtrahend: Decimal) -> Decimal:
    """The exact difference."""
    return EXACT.subtract(minuend, subtrahend)


def yuan(steps: int) -> Decimal:
    """Whole numbers of 1/10,000 yuan as yuan.

    Examples:
        >>> yuan(12345)
        Decimal('1.2345')
    """
    return EXACT.multiply(Decimal(steps), _STEP)


def quotient(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """A quotient, exact where 28 significant digits suffice.

    Examples:
        >>> quotient(674, 468)
        Decimal('1.440170940170940170940170940')
    """
    return SIGNIFICANT_DIGITS.divide(Decimal(part), Decimal(whole))


def cents(amount: Decimal | Fraction) -> Decimal:
    """An amount to the cent, halves away from zero.

    Examples:
        >>> cents(Decimal("0.125")), cents(Decimal("-0.125")), cents(Fraction(1, 3))
        (Decimal('0.13'), Decimal('-0.13'), Decimal('0.33'))
    """
    numerator, denominator = amount.as_integer_ratio()
    sign = -1 if numerator < 0 else 1
    whole = (200 * abs(numerator) + denominator) // (2 * denominator)
    return EXACT.scaleb(Decimal(sign * whole), -2)


def shown(value: Decimal, *, least_decimals: int = 0) -> str:
    """A number as text: no exponent, no needless zeros, at least so many decimals.

    Examples:
        >>> shown(Decimal("648000.0000"), least_decimals=2), shown(Decimal("1.10"))
        ('648000.00', '1.1')
        >>> shown(Decimal("27201.31296"), least_decimals=2), shown(Decimal("-0.00"))
        ('27201.31296', '0')
    """
    text = f"{value:f}" if value else "0"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(least_decimals, "0")
    return f"{whole}.{decimals}" if decimals else whole
