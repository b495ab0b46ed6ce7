"""Exact decimals without the zeros that arithmetic leaves at their end."""

from decimal import Decimal

from pricing.money import EXACT

ONE = Decimal(1)


def without_trailing_zeros(value: Decimal) -> Decimal:
    """The same number, without zeros at its end and without an exponent.

    Examples:
        >>> without_trailing_zeros(Decimal("89.00")), without_trailing_zeros(Decimal("950000.0"))
        (Decimal('89'), Decimal('950000'))
    """
    tidy = value.normalize(EXACT)
    exponent = tidy.as_tuple().exponent
    return tidy.quantize(ONE, context=EXACT) if isinstance(exponent, int) and exponent > 0 else tidy
