"""Adds up what a cohort costs and brings, from its trace."""

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from pricing.cost_effectiveness.counting import CycleWeights, cycle_weights
from pricing.cost_effectiveness.outcome import Outcome
from pricing.draws import Draws, part_of


def nothing_by_state() -> Draws:
    """[cycle, state, draw]: zero in every cycle and state."""
    return np.zeros((1, 1, 1))


def nothing_once() -> Draws:
    """[draw]: zero."""
    return np.zeros(1)


def no_rate() -> Draws:
    """[draw]: no discounting."""
    return np.zeros(1)


@dataclass(frozen=True, slots=True, eq=False)
class CohortSettings:
    """What the strategies of one model share.

    Attributes:
        cycles: Number of cycles.
        cycle_years: Length of a cycle in years.
        discount_cost: [draw], a year.
        discount_effect: [draw], a year.
        count_cost: How costs and units are counted: one of `COUNTING_RULES`.
        count_effect: How effects are counted.
        states: Names of the states, for messages; numbers unless given.
    """

    cycles: int
    cycle_years: float = 1.0
    discount_cost: Draws = field(default_factory=no_rate)
    discount_effect: Draws = field(default_factory=no_rate)
    count_cost: str = "half-cycle"
    count_effect: str = "half-cycle"
    states: tuple[str, ...] = ()

    def of_draws(self, chosen: slice) -> "CohortSettings":
        """The same for some of the draws."""
        return replace(
            self,
            discount_cost=part_of(self.discount_cost, chosen),
            discount_effect=part_of(self.discount_effect, chosen),
        )

    @property
    def cost_weights(self) -> CycleWeights:
        """Discounted weights of costs and units."""
        return self._weights(self.count_cost, self.discount_cost)

    @property
    def effect_weights(self) -> CycleWeights:
        """Discounted weights of effects."""
        return self._weights(self.count_effect, self.discount_effect)

    def _weights(self, rule: str, rate: Draws) -> CycleWeights:
        return cycle_weights(
            rule, cycles=self.cycles, cycle_years=self.cycle_years, discount_rate=rate
        )


class Rewarded(Protocol):
    """What is paid and gained in the states of a cohort: strategies of either kind have it."""

    @property
    def name(self) -> str:
        """The strategy."""

    @property
    def cost(self) -> Draws:
        """[cycle or 1, state, draw]: a cycle in the state, without the negotiated drug."""

    @property
    def effect(self) -> Draws:
        """[cycle or 1, state, draw]."""

    @property
    def negotiated_units(self) -> Draws:
        """[cycle or 1, state, draw]."""

    @property
    def one_off_cost(self) -> Draws:
        """[draw]: at the start, not discounted."""

    @property
    def negotiated_units_once(self) -> Draws:
        """[draw]: at the start, not discounted."""


def outcome_of(trace: Draws, strategy: Rewarded, settings: CohortSettings) -> Outcome:
    """Add up cost, units and effect of a strategy.

    Args:
        trace: [point, state, draw], of points 0 to the number of cycles.
        strategy: Its values by cycle and state.
        settings: Counting and discounting.
    """
    paid, gained = settings.cost_weights, settings.effect_weights
    cost = added_up(trace, strategy.cost, paid)
    units = added_up(trace, strategy.negotiated_units, paid)
    return Outcome(
        strategy=strategy.name,
        cost=cost + strategy.one_off_cost,
        units=units + strategy.negotiated_units_once,
        effect=added_up(trace, strategy.effect, gained),
    )


def added_up(trace: Draws, values: Draws, weights: CycleWeights) -> Draws:
    """[draw]: the sum over cycles and states of the values of a trace."""
    states = trace.shape[1]
    if len(values) == 1:
        occupancy = _weighted(trace, weights.points)
        return np.asarray(
            (np.broadcast_to(values[0], (states, values.shape[-1])) * occupancy).sum(0)
        )
    by_point = weights.by_point(values)
    by_point = np.broadcast_to(by_point, (len(trace), states, by_point.shape[-1]))
    if by_point.shape[-1] == 1:
        return np.asarray(by_point.reshape(-1) @ trace.reshape(len(trace) * states, -1))
    if trace.shape[-1] == 1:
        return np.asarray(trace.reshape(-1) @ by_point.reshape(len(trace) * states, -1))
    return np.asarray(np.einsum("tsd,tsd->d", by_point, trace))


def _weighted(trace: Draws, points: Draws) -> Draws:
    """[state, draw]: weighted time in each state."""
    if points.shape[-1] == 1:
        flat = points[:, 0] @ trace.reshape(len(trace), -1)
        return np.asarray(flat.reshape(trace.shape[1:]))
    if trace.shape[-1] == 1:
        return np.asarray(trace[..., 0].T @ points)
    return np.asarray(np.einsum("td,tsd->sd", points, trace))
