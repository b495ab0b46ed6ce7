"""A distribution of one number: its moments, its quantiles, its draws."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pricing.distributions.arguments import DistributionError, number
from pricing.distributions.observed import observed
from pricing.distributions.samplers import Sampler, sampler_of
from pricing.draws import Draws
from pricing.faults import quoted

KINDS = ("normal", "lognormal", "beta", "gamma", "uniform", "triangular", "dirichlet", "empirical")
"""All kinds; `Dirichlet` is drawn for several parts together."""

_RANGE = {"low": "min", "lower": "min", "high": "max", "upper": "max"}

_ALIASES: Mapping[str, Mapping[str, str]] = {
    "normal": {"mu": "mean", "sigma": "sd"},
    "lognormal": {"mu": "meanlog", "sigma": "sdlog"},
    "beta": {"shape1": "alpha", "shape2": "beta"},
    "uniform": _RANGE,
    "triangular": _RANGE,
}
"""Other usual names of the arguments."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution of one number.

    Attributes:
        kind: One of `KINDS`.
        arguments: As they were given.
        sampler: What draws.
    """

    kind: str
    arguments: Mapping[str, object]
    sampler: Sampler = field(compare=False, repr=False)

    @property
    def mean(self) -> float:
        """Its mean."""
        return float(self.sampler.mean())

    @property
    def sd(self) -> float:
        """Its standard deviation."""
        return float(self.sampler.std())

    @property
    def support(self) -> tuple[float, float]:
        """The least and the greatest possible value."""
        least, greatest = self.sampler.support()
        return float(least), float(greatest)

    def quantile(self, part: float) -> float:
        """The value that is not exceeded with a probability.

        Examples:
            >>> round(make_distribution("normal", {"mean": 0, "sd": 1}).quantile(0.975), 4)
            1.96
        """
        return float(self.sampler.ppf(part))

    def sample(self, generator: np.random.Generator, draws: int) -> Draws:
        """Draw independent values.

        Examples:
            >>> uniform = make_distribution("uniform", {"min": 2, "max": 3})
            >>> bool((uniform.sample(np.random.default_rng(1), 100) >= 2).all())
            True
        """
        drawn = self.sampler.rvs(size=draws, random_state=generator)
        return np.asarray(drawn, dtype=np.float64)


def make_distribution(kind: str, arguments: Mapping[str, object]) -> Distribution:
    """Make a distribution of one number.

    Args:
        kind: ``normal``, ``lognormal``, ``beta``, ``gamma``, ``uniform``, ``triangular`` or
            ``empirical``.
        arguments: ``mean`` with ``sd``, ``se`` or ``cv``, or the usual ones: meanlog and sdlog;
            alpha and beta; shape and scale or rate; min and max; min, mode and max; values and
            perhaps weights.

    Raises:
        DistributionError: An argument is missing, unknown, or leaves nothing to draw from.

    Examples:
        >>> beta = make_distribution("beta", {"mean": 0.003, "se": 0.0005})
        >>> round(beta.mean, 6), round(beta.sd, 6), beta.support
        (0.003, 0.0005, (0.0, 1.0))
        >>> make_distribution("uniform", {"min": 2, "max": 2})
        Traceback (most recent call last):
        pricing.distributions.arguments.DistributionError: max: is 2: expected above min 2
    """
    if kind not in KINDS or kind == "dirichlet":
        known = ", ".join(name for name in KINDS if name != "dirichlet")
        raise DistributionError(
            "", f"未知的分布 {quoted(kind)}；应为 {known}", f"{quoted(kind)}: expected {known}"
        )
    if kind == "empirical":
        return Distribution(kind, arguments, observed(arguments))
    aliases = _ALIASES.get(kind, {})
    numbers = {aliases.get(name, name): number(name, value) for name, value in arguments.items()}
    return Distribution(kind, arguments, sampler_of(kind, numbers))
