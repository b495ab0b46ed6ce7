"""Partitioned survival: states between curves, crossing curves, draws."""

from dataclasses import replace

import numpy as np
import pytest

from pricing.cost_effectiveness import (
    CohortSettings,
    CohortStrategy,
    PartitionedStrategy,
    SurvivalCurve,
    partitioned,
    run_cohort,
    run_partitioned_survival,
)
from pricing.draws import chunks
from pricing.faults import ModelError, ModelFaultsError


def dying(rate):
    return SurvivalCurve("exponential", {"rate": np.atleast_1d(np.asarray(rate, dtype=float))})


def by_state(*values):
    return np.array(values, dtype=float).reshape(1, -1, 1)


def oncology(pfs=0.5, os=0.2, **changed):
    strategy = PartitionedStrategy(
        "new",
        (dying(pfs), dying(os)),
        cost=by_state(100, 300, 0),
        effect=by_state(0.8, 0.6, 0),
        negotiated_units=by_state(12, 0, 0),
        one_off_cost=np.array([50.0]),
        negotiated_units_once=np.array([2.0]),
    )
    return replace(strategy, **changed)


SETTINGS = CohortSettings(
    cycles=40, discount_cost=np.array([0.05]), discount_effect=np.array([0.03])
)


def test_states_are_what_lies_between_the_curves():
    outcome = run_partitioned_survival(oncology(), SETTINGS)
    years = np.arange(41)
    weights = np.array([0.5, *[1.0] * 39, 0.5])
    pfs, os = np.exp(-0.5 * years), np.exp(-0.2 * years)
    paid, gained = weights * 1.05**-years, weights * 1.03**-years
    assert outcome.cost[0] == pytest.approx(50 + paid @ (100 * pfs + 300 * (os - pfs)))
    assert outcome.units[0] == pytest.approx(2 + paid @ (12 * pfs))
    assert outcome.effect[0] == pytest.approx(gained @ (0.8 * pfs + 0.6 * (os - pfs)))


def test_one_exponential_curve_is_a_cohort_with_one_transition():
    alive = by_state(1, 0)
    psm = PartitionedStrategy("x", (dying(0.3),), effect=alive)
    stay = np.exp(-0.3)
    cohort = CohortStrategy(
        "x",
        start=np.array([[1.0], [0.0]]),
        transitions=np.array([[[[stay], [1 - stay]], [[0.0], [1.0]]]]),
        effect=alive,
    )
    one, two = run_partitioned_survival(psm, SETTINGS), run_cohort(cohort, SETTINGS)
    assert one.effect == pytest.approx(two.effect)


def test_curves_that_cross_are_a_fault_with_the_year_and_the_size():
    with pytest.raises(ModelFaultsError) as refusal:
        run_partitioned_survival(oncology(pfs=[0.5, 0.2], os=[0.4, 0.5]), SETTINGS)
    (fault,) = refusal.value.faults
    assert "curve 1 is above curve 2 from year 1 (by 0.2122" in fault.en


def test_crossing_curves_may_be_capped_where_the_model_says_so():
    capped = oncology(pfs=0.2, os=0.5, crossing="cap")
    equal = oncology(pfs=0.5, os=0.5)
    one, two = (run_partitioned_survival(model, SETTINGS) for model in (capped, equal))
    assert one.cost == pytest.approx(two.cost)


def test_draws_are_worked_through_one_chunk_after_the_other(monkeypatch):
    generator = np.random.default_rng(2)
    rates = generator.random(11) + 0.5
    model = oncology(pfs=rates, os=0.2, cost=by_state(1, 3, 0) * generator.random(11))
    whole = run_partitioned_survival(model, SETTINGS)
    monkeypatch.setattr(partitioned, "chunks", lambda draws: chunks(draws, 3))
    parts = run_partitioned_survival(model, SETTINGS)
    assert parts.cost == pytest.approx(whole.cost)
    third = run_partitioned_survival(
        oncology(pfs=rates[2], os=0.2, cost=model.cost[..., 2:3]), SETTINGS
    )
    assert whole.cost[2] == pytest.approx(third.cost[0])


def test_negative_costs_and_wrong_shapes_are_refused():
    with pytest.raises(ModelFaultsError):
        run_partitioned_survival(oncology(cost=by_state(-1, 0, 0)), SETTINGS)
    with pytest.raises(ModelError):
        run_partitioned_survival(oncology(cost=by_state(1, 0)), SETTINGS)
