"""Decimals as people write them."""

from decimal import Decimal

from pricing.money import EXACT


def trimmed(value: Decimal) -> Decimal:
    """Return a decimal without zeros at its end, and without an exponent above zero.

    Examples:
        >>> trimmed(Decimal("12.5000")), trimmed(Decimal("1E+2")), trimmed(Decimal("0.0100"))
        (Decimal('12.5'), Decimal('100'), Decimal('0.01'))
    """
    if value == value.to_integral_value():
        return value.quantize(Decimal(1), context=EXACT)
    return value.normalize(EXACT)
