"""Counting rules: who bears a cycle's value, and when it is discounted."""

import numpy as np
import pytest

from pricing.cost_effectiveness import COUNTING_RULES, cycle_weights

NO_RATE = np.zeros(1)


def points(rule, cycles, *, rate=NO_RATE, cycle_years=1.0):
    weights = cycle_weights(rule, cycles=cycles, cycle_years=cycle_years, discount_rate=rate)
    return weights.points[:, 0]


def test_the_start_counts_the_states_before_and_does_not_discount_the_first_cycle():
    assert points("start", 3, rate=np.array([0.25])).tolist() == [1.0, 0.8, 0.64, 0.0]


def test_the_end_counts_the_states_after_and_discounts_the_first_cycle():
    assert points("end", 3, rate=np.array([0.25])).tolist() == [0.0, 0.8, 0.64, 0.512]


def test_the_half_cycle_is_the_mean_of_start_and_end():
    rate = np.array([0.07])
    mean = (points("start", 5, rate=rate) + points("end", 5, rate=rate)) / 2
    assert points("half-cycle", 5, rate=rate) == pytest.approx(mean)


@pytest.mark.parametrize(
    ("cycles", "thirds"),
    [
        (1, [1, 1]),
        (2, [1, 2, 1]),
        (5, [1, 2, 4, 2, 4, 1]),
        (6, [1, 2, 4, 2, 4, 2, 1]),
    ],
)
def test_simpson_weighs_odd_points_two_thirds_and_even_ones_four_thirds(cycles, thirds):
    assert 3 * points("simpson", cycles) == pytest.approx(thirds)


def test_discounting_goes_by_years_and_not_by_cycles():
    monthly = points("end", 12, rate=np.array([0.06]), cycle_years=1 / 12)
    assert monthly[-1] == pytest.approx(1 / 1.06)


@pytest.mark.parametrize("rule", COUNTING_RULES)
@pytest.mark.parametrize("cycles", [1, 2, 7])
def test_values_by_cycle_that_are_all_the_same_weigh_like_one_value(rule, cycles):
    rate = np.array([0.03, 0.05])
    weights = cycle_weights(rule, cycles=cycles, cycle_years=1, discount_rate=rate)
    by_point = weights.by_point(np.ones((cycles, 1, 1)))
    assert by_point[:, 0] == pytest.approx(weights.points)
