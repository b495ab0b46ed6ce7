"""From values to places in a picture, and the round values that are written along an axis."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from procurement.negotiations.outputs.charts.lettering import figure, text_width

NARROWEST = 320
"""Width in pixels for which labels are laid out; a picture may be shown at any wider one."""

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_CLOSE = 1e-9
_DECIMALS_MAX = 12
_LEAST = 1e-12
"""Values that differ by less are shown as one."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Places values between two ends: in per cent of the width, or in pixels from the top.

    Attributes:
        low: Value at the beginning.
        high: Value at the end.
        start: Place of the beginning.
        end: Place of the end.
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value; one beyond the ends is put on the end.

        Examples:
            >>> Axis(0, 200, 4, 84).at(50)
            24.0
        """
        part = (value - self.low) / (self.high - self.low)
        place = self.start + (self.end - self.start) * min(max(part, 0.0), 1.0)
        return round(place, 2)

    def holds(self, value: float) -> bool:
        """Whether a value lies between the ends."""
        slack = _CLOSE * (self.high - self.low)
        return self.low - slack <= value <= self.high + slack

    def ticks(self, most: int) -> tuple[list[float], int]:
        """Round values on the axis, at most so many, and their decimals.

        Examples:
            >>> Axis(0, 36_000, 0, 100).ticks(5)
            ([0.0, 10000.0, 20000.0, 30000.0], 0)
            >>> Axis(-0.4, 1.1, 0, 100).ticks(4)
            ([0.0, 0.5, 1.0], 1)
        """
        step = _step((self.high - self.low) / max(most - 1, 1))
        first = math.ceil(self.low / step - _CLOSE)
        last = math.floor(self.high / step + _CLOSE)
        return [number * step + 0.0 for number in range(first, last + 1)], _decimals(step)


def _step(least: float) -> float:
    """The smallest round number that is not smaller."""
    power = 10.0 ** math.floor(math.log10(least))
    fitting = (digit * power for digit in _ROUND if digit * power >= least * (1 - _CLOSE))
    return next(fitting, 10.0 * power)


def _decimals(step: float) -> int:
    exact = (n for n in range(_DECIMALS_MAX) if abs(step - round(step, n)) <= _CLOSE * step)
    return next(exact, _DECIMALS_MAX)


def axis_over(values: Iterable[float], *, start: float, end: float, from_zero: bool = True) -> Axis:
    """An axis that holds all of the values, with a little air at an end that is not 0.

    Examples:
        >>> axis_over([10, 50], start=0, end=100)
        Axis(low=0.0, high=52.5, start=0, end=100)
        >>> axis_over([], start=0, end=100)
        Axis(low=0.0, high=1.05, start=0, end=100)
    """
    known = [value for value in values if math.isfinite(value)]
    if from_zero:
        known.append(0.0)
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low <= max(_CLOSE * max(abs(low), abs(high)), _LEAST):
        high = low + (abs(low) if abs(low) > _LEAST else 1.0)
    air = (high - low) * 0.05
    low = low if from_zero and low == 0 else low - air
    high = high if from_zero and high == 0 else high + air
    return Axis(low, high, start, end)


def labelled_ticks(axis: Axis, size: float) -> list[tuple[float, str]]:
    """Places and labels of round values on a horizontal axis that do not touch each other.

    Examples:
        >>> labelled_ticks(Axis(0, 36_000, 4, 96), 12)
        [(4.0, '0'), (29.56, '10,000'), (55.11, '20,000'), (80.67, '30,000')]
    """
    for most in (6, 5, 4, 3):
        values, decimals = axis.ticks(most)
        ticks = [(axis.at(value), figure(value, decimals)) for value in values]
        if _apart(ticks, size):
            return ticks
    return ticks[:1]


def _apart(ticks: list[tuple[float, str]], size: float) -> bool:
    gap, end = 10.0, -10.0
    for place, text in ticks:
        half = text_width(text, size) / 2
        if NARROWEST * place / 100 - half < end + gap:
            return False
        end = NARROWEST * place / 100 + half
    return True
