"""Parts that add up to 1 and are drawn together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from pricing.distributions.arguments import DistributionError
from pricing.draws import Draws
from pricing.faults import shown


@dataclass(frozen=True, slots=True)
class Dirichlet:
    """A distribution of parts that add up to 1, such as a row of transition probabilities.

    Attributes:
        counts: Its arguments by name, 0 or more: observed counts.
    """

    counts: Mapping[str, float]

    def __post_init__(self) -> None:
        """Refuse counts that make no distribution.

        Raises:
            DistributionError: A count is negative, or none is above 0.
        """
        for name, count in self.counts.items():
            if not 0 <= count < math.inf:
                raise DistributionError(
                    name,
                    f"计数为 {shown(count)}；不得为负",
                    f"a count of {shown(count)}: expected no negative number",
                )
        if not any(self.counts.values()):
            raise DistributionError("", "没有大于 0 的计数", "no count is above 0: expected one")

    @property
    def means(self) -> Mapping[str, float]:
        """The expected parts."""
        total = sum(self.counts.values())
        return {name: count / total for name, count in self.counts.items()}

    def sample(self, generator: np.random.Generator, draws: int) -> Mapping[str, Draws]:
        """Draw the parts together, by name; in every draw they add up to 1.

        Examples:
            >>> drawn = Dirichlet({"A": 3, "B": 1}).sample(np.random.default_rng(1), 4)
            >>> (drawn["A"] + drawn["B"]).round(12)
            array([1., 1., 1., 1.])
        """
        counts = np.array(list(self.counts.values()), dtype=np.float64)
        weights = generator.standard_gamma(counts[:, np.newaxis], (len(counts), draws))
        return dict(zip(self.counts, weights / weights.sum(axis=0), strict=True))

    def quantile(self, name: str, part: float) -> float:
        """The quantile of one part for itself.

        Examples:
            >>> round(Dirichlet({"A": 1, "B": 1}).quantile("A", 0.25), 6)
            0.25
        """
        count, total = self.counts[name], sum(self.counts.values())
        if count in (0, total):
            return float(count == total)
        return float(stats.beta.ppf(part, count, total - count))
