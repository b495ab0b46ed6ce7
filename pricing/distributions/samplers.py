"""What draws each kind of distribution, from its mean and spread or its usual arguments."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from scipy import stats

from pricing.distributions.arguments import DistributionError, above
from pricing.draws import Draws
from pricing.faults import shown

SPREADS = ("sd", "se", "cv")
"""Standard deviation, standard error (of the mean, used as the deviation), sd / mean."""


class Sampler(Protocol):
    """What draws: a frozen distribution of scipy, or observed values."""

    def mean(self) -> float:
        """Its mean."""

    def std(self) -> float:
        """Its standard deviation."""

    def ppf(self, q: float, /) -> float:
        """Its quantile."""

    def support(self) -> tuple[float, float]:
        """The least and the greatest possible value."""

    def rvs(self, *, size: int, random_state: np.random.Generator) -> Draws:
        """Independent values."""


def sampler_of(kind: str, numbers: Mapping[str, float]) -> Sampler:
    """What draws a kind of distribution with these arguments.

    Raises:
        DistributionError: An argument is missing or unknown, or leaves nothing to draw from.

    Examples:
        >>> float(sampler_of("beta", {"mean": 0.25, "cv": 0.1}).std())
        0.025
    """
    for names, make in _FORMS[kind]:
        if set(names) == set(numbers):
            return make(*(numbers[name] for name in names))
    spread = [name for name in SPREADS if name in numbers]
    if kind in _BY_MEAN and len(spread) == 1 and set(numbers) == {"mean", spread[0]}:
        mean, sd = numbers["mean"], numbers[spread[0]]
        above(spread[0], sd, 0)
        return _BY_MEAN[kind](mean, sd * abs(mean) if spread[0] == "cv" else sd)
    forms = [*(" + ".join(names) for names, _ in _FORMS[kind])]
    forms += ["mean + sd | se | cv"] if kind in _BY_MEAN else []
    given = " + ".join(numbers) or "no arguments"
    raise DistributionError(
        "",
        f"{kind} 的参数为 {given}；应为 {' 或 '.join(forms)}",
        f"{kind} with {given}: expected {' or '.join(forms)}",
    )


def _normal(mean: float, sd: float) -> Sampler:
    above("sd", sd, 0)
    return stats.norm(mean, sd)


def _lognormal(meanlog: float, sdlog: float) -> Sampler:
    above("sdlog", sdlog, 0)
    return stats.lognorm(sdlog, scale=math.exp(meanlog))


def _lognormal_by_mean(mean: float, sd: float) -> Sampler:
    above("mean", mean, 0)
    variance = math.log1p((sd / mean) ** 2)
    return _lognormal(math.log(mean) - variance / 2, math.sqrt(variance))


def _beta(alpha: float, beta: float) -> Sampler:
    above("alpha", alpha, 0)
    above("beta", beta, 0)
    return stats.beta(alpha, beta)


def _beta_by_mean(mean: float, sd: float) -> Sampler:
    if not 0 < mean < 1:
        raise DistributionError(
            "mean",
            f"为 {shown(mean)}；beta 分布的均值应在 0 与 1 之间",
            f"is {shown(mean)}: expected the mean of a beta distribution between 0 and 1",
        )
    widest = math.sqrt(mean * (1 - mean))
    if not sd < widest:
        raise DistributionError(
            "sd",
            f"标准差为 {shown(sd)}；均值 {shown(mean)} 的 beta 分布应小于 {shown(widest)}",
            f"is {shown(sd)}: expected below {shown(widest)}, "
            f"which a beta distribution of mean {shown(mean)} cannot reach",
        )
    size = mean * (1 - mean) / sd**2 - 1
    return _beta(mean * size, (1 - mean) * size)


def _gamma(shape: float, scale: float) -> Sampler:
    above("shape", shape, 0)
    above("scale", scale, 0)
    return stats.gamma(shape, scale=scale)


def _gamma_by_rate(shape: float, rate: float) -> Sampler:
    above("rate", rate, 0)
    return _gamma(shape, 1 / rate)


def _gamma_by_mean(mean: float, sd: float) -> Sampler:
    above("mean", mean, 0)
    return _gamma((mean / sd) ** 2, sd**2 / mean)


def _uniform(least: float, greatest: float) -> Sampler:
    above("max", greatest, least, "min ")
    return stats.uniform(least, greatest - least)


def _uniform_by_mean(mean: float, sd: float) -> Sampler:
    return _uniform(mean - math.sqrt(3) * sd, mean + math.sqrt(3) * sd)


def _triangular(least: float, mode: float, greatest: float) -> Sampler:
    above("max", greatest, least, "min ")
    if not least <= mode <= greatest:
        raise DistributionError(
            "mode",
            f"为 {shown(mode)}；应在 {shown(least)} 与 {shown(greatest)} 之间",
            f"is {shown(mode)}: expected from {shown(least)} to {shown(greatest)}",
        )
    width = greatest - least
    return stats.triang((mode - least) / width, least, width)


_Form = tuple[tuple[str, ...], Callable[..., Sampler]]

_FORMS: Mapping[str, Sequence[_Form]] = {
    "normal": (),
    "lognormal": ((("meanlog", "sdlog"), _lognormal),),
    "beta": ((("alpha", "beta"), _beta),),
    "gamma": ((("shape", "scale"), _gamma), (("shape", "rate"), _gamma_by_rate)),
    "uniform": ((("min", "max"), _uniform),),
    "triangular": ((("min", "mode", "max"), _triangular),),
}

_BY_MEAN: Mapping[str, Callable[[float, float], Sampler]] = {
    "normal": _normal,
    "lognormal": _lognormal_by_mean,
    "beta": _beta_by_mean,
    "gamma": _gamma_by_mean,
    "uniform": _uniform_by_mean,
}
