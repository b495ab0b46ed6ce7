"""Conditions by draw, and searches over cents, against plain counting."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.ceilings import Condition, DrawBounds, draw_bounds, highest_allowed
from pricing.ceilings.bounds import exact_bounds
from pricing.ceilings.errors import CeilingError
from pricing.ceilings.search import (
    Interval,
    first_failure,
    first_interval,
    last_from,
    settle,
    within_a_cent,
)

slopes = st.sampled_from([0.0, 1.0, 2.5, -1.0])
rows = st.lists(st.tuples(st.floats(-100, 100), slopes), min_size=1, max_size=4)


@given(st.lists(rows, min_size=1, max_size=12).filter(lambda all_: len({*map(len, all_)}) == 1))
def test_bounds_by_draw_equal_the_exact_bounds_of_each(by_draw):
    one = np.ones(1)
    conditions = [
        Condition(
            str(index),
            np.array([draw[index][0] for draw in by_draw]),
            np.array([draw[index][1] for draw in by_draw]),
            one,
        )
        for index in range(len(by_draw[0]))
    ]
    found = draw_bounds(conditions)
    for draw, pairs in enumerate(by_draw):
        exact = exact_bounds([Condition("", room * one, slope * one, one) for room, slope in pairs])
        lower = max(exact.lower or 0, 0)
        if exact.blocked or (exact.upper is not None and exact.upper < lower):
            assert found.upper[draw] == -np.inf
        elif exact.upper is None:
            assert found.upper[draw] == np.inf
        else:
            assert found.upper[draw] == pytest.approx(float(exact.upper))
            assert found.lower[draw] == pytest.approx(float(lower))


@given(
    st.lists(st.tuples(st.integers(-3, 20), st.integers(-3, 20)), min_size=1, max_size=25),
    st.data(),
)
def test_the_highest_price_that_enough_draws_allow_is_found_by_counting(pairs, data):
    failures_max = data.draw(st.integers(0, len(pairs) - 1))
    intervals = [(max(0, low), high) for low, high in pairs]
    lower = np.array([low if low <= high else -np.inf for low, high in intervals])
    upper = np.array([high if low <= high else -np.inf for low, high in intervals])
    found = highest_allowed(DrawBounds(lower, upper, np.ones(len(pairs))), failures_max)
    allowed = [
        price
        for price in range(21)
        if sum(not low <= price <= high for low, high in intervals) <= failures_max
    ]
    assert found == (max(allowed) if allowed else -np.inf)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 10**6))
def test_an_interval_is_found_to_the_cent(start, length, near):
    wide = length + start  # at least as wide as it is far, so that the grid meets it
    found = first_interval(lambda cents: (cents >= start) & (cents <= start + wide), near=near)
    assert found == Interval(start, start + wide)


@given(st.sets(st.integers(0, 3000), max_size=30), st.integers(0, 50))
def test_trying_every_cent_finds_the_first_that_fails(failing, low):
    found = first_failure(lambda cents: ~np.isin(cents, list(failing)), low=low, high=2000)
    later = [cent for cent in failing if low <= cent <= 2000]
    assert found == (min(later) - 1 if later else 2000)


def test_a_price_between_two_cents_is_found():
    assert within_a_cent(lambda price: price <= 1.2345, 123) == pytest.approx(1.2345, abs=1e-12)


def test_a_search_upwards_without_an_end_says_so():
    assert last_from(lambda price: True, 1.0) is None


def test_a_whole_cent_that_binary_numbers_put_beside_is_kept():
    almost = Fraction(2880000, 100) - Fraction(1, 10**9)
    assert settle(almost, lambda price: price <= 28800.0) == 2880000
    above = Fraction(2880000, 100) + Fraction(1, 10**9)
    assert settle(above, lambda price: price < 28800.0) == 2879999


def test_a_ceiling_that_the_models_deny_is_an_error():
    with pytest.raises(CeilingError, match="put back"):
        settle(Fraction(10), lambda price: price <= 9)


def test_a_ceiling_below_zero_is_none():
    assert settle(Fraction(-1, 100), lambda price: False) is None
