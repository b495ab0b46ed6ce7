"""Alternative relative distance, by hand."""

import numpy as np
import pytest

from bidding.screens.altrd import alternative_relative_distance
from bidding.screens.prices import sorted_prices
from bidding.screens.rd import relative_distance


def test_with_one_winner_it_is_the_gap_over_the_mean_gap_of_the_rest():
    prices = [10, 14, 15, 18, 20]  # gaps of the losers 1, 3 and 2
    assert float(alternative_relative_distance(sorted_prices(prices))) == pytest.approx(4 / 2)


def test_with_two_winners_the_gap_is_at_the_cut():
    figure = alternative_relative_distance(sorted_prices([10, 12, 15, 17, 18]), winners=2)
    assert float(figure) == pytest.approx(3 / 1.5)


def test_with_two_losers_it_is_the_relative_distance_over_root_2():
    prices = sorted_prices([1.0, 2.0, 5.0, 5.3])
    figure = float(alternative_relative_distance(prices, 2))
    assert figure == pytest.approx(float(relative_distance(prices, 2)) / 2**0.5)


def test_equal_losing_prices_leave_it_undefined():
    assert np.isnan(alternative_relative_distance(sorted_prices([10, 12, 12, 12])))
