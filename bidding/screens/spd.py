"""Spread: is the highest valid price of a lot unusually near the lowest?

    SPD = (b_n - b_1) / b_1

Source: García Rodríguez and others, Automation in Construction 133 (2022) 104047. A prompt to
look, never a finding; docs/screens/spd.md.
"""

from functools import partial

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import LotFigure, measure_fields
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient


def price_spread(prices: Prices) -> Prices:
    """Return (highest - lowest) / lowest price, no unit.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``.

    Examples:
        >>> import numpy as np
        >>> float(price_spread(np.array([10.0, 12.0, 14.0, 16.0])))
        0.6
    """
    return quotient(prices[..., -1] - prices[..., 0], prices[..., 0])


FIGURE = LotFigure(
    screen="spd",
    name=Wording("价差幅度", "spread of prices"),
    tail=Tail.LOW,
    formula=price_spread,
)

SCREEN = Screen("spd", FIGURE.name, partial(measure_fields, figure=FIGURE))
