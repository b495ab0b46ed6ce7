"""Prices as arrays of floating-point numbers, sorted along the last axis, and their arithmetic.

Exact decimal prices become ``float64`` here, once: the figures of the screens are statistics, not
money, and no price is ever computed back from them. Every formula works on one field, shape
``(n,)``, and on many simulated fields at once, shape ``(draws, n)``.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Prices: TypeAlias = NDArray[np.float64]
Formula: TypeAlias = Callable[[Prices], Prices]
"""From sorted prices, shape ``(..., n)``, to one figure for each field, shape ``(...)``."""


def sorted_prices(prices: Iterable[Decimal | float]) -> Prices:
    """Return prices in yuan as a sorted array.

    Examples:
        >>> sorted_prices([Decimal("0.20"), Decimal("0.15")])
        array([0.15, 0.2 ])
    """
    return np.sort(np.array([float(price) for price in prices], dtype=np.float64))


def standard_deviation(prices: Prices) -> Prices:
    """Return the sample standard deviation (n - 1) along the last axis; exactly 0 if all are equal.

    Rounding of the mean would otherwise leave a tiny remainder, and a quotient by it would look
    like a huge distance.

    Examples:
        >>> float(standard_deviation(np.array([1.0, 2.0, 3.0])))
        1.0
        >>> float(standard_deviation(np.array([0.1, 0.1, 0.1])))
        0.0
    """
    spread = np.std(prices, axis=-1, ddof=1)
    return np.where(prices[..., 0] == prices[..., -1], 0.0, spread)


def quotient(numerator: Prices, denominator: Prices) -> Prices:
    """Divide, giving "not a number" where the denominator is 0: the figure is then undefined.

    Examples:
        >>> quotient(np.array([1.0, 1.0]), np.array([2.0, 0.0]))
        array([0.5, nan])
    """
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    undefined = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=undefined, where=denominator != 0)
    return undefined
