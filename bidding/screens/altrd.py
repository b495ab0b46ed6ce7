"""Alternative relative distance: is the gap at the cut wide against the gaps among the losers?

    ALTRD = (first loser - last winner) / mean gap between neighbouring losing prices

With one winner this is (b_2 - b_1) over the mean of b_3 - b_2, …, b_n - b_(n-1). A value of 1 says
that winners and losers lie apart as losers do among themselves.

Source: Wallimann, Imhof and Huber, Computational Economics 60 (2022), arXiv 2004.05629; taken to
several winners here. A prompt to look, never a finding; docs/screens/altrd.md.
"""

from functools import partial

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import CutFigure, measure_cuts
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient


def alternative_relative_distance(prices: Prices, winners: int = 1) -> Prices:
    """Return the gap at the cut over the mean gap of the losing prices, no unit.

    The mean gap telescopes to (highest - first loser) / (losers - 1).

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``.
        winners: The cheapest bids that win; at least 1, at most n - 2.

    Returns:
        One figure for each field, "not a number" where all losing prices are equal.

    Examples:
        >>> import numpy as np
        >>> float(alternative_relative_distance(np.array([10.0, 13.0, 14.0, 15.0])))
        3.0
    """
    losers = prices.shape[-1] - winners
    gap = prices[..., winners] - prices[..., winners - 1]
    mean_gap = (prices[..., -1] - prices[..., winners]) / (losers - 1)
    return quotient(gap, mean_gap)


FIGURE = CutFigure(
    screen="altrd",
    name=Wording("替代相对距离", "alternative relative distance"),
    tail=Tail.HIGH,
    formula=alternative_relative_distance,
    losers_min=2,
)

SCREEN = Screen("altrd", FIGURE.name, partial(measure_cuts, figure=FIGURE))
