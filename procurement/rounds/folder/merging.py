"""Lines that describe one thing together: a lot of several strengths, a bid of several quotes."""

from collections.abc import Sequence
from dataclasses import Field, replace
from typing import Any, ClassVar, Protocol, TypeVar

from procurement.rounds.folder.faults import quoted
from procurement.rounds.folder.tables import Column, Row


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


T = TypeVar("T", bound=_Dataclass)


def merge(first: T, again: T, row: Row, columns: Sequence[Column[object]]) -> T:
    """Join what a further line says about a thing to what earlier lines said.

    An empty cell is "not given" and contradicts nothing.

    Args:
        first: A dataclass with a field for each of ``columns``, from the earlier lines.
        again: The same, from ``row``.
        row: The line that may contradict; a contradiction is noted as its fault.
        columns: Those that must agree.
    """
    given: dict[str, Any] = {}
    for column in columns:
        known, value = getattr(first, column.name), getattr(again, column.name)
        if value is None or value == known:
            continue
        if known is None:
            given[column.name] = value
        else:
            problem = f"{_shown(value)} contradicts {_shown(known)} in an earlier line"
            row.fault(column, problem, "the same in all lines of one lot or bid")
    return replace(first, **given) if given else first


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return quoted(str(int(value)))
    if isinstance(value, frozenset):
        return quoted(";".join(sorted(value)))
    return quoted(str(value))
