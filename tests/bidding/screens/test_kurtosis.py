"""Sample excess kurtosis, by hand and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from bidding.screens.kurtosis import sample_kurtosis
from bidding.screens.prices import sorted_prices
from tests.bidding.screens.strategies import distinct_fields


def test_evenly_laid_out_prices_are_flat():
    assert float(sample_kurtosis(sorted_prices([10, 12, 14, 16]))) == pytest.approx(-1.2)


def test_one_far_price_of_four_gives_4():
    assert float(sample_kurtosis(sorted_prices([10, 10, 10, 50]))) == pytest.approx(4.0)


def test_equal_prices_leave_it_undefined():
    assert np.isnan(sample_kurtosis(sorted_prices([0.1, 0.1, 0.1, 0.1])))


@given(distinct_fields(min_size=4))
def test_it_is_scipys_unbiased_kurtosis(prices):
    expected = stats.kurtosis(prices, bias=False)
    assert float(sample_kurtosis(prices)) == pytest.approx(expected, rel=1e-6, abs=1e-6)
