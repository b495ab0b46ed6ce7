"""Builds the strategies of an outcome model from its layout and values, and runs them."""

from collections.abc import Sequence

import numpy as np

from pricing.cost_effectiveness import (
    CohortSettings,
    CohortStrategy,
    Outcome,
    PartitionedStrategy,
    SurvivalCurve,
    SurvivalTable,
    TreeNode,
    run_cohort,
    run_partitioned_survival,
    run_tree,
)
from pricing.draws import Draws, as_draws, chunks, number_of_draws
from pricing.model_file.outcome_layout import (
    REST,
    Branch,
    Cells,
    Curve,
    OutcomeLayout,
    StateValues,
    StrategyLayout,
)
from pricing.model_file.values import Values, stacked

_CHUNK_NUMBERS = 4_000_000
"""Transition probabilities at a time: 32 MB."""


def build_outcomes(layout: OutcomeLayout, values: Values) -> tuple[Outcome, ...]:
    """Run all strategies under some values.

    Raises:
        ModelFaultsError: A number has no meaning in one of the draws.
    """
    return tuple(build_outcome(layout, strategy, values) for strategy in layout.strategies)


def build_outcome(layout: OutcomeLayout, strategy: StrategyLayout, values: Values) -> Outcome:
    """Run one strategy, some draws at a time."""
    some = chunks(values.draws, _chunk_draws(layout))
    parts = [
        _run(layout, strategy, values if len(some) == 1 else values.of_draws(part)) for part in some
    ]
    return Outcome(
        strategy=strategy.name,
        cost=_join([part.cost for part in parts]),
        units=_join([part.units for part in parts]),
        effect=_join([part.effect for part in parts]),
    )


def _run(layout: OutcomeLayout, strategy: StrategyLayout, values: Values) -> Outcome:
    if layout.kind == "tree":
        nodes = [_node(branch, values) for branch in strategy.tree]
        outcome = run_tree(nodes, strategy=strategy.name)
        return Outcome(
            strategy=strategy.name,
            cost=outcome.cost + values[strategy.one_off_cost],
            units=outcome.units + values[strategy.negotiated_units_once],
            effect=outcome.effect,
        )
    settings = build_settings(layout, values)
    if layout.kind == "cohort":
        return run_cohort(build_cohort(layout, strategy, values), settings)
    return run_partitioned_survival(_partitioned(layout, strategy, values), settings)


def build_settings(layout: OutcomeLayout, values: Values) -> CohortSettings:
    """What the strategies share."""
    return CohortSettings(
        cycles=layout.cycles,
        cycle_years=float(values[layout.cycle_years][0]),
        discount_cost=values[layout.discount_cost],
        discount_effect=values[layout.discount_effect],
        count_cost=layout.count_cost,
        count_effect=layout.count_effect,
        states=layout.states,
    )


def build_cohort(layout: OutcomeLayout, strategy: StrategyLayout, values: Values) -> CohortStrategy:
    """The cohort model of one strategy."""
    transitions, matrix_of_cycle = _transitions(layout, strategy, values)
    return CohortStrategy(
        name=strategy.name,
        start=_start(layout, strategy, values),
        transitions=transitions,
        matrix_of_cycle=matrix_of_cycle,
        cost=_state_values(layout, strategy.cost, values),
        effect=_state_values(layout, strategy.effect, values),
        negotiated_units=_state_values(layout, strategy.negotiated_units, values),
        one_off_cost=values[strategy.one_off_cost],
        negotiated_units_once=values[strategy.negotiated_units_once],
    )


def _partitioned(
    layout: OutcomeLayout, strategy: StrategyLayout, values: Values
) -> PartitionedStrategy:
    return PartitionedStrategy(
        name=strategy.name,
        curves=tuple(_curve(curve, values) for curve in strategy.curves),
        cost=_state_values(layout, strategy.cost, values),
        effect=_state_values(layout, strategy.effect, values),
        negotiated_units=_state_values(layout, strategy.negotiated_units, values),
        one_off_cost=values[strategy.one_off_cost],
        negotiated_units_once=values[strategy.negotiated_units_once],
        crossing=strategy.crossing,
    )


def _curve(curve: Curve, values: Values) -> SurvivalCurve | SurvivalTable:
    ratio = None if curve.hazard_ratio is None else values[curve.hazard_ratio]
    if curve.kind == "table":
        years = np.array([float(values[path][0]) for path in curve.years])
        return SurvivalTable(years, stacked([values[path] for path in curve.survival]), ratio)
    parameters = {name: values[path] for name, path in curve.parameters.items()}
    return SurvivalCurve(curve.kind, parameters, ratio)


