"""Running a whole negotiation model."""

from collections.abc import Sequence

import numpy as np

from pricing.budget_impact import BudgetImpact, budget_impact
from pricing.ceilings import (
    NO_AGREEMENT,
    Basis,
    Constraint,
    Icer,
    Indication,
    Priced,
    ceiling_of,
    combine,
    net_price_at,
    priced,
)
from pricing.cost_effectiveness import Increment, frontier
from pricing.model_file import Model
from pricing.negotiation_report.joint import ImpactResult, joint_impact
from pricing.negotiation_report.report import (
    CeilingSet,
    CostEffectiveness,
    IncrementResult,
    IndicationResult,
    Report,
    StrategyResult,
)
from pricing.negotiation_report.runs import DRAWS, Runs
from pricing.negotiation_report.tornado import tornado_of
from pricing.negotiation_report.uncertainty import uncertainty_of

BASE = "base"
"""Name of the plain scenario."""


def run_model(model: Model, *, draws: int | None = None, seed: int = 1) -> Report:
    """Compute everything that a report of a negotiation model holds.

    Args:
        model: The model.
        draws: Of the probabilistic analysis; ``DRAWS`` unless given, and none where nothing is
            uncertain or 0 is given.
        seed: Of the draws.

    Returns:
        The report; the same model, draws and seed give the same report.

    Raises:
        ModelFaultsError: The model, or one of its constraints, has no meaning.
        CeilingError: A ceiling did not stand when it was put back.
    """
    runs = Runs(model, 0, seed)
    if runs.has_uncertainty:
        runs.draws = DRAWS if draws is None else draws
    constraints = runs.plain().constraints
    threshold = next((one.threshold for one in constraints if isinstance(one, Icer)), None)
    scenarios: list[str | None] = [None, *model.scenarios]
    basis = runs.basis()
    only = basis.indications[0]
    return Report(
        title=model.title,
        digest=model.digest,
        price=model.negotiated.price,
        unit=model.negotiated.unit,
        draws=runs.draws,
        seed=seed,
        threshold=threshold,
        budget_impact=_impacts(runs, scenarios),
        managed_entry=_agreed(runs, scenarios),
        cost_effectiveness=None if model.indications else _cost_effectiveness(basis, only),
        indications=tuple(
            IndicationResult(one.name, _own_impact(one), _cost_effectiveness(basis, one))
            for one in (basis.indications if model.indications else ())
        ),
        base=_ceilings(runs, None),
        scenarios={name: _ceilings(runs, name) for name in model.scenarios},
        uncertainty=uncertainty_of(runs, constraints, threshold=threshold) if runs.draws else None,
        tornado=tornado_of(runs) if runs.has_uncertainty else {},
    )


def _impacts(runs: Runs, scenarios: Sequence[str | None]) -> dict[str, ImpactResult]:
    found = {}
    for scenario in scenarios:
        impacts = {one.name: _impact(one) for one in runs.basis(scenario).indications}
        there = {name: impact for name, impact in impacts.items() if impact is not None}
        if there:
            found[scenario or BASE] = joint_impact(there)
    return found


def _own_impact(indication: Indication) -> ImpactResult | None:
    impact = _impact(indication)
    return None if impact is None else joint_impact({"": impact})


def _impact(indication: Indication) -> BudgetImpact | None:
    return None if indication.budget is None else budget_impact(indication.budget)


def _agreed(runs: Runs, scenarios: Sequence[str | None]) -> dict[str, Priced]:
    bases = {scenario or BASE: runs.basis(scenario) for scenario in scenarios}
    return {
        name: priced(basis, basis.price)
        for name, basis in bases.items()
        if basis.agreement != NO_AGREEMENT or basis.elasticity is not None
    }


def _cost_effectiveness(basis: Basis, indication: Indication) -> CostEffectiveness | None:
    if not indication.outcomes:
        return None
    net = net_price_at(basis, basis.price)
    costs = [float(one.cost_at(net)[0]) for one in indication.outcomes]
    effects = [float(one.effect[0]) for one in indication.outcomes]
    names = [one.strategy for one in indication.outcomes]
    increment = Increment.between(
        indication.outcome(indication.negotiated), indication.outcome(indication.reference)
    )
    ratio = float(increment.ratio(net)[0])
    return CostEffectiveness(
        strategies=tuple(map(StrategyResult, names, costs, effects)),
        increment=IncrementResult(
            cost=float(increment.cost_at(net)[0]),
            effect=float(increment.effect[0]),
            icer=ratio if np.isfinite(ratio) else None,
        ),
        frontier=tuple(frontier(costs, effects, names)),
    )


def _ceilings(runs: Runs, scenario: str | None) -> CeilingSet:
    evaluated = runs.plain(scenario)
    constraints: Sequence[Constraint] = evaluated.constraints
    ceilings = tuple(ceiling_of(runs.basis_for(one, scenario), one) for one in constraints)
    return CeilingSet(ceilings, combine(ceilings, evaluated.combination))
