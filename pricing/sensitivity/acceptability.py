"""Which strategy is worth it, at which threshold, and what a wrong choice costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from pricing.cost_effectiveness.outcome import Outcome
from pricing.draws import Draws, number_of_draws

_ROOT_TWO_PI = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True, slots=True)
class Acceptability:
    """The strategies at one threshold.

    Attributes:
        threshold: Yuan per unit of effect.
        probability: By strategy: part of the draws in which it has the highest net benefit.
        preferred: The strategy with the highest expected net benefit; it makes the frontier of
            acceptability curves.
        expected_loss: By strategy: net benefit that is lost on average by choosing it, in yuan.
        evpi: Expected value of perfect information, in yuan: the loss of the preferred one.
    """

    threshold: float
    probability: dict[str, float]
    preferred: str
    expected_loss: dict[str, float]
    evpi: float


def net_benefits(outcomes: Sequence[Outcome], *, threshold: float, price: float | Draws) -> Draws:
    """Net benefit by [strategy, draw], in yuan.

    Args:
        outcomes: Of the strategies.
        threshold: Yuan per unit of effect.
        price: Of the negotiated drug: a number, or by draw.
    """
    rows = [one.net_benefit(threshold=threshold, price=price) for one in outcomes]
    return np.stack(np.broadcast_arrays(*rows))


def acceptability(benefits: Draws, names: Sequence[str], *, threshold: float) -> Acceptability:
    """Compare strategies by their net benefits in all draws.

    A draw in which several are best counts for the first of them.

    Args:
        benefits: By [strategy, draw].
        names: Of the strategies.
        threshold: At which the benefits were computed.

    Examples:
        >>> benefits = np.array([[0.0, 0, 0], [1, 1, -4]])
        >>> found = acceptability(benefits, ["old", "new"], threshold=1.0)
        >>> found.preferred, found.probability["new"].__round__(3), found.evpi.__round__(3)
        ('old', 0.667, 0.667)
    """
    means = benefits.mean(axis=1)
    draws = benefits.shape[1]
    best = np.bincount(benefits.argmax(axis=0), minlength=len(names)) / draws
    losses = float(benefits.max(axis=0).mean()) - means
    preferred = int(means.argmax())
    return Acceptability(
        threshold=threshold,
        probability=_named(names, best),
        preferred=names[preferred],
        expected_loss=_named(names, losses),
        evpi=max(0.0, float(losses[preferred])),
    )


def acceptability_curves(
    outcomes: Sequence[Outcome], *, price: float | Draws, thresholds: Sequence[float]
) -> list[Acceptability]:
    """Acceptability curves, their frontier, expected losses and the value of information.

    Args:
        outcomes: Of the strategies, in many draws.
        price: Of the negotiated drug: a number, or by draw.
        thresholds: Yuan per unit of effect.
    """
    draws = number_of_draws(
        [array for one in outcomes for array in (one.cost, one.units, one.effect)]
    )
    names = [one.strategy for one in outcomes]
    costs = np.empty((len(names), max(draws, np.size(price))))
    effects = np.empty_like(costs)
    for row, one in enumerate(outcomes):
        costs[row], effects[row] = one.cost_at(price), one.effect
    benefits = np.empty_like(costs)
    found = []
    for threshold in thresholds:
        np.multiply(effects, threshold, out=benefits)
        benefits -= costs
        found.append(acceptability(benefits, names, threshold=threshold))
    return found


def evpi_of_normal(mean: float, sd: float) -> float:
    """Expected value of perfect information where an incremental net benefit is normal.

    Examples:
        >>> round(evpi_of_normal(1.0, 5**0.5), 9)
        0.479810706
    """
    if sd == 0:
        return 0.0
    ratio = mean / sd
    density = float(np.exp(-(ratio**2) / 2)) / _ROOT_TWO_PI
    return mean * float(ndtr(ratio)) + sd * density - max(mean, 0.0)


def _named(names: Sequence[str], values: Draws) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}