def _node(branch: Branch, values: Values) -> TreeNode:
    def of(path: str | None) -> Draws:
        return as_draws(0) if path is None else values[path]

    return TreeNode(
        node=branch.node,
        parent=branch.parent,
        probability=None if branch.probability is None else values[branch.probability],
        cost=of(branch.cost),
        effect=of(branch.effect),
        negotiated_units=of(branch.negotiated_units),
    )


def _start(layout: OutcomeLayout, strategy: StrategyLayout, values: Values) -> Draws:
    return stacked(
        [
            values[strategy.start[state]] if state in strategy.start else as_draws(0)
            for state in layout.states
        ]
    )


def _state_values(layout: OutcomeLayout, of: StateValues, values: Values) -> Draws:
    if of.everywhere is not None:
        return values[of.everywhere][np.newaxis, np.newaxis, :]
    every = bool(of.at) or any(values.uses_cycle(path) for path in of.always.values())
    by_cycle = [
        [_state_value(of, state, values, cycle) for state in layout.states]
        for cycle in (range(1, layout.cycles + 1) if every else (1,))
    ]
    return np.stack(_repeated([stacked(arrays) for arrays in by_cycle]))


def _state_value(of: StateValues, state: str, values: Values, cycle: int) -> Draws:
    path = of.at.get((cycle, state)) or of.always.get(state)
    return as_draws(0) if path is None else values.at_cycle(path, cycle)


def _repeated(arrays: Sequence[Draws]) -> Sequence[Draws]:
    """The arrays with one number of draws."""
    draws = number_of_draws(arrays)
    return [np.broadcast_to(array, (*array.shape[:-1], draws)) for array in arrays]


def matrix_cycles(
    layout: OutcomeLayout, strategy: StrategyLayout, values: Values
) -> Sequence[int | None]:
    """The cycle of each matrix that a strategy needs; None for the cycles that share one."""
    transitions = strategy.transitions
    cells = [path for row in transitions.always.values() for path in row.values() if path != REST]
    if any(values.uses_cycle(path) for path in cells):
        return range(1, layout.cycles + 1)
    named = sorted(cycle for cycle in transitions.named_cycles if cycle <= layout.cycles)
    return [*named, None] if len(named) < layout.cycles else named


def matrix(
    layout: OutcomeLayout, strategy: StrategyLayout, values: Values, cycle: int | None
) -> Draws:
    """The probabilities [from, to, draw] in a cycle, or in the cycles that are not named."""
    rows = [stacked(_row(layout, strategy, values, cycle, state)) for state in layout.states]
    return np.stack(_repeated(rows))


def _transitions(
    layout: OutcomeLayout, strategy: StrategyLayout, values: Values
) -> tuple[Draws, tuple[int, ...] | None]:
    cycles = matrix_cycles(layout, strategy, values)
    matrices = [matrix(layout, strategy, values, cycle) for cycle in cycles]
    whole = np.stack(_repeated(matrices))
    if len(matrices) == 1:
        return whole, None
    numbers = {cycle: number for number, cycle in enumerate(cycles)}
    shared = numbers.get(None, 0)
    return whole, tuple(numbers.get(cycle, shared) for cycle in range(1, layout.cycles + 1))


def _row(
    layout: OutcomeLayout,
    strategy: StrategyLayout,
    values: Values,
    cycle: int | None,
    state: str,
) -> Sequence[Draws]:
    counts = strategy.transitions.counts.get(state)
    if counts is not None:
        return proportions_of(layout, counts, values)
    cells = strategy.transitions.row(cycle, state)
    if not cells:
        return [as_draws(float(target == state)) for target in layout.states]
    found = {
        target: values.at_cycle(path, cycle or 1) for target, path in cells.items() if path != REST
    }
    rest = 1 - sum(found.values(), as_draws(0))
    return [
        rest if cells.get(target) == REST else found.get(target, as_draws(0))
        for target in layout.states
    ]


def proportions_of(layout: OutcomeLayout, counts: Cells, values: Values) -> Sequence[Draws]:
    """A row of counts as probabilities."""
    weights = {target: values[path] for target, path in counts.items()}
    total = sum(weights.values(), as_draws(0))
    # A row of zeros has no proportions; the checks of the reader refuse it.
    with np.errstate(invalid="ignore"):
        return [weights.get(target, as_draws(0)) / total for target in layout.states]


def _chunk_draws(layout: OutcomeLayout) -> int:
    if layout.kind != "cohort":
        return _CHUNK_NUMBERS // 100
    uses = len(layout.states) ** 2 * layout.cycles
    return max(64, _CHUNK_NUMBERS // uses)


def _join(arrays: Sequence[Draws]) -> Draws:
    # The first chunk has more than one draw where there are several; one there means certain.
    return arrays[0] if arrays[0].shape[-1] == 1 else np.concatenate(arrays, axis=-1)
