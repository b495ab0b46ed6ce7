"""A register that people read: cells of one column of a table, by cycle or year, are one row."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from procurement.negotiations.outputs.charts.lettering import brief
from procurement.negotiations.outputs.figures import Register

_NUMBERED = re.compile(r"(?P<stem>.+)\.(?P<number>\d+)")


def folded(register: Sequence[Register]) -> list[Register]:
    """Put together what differs in the last number of its path only.

    Examples:
        >>> cell = Register("table.dead.1", "0.1", 0.1, "", "", "", None, "")
        >>> other = replace(cell, path="table.dead.2", value="0.3", computed=0.3)
        >>> [(one.path, one.value) for one in folded([cell, other])]
        [('table.dead.1–2', '0.1 – 0.3')]
    """
    groups: dict[tuple[object, ...], list[Register]] = {}
    for number, one in enumerate(register):
        stem = _stem(one.path)
        key = (number,) if stem is None else (stem, one.unit, one.source, one.date, one.verified)
        groups.setdefault((*key, one.distribution), []).append(one)
    return [_one_of(group) for group in groups.values()]


def _stem(path: str) -> str | None:
    match = _NUMBERED.fullmatch(path)
    return None if match is None else match["stem"]


def _one_of(group: Sequence[Register]) -> Register:
    first = group[0]
    if len(group) == 1:
        return first
    numbers = sorted(int(one.path.rpartition(".")[2]) for one in group)
    path = f"{_stem(first.path)}.{_ranges(numbers)}"
    known = [one.computed for one in group if one.computed is not None]
    values = {one.value for one in group}
    if len(values) == 1:
        return replace(first, path=path)
    if len(known) == len(group):
        value = f"{brief(min(known), 6)} – {brief(max(known), 6)}"
    else:
        value = "; ".join(sorted(values))
    return replace(first, path=path, value=value, computed=None)


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers as ranges.

    Examples:
        >>> _ranges([1, 2, 3, 7])
        '1–3, 7'
    """
    parts = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        values = [value for _, value in run]
        parts.append(f"{values[0]}–{values[-1]}" if len(values) > 1 else str(values[0]))
    return ", ".join(parts)
