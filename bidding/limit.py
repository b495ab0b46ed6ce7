"""A limit that prices are compared with, kept as an exact quotient.

A mean of three prices has no finite decimals. Comparing ``price * denominator`` with the
numerator keeps the comparison exact, so that a bid exactly on a line is on it.
"""

from dataclasses import dataclass
from decimal import Decimal

from pricing.money import EXACT

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparable price as numerator ÷ denominator, in yuan.

    Examples:
        >>> third = Limit(Decimal("0.9"), Decimal(3))
        >>> third.allows(Decimal("0.3")), third.is_above(Decimal("0.3"))
        (True, False)
    """

    numerator: Decimal
    denominator: Decimal = _ONE

    def allows(self, price: Decimal) -> bool:
        """Whether a price is at most the limit."""
        return EXACT.multiply(price, self.denominator) <= self.numerator

    def is_above(self, price: Decimal) -> bool:
        """Whether a price is under the limit."""
        return EXACT.multiply(price, self.denominator) < self.numerator

    def times(self, factor: Decimal) -> "Limit":
        """The limit multiplied by an exact factor."""
        return Limit(EXACT.multiply(self.numerator, factor), self.denominator)

    @property
    def shown(self) -> Decimal:
        """The limit as a decimal, for people; never compared."""
        if self.denominator == 1:
            return self.numerator
        return EXACT.divide(self.numerator, self.denominator)


def higher(first: Limit, second: Limit) -> Limit:
    """The higher of two limits."""
    left = EXACT.multiply(first.numerator, second.denominator)
    right = EXACT.multiply(second.numerator, first.denominator)
    return first if left >= right else second
