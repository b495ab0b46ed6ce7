"""Price difference at the cut: is the first loser unusually far above the last winner?

    DIFFP = (first loser - last winner) / last winner

With one winner this is (b_2 - b_1) / b_1. Firms that cover for an agreed winner keep a safe
distance, so that he wins for certain.

Source: García Rodríguez and others, Automation in Construction 133 (2022) 104047; taken to several
winners here. A prompt to look, never a finding; docs/screens/diffp.md.
"""

from functools import partial

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import CutFigure, measure_cuts
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient


def price_difference(prices: Prices, winners: int = 1) -> Prices:
    """Return the gap between last winner and first loser over the last winner's price, no unit.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``.
        winners: The cheapest bids that win; at least 1, at most n - 1.

    Examples:
        >>> import numpy as np
        >>> prices = np.array([10.0, 12.0, 15.0, 16.0])
        >>> float(price_difference(prices)), float(price_difference(prices, winners=2))
        (0.2, 0.25)
    """
    last_winner = prices[..., winners - 1]
    return quotient(prices[..., winners] - last_winner, last_winner)


FIGURE = CutFigure(
    screen="diffp",
    name=Wording("中选与落选价差率", "price difference at the cut"),
    tail=Tail.HIGH,
    formula=price_difference,
    losers_concerned=1,
)

SCREEN = Screen("diffp", FIGURE.name, partial(measure_cuts, figure=FIGURE))
