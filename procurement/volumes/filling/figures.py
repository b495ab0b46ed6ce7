"""How shares and quantities are printed beside each other."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any


def percent(ratio: Fraction | None) -> str:
    """A share with one decimal, cut off: what is below the line never looks as if it were on it.

    Examples:
        >>> percent(Fraction(8399, 10500)), percent(Fraction(4, 5)), percent(None)
        ('79.9%', '80.0%', '—')
    """
    if ratio is None:
        return "—"
    tenths = ratio * 1000 // 1
    return f"{tenths // 10:,}.{tenths % 10}%"


def units(quantity: int | Fraction | None) -> str:
    """A quantity, exact where it is whole or a half, else with two decimals.

    Examples:
        >>> units(10500), units(Fraction(21001, 2)), units(Fraction(1, 3))
        ('10,500', '10,500.5', '≈0.33')
    """
    if quantity is None:
        return "—"
    exact = Fraction(quantity)
    if exact.denominator == 1:
        return f"{exact.numerator:,}"
    if exact.denominator in (2, 5, 10):
        return f"{float(exact):,.1f}"
    return f"≈{float(exact):,.2f}"


def for_script(quantity: int | Fraction | None) -> str:
    """A quantity as the page's script reads it; it only shows, the server decides.

    Examples:
        >>> for_script(Fraction(21001, 2)), for_script(None)
        ('10500.5', '')
    """
    return "" if quantity is None else f"{float(quantity):.10g}"


FIGURES: Mapping[str, Callable[[Any], str]] = {
    "percent": percent,
    "units": units,
    "for_script": for_script,
}
"""For templates."""
