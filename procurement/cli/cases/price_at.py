"""Ceilings that cases ask for, by the public function for ceilings; without the rounding."""

from collections.abc import Sequence

from pricing.ceilings import Basis, Constraint, CostNeutral, Icer, Indication, ceiling_of
from pricing.cost_effectiveness import Outcome


def price_at_threshold(new: Outcome, others: Sequence[Outcome], threshold: float) -> float | None:
    """The highest price at which no other strategy has a higher net benefit.

    Args:
        new: The strategy with the negotiated drug.
        others: Strategies without it.
        threshold: Yuan per unit of effect.
    """
    return _ceiling(new, others, Icer(threshold))


def price_without_extra_cost(new: Outcome, old: Outcome) -> float | None:
    """The highest price at which the new strategy costs no more than the old one."""
    return _ceiling(new, [old], CostNeutral(over="outcome"))


def _ceiling(new: Outcome, others: Sequence[Outcome], constraint: Constraint) -> float | None:
    indication = Indication(
        outcomes=(*others, new), reference=others[0].strategy, negotiated=new.strategy
    )
    # Outcomes leave the price open: the one under discussion plays no part.
    return ceiling_of(Basis(price=1.0, indications=(indication,)), constraint).exact
