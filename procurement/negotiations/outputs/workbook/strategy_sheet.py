"""A strategy of a cohort model: its matrices, its trace, and what it costs and brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pricing.model_file.outcome_layout import REST, OutcomeLayout, StateValues, StrategyLayout
from procurement.negotiations.outputs.said import Said
from procurement.negotiations.outputs.workbook.book import Sheet
from procurement.negotiations.outputs.workbook.inputs_sheet import InputCells
from procurement.negotiations.outputs.workbook.live import Live, added, live, products, total
from procurement.negotiations.outputs.workbook.survival_cells import states_between, survival_at

MATRIX_TOP, TRACE_TOP = 3, 9
CYCLE, YEAR, STATES = 0, 1, 2
"""Columns of a trace."""


@dataclass(frozen=True, slots=True)
class OutcomeCells:
    """What a strategy costs and brings: cells.

    Attributes:
        name: The strategy.
        cost: Yuan, without the price of the negotiated drug.
        units: Units of the negotiated drug.
        effect: Its effect.
    """

    name: str
    cost: Live
    units: Live
    effect: Live


Matrices = Mapping[int | None, Sequence[Sequence[Live | None]]]
"""Cells of probabilities by cycle, from and to; None is the cycle that is not named."""


def write_matrices(
    sheet: Sheet, layout: OutcomeLayout, strategy: StrategyLayout, cells: InputCells
) -> Matrices:
    """Write the transition probabilities of a strategy; a cell that is always 0 stays empty."""
    title = Said(f"{strategy.name} 的转移概率", f"Transition probabilities of {strategy.name}")
    sheet.text(0, 0, title, "title")
    sheet.text(1, 0, Said("行：由；列：到。", "Rows: from; columns: to."), "note")
    sheet.widths(24, *([14] * len(layout.states)))
    found: dict[int | None, Sequence[Sequence[Live | None]]] = {}
    row = MATRIX_TOP
    for cycle in _cycles(layout, strategy, cells):
        name = (
            Said("其余各周期", "all other cycles")
            if cycle is None
            else Said(f"第 {cycle} 周期", f"cycle {cycle}")
        )
        sheet.heads(row, [name, *layout.states])
        found[cycle] = [
            _write_row(sheet, row + 1 + number, layout, strategy, cells, state, cycle)
            for number, state in enumerate(layout.states)
        ]
        row += len(layout.states) + 2
    return found


def _cycles(
    layout: OutcomeLayout, strategy: StrategyLayout, cells: InputCells
) -> Sequence[int | None]:
    transitions = strategy.transitions
    paths = [path for row in transitions.always.values() for path in row.values() if path != REST]
    if any(cells.by_cycle(path) for path in paths):
        return range(1, layout.cycles + 1)
    named = sorted(cycle for cycle in transitions.named_cycles if cycle <= layout.cycles)
    return [*named, None] if len(named) < layout.cycles else named


def _write_row(
    sheet: Sheet,
    row: int,
    layout: OutcomeLayout,
    strategy: StrategyLayout,
    cells: InputCells,
    state: str,
    cycle: int | None,
) -> Sequence[Live | None]:
    sheet.text(row, 0, state)
    formulas = _probabilities(strategy, cells, state, cycle)
    return [
        None if target not in formulas else sheet.formula(row, 1 + column, formulas[target], "part")
        for column, target in enumerate(layout.states)
    ]


def _probabilities(
    strategy: StrategyLayout, cells: InputCells, state: str, cycle: int | None
) -> Mapping[str, Live]:
    counts = strategy.transitions.counts.get(state)
    if counts is not None:
        weights = {target: cells[path] for target, path in counts.items()}
        whole = added(list(weights.values()))
        return {target: weight / whole for target, weight in weights.items()}
    row = strategy.transitions.row(cycle, state)
    if not row:
        return {state: live(1)}
    number = live(cycle or 1)
    named = {target: cells.at_cycle(path, number) for target, path in row.items() if path != REST}
    rest = 1 - added(list(named.values())) if named else live(1)
    return {target: named.get(target, rest) for target in row}


def write_trace(
    sheet: Sheet,
    layout: OutcomeLayout,
    strategy: StrategyLayout,
    cells: InputCells,
    matrices: Matrices | None,
) -> OutcomeCells:
    """Write the states of a cohort by cycle, what each cycle costs and brings, and the sums.

    Args:
        sheet: Where.
        layout: The outcome model.
        strategy: The strategy.
        cells: The inputs.
        matrices: Cells of the transition probabilities; none for a partitioned survival model,
            whose states lie between its curves.
    """
    count = len(layout.states)
    _trace_heads(sheet, layout, strategy)
    years = cells[layout.cycle_years]
    cycles = [
        sheet.formula(TRACE_TOP + 1 + point, CYCLE, live(point), "count")
        for point in range(layout.cycles + 1)
    ]
    times = [
        sheet.formula(TRACE_TOP + 1 + point, YEAR, cycle * years, "count")
        for point, cycle in enumerate(cycles)
    ]
    if matrices is None:
        points = _survival(sheet, strategy, cells, times)
    else:
        points = _states(sheet, layout, strategy, cells, matrices)
    trace = _Trace(sheet, layout, cells, points, times)
    column = STATES + count
    of = strategy
    sums = []
    for number, (values, name) in enumerate(
        ((of.cost, _COST), (of.negotiated_units, _UNITS), (of.effect, _EFFECT))
    ):
        column, amount = trace.rewards(values, name, column, row=4 + number, is_effect=number == 2)
        sums.append(amount)
    cost = sums[0] + cells[strategy.one_off_cost]
    units = sums[1] + cells[strategy.negotiated_units_once]
    return write_sums(sheet, strategy.name, cost, units, sums[2])


_COST = Said("费用（¤/周期，不含本药）", "cost of a cycle, ¤, without the drug")
_UNITS = Said("本药用量（每周期）", "units of the drug in a cycle")
_EFFECT = Said("效果（每周期）", "effect of a cycle")


def write_sums(sheet: Sheet, name: str, cost: Live, units: Live, effect: Live) -> OutcomeCells:
    """Write the totals of a strategy on top of its sheet."""
    sheet.heads(
        1, [Said("合计", "in all"), Said("费用（¤，不含本药）", "cost, ¤, without the drug")]
    )
    sheet.heads(1, [Said("本药用量", "units of the drug"), Said("效果", "effect")], 2)
    return OutcomeCells(
        name,
        sheet.formula(2, 1, cost, "result"),
        sheet.formula(2, 2, units, "result"),
        sheet.formula(2, 3, effect, "result"),
    )


def _trace_heads(sheet: Sheet, layout: OutcomeLayout, strategy: StrategyLayout) -> None:
    title = Said(f"{strategy.name}：队列在各周期末的状态", f"{strategy.name}: states of the cohort")
    sheet.text(0, 0, title, "title")
    sheet.widths(30, 14, *([14] * (len(layout.states) + 24)))
    sheet.heads(TRACE_TOP, [Said("周期末", "end of cycle"), Said("年", "years"), *layout.states])
    sheet.freeze(TRACE_TOP + 1, STATES)


def _states(
    sheet: Sheet,
    layout: OutcomeLayout,
    strategy: StrategyLayout,
    cells: InputCells,
    matrices: Matrices,
) -> list[list[Live]]:
    top = TRACE_TOP + 1
    start = [cells[strategy.start[s]] if s in strategy.start else live(0) for s in layout.states]
    points = [[sheet.formula(top, STATES + state, one, "part") for state, one in enumerate(start)]]
    for cycle in range(1, layout.cycles + 1):
        matrix = matrices.get(cycle, matrices.get(None))
        before = points[-1]
        assert matrix is not None  # noqa: S101 - every cycle is named, or the others share one
        points.append(
            [
                sheet.formula(
                    top + cycle,
                    STATES + to,
                    added(
                        [
                            part * probability
                            for part, row in zip(before, matrix, strict=True)
                            if (probability := row[to]) is not None
                        ]
                    ),
                    "part",
                )
                for to in range(len(layout.states))
            ]
        )
    return points


def _survival(
    sheet: Sheet, strategy: StrategyLayout, cells: InputCells, times: Sequence[Live]
) -> list[list[Live]]:
    points = []
    for point, time in enumerate(times):
        row = TRACE_TOP + 1 + point

        def write(state: int, number: Live, row: int = row) -> Live:
            return sheet.formula(row, STATES + state, number, "part")

        curves = [survival_at(curve, time, cells) for curve in strategy.curves]
        points.append(states_between(curves, write))
    return points


@dataclass(frozen=True, slots=True)
class _Trace:
    """The states at each point, and what is added up from them."""

    sheet: Sheet
    layout: OutcomeLayout
    cells: InputCells
    points: list[list[Live]]
    times: list[Live]

    def rewards(
        self, values: StateValues, name: Said, column: int, *, row: int, is_effect: bool
    ) -> tuple[int, Live]:
        """Write one kind of values and their discounted sum; returns the next column."""
        rule = self.layout.count_effect if is_effect else self.layout.count_cost
        rate = self.cells[self.layout.discount_effect if is_effect else self.layout.discount_cost]
        rows, column = self._values(values, name, column, row)
        self.sheet.heads(
            TRACE_TOP,
            [
                Said("期初权重", "weight at the start"),
                Said("期末权重", "weight at the end"),
                Said("期初贴现", "discount at the start"),
                Said("期末贴现", "discount at the end"),
                name,
            ],
            column,
        )
        sums = []
        for cycle in range(1, self.layout.cycles + 1):
            sums.append(self._cycle(cycle, column, rule, rate, rows[cycle - 1]))
        return column + 5, total(sums)

    def _cycle(
        self, cycle: int, column: int, rule: str, rate: Live, values: Sequence[Live]
    ) -> Live:
        line = TRACE_TOP + 1 + cycle
        before, after = counting(rule, cycle, self.layout.cycles)
        weights = [
            self.sheet.formula(line, column, before, "part"),
            self.sheet.formula(line, column + 1, after, "part"),
        ]
        discounts = [
            self.sheet.formula(line, column + 2 + place, 1 / (1 + rate) ** time, "part")
            for place, time in enumerate((self.times[cycle - 1], self.times[cycle]))
        ]
        amounts = [products(self.points[cycle - 1], values), products(self.points[cycle], values)]
        parts = [
            weight * discount * amount
            for weight, discount, amount in zip(weights, discounts, amounts, strict=True)
        ]
        return self.sheet.formula(line, column + 4, parts[0] + parts[1])

    def _values(
        self, values: StateValues, name: Said, column: int, row: int
    ) -> tuple[list[Sequence[Live]], int]:
        """Cells of the values by cycle and state: one row above, or one in each cycle."""
        states, cycles = self.layout.states, range(1, self.layout.cycles + 1)
        paths = values.always.values()
        if not values.at and not any(self.cells.by_cycle(path) for path in paths):
            self.sheet.text(row, 0, name)
            one = [
                self.sheet.formula(row, STATES + place, self._value(values, 1, state))
                for place, state in enumerate(states)
            ]
            return [one for _ in cycles], column
        heads = [Said(f"{name.zh}：{state}", f"{name.en}: {state}") for state in states]
        self.sheet.heads(TRACE_TOP, heads, column)
        rows: list[Sequence[Live]] = [
            [
                self.sheet.formula(
                    TRACE_TOP + 1 + cycle, column + place, self._value(values, cycle, state)
                )
                for place, state in enumerate(states)
            ]
            for cycle in cycles
        ]
        return rows, column + len(states)

    def _value(self, values: StateValues, cycle: int, state: str) -> Live:
        path = values.everywhere or values.at.get((cycle, state)) or values.always.get(state)
        return live(0) if path is None else self.cells.at_cycle(path, live(cycle))


def counting(rule: str, cycle: int, cycles: int) -> tuple[Live, Live]:
    """How much of a cycle's value the states before and after it bear.

    Examples:
        >>> [weight.formula("any") for weight in counting("simpson", 1, 4)]
        ['=1/3', '=1/3']
        >>> [weight.value for weight in counting("half-cycle", 3, 4)]
        [0.5, 0.5]
    """
    if rule == "simpson":
        return _simpson(cycle - 1, cycles), _simpson(cycle, cycles)
    before, after = {"start": (1.0, 0.0), "end": (0.0, 1.0)}.get(rule, (0.5, 0.5))
    return live(before), live(after)


def _simpson(point: int, cycles: int) -> Live:
    """The weight of a point in one of its cycles; inner points share theirs between two."""
    if point in (0, cycles):
        return live(1) / 3
    return live(1) / 3 if point % 2 else live(2) / 3
