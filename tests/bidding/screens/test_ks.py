"""Distance to uniform, by hand and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from bidding.screens.ks import distance_to_uniform
from bidding.screens.prices import sorted_prices
from tests.bidding.screens.strategies import distinct_fields


def test_crowded_prices_are_far_from_uniform():
    assert float(distance_to_uniform(sorted_prices([10, 11, 12, 20]))) == pytest.approx(0.55)


def test_evenly_laid_out_prices_are_as_near_as_n_points_can_be():
    assert float(distance_to_uniform(sorted_prices([10, 12, 14, 16]))) == pytest.approx(0.25)


def test_equal_prices_leave_it_undefined():
    assert np.isnan(distance_to_uniform(sorted_prices([3, 3, 3, 3])))


@given(distinct_fields(min_size=2))
def test_it_is_scipys_distance_of_the_stretched_prices(prices):
    stretched = (prices - prices[0]) / (prices[-1] - prices[0])
    expected = stats.kstest(stretched, "uniform").statistic
    assert float(distance_to_uniform(prices)) == pytest.approx(float(expected))
