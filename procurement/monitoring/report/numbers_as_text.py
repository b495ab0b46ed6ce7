"""Numbers of a report as text: exact, half up, without units; pure."""

from decimal import Decimal
from fractions import Fraction

from procurement.monitoring.rules.index import half_up

_STEPS = 10_000


def percent(value: Fraction | None, places: int = 2) -> str | None:
    """Print a part as per cent without the sign.

    Examples:
        >>> percent(Fraction(1, 3)), percent(None)
        ('33.33', None)
    """
    return None if value is None else plain(half_up(value * 100, places))


def yuan(steps: Fraction, places: int = 4) -> str:
    """Print an amount in 1/10,000 yuan as yuan.

    Examples:
        >>> yuan(Fraction(12345)), yuan(Fraction(12345), 2)
        ('1.2345', '1.23')
    """
    return f"{half_up(steps / _STEPS, places):f}"


def of_hundred(index: Decimal | None) -> str | None:
    """Print an index of which the base is 100.

    Examples:
        >>> of_hundred(Decimal("1.0213"))
        '102.13'
    """
    return None if index is None else f"{index * 100:.2f}"


def plain(value: Decimal | None) -> str | None:
    """Print a decimal without an exponent; None stays None.

    Examples:
        >>> plain(Decimal("1E+2"))
        '100'
    """
    return None if value is None else f"{value:f}"
