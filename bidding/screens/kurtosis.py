"""Kurtosis: do the valid prices of a lot huddle together with few far away?

    KURT = n(n+1) / ((n-1)(n-2)(n-3)) * sum(((b_i - m) / s)^4) - 3(n-1)^2 / ((n-2)(n-3))

the sample excess kurtosis, 0 on average for normal prices. In the Swiss cartels studied, bids
converged and the kurtosis rose.

Source: Imhof, Simple Statistical Screens to Detect Bid Rigging (2017). A prompt to look, never a
finding; docs/screens/kurtosis.md.
"""

from functools import partial

import numpy as np

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import LotFigure, measure_fields
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient, standard_deviation


def sample_kurtosis(prices: Prices) -> Prices:
    """Return the sample excess kurtosis, no unit.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``, n at least 4.

    Returns:
        One figure for each field, "not a number" where all prices are equal.

    Examples:
        >>> round(float(sample_kurtosis(np.array([10.0, 12.0, 14.0, 16.0]))), 6)
        -1.2
    """
    n = prices.shape[-1]
    centred = prices - np.mean(prices, axis=-1, keepdims=True)
    standard = quotient(centred, standard_deviation(prices)[..., None])
    squared = standard * standard  # products: many times faster than a power
    fourth = np.sum(squared * squared, axis=-1)
    weight = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3))
    shift: float = 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    return np.asarray(weight * fourth - shift)


FIGURE = LotFigure(
    screen="kurtosis",
    name=Wording("峰度", "kurtosis"),
    tail=Tail.HIGH,
    formula=sample_kurtosis,
)

SCREEN = Screen("kurtosis", FIGURE.name, partial(measure_fields, figure=FIGURE))
