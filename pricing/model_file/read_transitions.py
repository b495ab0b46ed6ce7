"""Reads the transition table of a strategy, or its observed counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pricing.faults import FaultList, quoted
from pricing.model_file import quantities
from pricing.model_file.document import Section
from pricing.model_file.inputs import Register
from pricing.model_file.outcome_layout import REST, Transitions
from pricing.model_file.tables import NOTES, Row, read_table

_SPAN_MAX = 10_000
_WHOLE = 1e-9


def read_transitions(
    section: Section, register: Register, states: tuple[str, ...], *, needed: bool
) -> Transitions:
    """Read ``transitions`` or ``counts`` of a strategy."""
    if not needed:
        return Transitions()
    if "transitions" in section.raw and "counts" in section.raw:
        section.fault(
            "counts",
            "transitions 与 counts 只能给其一",
            "stands beside transitions: expected one of the two",
        )
    if "counts" in section.raw:
        return Transitions(counts=_counts(section, register, states))
    if "transitions" not in section.raw:
        section.fault(
            "transitions",
            "缺少 transitions 或 counts",
            "is missing: expected the name of a table, here or as counts",
        )
        return Transitions()
    return _probabilities(section, register, states)


def cycles_of(row: Row, faults: FaultList) -> Sequence[int | None]:
    """The cycles of a row: one, several (``3-8``), or all that are not named, for an empty cell."""
    text = row["cycle"]
    if not text:
        return (None,)
    first, dash, last = text.partition("-")
    is_number = all(
        part.strip().isascii() and part.strip().isdigit() for part in (first, last or "1")
    )
    if is_number and len(text) < 20:
        start, end = int(first), int(last) if dash and last else int(first)
        if 1 <= start <= end < start + _SPAN_MAX:
            return range(start, end + 1)
    faults.add(
        row.place("cycle"),
        f"{quoted(text)}；应为 1 起的周期、3-8 这样的区间，或留空",
        f"{quoted(text)}: expected a cycle from 1, a range like 3-8, or nothing",
    )
    return ()


@dataclass(slots=True)
class _Found:
    """The cells of a table so far."""

    always: dict[str, dict[str, str]] = field(default_factory=dict)
    at: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)

    def cells(self, cycle: int | None, state: str) -> dict[str, str]:
        """The row of a state, in a cycle or in those that are not named."""
        if cycle is None:
            return self.always.setdefault(state, {})
        return self.at.setdefault((cycle, state), {})


def _probabilities(section: Section, register: Register, states: tuple[str, ...]) -> Transitions:
    found = _Found()
    columns = ("from", "to", "probability")
    for row in read_table(section, "transitions", columns, ("cycle", *NOTES)):
        if not _states_are_known(row, states, section.faults):
            continue
        for cycle in cycles_of(row, section.faults):
            _add_cell(section, register, row, cycle, found.cells(cycle, row["from"]))
    for place, cells in found.at.items():
        if not _stands_alone(cells, register):
            for target, path in found.always.get(place[1], {}).items():
                cells.setdefault(target, path)
    return Transitions(always=found.always, at=found.at)


def _add_cell(
    section: Section, register: Register, row: Row, cycle: int | None, cells: dict[str, str]
) -> None:
    text, target = row["probability"], row["to"]
    if text == REST:
        if REST in cells.values():
            section.faults.add(
                row.place("probability"),
                f"同一行只能有一个 {REST}",
                f"a second {REST} in the row of {row['from']}: expected one",
            )
        cells[target] = REST
        return
    name = f"transitions.{row['from']}.{target}" + ("" if cycle is None else f".{cycle}")
    path = section.input_path(name)
    if not text:
        section.faults.add(
            row.place("probability"),
            f"为空；应为概率、算式或 {REST}",
            f"is empty: expected a probability, an expression or {REST}",
        )
        return
    register.cell(row, "probability", path, quantities.PROBABILITY)
    cells[target] = path


def _stands_alone(cells: dict[str, str], register: Register) -> bool:
    """Whether the row of a named cycle is whole: it has its own C, or adds up to 1 as written."""
    if REST in cells.values():
        return True
    inputs = [register.inputs.get(path) for path in cells.values()]
    numbers = [None if one is None else one.expression.constant for one in inputs]
    return None not in numbers and abs(sum(one or 0.0 for one in numbers) - 1) < _WHOLE


def _counts(
    section: Section, register: Register, states: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    rows = read_table(section, "counts", ("from", "to", "count"), NOTES)
    # Strategies that name one table share its draws: its inputs carry the name of the file.
    prefix = f"{section.text('counts')}:"
    found: dict[str, dict[str, str]] = {}
    is_new = not any(path.startswith(prefix) for path in register.inputs)
    for row in rows:
        if not _states_are_known(row, states, section.faults):
            continue
        path = f"{prefix}{row['from']}.{row['to']}"
        found.setdefault(row["from"], {})[row["to"]] = path
        if is_new:
            register.cell(row, "count", path, quantities.COUNT)
    return found


def _states_are_known(row: Row, states: tuple[str, ...], faults: FaultList) -> bool:
    for column in ("from", "to"):
        if row[column] not in states:
            words = ", ".join(states)
            faults.add(
                row.place(column),
                f"没有状态 {quoted(row[column])}；应为 {words}",
                f"{quoted(row[column])}: expected a state: {words}",
            )
            return False
    return True
