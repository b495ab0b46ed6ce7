"""Rates and probabilities, and what a relative risk or a hazard ratio does to them.

A relative risk multiplies probabilities, a hazard ratio multiplies rates: the one for the other is
a classical mistake, and large where events are frequent.
"""

from collections.abc import Sequence

import numpy as np

from pricing.draws import Draws
from pricing.faults import ModelError


def rate_to_probability(rate: Draws, *, years: float = 1.0) -> Draws:
    """Probability of an event within a time, at a constant rate a year.

    Examples:
        >>> rate_to_probability(np.array([0.5])).round(6).tolist()
        [0.393469]
    """
    return -np.expm1(-rate * years)


def probability_to_rate(probability: Draws, *, years: float = 1.0) -> Draws:
    """Constant rate a year that gives this probability within a time; infinite for 1.

    Examples:
        >>> probability_to_rate(np.array([0.393469340287])).round(9).tolist()
        [0.5]
    """
    with np.errstate(divide="ignore"):
        return -np.log1p(-probability) / years


def over_another_time(probability: Draws, *, years: float, new_years: float) -> Draws:
    """A probability known for one time, for another one, at a constant rate.

    Examples:
        A yearly probability of 19 % is one of 10 % in half a year:

        >>> over_another_time(np.array([0.19]), years=1, new_years=0.5).round(9).tolist()
        [0.1]
    """
    return rate_to_probability(probability_to_rate(probability, years=years), years=new_years)


def apply_hazard_ratio(probability: Draws, hazard_ratio: Draws) -> Draws:
    """The probability after its rate is multiplied by a hazard ratio.

    Examples:
        >>> apply_hazard_ratio(np.array([0.5]), np.array([2.0])).tolist()
        [0.75]
    """
    return rate_to_probability(probability_to_rate(probability) * hazard_ratio)


def apply_relative_risk(transitions: Draws, relative_risk: Draws) -> Draws:
    """Transitions whose probabilities of leaving a state are multiplied by a relative risk.

    Args:
        transitions: [..., from, to, draw].
        relative_risk: [draw].

    Returns:
        The same shape; staying takes what is left, which the kernel refuses where it is below 0.

    Examples:
        >>> matrix = np.array([[[0.6], [0.4]], [[0.0], [1.0]]])
        >>> apply_relative_risk(matrix, np.array([0.5]))[..., 0].tolist()
        [[0.8, 0.2], [0.0, 1.0]]
    """
    return with_staying(transitions * relative_risk)


def with_staying(leaving: Draws) -> Draws:
    """Transitions from the probabilities of leaving: staying is what they leave.

    Args:
        leaving: [..., from, to, draw]; its diagonal does not count.

    Examples:
        >>> with_staying(np.array([[[0.0], [0.25]], [[0.0], [0.0]]]))[..., 0].tolist()
        [[0.75, 0.25], [0.0, 1.0]]
    """
    matrix = np.array(leaving)
    states = np.arange(matrix.shape[-2])
    matrix[..., states, states, :] = 0.0
    matrix[..., states, states, :] = 1.0 - matrix.sum(axis=-2)
    return matrix


def given_survival(leaving: Draws, death: Draws) -> Draws:
    """Transitions from probabilities among the living, which hold for those who do not die.

    Args:
        leaving: [..., from, to, draw] among the living states; its diagonal does not count.
        death: [..., from, draw]: of dying in the cycle.

    Returns:
        [..., from, to, draw] with death as the last state.

    Examples:
        >>> matrix = given_survival(
        ...     np.array([[[0.0], [0.5]], [[0.0], [0.0]]]), np.array([[0.2], [0.4]])
        ... )
        >>> matrix[..., 0].round(9).tolist()
        [[0.4, 0.4, 0.2], [0.0, 0.6, 0.4], [0.0, 0.0, 1.0]]
    """
    states = leaving.shape[-2]
    if death.shape[-2] != states:
        raise ModelError(f"death: {death.shape[-2]} states: expected {states}")
    alive = leaving * (1.0 - death)[..., np.newaxis, :]
    shape = np.broadcast_shapes(alive.shape[:-3], death.shape[:-2])
    draws = max(alive.shape[-1], death.shape[-1])
    matrix = np.zeros((*shape, states + 1, states + 1, draws))
    matrix[..., :states, :states, :] = alive
    matrix[..., :states, states, :] = death
    return with_staying(matrix)


def weibull_probabilities(
    *, scale: Draws, shape: Draws, cycles: int, cycle_years: float = 1.0
) -> Draws:
    """[cycle, draw]: probability of the event in each cycle for those without it before.

    The cumulative hazard is ``scale * t ** shape`` (Briggs 2006), t in years.

    Examples:
        >>> weibull_probabilities(scale=np.array([0.5]), shape=np.ones(1), cycles=2).round(6)
        array([[0.393469],
               [0.393469]])
    """
    years = np.arange(cycles + 1)[:, np.newaxis] * cycle_years
    return -np.expm1(-np.diff(scale * years**shape, axis=0))


def by_age(
    ages: Sequence[float],
    values: Draws,
    *,
    start_age: float,
    cycles: int,
    cycle_years: float = 1.0,
) -> Draws:
    """[cycle, draw]: a life table's values in each cycle, by the age at its beginning.

    Args:
        ages: First age of each band, rising; the last band is open.
        values: [band, draw], rates or probabilities as they are printed: for the table's own time.
        start_age: Age at point 0.
        cycles: Number of cycles.
        cycle_years: Length of a cycle.

    Raises:
        ModelError: The table begins above the cohort's age, or its ages do not rise.

    Examples:
        >>> table = np.array([[0.01], [0.02]])
        >>> by_age([60, 65], table, start_age=63, cycles=4).ravel().tolist()
        [0.01, 0.01, 0.02, 0.02]
    """
    bands = np.asarray(ages, dtype=float)
    if len(bands) != len(values) or (np.diff(bands) <= 0).any():
        raise ModelError("a life table needs rising ages and one row for each")
    if start_age < bands[0]:
        raise ModelError(f"the life table begins at age {bands[0]:g}: expected {start_age:g}")
    # Cycles of a twelfth of a year must not reach a birthday a rounding error too late.
    reached = start_age + np.arange(cycles) * cycle_years + 1e-9
    return np.asarray(values[np.searchsorted(bands, reached, side="right") - 1])
