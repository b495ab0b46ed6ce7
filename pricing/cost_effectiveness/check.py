"""Finds what is wrong with the numbers of a model, all of it, each with its place."""

from collections.abc import Iterator, Sequence

import numpy as np

from pricing.cost_effectiveness.counting import COUNTING_RULES
from pricing.cost_effectiveness.rewards import CohortSettings, Rewarded
from pricing.cost_effectiveness.strategy import CohortStrategy
from pricing.draws import Draws
from pricing.faults import Fault, ModelError, ModelFaultsError

SUM_TOLERANCE = 1e-6
"""How far the probabilities of a row may add up beside 1: that of six printed decimals."""

PROBABILITY_TOLERANCE = 1e-12
"""How far arithmetic may push a probability beyond 0 or 1."""


def check_cohort(strategy: CohortStrategy, settings: CohortSettings) -> None:
    """Raise every fault in the numbers of a strategy.

    Raises:
        ModelFaultsError: A value is impossible.
        ModelError: An array has the wrong shape.
    """
    _check_shapes(strategy, settings)
    raise_faults(
        [
            *settings_faults(settings),
            *_start_faults(strategy, settings),
            *_transition_faults(strategy, settings),
            *cost_faults(strategy, settings),
        ]
    )


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raise the faults, if there are any."""
    if faults:
        raise ModelFaultsError(faults)


def state_name(settings: CohortSettings, state: int) -> str:
    """A state's name, or its number from 1 where the model names none."""
    return settings.states[state] if settings.states else str(state + 1)


def settings_faults(settings: CohortSettings) -> Iterator[Fault]:
    """What is wrong with counting and discounting."""
    for name in ("count_cost", "count_effect"):
        rule = getattr(settings, name)
        if rule not in COUNTING_RULES:
            words = ", ".join(COUNTING_RULES)
            yield _fault(name, f"“{rule}”不是计数规则，应为 {words}", f"{rule!r}: expected {words}")
    if settings.cycles < 1:
        yield _fault("cycles", "周期数须至少为 1", f"{settings.cycles}: expected at least 1")
    if settings.cycle_years <= 0:
        years = settings.cycle_years
        yield _fault("cycle_years", "周期长度须大于 0", f"{years}: expected more than 0")
    for name in ("discount_cost", "discount_effect"):
        if (getattr(settings, name) <= -1).any():
            yield _fault(name, "贴现率须大于 -1", "a discount rate must be above -1")


def cost_faults(strategy: Rewarded, settings: CohortSettings) -> Iterator[Fault]:
    """Costs and units that are negative on average; single draws of a distribution may be."""
    for name in ("cost", "negotiated_units"):
        values: Draws = getattr(strategy, name)
        means = values.mean(axis=-1)
        for cycle, state in np.argwhere(means < 0):
            place = _cell(settings, int(cycle), len(values), state_name(settings, int(state)))
            said = f"{means[cycle, state]:g}"
            yield _fault(
                f"strategy.{strategy.name}.{name}",
                f"{place[0]}为负数 {said}，应不小于 0",
                f"{place[1]}: {said} is negative: expected 0 or more",
            )
    for name in ("one_off_cost", "negotiated_units_once"):
        mean = getattr(strategy, name).mean()
        if mean < 0:
            place_once = f"strategy.{strategy.name}.{name}"
            yield _fault(place_once, f"为负数 {mean:g}，应不小于 0", f"{mean:g} is negative")


def _start_faults(strategy: CohortStrategy, settings: CohortSettings) -> Iterator[Fault]:
    where = f"strategy.{strategy.name}.start"
    for state in np.flatnonzero((strategy.start < 0).any(axis=-1)):
        name = state_name(settings, int(state))
        yield _fault(where, f"状态 {name} 的起始比例为负数", f"state {name}: negative")
    totals = strategy.start.sum(axis=0)
    # A cohort may also be counted in heads.
    heads = (totals > 1) & (totals == np.round(totals))
    wrong = np.flatnonzero((np.abs(totals - 1) > SUM_TOLERANCE) & ~heads)
    if len(wrong):
        total = f"{totals[wrong[0]]:.9g}"
        yield _fault(
            where,
            f"起始比例之和为 {total}，应为 1（或为整数人数）",
            f"adds up to {total}: expected 1, or a whole number of persons",
        )


