"""From conditions to the prices that satisfy them: exactly for one draw, by draw for many."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pricing.ceilings.conditions import Condition
from pricing.draws import Draws

_NOTHING = Fraction(1, 10**9)
"""A ceiling that is less than this below 0 is 0, put beside it by binary numbers."""


@dataclass(frozen=True, slots=True)
class ExactBounds:
    """Prices that satisfy all conditions of one draw.

    Attributes:
        upper: The highest one; none where no condition limits it.
        lower: The lowest one; none where no condition limits it from below.
        binding: The condition that sets the highest price.
        blocked: A condition that fails at every price alike.
        lifted: The condition that sets the lowest price.
    """

    upper: Fraction | None = None
    lower: Fraction | None = None
    binding: Condition | None = None
    blocked: Condition | None = None
    lifted: Condition | None = None


def exact_bounds(conditions: Sequence[Condition]) -> ExactBounds:
    """Divide each condition's room by its slope, in exact arithmetic.

    Examples:
        >>> import numpy as np
        >>> one = np.ones(1)
        >>> rows = [Condition("1", 30 * one, 3 * one, one), Condition("2", 5 * one, 2 * one, one)]
        >>> exact_bounds(rows).upper
        Fraction(5, 2)
    """
    upper = lower = None
    binding = lifted = blocked = None
    for row in conditions:
        if not np.isfinite(row.room.flat[0]):
            continue
        room, slope = _exact(row.room), _exact(row.slope)
        if slope == 0:
            blocked = row if room < 0 else blocked
        elif slope > 0 and (upper is None or room / slope < upper):
            upper, binding = room / slope, row
        elif slope < 0 and (lower is None or room / slope > lower):
            lower, lifted = room / slope, row
    if upper is not None and -_NOTHING < upper < 0:
        upper = Fraction(0)
    return ExactBounds(upper, lower, binding, blocked, lifted)


@dataclass(frozen=True, slots=True, eq=False)
class DrawBounds:
    """Prices that satisfy all conditions, by draw: from ``lower`` to ``upper``.

    A draw that no price satisfies has both at minus infinity.

    Attributes:
        lower: At least 0.
        upper: Infinity where nothing limits the price.
        relief: What ``upper`` gains by one unit more of the constraint's parameter.
    """

    lower: Draws
    upper: Draws
    relief: Draws


def draw_bounds(conditions: Sequence[Condition]) -> DrawBounds:
    """Each draw's own lowest and highest price.

    Examples:
        >>> import numpy as np
        >>> rows = [Condition("1", np.array([30.0, -1.0]), np.array([3.0, 2.0]), np.ones(1))]
        >>> draw_bounds(rows).upper
        array([ 10., -inf])
    """
    shape = np.broadcast_shapes(
        *(array.shape for row in conditions for array in (row.room, row.slope, row.relief))
    )
    lower, upper, relief = np.zeros(shape), np.full(shape, np.inf), np.zeros(shape)
    blocked = np.zeros(shape, dtype=bool)
    for row in conditions:
        slope = np.broadcast_to(row.slope, shape)
        price = np.divide(row.room, slope, out=np.zeros(shape), where=slope != 0)
        tighter = (slope > 0) & (price < upper)
        gain = np.divide(row.relief, slope, out=np.zeros(shape), where=tighter)
        upper, relief = np.where(tighter, price, upper), np.where(tighter, gain, relief)
        lower = np.where((slope < 0) & (price > lower), price, lower)
        blocked |= (slope == 0) & (row.room < 0)
    upper = np.where((upper < 0) & (upper > -float(_NOTHING)), 0, upper)
    blocked |= upper < lower
    return DrawBounds(np.where(blocked, -np.inf, lower), np.where(blocked, -np.inf, upper), relief)


def highest_allowed(bounds: DrawBounds, failures_max: int) -> float:
    """The highest price that at most so many draws do not allow.

    Where no draw has a lowest price it is an order statistic of the draws' own ceilings: with a
    probability of 10 %, the ceiling that a tenth of the draws stay below.

    Returns:
        The price; infinity where nothing limits it, minus infinity where no price will do.

    Examples:
        >>> import numpy as np
        >>> bounds = DrawBounds(np.zeros(4), np.array([5.0, 2.0, 9.0, 7.0]), np.ones(4))
        >>> [highest_allowed(bounds, failures) for failures in range(4)]
        [2.0, 5.0, 7.0, 9.0]
    """
    if not bounds.lower.any():
        return float(np.partition(bounds.upper, failures_max)[failures_max])
    upper, lower = np.sort(bounds.upper), np.sort(bounds.lower)
    candidates = upper[upper >= 0]
    allowed = np.searchsorted(lower, candidates, side="right") - np.searchsorted(
        upper, candidates, side="left"
    )
    fitting = candidates[upper.size - allowed <= failures_max]
    return float(fitting[-1]) if fitting.size else -np.inf


def _exact(value: Draws) -> Fraction:
    # As it is printed: 0.1 for 0.1, not the binary number beside it.
    return Fraction(repr(float(value.flat[0])))
