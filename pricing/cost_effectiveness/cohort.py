"""Cohort Markov models: a cohort moves through states, cycle by cycle.

Everything is an array whose last axis are the draws, so that all draws of a probabilistic analysis
move at once; draws are taken in chunks that stay small beside the processor's cache.
"""

import numpy as np

from pricing.cost_effectiveness.check import check_cohort
from pricing.cost_effectiveness.outcome import Outcome, joined
from pricing.cost_effectiveness.rewards import CohortSettings, outcome_of
from pricing.cost_effectiveness.strategy import CohortStrategy
from pricing.draws import Draws, chunks, number_of_draws

CHUNK_BYTES = 2**21
"""Size of the trace of one chunk of draws: about what a processor keeps near."""

CHUNK_DRAWS_MIN = 64


def run_cohort(strategy: CohortStrategy, settings: CohortSettings) -> Outcome:
    """Cost, units of the negotiated drug and effect of a strategy, discounted, for each draw.

    Raises:
        ModelFaultsError: A probability below 0 or above 1, a row that does not add up to 1, a
            negative cost, a start that does not add up: all of them, with their places.

    Examples:
        Half of those alive die in each cycle; the living cost 100 and gain one year:

        >>> model = CohortStrategy(
        ...     "none",
        ...     start=np.array([[1.0], [0.0]]),
        ...     transitions=np.array([[[[0.5], [0.5]], [[0.0], [1.0]]]]),
        ...     cost=np.array([[[100.0], [0.0]]]),
        ...     effect=np.array([[[1.0], [0.0]]]),
        ... )
        >>> end = CohortSettings(cycles=2, count_cost="end", count_effect="half-cycle")
        >>> outcome = run_cohort(model, end)
        >>> outcome.cost, outcome.effect
        (array([75.]), array([1.125]))
    """
    check_cohort(strategy, settings)
    draws = number_of_draws((*strategy.arrays, settings.discount_cost, settings.discount_effect))
    size = _chunk_size(settings.cycles, strategy.start.shape[0])
    parts = [
        _run_some(strategy.of_draws(chosen), settings.of_draws(chosen))
        for chosen in chunks(draws, size)
    ]
    return joined(parts)


def trace(strategy: CohortStrategy, settings: CohortSettings) -> Draws:
    """[point, state, draw]: the cohort at points 0 to the number of cycles.

    Raises:
        ModelFaultsError: As for `run_cohort`.

    Examples:
        >>> model = CohortStrategy(
        ...     "none",
        ...     start=np.array([[1.0], [0.0]]),
        ...     transitions=np.array([[[[0.5], [0.5]], [[0.0], [1.0]]]]),
        ... )
        >>> trace(model, CohortSettings(cycles=2))[:, 0, 0].tolist()
        [1.0, 0.5, 0.25]
    """
    check_cohort(strategy, settings)
    return walk(strategy, settings.cycles)


def _run_some(strategy: CohortStrategy, settings: CohortSettings) -> Outcome:
    return outcome_of(walk(strategy, settings.cycles), strategy, settings)


def _chunk_size(cycles: int, states: int) -> int:
    return max(CHUNK_DRAWS_MIN, CHUNK_BYTES // (8 * (cycles + 1) * states))


def walk(strategy: CohortStrategy, cycles: int) -> Draws:
    """[point, state, draw]: the cohort at each point, without any check."""
    matrices = strategy.transitions
    draws = max(strategy.start.shape[-1], matrices.shape[-1])
    points = np.empty((cycles + 1, len(strategy.start), draws))
    points[0] = strategy.start
    sources = [_sources(matrix) for matrix in matrices] if matrices.shape[-1] > 1 else []
    buffer = np.empty(draws)
    for cycle in range(cycles):
        number = _matrix_number(strategy, cycle)
        if sources:
            _move(points[cycle], matrices[number], sources[number], points[cycle + 1], buffer)
        else:
            np.matmul(matrices[number, :, :, 0].T, points[cycle], out=points[cycle + 1])
    return points


def _matrix_number(strategy: CohortStrategy, cycle: int) -> int:
    if strategy.matrix_of_cycle is not None:
        return strategy.matrix_of_cycle[cycle]
    return cycle if len(strategy.transitions) > 1 else 0


def _sources(matrix: Draws) -> list[list[int]]:
    """For each state, those from which it can be reached: most cells of a matrix are 0."""
    reached = np.asarray(matrix.any(axis=-1))
    return [[int(one) for one in np.flatnonzero(reached[:, to])] for to in range(len(reached))]


def _move(now: Draws, matrix: Draws, sources: list[list[int]], then: Draws, buffer: Draws) -> None:
    for to, origins in enumerate(sources):
        if not origins:
            then[to] = 0.0
            continue
        np.multiply(now[origins[0]], matrix[origins[0], to], out=then[to])
        for origin in origins[1:]:
            np.multiply(now[origin], matrix[origin, to], out=buffer)
            then[to] += buffer
