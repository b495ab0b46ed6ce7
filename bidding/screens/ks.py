"""Distance to uniform: are the valid prices of a lot unevenly laid between lowest and highest?

    x_i = (b_i - b_1) / (b_n - b_1),    KS = max_i max(i/n - x_i, x_i - (i-1)/n)

the Kolmogorov-Smirnov distance between the prices, stretched to run from 0 to 1, and the uniform
distribution. Prices in clusters, or crowded at one end, lie far from uniform.

Source: García Rodríguez and others, Automation in Construction 133 (2022) 104047. A prompt to
look, never a finding; docs/screens/ks.md.
"""

from functools import partial

import numpy as np

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import LotFigure, measure_fields
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient


def distance_to_uniform(prices: Prices) -> Prices:
    """Return the Kolmogorov-Smirnov distance of the stretched prices to uniform, 1/n to 1.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``.

    Returns:
        One figure for each field, "not a number" where all prices are equal.

    Examples:
        >>> float(distance_to_uniform(np.array([10.0, 11.0, 12.0, 20.0])))
        0.55
    """
    n = prices.shape[-1]
    lowest, highest = prices[..., :1], prices[..., -1:]
    stretched = quotient(prices - lowest, highest - lowest)
    rank = np.arange(1, n + 1)
    distance = np.maximum(rank / n - stretched, stretched - (rank - 1) / n)
    return np.asarray(np.max(distance, axis=-1))


FIGURE = LotFigure(
    screen="ks",
    name=Wording("与均匀分布的距离", "distance to uniform"),
    tail=Tail.HIGH,
    formula=distance_to_uniform,
)

SCREEN = Screen("ks", FIGURE.name, partial(measure_fields, figure=FIGURE))
