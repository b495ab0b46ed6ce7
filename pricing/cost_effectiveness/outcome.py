"""What a strategy costs and brings, with the price of the negotiated drug kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pricing.draws import Draws


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Discounted cost and effect of one strategy, for each draw.

    The cost is affine in the price of the negotiated drug: ``cost + price * units``.

    Attributes:
        strategy: Its name.
        cost: Yuan, without the price of the negotiated drug.
        units: Discounted units of the negotiated drug.
        effect: Discounted effect, mostly life years or QALYs.

    Examples:
        >>> one = Outcome("A", np.array([100.0]), np.array([2.0]), np.array([0.5]))
        >>> one.cost_at(30.0)
        array([160.])
        >>> one.net_benefit(threshold=1000.0, price=30.0)
        array([340.])
    """

    strategy: str
    cost: Draws
    units: Draws
    effect: Draws

    def cost_at(self, price: float | Draws) -> Draws:
        """Cost in yuan, the negotiated drug at this price."""
        return self.cost + price * self.units

    def net_benefit(self, *, threshold: float | Draws, price: float | Draws) -> Draws:
        """Net monetary benefit: what the effect is worth, less the cost, in yuan."""
        return threshold * self.effect - self.cost_at(price)


@dataclass(frozen=True, slots=True, eq=False)
class Increment:
    """One outcome less another: cost without the drug's price, its units, effect.

    Examples:
        The price at which the ratio equals a threshold is one division, and gives that ratio back:

        >>> new = Outcome("new", np.array([100.0]), np.array([2.0]), np.array([0.75]))
        >>> old = Outcome("old", np.array([80.0]), np.array([0.0]), np.array([0.5]))
        >>> increment = Increment.between(new, old)
        >>> increment.price_at(1000.0)
        array([115.])
        >>> increment.ratio(115.0)
        array([1000.])
    """

    cost: Draws
    units: Draws
    effect: Draws

    @classmethod
    def between(cls, new: Outcome, reference: Outcome) -> "Increment":
        """The increment of a strategy over another."""
        return cls(
            new.cost - reference.cost, new.units - reference.units, new.effect - reference.effect
        )

    def cost_at(self, price: float | Draws) -> Draws:
        """Incremental cost in yuan at this price."""
        return self.cost + price * self.units

    def ratio(self, price: float | Draws) -> Draws:
        """Incremental cost-effectiveness ratio; not a number where the effects are equal."""
        return _divided(self.cost_at(price), self.effect)

    def price_at(self, threshold: float | Draws) -> Draws:
        """Price at which the extra effect, valued at the threshold, just pays the extra cost.

        It says nothing of the sign of the effect or of the units: not a number where no unit more
        is used, and negative where not even a free drug is worth its other costs.
        """
        return _divided(threshold * self.effect - self.cost, self.units)


def joined(parts: Sequence[Outcome]) -> Outcome:
    """The outcome of all draws, from those of successive chunks of draws.

    Examples:
        >>> half = Outcome("A", np.array([100.0, 90.0]), np.zeros(1), np.array([0.5]))
        >>> whole = joined([half, half])
        >>> whole.cost.tolist(), whole.effect.tolist()
        ([100.0, 90.0, 100.0, 90.0], [0.5])
    """
    return Outcome(
        strategy=parts[0].strategy,
        cost=_joined([part.cost for part in parts]),
        units=_joined([part.units for part in parts]),
        effect=_joined([part.effect for part in parts]),
    )


def _joined(parts: Sequence[Draws]) -> Draws:
    # What is the same in every draw of the first chunk is so in all: once is enough.
    return parts[0] if parts[0].shape[-1] == 1 else np.concatenate(parts)


def _divided(numerator: Draws, denominator: Draws) -> Draws:
    shape = np.broadcast_shapes(numerator.shape, denominator.shape)
    nothing = np.full(shape, np.nan)
    return np.asarray(np.divide(numerator, denominator, out=nothing, where=denominator != 0))
