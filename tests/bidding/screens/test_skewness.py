"""Sample skewness, by hand and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from bidding.screens.prices import sorted_prices
from bidding.screens.skewness import sample_skewness
from tests.bidding.screens.strategies import distinct_fields


def test_a_lone_low_price_makes_it_negative():
    assert float(sample_skewness(sorted_prices([10, 14, 14, 14]))) == pytest.approx(-2.0)


def test_symmetric_prices_have_none():
    assert float(sample_skewness(sorted_prices([10, 12, 14, 16]))) == pytest.approx(0.0)


def test_equal_prices_leave_it_undefined():
    assert np.isnan(sample_skewness(sorted_prices([0.1, 0.1, 0.1, 0.1])))


@given(distinct_fields(min_size=3))
def test_it_is_scipys_unbiased_skewness(prices):
    expected = stats.skew(prices, bias=False)
    assert float(sample_skewness(prices)) == pytest.approx(expected, rel=1e-6, abs=1e-6)
