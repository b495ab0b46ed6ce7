"""Survival curves: against scipy's distributions, and the curves that are none."""

import numpy as np
import pytest
from scipy import stats

from pricing.cost_effectiveness import SurvivalCurve, SurvivalTable
from pricing.faults import ModelError

YEARS = np.array([0.0, 0.25, 1.0, 3.0, 10.0])


def one(value):
    return np.array([float(value)])


@pytest.mark.parametrize(
    ("kind", "parameters", "twin"),
    [
        ("exponential", {"rate": 0.3}, stats.expon(scale=1 / 0.3)),
        ("weibull", {"shape": 1.4, "scale": 5}, stats.weibull_min(1.4, scale=5)),
        ("gompertz", {"shape": 0.2, "rate": 0.1}, stats.gompertz(0.5, scale=5)),
        ("loglogistic", {"shape": 1.7, "scale": 4}, stats.fisk(1.7, scale=4)),
        ("lognormal", {"meanlog": 1.1, "sdlog": 0.6}, stats.lognorm(0.6, scale=np.exp(1.1))),
        ("gamma", {"shape": 2.5, "rate": 0.7}, stats.gamma(2.5, scale=1 / 0.7)),
    ],
)
def test_a_curve_is_that_of_its_distribution(kind, parameters, twin):
    curve = SurvivalCurve(kind, {name: one(value) for name, value in parameters.items()})
    assert curve.at(YEARS)[:, 0] == pytest.approx(twin.sf(YEARS))


def test_a_gompertz_curve_of_shape_zero_is_exponential():
    flat = SurvivalCurve("gompertz", {"shape": np.array([0.0, 0.1]), "rate": one(0.3)})
    assert flat.at(YEARS)[:, 0] == pytest.approx(np.exp(-0.3 * YEARS))


def test_a_hazard_ratio_is_a_power_of_the_curve():
    plain = SurvivalCurve("exponential", {"rate": one(0.3)})
    treated = SurvivalCurve("exponential", {"rate": one(0.3)}, hazard_ratio=np.array([0.5, 2.0]))
    assert treated.at(YEARS)[:, 1] == pytest.approx(plain.at(YEARS)[:, 0] ** 2)


def test_a_table_is_straight_between_its_times():
    table = SurvivalTable(np.array([0.0, 1.0, 5.0]), np.array([[1.0, 1.0], [0.8, 0.6], [0.4, 0]]))
    assert table.at(np.array([0.0, 0.5, 3.0, 5.0])) == pytest.approx(
        np.array([[1.0, 1.0], [0.9, 0.8], [0.6, 0.3], [0.4, 0.0]])
    )


def test_a_table_that_ends_too_early_is_refused():
    table = SurvivalTable(np.array([0.0, 1.0]), np.array([[1.0], [0.8]]))
    with pytest.raises(ModelError, match="ends after 1 years: expected 2"):
        table.at(np.array([0.0, 2.0]))


@pytest.mark.parametrize(
    ("kind", "parameters", "said"),
    [
        ("cox", {}, "expected exponential"),
        ("weibull", {"shape": one(1)}, "expected shape, scale"),
        ("weibull", {"shape": one(1), "rate": one(1)}, "expected shape, scale"),
        ("exponential", {"rate": one(0)}, "rate must be above 0"),
        ("exponential", {"rate": one(np.nan)}, "rate must be above 0"),
    ],
)
def test_a_curve_without_meaning_is_refused(kind, parameters, said):
    with pytest.raises(ModelError, match=said):
        SurvivalCurve(kind, parameters)


@pytest.mark.parametrize(
    ("years", "values"),
    [
        ([0.0, 1.0], [[1.0]]),
        ([1.0, 2.0], [[1.0], [0.5]]),
        ([0.0, 0.0], [[1.0], [0.5]]),
        ([0.0, 1.0], [[0.9], [0.5]]),
        ([0.0, 1.0], [[1.0], [-0.5]]),
        ([0.0, 1.0, 2.0], [[1.0], [0.5], [0.6]]),
    ],
)
def test_a_table_that_is_no_survival_curve_is_refused(years, values):
    with pytest.raises(ModelError):
        SurvivalTable(np.array(years), np.array(values))
