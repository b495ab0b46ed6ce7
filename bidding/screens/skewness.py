"""Skewness: do the valid prices of a lot crowd at the top, below them only the winner?

    SKEW = n / ((n-1)(n-2)) * sum(((b_i - m) / s)^3)

Competitive prices have a long tail upwards. Cover bids close together above an agreed winner turn
the tail downwards: the skewness becomes negative.

Source: Imhof, Simple Statistical Screens to Detect Bid Rigging (2017). A prompt to look, never a
finding; docs/screens/skewness.md.
"""

from functools import partial

import numpy as np

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import LotFigure, measure_fields
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient, standard_deviation


def sample_skewness(prices: Prices) -> Prices:
    """Return the sample skewness, no unit.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``, n at least 3.

    Returns:
        One figure for each field, "not a number" where all prices are equal.

    Examples:
        >>> round(float(sample_skewness(np.array([10.0, 14.0, 14.0, 14.0]))), 6)
        -2.0
    """
    n = prices.shape[-1]
    centred = prices - np.mean(prices, axis=-1, keepdims=True)
    standard = quotient(centred, standard_deviation(prices)[..., None])
    third = np.sum(standard * standard * standard, axis=-1)  # faster than a power
    return np.asarray(n / ((n - 1) * (n - 2)) * third)


FIGURE = LotFigure(
    screen="skewness",
    name=Wording("偏度", "skewness"),
    tail=Tail.LOW,
    formula=sample_skewness,
)

SCREEN = Screen("skewness", FIGURE.name, partial(measure_fields, figure=FIGURE))
