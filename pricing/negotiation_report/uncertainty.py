"""The probabilistic analysis of a model, at the price under discussion."""

from collections.abc import Mapping, Sequence

import numpy as np

from pricing.ceilings import (
    Basis,
    BudgetConstraint,
    BudgetQuantile,
    Constraint,
    CostNeutral,
    Icer,
    Indication,
    draws_own_ceilings,
    labels,
    net_price_at,
    priced,
)
from pricing.cost_effectiveness import Increment
from pricing.draws import Draws
from pricing.negotiation_report.overruns import overruns_of
from pricing.negotiation_report.report import (
    BudgetUncertainty,
    OutcomeUncertainty,
    Overrun,
    Uncertainty,
)
from pricing.negotiation_report.runs import Runs, Sampled
from pricing.sensitivity import (
    Acceptability,
    PartialInformation,
    acceptability_curves,
    evppi,
    net_benefits,
    plane,
    summarise,
)

THRESHOLDS = 41
"""Points of an acceptability curve, from 0 to twice the model's threshold."""


def uncertainty_of(
    runs: Runs, constraints: Sequence[Constraint], *, threshold: float | None
) -> Uncertainty:
    """Summaries, acceptability, value of information and overruns.

    Args:
        runs: The model.
        constraints: Whose caps may be broken, and whose ceilings have a distribution.
        threshold: At which information is valued, yuan per unit of effect.
    """
    sampled = runs.sampled()
    basis = sampled.basis
    modelled = [
        (name, one)
        for name, one in zip(labels(constraints), constraints, strict=True)
        if isinstance(one, _MODELLED) and basis.is_affine
    ]
    return Uncertainty(
        budget=_of_budget(basis) if basis.budgets else None,
        outcomes=tuple(
            (one.name, _of_outcomes(sampled, one, threshold))
            for one in basis.indications
            if one.outcomes
        ),
        ceilings=tuple(
            (name, summarise(draws_own_ceilings(basis, one).upper)) for name, one in modelled
        ),
        overruns=tuple(_overruns(runs, constraints)),
    )


_MODELLED = BudgetConstraint | CostNeutral | Icer


def _overruns(runs: Runs, constraints: Sequence[Constraint]) -> list[Overrun]:
    found: list[Overrun] = []
    for one in constraints:
        if isinstance(one, BudgetQuantile):
            found += overruns_of(runs.basis_for(one), one)
        elif isinstance(one, BudgetConstraint):
            found += overruns_of(runs.sampled().basis, one)
    return found


def _of_budget(basis: Basis) -> BudgetUncertainty:
    impact = priced(basis, basis.price).impact
    return BudgetUncertainty(
        tuple(summarise(year) for year in impact), summarise(impact.sum(axis=0))
    )


def _of_outcomes(
    sampled: Sampled, indication: Indication, threshold: float | None
) -> OutcomeUncertainty:
    basis, outcomes = sampled.basis, indication.outcomes
    net = net_price_at(basis, basis.price) * basis.factor
    increment = Increment.between(
        indication.outcome(indication.negotiated), indication.outcome(indication.reference)
    )
    curves, worth = _value(indication, sampled.of(indication.name), net, threshold)
    return OutcomeUncertainty(
        cost=tuple((one.strategy, summarise(one.cost_at(net))) for one in outcomes),
        effect=tuple((one.strategy, summarise(one.effect)) for one in outcomes),
        increment_cost=summarise(increment.cost_at(net)),
        increment_effect=summarise(increment.effect),
        icer=summarise(increment.ratio(net)),
        plane=plane(increment, net),
        acceptability=tuple(curves),
        evpi=curves[THRESHOLDS // 2].evpi if curves else None,
        evppi=tuple(worth),
    )


def _value(
    indication: Indication, inputs: Mapping[str, Draws], net: Draws, threshold: float | None
) -> tuple[list[Acceptability], list[PartialInformation]]:
    if not threshold:
        return [], []
    outcomes = indication.outcomes
    # The middle one is the threshold itself.
    grid = [float(one) for one in np.linspace(0, 2 * threshold, THRESHOLDS)]
    benefits = net_benefits(outcomes, threshold=threshold, price=net)
    curves = acceptability_curves(outcomes, price=net, thresholds=grid)
    return curves, evppi(benefits, inputs)
