"""The probability of an overrun against the price."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pricing.draws import Draws


@dataclass(frozen=True, slots=True, eq=False)
class OverrunCurve:
    """How often a cap is broken, by price.

    Attributes:
        prices: Yuan per unit, rising.
        probability: Part of the draws whose impact at that price is above the cap.
    """

    prices: Draws
    probability: Draws


def overrun_curve(lower: Draws, upper: Draws, prices: Sequence[float] | Draws) -> OverrunCurve:
    """P(overrun) at each price, from the prices that each draw bears.

    Args:
        lower: Each draw's own lowest price, mostly 0.
        upper: Each draw's own ceiling; minus infinity where no price will do.
        prices: At which the curve is wanted, in any order.

    Examples:
        >>> curve = overrun_curve(np.zeros(4), np.array([5.0, 2, 9, 7]), [2, 6, 10])
        >>> curve.probability
        array([0. , 0.5, 1. ])
    """
    asked = np.sort(np.asarray(prices, dtype=np.float64))
    borne = np.searchsorted(np.sort(lower), asked, side="right") - np.searchsorted(
        np.sort(upper), asked, side="left"
    )
    return OverrunCurve(asked, (upper.size - borne) / upper.size)
