"""Whole units in given proportions add up, and the largest remainders get what is left."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.allocation.apportion import apportion
from tests.bidding.twin_allocation import deal

WEIGHTS = st.lists(st.fractions(0, 100), min_size=1, max_size=8).filter(any)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (10, [3, 2], [6, 4]),
        (7, [0, 1], [0, 7]),
        (1, [1, 2, 3], [0, 0, 1]),
        (0, [1, 2], [0, 0]),
        (5, [1, 2, 3, 4], [1, 1, 1, 2]),
    ],
)
def test_units_go_by_weight_and_what_is_left_to_the_largest_remainders(total, weights, parts):
    assert apportion(total, [Fraction(weight) for weight in weights]) == parts


@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_parts_add_up_and_are_less_than_a_unit_off(total, weights):
    parts = apportion(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    assert all(
        abs(part - weight * total / whole) < 1 for part, weight in zip(parts, weights, strict=True)
    )


@given(total=st.integers(0, 1000), weights=WEIGHTS)
def test_dealing_the_units_out_one_by_one_gives_the_same(total, weights):
    assert apportion(total, weights) == deal(total, weights)


def test_nothing_to_divide_needs_no_weights():
    assert apportion(0, [Fraction(0), Fraction(0)]) == [0, 0]
