"""Observed values, drawn again with their weights."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pricing.distributions.arguments import DistributionError, number
from pricing.draws import Draws


@dataclass(frozen=True, slots=True)
class Observed:
    """Observed values in rising order, and the part of the draws that each gets."""

    values: Draws
    parts: Draws

    def mean(self) -> float:
        """Their mean."""
        return float(self.values @ self.parts)

    def std(self) -> float:
        """Their standard deviation."""
        return math.sqrt(float((self.values - self.mean()) ** 2 @ self.parts))

    def ppf(self, q: float, /) -> float:
        """The first value that is not exceeded with a probability."""
        # The last sum may lie a little below 1.
        at = int(np.searchsorted(np.cumsum(self.parts), q - 1e-12))
        return float(self.values[min(at, len(self.values) - 1)])

    def support(self) -> tuple[float, float]:
        """The least and the greatest of them."""
        return float(self.values[0]), float(self.values[-1])

    def rvs(self, *, size: int, random_state: np.random.Generator) -> Draws:
        """Some of them, with replacement."""
        return random_state.choice(self.values, size=size, p=self.parts)


def observed(arguments: Mapping[str, object]) -> Observed:
    """The observed values of a distribution's arguments.

    Raises:
        DistributionError: No values, or weights that do not fit them.

    Examples:
        >>> observed({"values": [3, 1], "weights": [1, 3]}).mean()
        1.5
    """
    for name in arguments:
        if name not in ("values", "weights"):
            raise DistributionError(
                name, "未知的参数；应为 values、weights", "is unknown: expected values, weights"
            )
    values = _numbers("values", arguments.get("values"))
    weights = _numbers("weights", arguments["weights"]) if "weights" in arguments else None
    if weights is None:
        weights = np.ones(len(values))
    if len(weights) != len(values) or (weights < 0).any() or not weights.any():
        raise DistributionError(
            "weights",
            f"应为 {len(values)} 个不为负、不全为 0 的数",
            f"expected {len(values)} numbers, none negative and not all 0",
        )
    order = np.argsort(values, kind="stable")
    return Observed(values[order], weights[order] / weights.sum())


def _numbers(name: str, value: object) -> Draws:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise DistributionError(name, "应为一列数", "expected a list of numbers")
    return np.array([number(name, entry) for entry in value], dtype=np.float64)
