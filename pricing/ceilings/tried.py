"""Prices that were put back: the models are computed once for each."""

from dataclasses import dataclass, field

from pricing.ceilings.basis import Basis
from pricing.ceilings.ceiling import PutBack
from pricing.ceilings.constraints import Constraint
from pricing.ceilings.margins import Margin, deciding_margin, is_satisfied, margin_at


@dataclass(slots=True)
class Tried:
    """What a constraint says at the prices that were tried.

    Attributes:
        basis: The models.
        constraint: The constraint.
    """

    basis: Basis
    constraint: Constraint
    _margins: dict[float, Margin] = field(default_factory=dict)

    def margin(self, price: float) -> Margin:
        """What the constraint leaves at a price."""
        if price not in self._margins:
            self._margins[price] = margin_at(self.basis, self.constraint, price)
        return self._margins[price]

    def holds(self, price: float) -> bool:
        """Whether the constraint holds at a price, with the probability that it allows."""
        return is_satisfied(self.margin(price), self.constraint)

    def put_back(self, cents: int) -> PutBack:
        """What the models say at a ceiling and a cent above it."""
        return PutBack(
            holds=self.holds(cents / 100),
            fails_above=not self.holds((cents + 1) / 100),
            left=deciding_margin(self.margin(cents / 100), self.constraint),
        )
