"""Acceptability, losses and the value of information, against slow twins and closed forms."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.cost_effectiveness import Increment, Outcome
from pricing.draws import as_draws
from pricing.sensitivity import (
    Summary,
    acceptability,
    acceptability_curves,
    evpi_of_normal,
    evppi,
    net_benefits,
    plane,
    summarise,
)
from tests.missing import skip_unless_ci

numbers = st.floats(-1e4, 1e4)


@given(
    st.integers(1, 4).flatmap(
        lambda rows: st.lists(
            st.lists(numbers, min_size=rows, max_size=rows), min_size=1, max_size=30
        )
    )
)
def test_curves_losses_and_information_equal_a_count_draw_by_draw(by_draw):
    benefits = np.array(by_draw).T
    names = [f"s{row}" for row in range(len(benefits))]
    found = acceptability(benefits, names, threshold=1.0)
    draws = len(by_draw)
    best = [row.index(max(row)) for row in by_draw]
    means = [sum(row[name] for row in by_draw) / draws for name in range(len(names))]
    perfect = sum(max(row) for row in by_draw) / draws
    for number, name in enumerate(names):
        assert found.probability[name] == pytest.approx(best.count(number) / draws)
        assert found.expected_loss[name] == pytest.approx(perfect - means[number], abs=1e-6)
    assert found.evpi == pytest.approx(perfect - max(means), abs=1e-6)
    assert sum(found.probability.values()) == pytest.approx(1)


def test_the_value_of_information_of_a_normal_benefit_has_a_closed_form(shared):
    path = shared / "cases" / "negotiation" / "cea08_evpi_closed_form.json"
    if not path.exists():
        skip_unless_ci(f"{path} is missing")
    expected = {one["name"]: one["value"] for one in json.loads(path.read_text())["expected"]}
    assert evpi_of_normal(1, 5**0.5) == pytest.approx(expected["evpi_exact"], abs=1e-8)
    drawn = np.random.default_rng(1).normal(1, 5**0.5, 2_000_000)
    found = acceptability(np.stack([np.zeros_like(drawn), drawn]), ["0", "1"], threshold=0.0)
    assert found.evpi == pytest.approx(expected["evpi_mc_2e6"], abs=0.004)
    assert found.preferred == "1"


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 1.0), (-2.0, 0.5), (3.0, 0.0)])
def test_the_closed_form_is_never_negative(mean, sd):
    assert evpi_of_normal(mean, sd) >= 0


def test_curves_follow_the_thresholds():
    generator = np.random.default_rng(2)
    old = Outcome("old", as_draws(0), as_draws(0), as_draws(0))
    effect = generator.normal(1, 0.3, 4000)
    new = Outcome("new", as_draws(500), as_draws(10), effect)
    curves = acceptability_curves([old, new], price=5.0, thresholds=[0, 550, 5000])
    chances = [one.probability["new"] for one in curves]
    assert chances[0] == 0
    assert chances[1] == pytest.approx(0.5, abs=0.03)
    assert chances[2] > 0.99
    assert [one.preferred for one in curves] == [
        "old",
        "new" if effect.mean() > 1 else "old",
        "new",
    ]
    benefits = net_benefits([old, new], threshold=550, price=5.0)
    assert acceptability(benefits, ["old", "new"], threshold=550) == curves[1]


@pytest.mark.parametrize("method", ["spline", "bins"])
def test_knowing_an_input_of_a_linear_model_is_worth_its_closed_form(method):
    """Of a normal benefit that is the sum of two normal inputs."""
    generator = np.random.default_rng(4)
    a, b = generator.normal(0.2, 1, 40_000), generator.normal(0, 0.5, 40_000)
    benefits = np.stack([np.zeros_like(a), a + b])
    found = {one.input: one.value for one in evppi(benefits, {"a": a, "b": b}, method=method)}
    assert found["a"] == pytest.approx(evpi_of_normal(0.2, 1), abs=0.01)
    assert found["b"] == pytest.approx(evpi_of_normal(0.2, 0.5), abs=0.01)


@pytest.mark.parametrize("method", ["spline", "bins"])
def test_knowing_an_input_is_worth_at_most_knowing_everything(method):
    generator = np.random.default_rng(5)
    drawn = generator.gamma(2, 1, (3, 5000))
    benefits = np.stack([np.zeros(5000), drawn[0] * drawn[1] - 4, drawn[2] ** 2 - drawn[0] * 3])
    everything = acceptability(benefits, ["a", "b", "c"], threshold=0).evpi
    inputs = {"x": drawn[0], "y": drawn[1], "z": drawn[2], "certain": np.full(5000, 2.0)}
    found = evppi(benefits, inputs, method=method)
    assert [one.value for one in found] == sorted((one.value for one in found), reverse=True)
    assert all(0 <= one.value <= everything + 1e-9 for one in found)
    assert {one.input: one.value for one in found}["certain"] == 0


def test_a_handful_of_draws_says_nothing_of_single_inputs():
    benefits = np.zeros((2, 50))
    assert evppi(benefits, {"x": np.arange(50.0)}) == []


def test_an_input_with_two_values_can_be_regressed_on():
    values = np.repeat([0.0, 1.0], 500)
    benefits = np.stack([np.zeros(1000), np.where(values > 0, 3.0, -1.0)])
    (found,) = evppi(benefits, {"switch": values})
    assert found.value == pytest.approx(0.5)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=50))
def test_every_draw_lies_in_one_quadrant(points):
    cost, effect = (np.array(one) for one in zip(*points, strict=True))
    found = plane(Increment(cost, as_draws(0), effect), 0.0)
    assert sum(found.quadrants.values()) == pytest.approx(1)
    better = sum(1 for money, health in points if money > 0 and health > 0)
    assert found.quadrants["dearer-better"] == pytest.approx(better / len(points))


def test_draws_without_a_ratio_are_left_out_of_a_summary():
    found = summarise(np.array([1.0, np.nan, 3.0, np.inf]))
    assert found is not None
    assert (found.mean, found.sd) == (2.0, 2**0.5)
    assert summarise(np.array([np.nan])) is None
    assert summarise(np.array([5.0])) == Summary(5.0, 0.0, 5.0, 5.0)
