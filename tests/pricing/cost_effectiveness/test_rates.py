"""Rates, probabilities, ratios, life tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.cost_effectiveness import (
    apply_hazard_ratio,
    apply_relative_risk,
    by_age,
    given_survival,
    over_another_time,
    probability_to_rate,
    rate_to_probability,
    weibull_probabilities,
    with_staying,
)
from pricing.faults import ModelError

RATES = st.floats(1e-6, 5.0)
YEARS = st.sampled_from([1.0, 0.5, 1 / 12, 2.0])


@given(RATES, YEARS)
def test_a_probability_leads_back_to_its_rate(rate, years):
    probability = rate_to_probability(np.array([rate]), years=years)
    assert 0 < probability[0] < 1
    assert probability_to_rate(probability, years=years)[0] == pytest.approx(rate)


@given(RATES, st.integers(1, 12))
def test_many_short_times_make_one_long_one(rate, parts):
    whole = rate_to_probability(np.array([rate]))
    short = over_another_time(whole, years=1, new_years=1 / parts)
    assert (1 - short[0]) ** parts == pytest.approx(1 - whole[0])


def test_a_rate_is_not_a_probability():
    assert rate_to_probability(np.array([0.105]))[0] == pytest.approx(0.09967555)
    assert probability_to_rate(np.array([1.0]))[0] == np.inf


@given(RATES, st.floats(0.1, 10.0))
def test_a_hazard_ratio_multiplies_the_rate(rate, ratio):
    probability = rate_to_probability(np.array([rate]))
    changed = apply_hazard_ratio(probability, np.array([ratio]))
    expected = rate_to_probability(np.array([rate * ratio]))
    assert changed == pytest.approx(expected, rel=1e-6)


def test_a_relative_risk_leaves_rows_whole_in_every_draw():
    generator = np.random.default_rng(3)
    matrix = with_staying(generator.random((5, 4, 4, 1)) / 8)
    changed = apply_relative_risk(matrix, np.array([0.2, 0.9, 1.1]))
    assert changed.shape == (5, 4, 4, 3)
    assert changed.sum(axis=2) == pytest.approx(1.0)
    assert changed[2, 0, 1, 1] == pytest.approx(0.9 * matrix[2, 0, 1, 0])


def test_the_living_move_only_if_they_survive():
    leaving = np.zeros((2, 2, 1))
    leaving[0, 1] = 0.5
    matrix = given_survival(leaving, np.array([[0.1], [0.3]]))[..., 0]
    assert matrix == pytest.approx(np.array([[0.45, 0.45, 0.1], [0, 0.7, 0.3], [0, 0, 1]]))


def test_death_by_cycle_makes_a_matrix_for_each_cycle():
    death = np.array([0.1, 0.2, 0.3])[:, np.newaxis, np.newaxis]
    matrix = given_survival(np.zeros((1, 1, 1)), death)
    assert matrix.shape == (3, 2, 2, 1)
    assert matrix[:, 0, 1, 0] == pytest.approx([0.1, 0.2, 0.3])


def test_death_of_other_states_is_refused():
    with pytest.raises(ModelError):
        given_survival(np.zeros((2, 2, 1)), np.zeros((3, 1)))


def test_a_weibull_hazard_gives_back_its_survival():
    scale, shape = np.array([0.004, 0.1]), np.array([1.45, 0.8])
    chances = weibull_probabilities(scale=scale, shape=shape, cycles=24, cycle_years=1 / 12)
    survived = np.prod(1 - chances, axis=0)
    assert survived == pytest.approx(np.exp(-scale * 2**shape))
    assert (np.diff(chances[:, 0]) > 0).all()
    assert (np.diff(chances[:, 1]) < 0).all()


def test_a_life_table_follows_the_age_at_the_beginning_of_a_cycle():
    table = np.array([[0.01], [0.02], [0.05]])
    monthly = by_age([0, 61, 65], table, start_age=60, cycles=61, cycle_years=1 / 12)[:, 0]
    assert monthly[11] == 0.01
    assert monthly[12] == 0.02
    assert monthly[59] == 0.02
    assert monthly[60] == 0.05


@pytest.mark.parametrize("ages", [[61, 65], [0, 0], [0, 1, 2]])
def test_a_life_table_that_does_not_fit_is_refused(ages):
    with pytest.raises(ModelError):
        by_age(ages, np.ones((2, 1)), start_age=60, cycles=1)