def _transition_faults(strategy: CohortStrategy, settings: CohortSettings) -> Iterator[Fault]:
    where = f"strategy.{strategy.name}.transitions"
    matrices = strategy.transitions
    least, most = matrices.min(axis=-1), matrices.max(axis=-1)
    outside = (least < -PROBABILITY_TOLERANCE) | (most > 1 + PROBABILITY_TOLERANCE)
    # Comparisons with what is not a number are false, hence the negations.
    outside |= ~(least >= -PROBABILITY_TOLERANCE)
    for number, origin, target in np.argwhere(outside):
        place = _cell(
            settings,
            _cycle_of(strategy, int(number)),
            len(matrices),
            _arrow(settings, int(origin), int(target)),
        )
        low, high = least[number, origin, target], most[number, origin, target]
        value = f"{low if low < 0 else high:.9g}"
        yield _fault(
            where,
            f"{place[0]}的概率为 {value}，应在 0 与 1 之间",
            f"{place[1]}: probability {value}: expected 0 to 1",
        )
    yield from _row_faults(strategy, settings, where)


def _row_faults(strategy: CohortStrategy, settings: CohortSettings, where: str) -> Iterator[Fault]:
    off = strategy.transitions.sum(axis=2) - 1
    worst = np.take_along_axis(off, np.abs(off).argmax(axis=-1)[..., np.newaxis], axis=-1)[..., 0]
    for number, origin in np.argwhere(np.abs(worst) > SUM_TOLERANCE):
        by = float(worst[number, origin])
        name = state_name(settings, int(origin))
        cycle = _cycle_of(strategy, int(number))
        place = _cell(settings, cycle, len(strategy.transitions), f"{name} →")
        much = "多" if by > 0 else "少"
        yield _fault(
            where,
            f"{place[0]}各概率之和为 {1 + by:.9g}，{much} {abs(by):.6g}，应为 1",
            f"{place[1]}: the probabilities add up to {1 + by:.9g}, {abs(by):.6g} too "
            f"{'much' if by > 0 else 'little'}: expected 1",
        )


def _cycle_of(strategy: CohortStrategy, number: int) -> int:
    """The first cycle (from 0) that uses a matrix."""
    if strategy.matrix_of_cycle is None:
        return number
    return strategy.matrix_of_cycle.index(number) if number in strategy.matrix_of_cycle else number


def _arrow(settings: CohortSettings, origin: int, target: int) -> str:
    return f"{state_name(settings, origin)} → {state_name(settings, target)}"


def _cell(settings: CohortSettings, cycle: int, cycles: int, rest: str) -> tuple[str, str]:
    """Words for a cell of a table, in Chinese and English; one cycle stands for all."""
    if cycles == 1:
        return rest, rest
    return f"第 {cycle + 1} 周期 {rest}", f"cycle {cycle + 1}, {rest}"


def _fault(place: str, zh: str, en: str) -> Fault:
    return Fault(where=f"cost_effectiveness.{place}", zh=zh, en=en)


def _check_shapes(strategy: CohortStrategy, settings: CohortSettings) -> None:
    states = len(strategy.start)
    matrices = strategy.transitions
    if matrices.ndim != 4 or matrices.shape[1:3] != (states, states):
        raise ModelError(
            f"transitions: {matrices.shape}: expected [cycle, {states}, {states}, draw]"
        )
    if strategy.matrix_of_cycle is None:
        _check_cycles("transitions", len(matrices), settings)
    elif len(strategy.matrix_of_cycle) != settings.cycles:
        raise ModelError(f"matrix_of_cycle: expected {settings.cycles} numbers")
    check_reward_shapes(strategy, settings, states=states)


def check_reward_shapes(strategy: Rewarded, settings: CohortSettings, *, states: int) -> None:
    """Raise a `ModelError` where values by cycle and state have the wrong shape."""
    for name in ("cost", "effect", "negotiated_units"):
        values: Draws = getattr(strategy, name)
        if values.ndim != 3 or values.shape[1] not in (1, states):
            raise ModelError(f"{name}: {values.shape}: expected [cycle, {states}, draw]")
        _check_cycles(name, len(values), settings)


def _check_cycles(name: str, given: int, settings: CohortSettings) -> None:
    if given not in (1, settings.cycles):
        raise ModelError(f"{name}: {given} cycles: expected 1 or {settings.cycles}")
