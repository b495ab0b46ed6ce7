"""Results against the price, and ceilings against cap and threshold: what pages draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pricing.ceilings import (
    Basis,
    BudgetConstraint,
    BudgetCumulative,
    Ceiling,
    Combination,
    Constraint,
    Icer,
    ceiling_of,
    combine,
    net_price_at,
    priced,
)
from pricing.cost_effectiveness import Increment
from pricing.draws import Draws
from pricing.negotiation_report.runs import Runs


@dataclass(frozen=True, slots=True, eq=False)
class PriceLines:
    """The plain model at several prices.

    Attributes:
        prices: Yuan per unit, rising.
        net_prices: After the agreement.
        impact: The fund's impact by [year, price]; none where there is no population.
        icer: Over the reference, by indication and [price].
    """

    prices: Draws
    net_prices: Draws
    impact: Draws | None
    icer: tuple[tuple[str, Draws], ...]


def price_lines(basis: Basis, prices: Sequence[float] | Draws) -> PriceLines:
    """Compute a model of one draw at several prices.

    Args:
        basis: The plain model.
        prices: List prices in yuan per unit.
    """
    asked = np.sort(np.asarray(prices, dtype=np.float64))
    net = np.broadcast_to(net_price_at(basis, asked), asked.shape)
    impact = priced(basis, asked).impact if basis.budgets else None
    ratios = []
    for one in basis.indications:
        if one.outcomes:
            new, old = one.outcome(one.negotiated), one.outcome(one.reference)
            ratio = np.broadcast_to(Increment.between(new, old).ratio(net), asked.shape)
            ratios.append((one.name, ratio))
    if impact is not None:
        impact = np.broadcast_to(impact, (len(impact), len(asked)))
    return PriceLines(asked, net, impact, tuple(ratios))


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """The combined ceiling where caps and threshold are others.

    Attributes:
        cap_factors: What every cap is multiplied by.
        thresholds: Yuan per unit of effect, of every such constraint.
        ceilings: By [cap factor, threshold]; not a number where there is none.
    """

    cap_factors: Draws
    thresholds: Draws
    ceilings: Draws


def heat_map(runs: Runs, *, cap_factors: Sequence[float], thresholds: Sequence[float]) -> HeatMap:
    """Combine the ceilings of other caps with those of other thresholds.

    Each constraint is solved once for each of its own values, not once for each field of the map.

    Args:
        runs: The model.
        cap_factors: What every cap is multiplied by.
        thresholds: Yuan per unit of effect.
    """
    plain = runs.plain()
    by_cap = [
        [_solved(runs, _with_cap(one, factor)) for factor in cap_factors]
        for one in plain.constraints
    ]
    by_threshold = [
        [_solved(runs, replace(one, threshold=value)) for value in thresholds]
        if isinstance(one, Icer)
        else None
        for one in plain.constraints
    ]
    fields = np.empty((len(cap_factors), len(thresholds)))
    for row in range(len(cap_factors)):
        for column in range(len(thresholds)):
            ceilings = [
                capped[row] if worth is None else worth[column]
                for capped, worth in zip(by_cap, by_threshold, strict=True)
            ]
            fields[row, column] = _combined(ceilings, plain.combination)
    return HeatMap(np.array(cap_factors), np.array(thresholds), fields)


def _with_cap(constraint: Constraint, factor: float) -> Constraint:
    if isinstance(constraint, BudgetCumulative):
        return replace(constraint, cap=constraint.cap * factor)
    if isinstance(constraint, BudgetConstraint):
        return replace(constraint, cap=tuple(cap * factor for cap in constraint.cap))
    return constraint


def _solved(runs: Runs, constraint: Constraint) -> Ceiling:
    return ceiling_of(runs.basis_for(constraint), constraint)


def _combined(ceilings: Sequence[Ceiling], combination: Combination) -> float:
    exact = combine(ceilings, combination).exact
    return np.nan if exact is None else exact
