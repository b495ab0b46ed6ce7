"""Simulated competition: its shape, its chances and its spread."""

import numpy as np
import pytest
from scipy import stats

from bidding.screens.competitive_null import (
    SIGMA_MAX,
    Spread,
    Tail,
    competitive_null,
    competitive_prices,
    estimate_spread,
    tail_probability,
)
from tests.bidding.screens.test_figure_properties import FIGURES

LOW = {"cv", "spd", "skewness", "subgroups"}


def test_log_prices_are_normal_with_the_given_deviation():
    prices = competitive_prices(200, np.random.default_rng(1), 50, Spread(0.4))
    logs = np.log(prices)
    assert float(np.std(logs, ddof=1)) == pytest.approx(0.4, rel=0.03)
    assert stats.kstest((logs / 0.4).ravel()[::7], "norm").pvalue > 0.01


def test_held_prices_stand_in_every_field():
    fields = competitive_prices(
        3, np.random.default_rng(1), 100, Spread(0.3), np.array([7.0, 20.0])
    )
    assert fields.shape == (100, 5)
    assert bool(((fields == 7.0).sum(axis=1) == 1).all())
    assert bool(((fields == 20.0).sum(axis=1) == 1).all())


def test_fields_differ_in_spread_where_lots_do():
    alike = competitive_prices(50, np.random.default_rng(1), 300, Spread(0.3))
    unlike = competitive_prices(50, np.random.default_rng(1), 300, Spread(0.3, 0.5))
    deviations = [np.log(np.std(np.log(fields), axis=1)) for fields in (alike, unlike)]
    assert float(np.std(deviations[0])) < 0.15
    assert float(np.std(deviations[1])) == pytest.approx(0.5, rel=0.15)


def test_absurd_spreads_stay_within_numbers():
    prices = competitive_prices(4, np.random.default_rng(1), 100, Spread(10 * SIGMA_MAX, 3.0))
    assert bool(np.isfinite(prices**4).all())


@pytest.mark.parametrize("name", FIGURES)
def test_a_competitive_figure_is_flagged_at_about_the_nominal_rate(name):
    """One tenth of honest fields have a chance of one tenth or less, whichever their scale."""
    generator, spread = np.random.default_rng(3), Spread(0.4, 0.4)
    null = competitive_null(FIGURES[name], 6, generator, 4000, spread)
    honest = competitive_null(FIGURES[name], 6, generator, 4000, spread)
    tail = Tail.LOW if name in LOW else Tail.HIGH
    chances = np.array([tail_probability(float(figure), null, tail) for figure in honest])
    for nominal in (0.05, 0.1, 0.5):
        margin = 4 * (2 * nominal * (1 - nominal) / 4000) ** 0.5
        assert float(np.mean(chances <= nominal)) == pytest.approx(nominal, abs=margin)


def test_a_chance_is_never_0_and_never_above_1():
    null = np.array([1.0, 2.0, 3.0])
    assert tail_probability(0.5, null, Tail.LOW) == 1 / 4
    assert tail_probability(9.0, null, Tail.LOW) == 1.0
    assert tail_probability(9.0, null, Tail.HIGH) == 1 / 4
    assert tail_probability(2.0, null, Tail.HIGH) == 3 / 4


@pytest.mark.parametrize("truth", [Spread(0.2), Spread(0.4, 0.5), Spread(0.8, 0.3)])
@pytest.mark.parametrize("size", [3, 4, 8])
def test_the_spread_is_recovered_from_small_fields(truth, size):
    fields = competitive_prices(size, np.random.default_rng(4), 3000, truth)
    found = estimate_spread(fields)
    assert found is not None
    assert found.center == pytest.approx(truth.center, rel=0.1)
    assert found.variation == pytest.approx(truth.variation, abs=0.16)


def test_a_few_rigged_lots_do_not_move_the_spread_far():
    honest = list(competitive_prices(6, np.random.default_rng(5), 30, Spread(0.4)))
    rigged = list(competitive_prices(6, np.random.default_rng(6), 5, Spread(0.01)))
    clean, mixed = estimate_spread(honest), estimate_spread([*honest, *rigged])
    assert clean is not None
    assert mixed is not None
    assert mixed.center == pytest.approx(clean.center, rel=0.15)


def test_too_few_or_too_equal_lots_give_no_spread():
    fields = list(competitive_prices(4, np.random.default_rng(1), 4, Spread(0.4)))
    equal, pair = np.full(4, 2.0), np.array([1.0, 2.0])
    assert estimate_spread([*fields, equal, pair]) is None
    assert estimate_spread([*fields, fields[0]]) is not None
