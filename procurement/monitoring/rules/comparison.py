"""Comparing prices of the same drug between lists; pure and exact."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from procurement.monitoring.rules.index import half_up

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PackPrice:
    """A price of a pack.

    Attributes:
        yuan: Of the pack.
        units: Minimal units in it.
    """

    yuan: Decimal
    units: int

    @property
    def unit_price(self) -> Fraction:
        """Yuan a minimal unit, exact."""
        return Fraction(self.yuan) / self.units


def excess(own: PackPrice, other: PackPrice) -> Fraction:
    """By which part the own unit price is above the other; below zero where it is lower.

    Examples:
        >>> excess(PackPrice(Decimal("15"), 10), PackPrice(Decimal("20"), 20))
        Fraction(1, 2)
    """
    return own.unit_price / other.unit_price - 1


def linked_price(own: PackPrice, other: PackPrice) -> Decimal:
    """The own pack at the other's unit price, half up to the cent.

    Packs of different sizes are converted in proportion, not by the price ratio rules; no text
    says how to round. Both stand in the basis of a proposal.

    Examples:
        >>> linked_price(PackPrice(Decimal("15"), 10), PackPrice(Decimal("28.01"), 20))
        Decimal('14.01')
    """
    return half_up(other.unit_price * own.units, 2).quantize(CENT, ROUND_HALF_UP)
