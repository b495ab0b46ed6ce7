"""Putting a price back: what a constraint leaves at that price, computed by the models again."""

from dataclasses import dataclass

import numpy as np

from pricing.ceilings.basis import Basis, Indication, net_price_at, priced
from pricing.ceilings.conditions import caps_of, conditions_of, counted_year, is_total
from pricing.ceilings.constraints import (
    BudgetConstraint,
    Constraint,
    CostNeutral,
    Icer,
    InternationalPrice,
    ReferencePrice,
    probability_of,
)
from pricing.ceilings.given_price import given_price
from pricing.draws import Draws, as_draws

NOISE = 1e-14
"""Sums of this relative size are rounding of binary numbers, no overrun."""


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """What a constraint leaves at a price.

    Attributes:
        left: Yuan that are left, by draw; negative where it fails.
        scale: Size of the sums that ``left`` is the difference of.
    """

    left: Draws
    scale: Draws

    @property
    def holds(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """Whether the constraint holds, by draw."""
        return np.asarray(self.left >= -NOISE * self.scale)


def margin_at(basis: Basis, constraint: Constraint, price: float | Draws) -> Margin:
    """Compute a constraint at a price, by the models themselves and not by their inverse.

    Args:
        basis: The models.
        constraint: What must hold.
        price: List price in yuan per unit: a number, by draw, or several for a basis of one draw.
    """
    if isinstance(constraint, ReferencePrice | InternationalPrice):
        limit = float(given_price(constraint))
        own = as_draws(price) if constraint.basis == "list" else net_price_at(basis, price)
        return Margin(limit - own, np.abs(own) + abs(limit))
    if isinstance(constraint, Icer):
        return _worth_margin(basis, constraint, price)
    if isinstance(constraint, CostNeutral) and constraint.over == "outcome":
        net = net_price_at(basis, price) * basis.factor
        return _smallest([_saving(one, net) for one in basis.indications if one.outcomes])
    return _fund_margin(basis, constraint, price)


def _fund_margin(
    basis: Basis, constraint: BudgetConstraint | CostNeutral, price: float | Draws
) -> Margin:
    found = priced(basis, price)
    if is_total(constraint):
        cap = caps_of(constraint, 1)[0]
        return Margin(cap - found.impact.sum(axis=0), abs(cap) + found.scale.sum(axis=0))
    caps = caps_of(constraint, len(found.impact))[:, np.newaxis]
    left, scale = caps - found.impact, np.abs(caps) + found.scale
    year = counted_year(constraint)
    if year is not None:
        return Margin(left[year], scale[year])
    return Margin(left.min(axis=0), scale.max(axis=0))


def _saving(indication: Indication, net: Draws) -> Margin:
    new = indication.outcome(indication.negotiated).cost_at(net)
    old = indication.outcome(indication.reference).cost_at(net)
    return Margin(old - new, np.abs(old) + np.abs(new))


def _worth_margin(basis: Basis, constraint: Icer, price: float | Draws) -> Margin:
    net = net_price_at(basis, price)
    if constraint.indications == "blend":
        row = conditions_of(basis, constraint)[0]
        own = net * basis.factor
        return Margin(row.room - own, np.abs(row.room) + np.abs(own))
    return _smallest(
        [
            _against_others(one, constraint.threshold, net * basis.factor)
            for one in basis.indications
            if one.outcomes
        ]
    )


def _against_others(indication: Indication, threshold: float, net: Draws) -> Margin:
    own = indication.outcome(indication.negotiated)
    benefit = own.net_benefit(threshold=threshold, price=net)
    margins = []
    for other in indication.outcomes:
        if other is not own:
            beside = other.net_benefit(threshold=threshold, price=net)
            worth = threshold * (np.abs(own.effect) + np.abs(other.effect))
            scale = worth + np.abs(own.cost_at(net)) + np.abs(other.cost_at(net))
            margins.append(Margin(benefit - beside, scale))
    return _smallest(margins)


def _smallest(margins: list[Margin]) -> Margin:
    """The margin that is left at the tightest of several conditions."""
    left, scale = margins[0].left, margins[0].scale
    for one in margins[1:]:
        left, scale = np.minimum(left, one.left), np.maximum(scale, one.scale)
    return Margin(left, scale)


def holds_at(basis: Basis, constraint: Constraint, price: float) -> bool:
    """Whether a constraint holds at a price, with the probability that it allows."""
    return is_satisfied(margin_at(basis, constraint, price), constraint)


def is_satisfied(margin: Margin, constraint: Constraint) -> bool:
    """Whether a constraint holds in enough draws."""
    held = margin.holds
    at = probability_of(constraint)
    failed = held.size - int(np.count_nonzero(held))
    return failed <= (at.failures_max(held.size) if at else 0)


def deciding_margin(margin: Margin, constraint: Constraint) -> float:
    """Yuan that are left in the draw that decides."""
    at = probability_of(constraint)
    left = margin.left.reshape(-1)
    worst = at.failures_max(left.size) if at else 0
    return float(np.partition(left, worst)[worst])
