"""``[population]`` to ``[[treatment]]``: which inputs make the budget impact, and how."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from pricing.budget_impact import (
    BudgetModel,
    BudgetTreatment,
    cohorts,
    funnel,
    linear_curve,
    logistic_curve,
    stacked_cohorts,
    step_curve,
)
from pricing.budget_impact.model import PatientRounding
from pricing.draws import Draws, as_draws
from pricing.faults import Fault, ModelFaultsError, shown
from pricing.model_file.values import Values, stacked

Paths = tuple[str, ...]
"""Of one input for all years, or of one for each year."""

PRICE = "negotiated.price"
PRICE_FACTOR = "negotiated.price_factor"
"""The price of a draw relative to its mean: what is drawn where the price is uncertain."""


@dataclass(frozen=True, slots=True)
class FunnelLayout:
    """A population with growth; the paths of its inputs."""

    size: str
    growth: str


@dataclass(frozen=True, slots=True)
class CohortsLayout:
    """Cohorts by year; a year without prevalent patients takes the eligible of the year before."""

    incident: Paths
    prevalent: tuple[str | None, ...]
    exits: Paths
    retention: Paths


@dataclass(frozen=True, slots=True)
class CurveLayout:
    """How the mix moves: the kind and the paths of its inputs."""

    kind: str
    inputs: Paths


@dataclass(frozen=True, slots=True)
class TreatmentLayout:
    """One treatment; the paths of its inputs."""

    name: str
    price: Paths
    units_a_year: Paths
    other_cost: Paths
    offset: Paths
    share_without: Paths
    share_with: Paths


@dataclass(frozen=True, slots=True)
class BudgetLayout:
    """All of a budget impact; see `BudgetModel`."""

    years: int
    population: FunnelLayout | CohortsLayout
    factors: Paths
    curve: CurveLayout
    payment_ratio: str
    treatments: tuple[TreatmentLayout, ...]
    rounding: str
    negotiated: str


def build_budget(layout: BudgetLayout, values: Values) -> BudgetModel:
    """The budget model of a layout under some values."""
    return BudgetModel(
        years=layout.years,
        eligible=_eligible(layout, values),
        curve=_curve(layout, values),
        payment_ratio=part_at(values, layout.payment_ratio),
        treatments=_treatments(layout, values),
        patient_rounding=cast("PatientRounding", layout.rounding),
        negotiated=layout.negotiated,
        price_factor=values[PRICE_FACTOR],
    )


def part_at(values: Values, path: str) -> Draws:
    """The value of an input that lies from 0 to 1 in every draw.

    Raises:
        ModelFaultsError: In some draws it does not.
    """
    value = values[path]
    outside = int(((value < 0) | (value > 1)).sum())
    if outside:
        extreme = float(value[np.abs(value - 0.5).argmax()])
        raise ModelFaultsError(
            [
                Fault(
                    path,
                    f"{len(value)} 次抽样中有 {outside} 次超出范围（如 {shown(extreme)}）；"
                    "应在 0 与 1 之间，如 beta 分布",
                    f"in {outside} of {len(value)} draws not a part (such as {shown(extreme)}): "
                    "expected 0 to 1, as from a beta distribution",
                )
            ]
        )
    return value


def _eligible(layout: BudgetLayout, values: Values) -> Draws:
    factors = [part_at(values, path) for path in layout.factors]
    population = layout.population
    if isinstance(population, FunnelLayout):
        size, growth = values[population.size], values[population.growth]
        return funnel(size, growth, factors, years=layout.years)
    people = _cohort_patients(population, values)
    for factor in factors:
        people = people * factor
    return people


def _cohort_patients(population: CohortsLayout, values: Values) -> Draws:
    incident = stacked([values[path] for path in population.incident])
    exits = stacked([values[path] for path in population.exits])
    unknown = as_draws(np.nan)
    prevalent = [unknown if path is None else values[path] for path in population.prevalent]
    if not population.retention:
        return cohorts(incident, stacked(prevalent), exits)
    retention = stacked([values[path] for path in population.retention])
    entering = incident + np.nan_to_num(stacked(prevalent)) - exits
    return stacked_cohorts(entering, retention)


def _curve(layout: BudgetLayout, values: Values) -> Draws:
    curve, years = layout.curve, layout.years
    inputs = [values[path] for path in curve.inputs]
    if curve.kind == "linear":
        return linear_curve(inputs[0], years=years)
    if curve.kind == "step":
        return step_curve(inputs[0], years=years)
    if curve.kind == "logistic":
        return logistic_curve(inputs[0], inputs[1], years=years)
    return stacked(inputs)


def _treatments(layout: BudgetLayout, values: Values) -> tuple[BudgetTreatment, ...]:
    without = _shares(layout, values, "share_without")
    with_ = _shares(layout, values, "share_with")
    return tuple(
        BudgetTreatment(
            name=treatment.name,
            price=values.yearly(treatment.price),
            units_a_year=values.yearly(treatment.units_a_year),
            other_cost=values.yearly(treatment.other_cost),
            offset=values.yearly(treatment.offset),
            share_without=without[treatment.name],
            share_with=with_[treatment.name],
        )
        for treatment in layout.treatments
    )


def _shares(layout: BudgetLayout, values: Values, name: str) -> dict[str, Draws]:
    """The shares of a mix; where some are overridden, the others share what these leave.

    A share that a draw or a one-way analysis moves takes from the others in proportion, so that the
    mix always adds up.
    """
    paths = {one.name: cast("Paths", getattr(one, name)) for one in layout.treatments}
    shares = {treatment: values.yearly(path) for treatment, path in paths.items()}
    moved = {
        treatment
        for treatment, path in paths.items()
        if any(values.is_overridden(one) for one in path)
    }
    if not moved or len(moved) == len(shares):
        return shares
    left = 1 - sum((shares[treatment] for treatment in moved), as_draws(0))
    others = sum((share for one, share in shares.items() if one not in moved), as_draws(0))
    room = np.divide(
        left, others, out=np.zeros(np.broadcast_shapes(left.shape, others.shape)), where=others > 0
    )
    return {one: share if one in moved else share * room for one, share in shares.items()}
