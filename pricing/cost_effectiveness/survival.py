"""Survival curves: who has had no event by a time in years, for each draw."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc, ndtr

from pricing.draws import Draws
from pricing.faults import ModelError

Parameters = Mapping[str, Draws]


def _exponential(years: Draws, of: Parameters) -> Draws:
    return np.exp(-of["rate"] * years)


def _weibull(years: Draws, of: Parameters) -> Draws:
    return np.exp(-((years / of["scale"]) ** of["shape"]))


def _gompertz(years: Draws, of: Parameters) -> Draws:
    shape, rate = np.broadcast_arrays(of["shape"], of["rate"])
    # A shape of 0 is the exponential curve, the limit of the general formula.
    safe = np.where(shape == 0, 1.0, shape)
    hazard = np.where(shape == 0, rate * years, rate / safe * np.expm1(safe * years))
    return np.exp(-hazard)


def _loglogistic(years: Draws, of: Parameters) -> Draws:
    return 1.0 / (1.0 + (years / of["scale"]) ** of["shape"])


def _lognormal(years: Draws, of: Parameters) -> Draws:
    with np.errstate(divide="ignore"):
        logarithm = np.log(years)
    return np.asarray(ndtr((of["meanlog"] - logarithm) / of["sdlog"]))


def _gamma(years: Draws, of: Parameters) -> Draws:
    return np.asarray(gammaincc(of["shape"], of["rate"] * years))


_Curve = Callable[[Draws, Parameters], Draws]

CURVES: Mapping[str, tuple[tuple[str, ...], _Curve]] = {
    "exponential": (("rate",), _exponential),
    "weibull": (("shape", "scale"), _weibull),
    "gompertz": (("shape", "rate"), _gompertz),
    "loglogistic": (("shape", "scale"), _loglogistic),
    "lognormal": (("meanlog", "sdlog"), _lognormal),
    "gamma": (("shape", "rate"), _gamma),
}
"""Names of the parameters of each kind, in years, and its formula."""

_ANY_SIGN = frozenset({("gompertz", "shape"), ("lognormal", "meanlog")})


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """A curve by its parameters.

    Attributes:
        kind: One of `CURVES`.
        parameters: [draw] each. Weibull: exp(-(t/scale)^shape). Gompertz: the hazard is
            rate x exp(shape x t). Log-logistic: 1 / (1 + (t/scale)^shape).
        hazard_ratio: [draw]: the curve to this power; none unless given.
    """

    kind: str
    parameters: Parameters
    hazard_ratio: Draws | None = None

    def __post_init__(self) -> None:
        """Refuse parameters that make no curve.

        Raises:
            ModelError: The kind is unknown, a parameter is missing, unknown or not above 0.
        """
        if self.kind not in CURVES:
            raise ModelError(f"curve {self.kind!r}: expected {', '.join(CURVES)} or table")
        names, _ = CURVES[self.kind]
        if set(names) != set(self.parameters):
            given = ", ".join(self.parameters) or "none"
            raise ModelError(f"{self.kind}: parameters {given}: expected {', '.join(names)}")
        for name in names:
            if (self.kind, name) not in _ANY_SIGN and not (self.parameters[name] > 0).all():
                raise ModelError(f"{self.kind}: {name} must be above 0")

    @property
    def arrays(self) -> tuple[Draws, ...]:
        """All of its numbers."""
        ratio = () if self.hazard_ratio is None else (self.hazard_ratio,)
        return (*self.parameters.values(), *ratio)

    def at(self, years: Draws) -> Draws:
        """[point, draw]: the part without an event at these times.

        Examples:
            >>> curve = SurvivalCurve("weibull", {"shape": np.array([2.0]), "scale": np.ones(1)})
            >>> curve.at(np.array([0.0, 1.0])).ravel().round(4).tolist()
            [1.0, 0.3679]
        """
        _, formula = CURVES[self.kind]
        survival = formula(years[:, np.newaxis], self.parameters)
        return survival if self.hazard_ratio is None else survival**self.hazard_ratio


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalTable:
    """A curve by its values at some times, as from a Kaplan-Meier estimate; straight in between.

    Attributes:
        years: [time]: rising, the first of them 0.
        survival: [time, draw]: from 1, never rising.
        hazard_ratio: [draw]: the curve to this power; none unless given.
    """

    years: Draws
    survival: Draws
    hazard_ratio: Draws | None = None

    def __post_init__(self) -> None:
        """Refuse a table that is no survival curve.

        Raises:
            ModelError: Times do not rise from 0, or the values are not 1 at first and then fall.
        """
        if len(self.years) != len(self.survival) or not len(self.years):
            raise ModelError("a survival table needs one value for each time")
        if self.years[0] != 0 or (np.diff(self.years) <= 0).any():
            raise ModelError("times of a survival table: expected 0 and then rising ones")
        if (self.survival[0] != 1).any() or (self.survival < 0).any():
            raise ModelError("a survival table begins with 1 and has no negative values")
        if (np.diff(self.survival, axis=0) > 0).any():
            raise ModelError("a survival table never rises")

    @property
    def arrays(self) -> tuple[Draws, ...]:
        """All of its numbers that may be uncertain."""
        ratio = () if self.hazard_ratio is None else (self.hazard_ratio,)
        return (self.survival, *ratio)

    def at(self, years: Draws) -> Draws:
        """[point, draw]: the part without an event at these times.

        Raises:
            ModelError: The table ends too early.

        Examples:
            >>> table = SurvivalTable(np.array([0.0, 2.0]), np.array([[1.0], [0.5]]))
            >>> table.at(np.array([0.0, 1.0, 2.0])).ravel().tolist()
            [1.0, 0.75, 0.5]
        """
        if years[-1] > self.years[-1] * (1 + 1e-12):
            raise ModelError(
                f"a survival table ends after {self.years[-1]:g} years: expected {years[-1]:g}"
            )
        after = np.clip(np.searchsorted(self.years, years), 1, len(self.years) - 1)
        span = self.years[after] - self.years[after - 1]
        part = np.clip((years - self.years[after - 1]) / span, 0.0, 1.0)[:, np.newaxis]
        survival = self.survival[after - 1] * (1 - part) + self.survival[after] * part
        return survival if self.hazard_ratio is None else survival**self.hazard_ratio


Survival = SurvivalCurve | SurvivalTable
