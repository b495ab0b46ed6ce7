"""One input at a time: what its uncertainty alone does to results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pricing.draws import Draws

Evaluate = Callable[[Mapping[str, Draws]], Mapping[str, Draws]]
"""Inputs by path, as many draws as there are points, to named results by draw."""


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where one input is varied.

    Attributes:
        base: Its plain value.
        low: The lower value.
        high: The higher value.
    """

    base: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One input's bar in a tornado, for one result.

    Attributes:
        input: Path of the input.
        low: Its lower value.
        high: Its higher value.
        at_low: The result at the lower value; none where there is no result.
        at_high: The result at the higher value.
    """

    input: str
    low: float
    high: float
    at_low: float | None
    at_high: float | None

    @property
    def width(self) -> float:
        """How far the result moves; without end where it is lost at one of them."""
        if self.at_low is None or self.at_high is None:
            return 0.0 if self.at_low is self.at_high else float("inf")
        return abs(self.at_high - self.at_low)


def one_way(evaluate: Evaluate, inputs: Mapping[str, Range]) -> dict[str, list[Bar]]:
    """Vary each input alone between two values, the others at their plain ones.

    All points are evaluated together, as if they were draws: two for each input.

    Args:
        evaluate: The model.
        inputs: The inputs that are varied.

    Returns:
        By result: the bars, the widest first (a tornado).

    Examples:
        >>> def model(point):
        ...     return {"cost": point["price"] * point["units"]}
        >>> ranges = {"price": Range(10, 9, 12), "units": Range(3, 1, 4)}
        >>> for bar in one_way(model, ranges)["cost"]:
        ...     print(bar.input, bar.at_low, bar.at_high)
        units 10.0 40.0
        price 27.0 36.0
    """
    if not inputs:
        return {}
    results = evaluate(_points(inputs))
    return {name: tornado(values, inputs) for name, values in results.items()}


def _points(inputs: Mapping[str, Range]) -> dict[str, Draws]:
    points = {
        path: np.full(2 * len(inputs), one.base, dtype=np.float64) for path, one in inputs.items()
    }
    for index, (path, one) in enumerate(inputs.items()):
        points[path][2 * index : 2 * index + 2] = one.low, one.high
    return points


def tornado(values: Draws, inputs: Mapping[str, Range]) -> list[Bar]:
    """The bars of one result, the widest first.

    Args:
        values: The result at the low and the high value of each input in turn.
        inputs: The inputs in the same order.
    """
    spread = np.broadcast_to(values, 2 * len(inputs))
    bars = [
        Bar(path, one.low, one.high, _finite(spread[2 * index]), _finite(spread[2 * index + 1]))
        for index, (path, one) in enumerate(inputs.items())
    ]
    return sorted(bars, key=lambda bar: -bar.width)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
