"""Coefficient of variation: are the valid prices of a lot unusually close to each other?

    CV = s / m

with s the sample standard deviation (n - 1) and m the mean of the valid prices. Firms that agree on
prices, or on who covers for whom, tend to bid closer together than firms that decide alone.

Sources: Imhof, Simple Statistical Screens to Detect Bid Rigging (2017); Huber and Imhof, Int J Ind
Organ 65 (2019). A prompt to look, never a finding; docs/screens/cv.md.
"""

from functools import partial

import numpy as np

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.lot_figure import LotFigure, measure_fields
from bidding.screens.measurement import Screen
from bidding.screens.prices import Prices, quotient, standard_deviation


def coefficient_of_variation(prices: Prices) -> Prices:
    """Return standard deviation over mean, no unit.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``, n at least 2.

    Returns:
        One figure for each field, 0 where all prices are equal.

    Examples:
        >>> round(float(coefficient_of_variation(np.array([10.0, 12.0, 14.0, 16.0]))), 4)
        0.1986
    """
    return quotient(standard_deviation(prices), np.mean(prices, axis=-1))


FIGURE = LotFigure(
    screen="cv",
    name=Wording("变异系数", "coefficient of variation"),
    tail=Tail.LOW,
    formula=coefficient_of_variation,
)

SCREEN = Screen("cv", FIGURE.name, partial(measure_fields, figure=FIGURE))
