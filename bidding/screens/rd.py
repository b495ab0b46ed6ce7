"""Relative distance: is the gap at the cut wide against the scatter of the losing prices?

    RD = (first loser - last winner) / sd(losing prices)

With one winner this is (b_2 - b_1) / sd(b_2 … b_n). Cover bids lie close together and apart from
the winner they protect.

Source: Imhof, Simple Statistical Screens to Detect Bid Rigging (2017); taken to several winners
here. A prompt to look, never a finding; docs/screens/rd.md.
"""

from functools import partial

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import CutFigure, measure_cuts
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient, standard_deviation


def relative_distance(prices: Prices, winners: int = 1) -> Prices:
    """Return the gap at the cut over the standard deviation of the losing prices, no unit.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``.
        winners: The cheapest bids that win; at least 1, at most n - 2.

    Returns:
        One figure for each field, "not a number" where all losing prices are equal.

    Examples:
        >>> import numpy as np
        >>> float(relative_distance(np.array([10.0, 12.0, 13.0, 14.0])))
        2.0
    """
    gap = prices[..., winners] - prices[..., winners - 1]
    return quotient(gap, standard_deviation(prices[..., winners:]))


FIGURE = CutFigure(
    screen="rd",
    name=Wording("相对距离", "relative distance"),
    tail=Tail.HIGH,
    formula=relative_distance,
    losers_min=2,
)

SCREEN = Screen("rd", FIGURE.name, partial(measure_cuts, figure=FIGURE))
