"""Case files: what is given, and which results somebody published for it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from math import isfinite
from pathlib import Path

from pricing.faults import FaultList
from pricing.plain_table import PlainTable
from procurement.cli.cases.expectation import Expectation, exact, leaves
from procurement.cli.errors import BadCaseError

TOLERANCE_KINDS = ("abs", "rel")


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        path: The file that it stands in.
        id: Its id.
        title: What it is about.
        kind: What is computed, several words joined by ``+``; the first one decides. Where it is
            not given the file's name says it.
        inputs: As given, mostly a table.
        expected: Published results.
    """

    path: Path
    id: str
    title: str
    kind: str
    inputs: object
    expected: tuple[Expectation, ...]

    def published(self, name: str) -> float | None:
        """The published number of a name; nothing where there is none."""
        numbers = (exact(one.value) for one in self.expected if one.name == name)
        return next((float(number) for number in numbers if number is not None), None)


def read_cases(path: Path) -> list[Case]:
    """Read a file with one case, a list of cases, or a document whose ``cases`` are one.

    Raises:
        BadCaseError: With every fault.
    """
    faults = FaultList()
    cases = [_case(path, table, faults) for table in _tables(path)]
    if faults.faults:
        raise BadCaseError(path, [str(fault) for fault in faults.faults])
    return cases


def _tables(path: Path) -> list[PlainTable]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise BadCaseError(path, [f"{fault.strerror}: expected a case file"]) from None
    except UnicodeDecodeError as fault:
        raise BadCaseError(path, [f"byte {fault.start + 1} is not UTF-8: expected UTF-8"]) from None
    except JSONDecodeError as fault:
        place = f"line {fault.lineno}, column {fault.colno}"
        raise BadCaseError(path, [f"{place}: {fault.msg}: expected a JSON document"]) from None
    except (RecursionError, ValueError):
        raise BadCaseError(path, ["nested too deep, or a number too long"]) from None
    found = [one for one in _objects(document) if isinstance(one, dict)]
    if not found or len(found) < len(list(_objects(document))):
        raise BadCaseError(path, ["expected a JSON object with id, kind, inputs and expected"])
    return [PlainTable(one, path=_path(one, number)) for number, one in enumerate(found, 1)]


def _objects(document: object) -> Iterator[object]:
    if isinstance(document, list):
        yield from document
    elif isinstance(document, dict) and isinstance(document.get("cases"), list):
        yield from document["cases"]
    else:
        yield document


def _path(document: Mapping[str, object], number: int) -> str:
    return str(document.get("id") or f"case {number}")


def _case(path: Path, table: PlainTable, faults: FaultList) -> Case:
    table.faults = faults
    return Case(
        path=path,
        id=table.word("id", default=path.stem),
        title=table.word("title", default=""),
        kind=table.word("kind", default=path.stem),
        inputs=table.value("inputs"),
        expected=tuple(_expectations(table)),
    )


def _expectations(table: PlainTable) -> Iterator[Expectation]:
    """Results with tolerances, listed or by name; or plain values, whatever their form."""
    raw = table.value("expected")
    if isinstance(raw, list) and any(_is_published(one) for one in raw):
        for one in table.tables("expected"):
            yield _expectation(one, one.word("name"))
    elif isinstance(raw, dict):
        inside = table.table("expected")
        for name in inside.names():
            if _is_published(inside.value(name)):
                yield _expectation(inside.table(name), name)
            else:
                yield from _plain(inside, name, name)
    elif raw is not None:
        yield from _plain(table, "expected")


def _plain(table: PlainTable, key: str, name: str = "") -> Iterator[Expectation]:
    for place, value in leaves(table.value(key), name):
        if isinstance(value, float) and not isfinite(value):
            table.fault(place or key, "应为有限的数", "expected a finite number")
        yield Expectation(place or key, value)


def _is_published(raw: object) -> bool:
    return isinstance(raw, dict) and "value" in raw


def _expectation(table: PlainTable, name: str) -> Expectation:
    return Expectation(
        name=name,
        value=table.number("value"),
        tolerance=table.number("tol", default=0.0, at_least=0.0),
        tolerance_kind=table.word("tol_kind", TOLERANCE_KINDS, default="abs"),
        provenance=table.word("provenance", default=""),
        known_mismatch=table.value("known_mismatch") is True,
    )
