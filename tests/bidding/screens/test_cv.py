"""Coefficient of variation, by hand."""

import pytest

from bidding.screens.cv import coefficient_of_variation
from bidding.screens.prices import sorted_prices


def test_it_is_sample_deviation_over_mean():
    # mean 13, squared distances 9 + 1 + 1 + 9 = 20, s = sqrt(20 / 3)
    figure = coefficient_of_variation(sorted_prices([16, 10, 14, 12]))
    assert float(figure) == pytest.approx((20 / 3) ** 0.5 / 13)


def test_equal_prices_give_0():
    assert float(coefficient_of_variation(sorted_prices([0.1, 0.1, 0.1, 0.1]))) == 0.0
