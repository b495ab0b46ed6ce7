"""Populations by year, against plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.budget_impact import (
    cohorts,
    funnel,
    linear_curve,
    logistic_curve,
    stacked_cohorts,
    step_curve,
    table_curve,
)
from pricing.draws import as_draws, by_year

PEOPLE = st.lists(st.integers(0, 1000), min_size=1, max_size=6)


def test_a_population_grows_from_the_second_year_on():
    found = funnel(as_draws(1000), as_draws(0.1), [as_draws(0.5)], years=3)
    assert found[:, 0] == pytest.approx([500, 550, 605])


def test_a_funnel_of_draws_is_computed_by_draw():
    found = funnel(as_draws(100), as_draws([0, 1]), [as_draws([0.5, 0.25])], years=2)
    assert found.tolist() == [[50, 25], [50, 50]]


@given(incident=PEOPLE, first=st.integers(0, 1000))
def test_prevalent_patients_that_are_not_known_are_those_of_the_year_before(incident, first):
    unknown = [float("nan")] * (len(incident) - 1)
    exits = [1] * len(incident)
    found = cohorts(by_year(incident), by_year([first, *unknown]), by_year(exits))
    there = first
    for year, coming in enumerate(incident):
        there = there + coming - 1
        assert found[year, 0] == there


def test_prevalent_patients_that_are_known_begin_anew():
    found = cohorts(by_year([1, 1]), by_year([10, 50]), by_year([0, 0]))
    assert found[:, 0].tolist() == [11, 51]


@given(entering=PEOPLE, retention=st.lists(st.integers(0, 4), min_size=1, max_size=4))
def test_stacked_cohorts_are_the_sum_of_those_who_stayed(entering, retention):
    parts = [one / 4 for one in retention]
    found = stacked_cohorts(by_year(entering), by_year(parts))
    for year in range(len(entering)):
        stayed = sum(
            entering[begun] * parts[year - begun]
            for begun in range(year + 1)
            if year - begun < len(parts)
        )
        assert found[year, 0] == pytest.approx(stayed)


def test_a_linear_curve_is_full_from_its_year_on():
    assert linear_curve(as_draws(3), years=5)[:, 0] == pytest.approx([1 / 3, 2 / 3, 1, 1, 1])


def test_a_step_comes_at_once():
    assert step_curve(as_draws(3), years=4)[:, 0].tolist() == [0, 0, 1, 1]


def test_a_logistic_curve_is_half_where_it_says_so():
    curve = logistic_curve(as_draws(1.5), as_draws(3), years=5)[:, 0]
    assert curve[2] == 0.5
    assert curve + curve[::-1] == pytest.approx(np.ones(5))


def test_a_table_is_taken_as_given():
    assert table_curve([0.1, 0.5])[:, 0].tolist() == [0.1, 0.5]
