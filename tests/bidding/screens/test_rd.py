"""Relative distance, by hand."""

import numpy as np
import pytest

from bidding.screens.prices import sorted_prices
from bidding.screens.rd import relative_distance


def test_with_one_winner_it_is_the_gap_over_the_deviation_of_the_rest():
    assert float(relative_distance(sorted_prices([10, 12, 13, 14]))) == 2.0


def test_with_two_winners_only_the_losers_scatter_counts():
    # losers 15 and 17: deviation sqrt(2); gap 15 - 12
    figure = relative_distance(sorted_prices([10, 12, 15, 17]), winners=2)
    assert float(figure) == pytest.approx(3 / 2**0.5)


def test_equal_losing_prices_leave_it_undefined():
    assert np.isnan(relative_distance(sorted_prices([10, 12, 12, 12])))
