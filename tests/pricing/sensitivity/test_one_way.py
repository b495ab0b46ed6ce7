"""One input at a time, and overruns against the price."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.sensitivity import Range, one_way, overrun_curve


def test_all_points_of_all_inputs_are_one_evaluation():
    calls = []

    def model(points):
        calls.append(points)
        return {"sum": points["a"] + 10 * points["b"], "first": points["a"]}

    bars = one_way(model, {"a": Range(1, 0, 3), "b": Range(2, 1, 2.5)})
    assert len(calls) == 1
    assert [(bar.input, bar.at_low, bar.at_high) for bar in bars["sum"]] == [
        ("b", 11.0, 26.0),
        ("a", 20.0, 23.0),
    ]
    assert [bar.width for bar in bars["first"]] == [3.0, 0.0]


def test_a_result_that_is_lost_at_one_end_comes_first():
    def model(points):
        return {"ratio": np.where(points["a"] > 0, points["a"], np.nan) + points["b"]}

    bars = one_way(model, {"b": Range(0, -9, 9), "a": Range(1, -1, 1)})["ratio"]
    assert bars[0].input == "a"
    assert bars[0].at_low is None
    assert bars[0].width == float("inf")


def test_without_uncertain_inputs_there_are_no_bars():
    assert one_way(lambda points: {"x": np.zeros(1)}, {}) == {}


@given(
    st.lists(st.floats(-10, 100), min_size=1, max_size=40),
    st.lists(st.floats(0, 100), min_size=1, max_size=10),
)
def test_the_overrun_curve_counts_the_draws_that_bear_less(ceilings, prices):
    own = np.array([one if one >= 0 else -np.inf for one in ceilings])
    curve = overrun_curve(np.where(own < 0, -np.inf, 0.0), own, prices)
    for price, probability in zip(curve.prices, curve.probability, strict=True):
        broken = sum(1 for one in own if price > one)
        assert probability == pytest.approx(broken / len(own))
    assert np.all(np.diff(curve.probability) >= 0)
