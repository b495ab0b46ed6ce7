"""Outcomes are affine in the price of the negotiated drug."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.cost_effectiveness import Increment, Outcome

NUMBERS = st.floats(-1000, 1000)


def outcome(cost, units, effect):
    return Outcome("x", np.array([cost]), np.array([units]), np.array([effect]))


@given(NUMBERS, st.floats(0.1, 100), NUMBERS, st.floats(0, 1e5))
def test_at_the_price_of_a_threshold_both_strategies_are_worth_the_same(
    cost, units, effect, threshold
):
    new, old = outcome(cost, units, effect), outcome(10.0, 0.0, 1.0)
    price = Increment.between(new, old).price_at(threshold)
    one, two = (each.net_benefit(threshold=threshold, price=price) for each in (new, old))
    assert one == pytest.approx(two, rel=1e-6, abs=1e-6 * max(1.0, threshold))


def test_without_more_units_no_price_is_the_ceiling():
    increment = Increment.between(outcome(1.0, 2.0, 3.0), outcome(0.0, 2.0, 1.0))
    assert np.isnan(increment.price_at(100.0)[0])


def test_without_more_effect_there_is_no_ratio():
    increment = Increment.between(outcome(1.0, 2.0, 3.0), outcome(0.0, 2.0, 3.0))
    assert np.isnan(increment.ratio(100.0)[0])
