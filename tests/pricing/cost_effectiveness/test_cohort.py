"""Cohort models: against a slow twin, in draws, and with everything that can be wrong."""

import numpy as np
import pytest
from hypothesis import given

from pricing.cost_effectiveness import CohortSettings, cohort, run_cohort, trace
from pricing.draws import chunks
from pricing.faults import ModelError, ModelFaultsError
from tests.pricing.cost_effectiveness import twin
from tests.pricing.cost_effectiveness.models import (
    cohort_models,
    hiv_comb,
    hiv_mono,
    hiv_settings,
)


@given(cohort_models())
def test_any_model_gives_what_the_slow_twin_gives(model):
    strategy, settings = model
    outcome = run_cohort(strategy, settings)
    draws = max(len(outcome.cost), len(outcome.units), len(outcome.effect))
    for draw in range(draws):
        cost, units, effect = twin.run_cohort(strategy, settings, draw)
        assert twin.pick(outcome.cost, draw) == pytest.approx(cost, abs=1e-9)
        assert twin.pick(outcome.units, draw) == pytest.approx(units, abs=1e-9)
        assert twin.pick(outcome.effect, draw) == pytest.approx(effect, abs=1e-9)


@given(cohort_models())
def test_nobody_is_lost_on_the_way(model):
    strategy, settings = model
    assert trace(strategy, settings).sum(axis=1) == pytest.approx(1.0)


@given(cohort_models())
def test_chunks_of_draws_give_what_all_draws_at_once_give(model):
    strategy, settings = model
    whole = run_cohort(strategy, settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cohort, "chunks", lambda draws, _: chunks(draws, 2))
        parts = run_cohort(strategy, settings)
    assert parts.cost == pytest.approx(whole.cost, rel=1e-12)
    assert parts.units == pytest.approx(whole.units, rel=1e-12)
    assert parts.effect == pytest.approx(whole.effect, rel=1e-12, abs=1e-12)


def test_shared_matrices_give_what_a_matrix_for_each_cycle_gives():
    shared = hiv_comb()
    numbers = list(shared.matrix_of_cycle)
    each = hiv_comb(transitions=shared.transitions[numbers], matrix_of_cycle=None)
    assert run_cohort(each, hiv_settings()).cost == run_cohort(shared, hiv_settings()).cost


def test_what_is_not_uncertain_has_one_draw_beside_what_is():
    cost = np.linspace(1, 2, 1000) * hiv_mono().cost
    outcome = run_cohort(hiv_mono(cost=cost), hiv_settings())
    assert outcome.cost.shape == (1000,)
    assert outcome.effect.shape == (1,)


def faults_of(strategy, settings=None):
    with pytest.raises(ModelFaultsError) as refusal:
        run_cohort(strategy, settings or hiv_settings())
    return [str(fault) for fault in refusal.value.faults]


def test_a_row_that_does_not_add_up_is_named_with_the_difference():
    matrices = hiv_comb().transitions.copy()
    matrices[1, 1, 2] += 0.25
    assert faults_of(hiv_comb(transitions=matrices)) == [
        "cost_effectiveness.strategy.comb.transitions: cycle 1, B →: the probabilities add up to "
        "1.25, 0.25 too much: expected 1"
    ]


def test_a_row_that_adds_up_in_most_draws_is_found_in_the_one_where_it_does_not():
    matrices = np.repeat(hiv_mono().transitions, 3, axis=-1)
    matrices[0, 2, 3, 1] -= 0.03
    (fault,) = faults_of(hiv_mono(transitions=matrices))
    assert "C →: the probabilities add up to 0.97, 0.03 too little" in fault


def test_a_probability_above_one_and_one_below_zero_are_both_named():
    matrices = hiv_mono().transitions.copy()
    matrices[0, 0, :2, 0] = [1.2, -0.2]
    faults = faults_of(hiv_mono(transitions=matrices))
    assert "A → A: probability 1.2: expected 0 to 1" in faults[0]
    assert "A → B: probability -0.2: expected 0 to 1" in faults[1]


def test_what_is_not_a_number_is_no_probability():
    matrices = hiv_mono().transitions.copy()
    matrices[0, 0, 0] = np.nan
    assert "A → A: probability nan" in faults_of(hiv_mono(transitions=matrices))[0]


def test_a_negative_cost_is_named_and_a_negative_effect_is_not():
    cost = hiv_mono().cost.copy()
    cost[0, 1] = -5.0
    (fault,) = faults_of(hiv_mono(cost=cost, effect=-hiv_mono().effect))
    assert fault.endswith("strategy.mono.cost: B: -5 is negative: expected 0 or more")


def test_single_draws_of_a_cost_may_be_negative():
    cost = hiv_mono().cost * np.array([-0.1, 1.0, 2.0])
    assert run_cohort(hiv_mono(cost=cost), hiv_settings()).cost[0] < 0


def test_a_start_that_does_not_add_up_is_a_fault():
    start = np.array([[0.6], [0.3], [0.0], [0.0]])
    (fault,) = faults_of(hiv_mono(start=start))
    assert "start: adds up to 0.9: expected 1" in fault


def test_a_cohort_may_be_counted_in_heads():
    one, thousand = (
        run_cohort(hiv_mono(start=size * hiv_mono().start), hiv_settings()) for size in (1, 1000)
    )
    assert thousand.cost == pytest.approx(1000 * one.cost)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"count_cost": "middle"}, "count_cost: 'middle': expected start, end"),
        ({"cycle_years": 0.0}, "cycle_years: 0.0: expected more than 0"),
        ({"discount_effect": np.array([-1.5])}, "discount_effect: a discount rate"),
    ],
)
def test_impossible_settings_are_faults(changed, said):
    (fault,) = faults_of(hiv_mono(), hiv_settings(**changed))
    assert said in fault


def test_no_cycle_is_a_fault():
    (fault,) = faults_of(hiv_mono(), hiv_settings(cycles=0))
    assert "cycles: 0: expected at least 1" in fault


@pytest.mark.parametrize(
    "changed",
    [
        {"transitions": np.ones((1, 3, 3, 1))},
        {"cost": np.ones((2, 4, 1))},
        {"effect": np.ones((1, 2, 1))},
        {"matrix_of_cycle": (0, 0)},
        {"cost": np.ones((1, 4, 5)), "effect": np.ones((1, 4, 7))},
    ],
)
def test_arrays_that_do_not_fit_each_other_are_refused(changed):
    with pytest.raises(ModelError):
        run_cohort(hiv_mono(**changed), hiv_settings())


def test_states_without_names_are_numbered():
    matrices = hiv_mono().transitions.copy()
    matrices[0, 0, 0] -= 0.5
    (fault,) = faults_of(hiv_mono(transitions=matrices), CohortSettings(cycles=2))
    assert "1 →: the probabilities add up to 0.5" in fault
