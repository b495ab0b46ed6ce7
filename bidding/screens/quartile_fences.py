"""Quartile fences: which values lie far outside the middle half of all values?

    lower fence = Q1 - 1.5 (Q3 - Q1),    upper fence = Q3 + 1.5 (Q3 - Q1)

with quartiles interpolated linearly between the ordered values. Used by the rules taken from
Cardinal (open-contracting/cardinal-rs, R025 and R038).
"""

from collections.abc import Sequence

import numpy as np

FENCE_FACTOR = 1.5


def lower_fence(values: Sequence[float], *, factor: float = FENCE_FACTOR) -> float:
    """Return Q1 - factor * IQR; it may lie below every possible value.

    Examples:
        >>> lower_fence([0.5, 0.75, 0.5, 0.75])
        0.125
    """
    q1, q3 = np.quantile(np.asarray(values, dtype=np.float64), (0.25, 0.75)).tolist()
    return float(q1 - factor * (q3 - q1))


def upper_fence(values: Sequence[float], *, factor: float = FENCE_FACTOR) -> float:
    """Return Q3 + factor * IQR; it may lie above every possible value.

    Examples:
        >>> upper_fence([0.0, 0.25, 0.0, 0.25])
        0.625
    """
    q1, q3 = np.quantile(np.asarray(values, dtype=np.float64), (0.25, 0.75)).tolist()
    return float(q3 + factor * (q3 - q1))
