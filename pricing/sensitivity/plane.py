"""The cost-effectiveness plane."""

from dataclasses import dataclass

import numpy as np

from pricing.cost_effectiveness.outcome import Increment
from pricing.draws import Draws


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Increments of all draws, and how many lie where.

    Attributes:
        effect: Incremental effect by draw.
        cost: Incremental cost by draw, in yuan.
        quadrants: Part of the draws in each: ``dearer-better``, ``dearer-worse``,
            ``cheaper-better``, ``cheaper-worse``.
    """

    effect: Draws
    cost: Draws
    quadrants: dict[str, float]


def plane(increment: Increment, price: float | Draws) -> Plane:
    """Place every draw on the cost-effectiveness plane.

    Examples:
        >>> one = np.ones(2)
        >>> plane(Increment(np.array([5.0, -9.0]), one, one), 1.0).quadrants["dearer-better"]
        0.5
    """
    cost, effect = np.broadcast_arrays(increment.cost_at(price), increment.effect)
    dearer, better = cost > 0, effect > 0
    quadrants = {
        "dearer-better": dearer & better,
        "dearer-worse": dearer & ~better,
        "cheaper-better": ~dearer & better,
        "cheaper-worse": ~dearer & ~better,
    }
    return Plane(effect, cost, {name: float(inside.mean()) for name, inside in quadrants.items()})
