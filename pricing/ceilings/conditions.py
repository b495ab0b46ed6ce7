"""Constraints as conditions ``slope x price <= room``: one row each, by draw."""

from dataclasses import dataclass

import numpy as np

from pricing.ceilings.basis import Basis, Indication
from pricing.ceilings.constraints import (
    BudgetConstraint,
    BudgetCumulative,
    BudgetQuantile,
    CostNeutral,
    Icer,
)
from pricing.draws import Draws, as_draws


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One condition on the price.

    Attributes:
        label: What it compares with: a year, a strategy.
        room: Yuan that the price may use up, by draw.
        slope: Yuan that one yuan of price uses up, by draw.
        relief: Room that one unit more of the constraint's parameter gives, by draw.
    """

    label: str
    room: Draws
    slope: Draws
    relief: Draws


def conditions_of(
    basis: Basis, constraint: BudgetConstraint | CostNeutral | Icer
) -> list[Condition]:
    """The conditions that together are one constraint; for affine models only."""
    if isinstance(constraint, Icer):
        return _worth_it(basis, constraint)
    if isinstance(constraint, CostNeutral) and constraint.over == "outcome":
        return [_no_dearer(basis, one) for one in basis.indications if one.outcomes]
    at_zero, slope = basis.fund_pieces
    one = as_draws(1)
    if is_total(constraint):
        room = caps_of(constraint, 1)[0] - at_zero.sum(axis=0)
        return [Condition("cumulative", room, slope.sum(axis=0), one)]
    caps = caps_of(constraint, len(at_zero))
    rows = [
        Condition(str(year + 1), caps[year] - at_zero[year], slope[year], one)
        for year in range(len(at_zero))
    ]
    year = counted_year(constraint)
    return rows if year is None else [rows[year]]


def is_total(constraint: BudgetConstraint | CostNeutral) -> bool:
    """Whether all years count together."""
    if isinstance(constraint, CostNeutral):
        return constraint.over == "cumulative"
    return isinstance(constraint, BudgetCumulative)


def caps_of(constraint: BudgetConstraint | CostNeutral, years: int) -> Draws:
    """The cap of each year, 0 for cost neutrality."""
    cap = 0.0 if isinstance(constraint, CostNeutral) else constraint.cap
    return np.broadcast_to(as_draws(cap), years)


def counted_year(constraint: BudgetConstraint | CostNeutral) -> int | None:
    """The one year that counts, from 0; none where every year does."""
    if isinstance(constraint, BudgetQuantile) and constraint.year is not None:
        return constraint.year - 1
    return None


def _no_dearer(basis: Basis, indication: Indication) -> Condition:
    new, old = indication.outcome(indication.negotiated), indication.outcome(indication.reference)
    slope = (new.units - old.units) * basis.factor * basis.net_factor
    return Condition(_label(indication, old.strategy), old.cost - new.cost, slope, as_draws(1))


def _worth_it(basis: Basis, constraint: Icer) -> list[Condition]:
    """No other strategy may have a higher net benefit: one condition for each."""
    rows = [
        _beside(basis, indication, strategy, constraint.threshold)
        for indication in basis.indications
        for strategy in (one.strategy for one in indication.outcomes)
        if strategy != indication.negotiated
    ]
    return [_blend(basis, constraint)] if constraint.indications == "blend" else rows


def _beside(basis: Basis, indication: Indication, strategy: str, threshold: float) -> Condition:
    new, other = indication.outcome(indication.negotiated), indication.outcome(strategy)
    worth = new.effect - other.effect
    room = threshold * worth - (new.cost - other.cost)
    slope = (new.units - other.units) * basis.factor * basis.net_factor
    return Condition(_label(indication, strategy), room, slope, worth)


def _blend(basis: Basis, constraint: Icer) -> Condition:
    """The mean of the indications' ceilings, weighted by the units that the fund pays in each."""
    weights = blend_weights(basis)
    room, relief = np.zeros(1), np.zeros(1)
    for weight, indication in zip(weights, basis.indications, strict=True):
        own, own_relief = _own_ceiling(basis, indication, constraint.threshold)
        used = weight > 0
        room = room + np.where(used, weight, 0) * np.where(used, own, 0)
        relief = relief + np.where(used, weight, 0) * np.where(used, own_relief, 0)
    # Without units there are no weights, and the price matters to nobody.
    is_used = sum(weights, np.zeros(1)) > 0
    slope = np.where(is_used, basis.net_factor * basis.factor, 0)
    return Condition("blend", np.where(is_used, room, 0), slope, relief)


def blend_weights(basis: Basis) -> list[Draws]:
    """Each indication's part of the units that the fund pays in all years, by draw."""
    units = [one.paid_units.sum(axis=0) for one in basis.impacts]
    total = sum(units, np.zeros(1))
    return [np.divide(one, total, out=np.zeros(total.shape), where=total > 0) for one in units]


def _own_ceiling(basis: Basis, indication: Indication, threshold: float) -> tuple[Draws, Draws]:
    """The net price at which an indication alone is just worth it, and what the threshold adds."""
    rows = [
        _beside(basis, indication, one.strategy, threshold)
        for one in indication.outcomes
        if one.strategy != indication.negotiated
    ]
    scale = basis.net_factor * basis.factor
    rooms = np.stack(np.broadcast_arrays(*(_net(row.room, row.slope, scale) for row in rows)))
    reliefs = np.stack(np.broadcast_arrays(*(_net(row.relief, row.slope, scale) for row in rows)))
    lowest = rooms.argmin(axis=0)[np.newaxis]
    own = np.take_along_axis(rooms, lowest, axis=0)[0]
    gain = np.take_along_axis(np.broadcast_to(reliefs, rooms.shape), lowest, axis=0)[0]
    return as_draws(own), as_draws(gain)


def _net(room: Draws, slope: Draws, scale: Draws) -> Draws:
    """The net price that a condition leaves; no limit where the other uses no fewer units."""
    scaled = room * scale
    unlimited: Draws = np.full(np.broadcast_shapes(scaled.shape, slope.shape), np.inf)
    return np.divide(scaled, slope, out=unlimited, where=slope > 0)


def _label(indication: Indication, strategy: str) -> str:
    return f"{indication.name}: {strategy}" if indication.name else strategy
