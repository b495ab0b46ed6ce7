"""Distributions: their moments, quantiles and draws, and what they refuse."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.distributions import Dirichlet, DistributionError, make_distribution

MADE = [
    ("normal", {"mean": 3, "sd": 2}, 3, 2),
    ("normal", {"mean": -4, "cv": 0.5}, -4, 2),
    ("lognormal", {"mean": 0.509, "sd": 0.088}, 0.509, 0.088),
    ("lognormal", {"meanlog": 0, "sdlog": 1}, math.exp(0.5), math.sqrt((math.e - 1) * math.e)),
    ("lognormal", {"mu": 0, "sigma": 1}, math.exp(0.5), math.sqrt((math.e - 1) * math.e)),
    ("beta", {"mean": 0.003, "se": 0.0005}, 0.003, 0.0005),
    ("beta", {"alpha": 1, "beta": 3}, 0.25, math.sqrt(3 / 80)),
    ("gamma", {"mean": 5034, "sd": 5034}, 5034, 5034),
    ("gamma", {"shape": 4, "rate": 2}, 2, 1),
    ("gamma", {"shape": 4, "scale": 0.5}, 2, 1),
    ("uniform", {"min": 0, "max": 6}, 3, math.sqrt(3)),
    ("uniform", {"low": 0, "high": 6}, 3, math.sqrt(3)),
    ("uniform", {"mean": 3, "sd": math.sqrt(3)}, 3, math.sqrt(3)),
    ("triangular", {"min": 0, "mode": 3, "max": 6}, 3, math.sqrt(1.5)),
    ("empirical", {"values": [1, 2, 3]}, 2, math.sqrt(2 / 3)),
    ("empirical", {"values": [3, 1], "weights": [1, 3]}, 1.5, math.sqrt(0.75)),
]


@pytest.mark.parametrize(("kind", "arguments", "mean", "sd"), MADE)
def test_mean_and_deviation_are_those_that_were_asked_for(kind, arguments, mean, sd):
    made = make_distribution(kind, arguments)
    assert made.mean == pytest.approx(mean)
    assert made.sd == pytest.approx(sd)


@pytest.mark.parametrize(("kind", "arguments", "mean", "sd"), MADE)
def test_draws_have_that_mean_and_stay_in_the_support(kind, arguments, mean, sd):
    made = make_distribution(kind, arguments)
    drawn = made.sample(np.random.default_rng(1), 20_000)
    assert drawn.shape == (20_000,)
    assert drawn.mean() == pytest.approx(mean, abs=5 * sd / math.sqrt(20_000))
    assert drawn.min() >= made.support[0]
    assert drawn.max() <= made.support[1]


@pytest.mark.parametrize(("kind", "arguments", "mean", "sd"), MADE)
def test_as_many_draws_lie_below_a_quantile_as_it_says(kind, arguments, mean, sd):
    made = make_distribution(kind, arguments)
    drawn = made.sample(np.random.default_rng(2), 20_000)
    for part in (0.025, 0.5, 0.975):
        assert (drawn <= made.quantile(part)).mean() >= part - 0.02
        assert (drawn < made.quantile(part)).mean() <= part + 0.02


def test_the_same_generator_draws_the_same():
    made = make_distribution("beta", {"mean": 0.5, "sd": 0.1})
    first, second = (made.sample(np.random.default_rng(7), 10) for _ in range(2))
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize(
    ("kind", "arguments", "argument"),
    [
        ("beta", {"mean": 1.2, "sd": 0.1}, "mean"),
        ("beta", {"mean": 0.5, "sd": 0.5}, "sd"),
        ("beta", {"alpha": 0, "beta": 1}, "alpha"),
        ("gamma", {"mean": -1, "sd": 1}, "mean"),
        ("gamma", {"mean": 1, "sd": 0}, "sd"),
        ("gamma", {"shape": 1, "rate": 0}, "rate"),
        ("lognormal", {"mean": 0, "sd": 1}, "mean"),
        ("normal", {"mean": 1, "se": -1}, "se"),
        ("uniform", {"min": 1, "max": 1}, "max"),
        ("triangular", {"min": 0, "mode": 2, "max": 1}, "mode"),
        ("empirical", {"values": []}, "values"),
        ("empirical", {"values": [1, "two"]}, "values"),
        ("empirical", {"values": [1, 2], "weights": [0, 0]}, "weights"),
        ("empirical", {"value": [1, 2]}, "value"),
        ("normal", {"mean": 1}, ""),
        ("normal", {"mean": 1, "sd": 1, "se": 1}, ""),
        ("normal", {"mean": "one", "sd": 1}, "mean"),
        ("normal", {"mean": math.nan, "sd": 1}, "mean"),
        ("cauchy", {"mean": 1, "sd": 1}, ""),
    ],
)
def test_what_leaves_nothing_to_draw_from_is_refused_with_its_argument(kind, arguments, argument):
    with pytest.raises(DistributionError) as refused:
        make_distribution(kind, arguments)
    assert refused.value.argument == argument
    assert "expected" in refused.value.en
    assert "应" in refused.value.zh


COUNTS = st.dictionaries(st.text(min_size=1, max_size=2), st.integers(0, 50), min_size=1).filter(
    lambda counts: any(counts.values())
)


@given(counts=COUNTS)
def test_parts_of_a_dirichlet_add_up_to_one_and_zero_stays_zero(counts):
    drawn = Dirichlet(counts).sample(np.random.default_rng(3), 5)
    assert sum(drawn.values()) == pytest.approx(np.ones(5))
    assert all(not drawn[name].any() for name, count in counts.items() if not count)


def test_the_mean_of_a_dirichlet_is_its_proportions():
    made = Dirichlet({"A": 1251, "B": 350, "C": 116, "D": 17})
    drawn = made.sample(np.random.default_rng(4), 20_000)
    for name, mean in made.means.items():
        assert drawn[name].mean() == pytest.approx(mean, abs=0.001)


def test_a_part_of_a_dirichlet_has_the_quantiles_of_its_beta():
    made = Dirichlet({"A": 3, "B": 1, "C": 0})
    drawn = made.sample(np.random.default_rng(5), 20_000)["A"]
    assert (drawn <= made.quantile("A", 0.1)).mean() == pytest.approx(0.1, abs=0.01)
    assert made.quantile("C", 0.9) == 0
    assert Dirichlet({"A": 2}).quantile("A", 0.1) == 1


@pytest.mark.parametrize("counts", [{"A": -1, "B": 2}, {"A": 0, "B": 0}, {"A": math.inf}])
def test_counts_that_make_no_distribution_are_refused(counts):
    with pytest.raises(DistributionError):
        Dirichlet(counts)
