"""Checks of values: what an input may be, shares that add up, rows that add up to 1."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pricing.budget_impact.model import SHARES_TOLERANCE
from pricing.cost_effectiveness.check import SUM_TOLERANCE
from pricing.draws import Draws, as_draws
from pricing.faults import FaultList, shown
from pricing.model_file.budget_layout import BudgetLayout, Paths
from pricing.model_file.build_outcome import matrix, matrix_cycles
from pricing.model_file.inputs import PARAMETER, Input, admits_words
from pricing.model_file.outcome_layout import REST, Branch, OutcomeLayout, StrategyLayout
from pricing.model_file.places import Place
from pricing.model_file.quantities import PROBABILITY
from pricing.model_file.values import Names, Values
from pricing.units import is_part

Cells = tuple[str, ...]


@dataclass(slots=True)
class ValueChecks:
    """Looks at the values of a model, of its own or of a scenario.

    Attributes:
        names: All inputs.
        values: Their values.
        sound: The inputs that can be worked out.
        faults: Where faults are noted.
        scenario: Its name, or an empty text.
        replaced: Where it stands what the scenario replaces, by path.
        beside: Values that were looked at already: what is equal there is not looked at again.
    """

    names: Names
    values: Values
    sound: frozenset[str]
    faults: FaultList
    scenario: str = ""
    replaced: Mapping[str, Place] = field(default_factory=dict)
    beside: Values | None = None

    def check_inputs(self, *, cycles: int) -> None:
        """Note every value that is no number, or that its input may not have, in any cycle."""
        for path in (path for path in self.names.inputs if path in self.sound):
            whole = _over_cycles(self.values, path, cycles)
            before = None if self.beside is None else _over_cycles(self.beside, path, cycles)
            if before is None or not np.array_equal(whole, before):
                own = self.names.inputs[path]
                self._check_number(own, float(whole.min()), float(whole.max()))

    def _check_number(self, own: Input, lowest: float, highest: float) -> None:
        quantity = own.quantity
        if own.path.startswith(f"{PARAMETER}.") and is_part(own.unit):
            quantity = PROBABILITY
        if math.isnan(lowest):
            lowest = highest = math.nan
        if not quantity.admits(lowest, highest):
            zh, en = admits_words(quantity, lowest, highest)
            self._fault(self._place([own.path]), zh, en)

    def _fault(self, place: Place, zh: str, en: str) -> None:
        if self.scenario:
            zh, en = f"情景 {self.scenario}：{zh}", f"in scenario {self.scenario}: {en}"
        self.faults.add(place, zh, en)

    def _place(self, paths: Sequence[str]) -> Place:
        """The place of the first of some inputs that the scenario replaces, else of the first."""
        path = next((path for path in paths if path in self.replaced), paths[0])
        return self.replaced.get(path) or self.names.inputs[path].place

    def check_shares(self, layout: BudgetLayout) -> None:
        """Note a mix whose shares do not add up to 1, with the year where it depends on it."""
        for name in ("share_without", "share_with"):
            paths: list[Paths] = [getattr(one, name) for one in layout.treatments]
            if not paths or not all(path in self.sound for some in paths for path in some):
                continue
            flat = [path for some in paths for path in some]
            if self.beside is not None and all(
                np.array_equal(self.values[path], self.beside[path]) for path in flat
            ):
                continue
            totals = sum((self.values.yearly(some) for some in paths), as_draws(0)).ravel()
            off = totals - 1
            year = int(np.abs(off).argmax())
            if not abs(off[year]) <= SHARES_TOLERANCE:
                at_zh = f"第 {year + 1} 年" if len(off) > 1 else ""
                at_en = f" in year {year + 1}" if len(off) > 1 else ""
                self._fault(
                    self._place(flat),
                    f"{at_zh}各方案 {name} {_sum_zh(off[year])}",
                    f"{name} of all treatments{at_en} {_sum_en(off[year])}",
                )

    def check_strategies(self, layout: OutcomeLayout) -> None:
        """Note rows of transitions, starts and branches of trees that do not add up to 1."""
        for strategy in layout.strategies:
            if layout.kind == "cohort":
                self._check_start(strategy)
                self._check_rows(layout, strategy)
            if layout.kind == "tree":
                self._check_tree(strategy)

    def _check_start(self, strategy: StrategyLayout) -> None:
        paths = list(strategy.start.values())
        if not paths or not all(path in self.sound for path in paths):
            return
        total = float(sum(self.values[path][0] for path in paths))
        # A cohort may also be counted in heads.
        if abs(total - 1) > SUM_TOLERANCE and not (total > 1 and total.is_integer()):
            self._fault(
                self.names.inputs[paths[0]].place,
                f"起始分布之和为 {shown(total)}；应为 1 或整数人数",
                f"the start adds up to {shown(total)}: expected 1, or a whole number of people",
            )

    def _check_rows(self, layout: OutcomeLayout, strategy: StrategyLayout) -> None:
        transitions = strategy.transitions
        rows = [
            *transitions.always.values(),
            *transitions.at.values(),
            *transitions.counts.values(),
        ]
        used = {path for row in rows for path in row.values() if path != REST}
        if not used <= self.sound or not layout.states:
            return
        for counts in transitions.counts.values():
            self._check_counts(counts)
        self._check_gaps(layout, strategy)
        seen: set[Cells] = set()
        for cycle in matrix_cycles(layout, strategy, self.values):
            whole = matrix(layout, strategy, self.values, cycle)[..., 0]
            for origin, row in zip(layout.states, whole, strict=True):
                cells = tuple(transitions.row(cycle, origin).values())
                varies = any(self.values.uses_cycle(one) for one in cells if one != REST)
                if not cells or varies or cells not in seen:
                    self._check_row(strategy, cycle, origin, row)
                seen.add(cells)

    def _check_counts(self, counts: Mapping[str, str]) -> None:
        paths = list(counts.values())
        if not any(self.values[path].any() for path in paths):
            self._fault(
                self.names.inputs[paths[0]].place,
                "这一行的计数均为 0；应有大于 0 的计数",
                "all counts of this row are 0: expected one above 0",
            )

    def _check_row(
        self, strategy: StrategyLayout, cycle: int | None, origin: str, row: Draws
    ) -> None:
        transitions = strategy.transitions
        cells = transitions.row(cycle, origin)
        inputs = [self.names.inputs[path] for path in cells.values() if path != REST]
        if not inputs:
            return
        place = self._place([path for path in cells.values() if path != REST])
        at_zh = f"第 {cycle} 周期" if cycle is not None else ""
        at_en = f" in cycle {cycle}" if cycle is not None else ""
        off = float(row.sum()) - 1
        if not abs(off) <= SUM_TOLERANCE:
            self._fault(
                place,
                f"{at_zh}策略 {strategy.name} 中 {origin} 一行{_sum_zh(off)}",
                f"the row of {origin} in strategy {strategy.name}{at_en} {_sum_en(off)}",
            )
        elif row.min() < -SUM_TOLERANCE and REST in cells.values():
            self._fault(
                place,
                f"{at_zh}策略 {strategy.name} 中 {origin} 一行留给 C 的为 {shown(row.min())}；"
                "其余概率之和应不超过 1",
                f"the row of {origin} in strategy {strategy.name}{at_en} leaves {shown(row.min())} "
                "for C: expected probabilities that add up to at most 1",
            )

    def _check_gaps(self, layout: OutcomeLayout, strategy: StrategyLayout) -> None:
        """Note states whose row is given in some cycles and in others neither there nor for all."""
        transitions = strategy.transitions
        for origin in layout.states:
            named = {cycle for cycle, state in transitions.at if state == origin}
            missing = set(range(1, layout.cycles + 1)) - named
            if not named or not missing or origin in transitions.always:
                continue
            cells = transitions.at[min(named), origin]
            path = next((path for path in cells.values() if path != REST), None)
            if path is not None:
                self._fault(
                    self.names.inputs[path].place,
                    f"缺第 {min(missing)} 周期 {origin} 一行；应每个周期都有，或有不写周期的一行",
                    f"the row of {origin} is missing in cycle {min(missing)}: expected it in every "
                    "cycle, or a row without a cycle",
                )

    def _check_tree(self, strategy: StrategyLayout) -> None:
        by_parent: dict[str, list[Branch]] = {}
        for branch in strategy.tree:
            if branch.parent is not None:
                by_parent.setdefault(branch.parent, []).append(branch)
        for parent, branches in by_parent.items():
            paths = [one.probability for one in branches if one.probability is not None]
            if not paths or not all(path in self.sound for path in paths):
                continue
            off = float(sum(self.values[path][0] for path in paths)) - 1
            has_rest = len(paths) < len(branches)
            if abs(off) > SUM_TOLERANCE if not has_rest else off > SUM_TOLERANCE:
                self._fault(
                    self.names.inputs[paths[0]].place,
                    f"策略 {strategy.name} 中 {parent} 的各分支{_sum_zh(off)}",
                    f"the branches of {parent} in strategy {strategy.name}: {_sum_en(off)}",
                )


def _over_cycles(values: Values, path: str, cycles: int) -> Draws:
    if not values.uses_cycle(path):
        return values[path]
    # Plain values have one draw: the cycles may take its place.
    return values.at_cycle(path, np.arange(1, cycles + 1))


def _sum_zh(off: float) -> str:
    return f"之和为 {shown(1 + off)}；应为 1（相差 {shown(off)}）"


def _sum_en(off: float) -> str:
    return f"sums to {shown(1 + off)}: expected 1 (off by {shown(off)})"
