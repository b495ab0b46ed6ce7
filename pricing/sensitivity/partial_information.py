"""Expected value of partial perfect information: what knowing one input would be worth.

Two methods for the same quantity, both on the draws of one probabilistic analysis (Strong, Oakley
and Brennan 2014): the net benefit given the input is estimated by a regression on a natural cubic
spline of the input, or by the mean over draws with similar inputs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pricing.draws import Draws

KNOTS = 6
"""Knots of the spline, at even quantiles of the input."""

BINS = 50
"""Groups of draws with similar inputs, of equal size."""

DRAWS_MIN = 200
"""Fewer draws tell nothing of a conditional mean."""

EvppiMethod = Literal["spline", "bins"]


@dataclass(frozen=True, slots=True)
class PartialInformation:
    """What knowing one input would be worth.

    Attributes:
        input: Its path.
        value: Expected value of knowing it exactly, in yuan.
        method: ``spline`` or ``bins``.
    """

    input: str
    value: float
    method: EvppiMethod


def evppi(
    benefits: Draws, inputs: Mapping[str, Draws], *, method: EvppiMethod = "spline"
) -> list[PartialInformation]:
    """The value of knowing each input alone, the most valuable first.

    Args:
        benefits: Net benefit by [strategy, draw].
        inputs: The draws of each input, by its path; those that do not vary are worth nothing.
        method: How the net benefit given an input is estimated.

    Returns:
        One for each input; none where there are fewer than ``DRAWS_MIN`` draws.

    Examples:
        >>> draws = np.random.default_rng(1).normal(size=(2, 5000))
        >>> benefits = np.stack([np.zeros(5000), draws[0]])
        >>> found = evppi(benefits, {"a": draws[0], "b": draws[1]})
        >>> [(one.input, round(one.value, 1)) for one in found]
        [('a', 0.4), ('b', 0.0)]
    """
    if benefits.shape[1] < DRAWS_MIN:
        return []
    # Only differences matter, and one strategy less has to be fitted.
    increments = (benefits - benefits[0])[1:]
    found = [
        PartialInformation(path, _value(increments, values, method), method)
        for path, values in inputs.items()
        if values.shape[-1] == benefits.shape[1]
    ]
    return sorted(found, key=lambda one: -one.value)


def _value(increments: Draws, values: Draws, method: EvppiMethod) -> float:
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    if ordered[0] == ordered[-1]:
        return 0.0
    if method == "bins":
        fitted = _binned(increments[:, order])
    else:
        fitted = _regressed(increments[:, order], ordered)
    best = np.maximum(fitted.max(axis=0), 0.0).mean()
    return max(0.0, float(best - max(0.0, *increments.mean(axis=1))))


def _binned(increments: Draws) -> Draws:
    """Means of groups; all groups have the same size but for one draw."""
    groups: Sequence[Draws] = np.array_split(increments, min(BINS, increments.shape[1]), axis=1)
    sizes = [group.shape[1] for group in groups]
    return np.repeat(np.stack([group.mean(axis=1) for group in groups], axis=1), sizes, axis=1)


def _regressed(increments: Draws, ordered: Draws) -> Draws:
    basis = _natural_spline(ordered)
    orthogonal, _ = np.linalg.qr(basis)
    return (orthogonal @ (orthogonal.T @ increments.T)).T


def _natural_spline(ordered: Draws) -> Draws:
    """A natural cubic spline: constant, line, and one bend for each inner knot."""
    scaled = (ordered - ordered.mean()) / ordered.std()
    knots = np.unique(np.quantile(scaled, np.linspace(0, 1, KNOTS)))
    columns = [np.ones_like(scaled), scaled]
    if len(knots) > 2:
        last = _truncated(scaled, knots[-2], knots[-1])
        columns += [_truncated(scaled, knot, knots[-1]) - last for knot in knots[:-2]]
    return np.stack(columns, axis=1)


def _truncated(scaled: Draws, knot: float, last: float) -> Draws:
    above = np.maximum(scaled - knot, 0)
    beyond = np.maximum(scaled - last, 0)
    return np.asarray((above**3 - beyond**3) / (last - knot), dtype=np.float64)
