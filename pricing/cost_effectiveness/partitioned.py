"""Partitioned survival: the states are what lies between survival curves."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from pricing.cost_effectiveness.check import (
    check_reward_shapes,
    cost_faults,
    raise_faults,
    settings_faults,
)
from pricing.cost_effectiveness.outcome import Outcome, joined
from pricing.cost_effectiveness.rewards import (
    CohortSettings,
    nothing_by_state,
    nothing_once,
    outcome_of,
)
from pricing.cost_effectiveness.survival import Survival
from pricing.draws import Draws, chunks, number_of_draws, part_of
from pricing.faults import Fault

CROSSING_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class PartitionedStrategy:
    """One strategy of a partitioned survival model.

    Attributes:
        name: The strategy.
        curves: From the first event to death, as progression-free and overall survival; n curves
            make n + 1 states, the last of them death.
        cost: [cycle or 1, state, draw]: yuan, without the negotiated drug.
        effect: [cycle or 1, state, draw]: may be negative.
        negotiated_units: [cycle or 1, state, draw].
        one_off_cost: [draw]: yuan at the start, not discounted.
        negotiated_units_once: [draw]: units at the start, not discounted.
        crossing: What happens where an earlier event's curve lies above a later one's: ``fault``
            refuses it, ``cap`` takes the later curve for both.
    """

    name: str
    curves: tuple[Survival, ...]
    cost: Draws = field(default_factory=nothing_by_state)
    effect: Draws = field(default_factory=nothing_by_state)
    negotiated_units: Draws = field(default_factory=nothing_by_state)
    one_off_cost: Draws = field(default_factory=nothing_once)
    negotiated_units_once: Draws = field(default_factory=nothing_once)
    crossing: str = "fault"

    def of_draws(self, chosen: slice) -> "PartitionedStrategy":
        """The same values for some of the draws; the curves stay whole."""
        return replace(
            self,
            cost=part_of(self.cost, chosen),
            effect=part_of(self.effect, chosen),
            negotiated_units=part_of(self.negotiated_units, chosen),
            one_off_cost=part_of(self.one_off_cost, chosen),
            negotiated_units_once=part_of(self.negotiated_units_once, chosen),
        )


def run_partitioned_survival(strategy: PartitionedStrategy, settings: CohortSettings) -> Outcome:
    """Cost, units of the negotiated drug and effect of a strategy, discounted, for each draw.

    Args:
        strategy: Curves and values by state.
        settings: Cycles, counting, discounting; times are in years.

    Raises:
        ModelFaultsError: Curves cross and nothing is said about it, a cost is negative, counting
            or discounting is impossible.
        ModelError: A table of survival ends before the last cycle.

    Examples:
        >>> from pricing.cost_effectiveness.survival import SurvivalCurve
        >>> dying = SurvivalCurve("exponential", {"rate": np.array([0.5])})
        >>> model = PartitionedStrategy("one", (dying,), effect=np.array([[[1.0], [0.0]]]))
        >>> outcome = run_partitioned_survival(model, CohortSettings(cycles=2))
        >>> outcome.effect.round(6)
        array([1.29047])
    """
    check_reward_shapes(strategy, settings, states=len(strategy.curves) + 1)
    raise_faults([*settings_faults(settings), *cost_faults(strategy, settings)])
    curves = survival_at_points(strategy, settings)
    arrays = (*curves, strategy.cost, strategy.effect, strategy.negotiated_units)
    rates = (settings.discount_cost, settings.discount_effect)
    once = (strategy.one_off_cost, strategy.negotiated_units_once)
    parts = [
        outcome_of(
            between([part_of(curve, chosen) for curve in curves]),
            strategy.of_draws(chosen),
            settings.of_draws(chosen),
        )
        for chosen in chunks(number_of_draws((*arrays, *rates, *once)))
    ]
    return joined(parts)


def survival_at_points(strategy: PartitionedStrategy, settings: CohortSettings) -> list[Draws]:
    """[point, draw] of each curve, no later one below an earlier one.

    Raises:
        ModelFaultsError: Curves cross, and ``crossing`` is ``fault``.
    """
    years = np.arange(settings.cycles + 1, dtype=np.float64) * float(settings.cycle_years)
    curves = [curve.at(years) for curve in strategy.curves]
    if strategy.crossing == "fault":
        raise_faults(list(_crossing_faults(curves, years, strategy.name)))
    for number in reversed(range(len(curves) - 1)):
        curves[number] = np.minimum(curves[number], curves[number + 1])
    return curves


def between(curves: list[Draws]) -> Draws:
    """[point, state, draw]: the part of the cohort between neighbouring curves.

    Examples:
        >>> between([np.array([[0.5]]), np.array([[0.75]])]).ravel().tolist()
        [0.5, 0.25, 0.25]
    """
    bounds = np.broadcast_arrays(np.zeros((1, 1)), *curves, np.ones((1, 1)))
    return np.diff(np.stack(bounds, axis=1), axis=1)


def _crossing_faults(curves: list[Draws], years: Draws, strategy: str) -> Iterator[Fault]:
    for number, (earlier, later) in enumerate(pairwise(curves), start=1):
        above = (earlier - later).max(axis=-1)
        points = np.flatnonzero(above > CROSSING_TOLERANCE)
        if not len(points):
            continue
        first = points[0]
        year, by = f"{years[first]:g}", f"{above[first]:.6g}"
        yield Fault(
            where=f"cost_effectiveness.strategy.{strategy}.curves",
            zh=f"第 {number} 条曲线在第 {year} 年起高于第 {number + 1} 条（高 {by}），"
            "应不高于后者，或写明 crossing = cap",
            en=f"curve {number} is above curve {number + 1} from year {year} (by {by}): expected "
            'at most as much, or crossing = "cap"',
        )
