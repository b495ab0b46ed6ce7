"""Finding the highest price in whole cents at which something holds."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pricing.ceilings.errors import CeilingError

Cents = NDArray[np.int64]
Held = NDArray[np.bool_]

_DEAREST_CENTS = 10**15
_ROUNDING_CENTS = Fraction(1, 10**5)
_ROUNDING_PART = Fraction(1, 10**13)
_HALVINGS = 60
_FIRST_STEP = 1e-7


@dataclass(frozen=True, slots=True)
class Interval:
    """Prices in cents at which something holds, from the first to the last; None: without end."""

    first: int
    last: int | None


def floor_cents(exact: Fraction) -> int:
    """The last whole cent that is not above an exact price.

    Examples:
        >>> floor_cents(Fraction("0.019")), floor_cents(Fraction("-0.001"))
        (1, -1)
    """
    return int((exact * 100).__floor__())


def in_yuan(cents: int) -> Decimal:
    """Cents as a price with two decimals.

    Examples:
        >>> in_yuan(208650)
        Decimal('2086.50')
    """
    return Decimal(cents).scaleb(-2)


def settle(exact: Fraction, holds: Callable[[float], bool]) -> int | None:
    """Round an exact ceiling down to the cent at which the models themselves say that it holds.

    The models work with binary numbers, whose last digits may put a ceiling that is a whole cent
    one step off; a ceiling that is further off than that would be a mistake of ours.

    Args:
        exact: The ceiling.
        holds: Puts a price back.

    Returns:
        The ceiling in cents; nothing where it is below 0.

    Raises:
        CeilingError: The models disagree with the exact ceiling.

    Examples:
        >>> settle(Fraction(10, 3), lambda price: price <= 10 / 3)
        333
    """
    cents = floor_cents(exact)
    if _is_nearly(exact, cents + 1) and holds((cents + 1) / 100):
        cents += 1
    elif cents >= 0 and not holds(cents / 100) and _is_nearly(exact, cents):
        cents -= 1
    if cents < 0:
        return None
    if not holds(cents / 100):
        raise CeilingError(f"a ceiling of {float(exact)} does not hold when it is put back")
    return cents


def _is_nearly(exact: Fraction, cents: int) -> bool:
    """Whether only the last digits of binary numbers lie between a price and a whole cent."""
    return abs(exact * 100 - cents) <= _ROUNDING_CENTS + abs(exact) * _ROUNDING_PART


def first_interval(
    holds: Callable[[Cents], Held], *, near: int, points: int = 1025
) -> Interval | None:
    """The lowest prices at which something holds, as far as it holds without a gap.

    It looks at a grid of prices from 0 to far beyond ``near``, and then halves or divides further
    between the last price that held and the next one, down to the cent.

    Args:
        holds: Whether it holds at each of several prices in cents.
        near: A price in cents near which the answer may lie.
        points: Prices of the first grid; later ones have fewer.

    Returns:
        The interval; nothing where it holds at no price of the grid.

    Examples:
        >>> first_interval(lambda cents: (cents >= 120) & (cents <= 34567), near=1000)
        Interval(first=120, last=34567)
        >>> first_interval(lambda cents: cents < 0, near=1000) is None
        True
        >>> first_interval(lambda cents: cents >= 0, near=1000)
        Interval(first=0, last=None)
    """
    grid = _grid(near, points)
    held = holds(grid)
    if not held.any():
        return None
    start = int(held.argmax())
    first = 0 if start == 0 else _change(holds, int(grid[start - 1]), int(grid[start]), points) + 1
    failed = ~held[start:]
    if not failed.any():
        return Interval(first, None)
    end = start + int(failed.argmax())
    return Interval(first, _change(holds, int(grid[end - 1]), int(grid[end]), points))


def _grid(near: int, points: int) -> Cents:
    """From 0, evenly around ``near`` and by growing steps beyond."""
    around = np.linspace(0, 4 * max(near, 25), points // 2)
    everywhere = np.geomspace(1, _DEAREST_CENTS, points // 2)
    return np.unique(np.concatenate([around, everywhere]).round().astype(np.int64))


def _change(holds: Callable[[Cents], Held], low: int, high: int, points: int) -> int:
    """The last of the cents from ``low`` that hold, or fail, as ``low`` does."""
    parts = max(3, points // 16)
    while high - low > 1:
        inside = np.unique(np.linspace(low, high, parts).round().astype(np.int64))
        held = holds(inside)
        changed = int((held != held[0]).argmax())
        low, high = int(inside[changed - 1]), int(inside[changed])
    return low


def first_failure(holds: Callable[[Cents], Held], *, low: int, high: int) -> int:
    """The last of the cents from ``low`` before the first that fails, trying every one.

    For what jumps up and down by single patients, where dividing could skip a failure.

    Examples:
        >>> first_failure(lambda cents: cents % 1000 != 999, low=1, high=5000)
        998
    """
    step = 1 << 14
    for start in range(low, high + 1, step):
        cents = np.arange(start, min(start + step, high + 1))
        failed = ~holds(cents)
        if failed.any():
            return start + int(failed.argmax()) - 1
    return high


def within_a_cent(holds: Callable[[float], bool], cents: int) -> float:
    """The price between a cent that holds and the next, which does not, up to which it holds."""
    low, high = cents / 100, (cents + 1) / 100
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if holds(middle):
            low = middle
        else:
            high = middle
    return low


def last_from(holds: Callable[[float], bool], start: float) -> float | None:
    """The last price of those that hold without a gap from ``start``; nothing without an end.

    Examples:
        >>> round(last_from(lambda price: price <= 7, 5.0), 9)
        7.0
    """
    step = max(abs(start), 1.0) * _FIRST_STEP
    low, high = start, start + step
    while holds(high):
        step *= 2
        low, high = high, high + step
        if high * 100 > _DEAREST_CENTS:
            return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if holds(middle):
            low = middle
        else:
            high = middle
    return low
