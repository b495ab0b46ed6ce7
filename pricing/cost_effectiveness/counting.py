"""How the states of a cohort are counted within a cycle, and discounted.

States are known at points 0, 1, … n, a cycle lies between two points, and its costs and effects
belong to the cycle. A rule says how much of a cycle's value the states before and after it bear:

- ``start``: those at its beginning, discounted from 0;
- ``end``: those after its transition, discounted from 1;
- ``half-cycle``: the mean of the two;
- ``simpson``: points 0…n with weights 1/3, 2/3, 4/3, 2/3, …, 4/3, 1/3. A point between two
  cycles bears half of each cycle's value, which matters only where values differ by cycle.
"""

from dataclasses import dataclass

import numpy as np

from pricing.draws import Draws

COUNTING_RULES = ("start", "end", "half-cycle", "simpson")

_SHARES = {"start": (1.0, 0.0), "end": (0.0, 1.0), "half-cycle": (0.5, 0.5)}


@dataclass(frozen=True, slots=True, eq=False)
class CycleWeights:
    """How much of each cycle's value the states before and after it bear, discounted.

    Attributes:
        before: [cycle, draw], for the states at the beginning of the cycle.
        after: [cycle, draw], for the states at its end.
    """

    before: Draws
    after: Draws

    @property
    def points(self) -> Draws:
        """[point, draw]: weights of the points where a cycle's value is always the same."""
        both = np.zeros((len(self.before) + 1, self.before.shape[-1]))
        both[:-1] += self.before
        both[1:] += self.after
        return both

    def by_point(self, values: Draws) -> Draws:
        """[point, state, draw]: weighted values of the points, from values by cycle."""
        before = self.before[:, np.newaxis] * values
        both = np.zeros((len(before) + 1, *before.shape[1:]))
        both[:-1] += before
        both[1:] += self.after[:, np.newaxis] * values
        return both


def cycle_weights(
    rule: str, *, cycles: int, cycle_years: float, discount_rate: Draws
) -> CycleWeights:
    """Weights of all cycles under a counting rule, discounted by year.

    Args:
        rule: One of `COUNTING_RULES`.
        cycles: Number of cycles, at least 1.
        cycle_years: Length of a cycle.
        discount_rate: [draw], a year; a point t is discounted by (1 + rate)^-(t x cycle_years).

    Examples:
        The first cycle's end is one year away, and so it is discounted:

        >>> end = cycle_weights("end", cycles=2, cycle_years=1, discount_rate=np.array([0.25]))
        >>> end.points.ravel().tolist()
        [0.0, 0.8, 0.64]
        >>> thirds = cycle_weights("simpson", cycles=4, cycle_years=1, discount_rate=np.zeros(1))
        >>> (3 * thirds.points).ravel().round(9).tolist()
        [1.0, 2.0, 4.0, 2.0, 1.0]
    """
    before, after = _simpson(cycles) if rule == "simpson" else _constant(rule, cycles)
    years = np.arange(cycles + 1)[:, np.newaxis] * cycle_years
    factors = (1.0 + np.atleast_1d(discount_rate)) ** -years
    return CycleWeights(before[:, np.newaxis] * factors[:-1], after[:, np.newaxis] * factors[1:])


def _constant(rule: str, cycles: int) -> tuple[Draws, Draws]:
    before, after = _SHARES[rule]
    return np.full(cycles, before), np.full(cycles, after)


def _simpson(cycles: int) -> tuple[Draws, Draws]:
    # As published (Alarid-Escudero 2023): odd points 2/3, even points 4/3, both ends 1/3.
    points = np.where(np.arange(cycles + 1) % 2 == 0, 4 / 3, 2 / 3)
    points[0] = points[-1] = 1 / 3
    before, after = points[:-1] / 2, points[1:] / 2
    before[0], after[-1] = points[0], points[-1]
    return before, after
