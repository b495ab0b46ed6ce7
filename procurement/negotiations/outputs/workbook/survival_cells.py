"""Survival curves as formulas, and the states that lie between them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from scipy.special import gammainc, ndtr

from pricing.model_file.outcome_layout import Curve
from procurement.negotiations.outputs.workbook.inputs_sheet import InputCells
from procurement.negotiations.outputs.workbook.live import Live, called, exp, live, log, minimum

Parameters = Mapping[str, Live]


def _exponential(time: Live, of: Parameters) -> Live:
    return exp(-(of["rate"] * time))


def _weibull(time: Live, of: Parameters) -> Live:
    return exp(-((time / of["scale"]) ** of["shape"]))


def _gompertz(time: Live, of: Parameters) -> Live:
    if of["shape"].value == 0:
        return _exponential(time, of)
    return exp(-(of["rate"] / of["shape"] * (exp(of["shape"] * time) - 1)))


def _loglogistic(time: Live, of: Parameters) -> Live:
    return 1 / (1 + (time / of["scale"]) ** of["shape"])


def _lognormal(time: Live, of: Parameters) -> Live:
    score = (of["meanlog"] - log(time)) / of["sdlog"]
    return called("NORMSDIST", float(ndtr(score.value)), [score])


def _gamma(time: Live, of: Parameters) -> Live:
    value = float(gammainc(of["shape"].value, of["rate"].value * time.value))
    return 1 - called("GAMMADIST", value, [time, of["shape"], 1 / of["rate"], live(1)])


_FORMULAS: Mapping[str, Callable[[Live, Parameters], Live]] = MappingProxyType(
    {
        "exponential": _exponential,
        "weibull": _weibull,
        "gompertz": _gompertz,
        "loglogistic": _loglogistic,
        "lognormal": _lognormal,
        "gamma": _gamma,
    }
)


def survival_at(curve: Curve, time: Live, cells: InputCells) -> Live:
    """The part without an event at a time in years, as a formula."""
    if time.value == 0:
        return live(1)
    if curve.kind == "table":
        found = _between(curve, time, cells)
    else:
        parameters = {name: cells[path] for name, path in curve.parameters.items()}
        found = _FORMULAS[curve.kind](time, parameters)
    return found if curve.hazard_ratio is None else found ** cells[curve.hazard_ratio]


def _between(curve: Curve, time: Live, cells: InputCells) -> Live:
    """The straight line between the two times of a table around a time."""
    times = [cells[path] for path in curve.years]
    after = next(
        (n for n, one in enumerate(times) if n and one.value >= time.value), len(times) - 1
    )
    low, high = times[after - 1], times[after]
    part = (time - low) / (high - low)
    before, then = cells[curve.survival[after - 1]], cells[curve.survival[after]]
    return before + (then - before) * part


def states_between(curves: Sequence[Live], write: Callable[[int, Live], Live]) -> list[Live]:
    """The states at one point: what lies between neighbouring curves, the last one is death.

    Args:
        curves: From the first event to death.
        write: Writes the formula of a state, by its number; returns the cell.
    """
    capped = list(curves)
    for number in reversed(range(len(capped) - 1)):
        capped[number] = minimum([capped[number], capped[number + 1]])
    states = [capped[0]]
    states += [later - earlier for earlier, later in pairwise(capped)]
    states.append(1 - capped[-1])
    return [write(number, state) for number, state in enumerate(states)]
