"""Price difference at the cut, by hand."""

import pytest

from bidding.screens.diffp import price_difference
from bidding.screens.prices import sorted_prices

PRICES = sorted_prices([10, 12, 15, 16])


@pytest.mark.parametrize(("winners", "figure"), [(1, 2 / 10), (2, 3 / 12), (3, 1 / 15)])
def test_it_is_the_gap_over_the_last_winners_price(winners, figure):
    assert float(price_difference(PRICES, winners)) == pytest.approx(figure)


def test_a_tie_at_the_cut_gives_0():
    assert float(price_difference(sorted_prices([10, 12, 12, 16]), 2)) == 0.0
