"""Spread, by hand."""

from bidding.screens.prices import sorted_prices
from bidding.screens.spd import price_spread


def test_it_is_the_range_over_the_lowest_price():
    assert float(price_spread(sorted_prices([10, 16, 12, 14]))) == 0.6


def test_equal_prices_give_0():
    assert float(price_spread(sorted_prices([3, 3, 3, 3]))) == 0.0
