"""What every figure of a field must keep: it has no unit, and rows do not mix."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.screens.altrd import alternative_relative_distance
from bidding.screens.cv import coefficient_of_variation
from bidding.screens.diffp import price_difference
from bidding.screens.ks import distance_to_uniform
from bidding.screens.kurtosis import sample_kurtosis
from bidding.screens.prices import Formula
from bidding.screens.rd import relative_distance
from bidding.screens.skewness import sample_skewness
from bidding.screens.spd import price_spread
from bidding.screens.subgroups import tightest_triple_cv
from tests.bidding.screens.strategies import fields

FIGURES: dict[str, Formula] = {
    "cv": coefficient_of_variation,
    "spd": price_spread,
    "diffp": price_difference,
    "diffp at two winners": partial(price_difference, winners=2),
    "rd": relative_distance,
    "rd at two winners": partial(relative_distance, winners=2),
    "altrd": alternative_relative_distance,
    "altrd at two winners": partial(alternative_relative_distance, winners=2),
    "kurtosis": sample_kurtosis,
    "skewness": sample_skewness,
    "ks": distance_to_uniform,
    "subgroups": tightest_triple_cv,
}
FREE_OF_LEVEL = {"rd", "altrd", "kurtosis", "skewness", "ks"}


@pytest.mark.parametrize("name", FIGURES)
@given(prices=fields(), factor=st.sampled_from([0.001, 0.37, 3.0, 1234.5]))
def test_another_unit_of_price_changes_nothing(name, prices, factor):
    figure = FIGURES[name]
    expected = pytest.approx(float(figure(prices)), rel=1e-6, abs=1e-9, nan_ok=True)
    assert float(figure(prices * factor)) == expected


@pytest.mark.parametrize("name", sorted(FREE_OF_LEVEL))
@given(prices=fields())
def test_figures_of_shape_do_not_change_when_all_prices_rise_alike(name, prices):
    figure = FIGURES[name]
    expected = pytest.approx(float(figure(prices)), rel=1e-5, abs=1e-7, nan_ok=True)
    assert float(figure(prices + 8.0)) == expected


@pytest.mark.parametrize("name", FIGURES)
@given(data=st.data(), size=st.integers(4, 8))
def test_a_field_among_others_has_the_figure_it_has_alone(name, data, size):
    figure = FIGURES[name]
    rows = [data.draw(fields(min_size=size, max_size=size)) for _ in range(3)]
    together = figure(np.stack(rows))
    for row, value in zip(rows, together, strict=True):
        assert float(figure(row)) == pytest.approx(float(value), nan_ok=True)


@pytest.mark.parametrize("name", ["cv", "spd", "ks", "subgroups"])
@given(prices=fields())
def test_distances_are_never_negative(name, prices):
    value = float(FIGURES[name](prices))
    assert np.isnan(value) or value >= 0
