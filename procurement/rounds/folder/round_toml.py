"""``round.toml``: the title of a round, its rulebook, its day, and the options it supplies."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from procurement.rounds.folder.cells import CellError, parse_day, parse_name
from procurement.rounds.folder.faults import FaultList, quoted

T = TypeVar("T")

ROUND_TOML = "round.toml"
KEYS = ("title", "rulebook", "opened_on", "options")

_DEEPEST = 8
_TOO_LARGE = 10**18
_MOST_DOTS = 16
# A string that is left open goes to its end of line or text, so that none is looked at twice.
_STRINGS_AND_COMMENTS = re.compile(
    r"""\"{3}(?:\\[\s\S]|[^\\])*?(?:\"{3,5}|\\?\Z)|'{3}[\s\S]*?(?:'{3,5}|\Z)"""
    r"""|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?|\#[^\n]*"""
)
_BETWEEN_KEYS = re.compile(r"[^\w\-. \t]")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Head:
    """What ``round.toml`` says.

    Attributes:
        title: What the round is called.
        rulebook: Identifier of its rulebook.
        opened_on: Day of the opening, if known.
        options: Raw values by rule, such as ``places.by_bidders``.
    """

    title: str = ""
    rulebook: str = ""
    opened_on: date | None = None
    options: Mapping[str, object] = field(default_factory=dict)


def read_head(text: str, faults: FaultList) -> Head:
    """Read the text of ``round.toml``; its faults are noted.

    Whether the rulebook exists and declares the options is for others to say: an option keeps the
    value that TOML gives it, numbers with a decimal point as exact decimals.

    Examples:
        >>> head = read_head('''
        ... title = "a round"
        ... rulebook = "national-3"
        ... opened_on = 2020-08-20
        ... [options.places]
        ... by_bidders = { "1" = 1, "2+" = 2 }
        ... ''', FaultList())
        >>> head.opened_on
        datetime.date(2020, 8, 20)
        >>> head.options
        {'places.by_bidders': {'1': 1, '2+': 2}}
    """
    document = _Document(text, faults)
    raw = document.parse()
    if raw is None:
        return Head()
    for key in raw:
        if key not in KEYS:
            document.fault((key,), "is not a key of this file", f"only {', '.join(KEYS)}")
    return Head(
        title=document.value(raw, "title", _parse_text) or "",
        rulebook=document.value(raw, "rulebook", _parse_text) or "",
        opened_on=document.value(raw, "opened_on", _parse_day) if "opened_on" in raw else None,
        options=_read_options(document, raw.get("options", {})),
    )


@dataclass(frozen=True, slots=True)
class _Document:
    """The text of the file, to find the lines of faults in."""

    text: str
    faults: FaultList

    def parse(self) -> Mapping[str, object] | None:
        """The tables of the file; None, with a fault, where it is not TOML."""
        if _has_a_key_of_many_parts(self.text):
            # Their number squared is the memory that reading them takes.
            expected = f"at most {_MOST_DOTS} dots in a key"
            self.faults.add(ROUND_TOML, None, None, "has a key of very many parts", expected)
            return None
        try:
            return tomllib.loads(self.text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            message = str(error)
            place = _PLACE.search(message)
            line: int | None = int(place[1]) if place and place[1] else self.text.count("\n") + 1
            column = f"character {place[2]}" if place and place[2] else None
            problem = f"is not TOML ({_PLACE.sub('', message)})"
        except RecursionError:
            line, column, problem = None, None, "holds lists or tables nested too deep"
        except (ValueError, ArithmeticError):
            line, column, problem = None, None, "holds a number that is too large"
        self.faults.add(ROUND_TOML, line, column, problem, 'lines like title = "a round"')
        return None

    def fault(self, path: tuple[str, ...], problem: str, expected: str) -> None:
        """Note a fault in the value of a key."""
        # Beyond the faults that are shown, no line is searched for.
        line = None if self.faults.full else self._line_of(path)
        self.faults.add(ROUND_TOML, line, ".".join(path), problem, expected)

    def value(self, raw: Mapping[str, object], key: str, parse: Callable[[object], T]) -> T | None:
        """The value of a key that must be there; None, with a fault, where it is not sound."""
        if key not in raw:
            self.faults.add(ROUND_TOML, 1, key, "is missing", f'a line like {key} = "…"')
            return None
        try:
            return parse(raw[key])
        except CellError as error:
            self.fault((key,), error.problem, error.expected)
            return None

    def _line_of(self, path: tuple[str, ...]) -> int:
        """The line of a key: a search for its parts one after the other, good for a message."""
        position = 0
        for depth, part in enumerate(path):
            before = r"[^#\n]*?(?<![\w-])" if depth else r"[ \t\[]*[\"']?"
            key = re.compile(rf"^{before}{re.escape(part)}(?![\w-])", re.MULTILINE)
            match = key.search(self.text, position) if part else None
            if match is None:
                break
            position = match.end() if depth == len(path) - 1 else match.start()
        return self.text.count("\n", 0, position) + 1


def _has_a_key_of_many_parts(text: str) -> bool:
    bare = _STRINGS_AND_COMMENTS.sub("s", text)
    return any(key.count(".") > _MOST_DOTS for key in _BETWEEN_KEYS.split(bare))


def _read_options(document: _Document, raw: object) -> Mapping[str, object]:
    """Bring ``[options]`` to dotted keys: a table ``places`` holds the options ``places.…``."""
    if not isinstance(raw, dict):
        document.fault(("options",), f"{quoted(str(raw))} is not a table", "a table [options]")
        return {}
    options: dict[str, object] = {}
    for path, value in _option_paths(raw):
        key = ".".join(path)
        if key in options:
            document.fault(("options", *path), "is given twice", "one value")
        problem = _problem_of_value(value)
        if problem is not None:
            document.fault(("options", *path), *problem)
        options[key] = value
    return options


def _option_paths(raw: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in raw.items():
        if isinstance(value, dict) and "." not in key:
            yield from (((key, name), entry) for name, entry in value.items())
        else:
            yield (key,), value


def _problem_of_value(value: object, depth: int = 0) -> tuple[str, str] | None:
    """What keeps a value from being an option, and what was expected."""
    if isinstance(value, dict | list):
        if depth == _DEEPEST:
            return "holds tables within tables", f"at most {_DEEPEST} levels"
        entries = value.values() if isinstance(value, dict) else value
        problems = (_problem_of_value(entry, depth + 1) for entry in entries)
        return next((problem for problem in problems if problem is not None), None)
    if isinstance(value, int) and abs(value) >= _TOO_LARGE:
        return "is too large", f"a number below {_TOO_LARGE:.0e}"
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) < 18):
        return f"{quoted(str(value))} is not a usable number", "digits like 0.5"
    return None


def _parse_text(value: object) -> str:
    if not isinstance(value, str):
        raise CellError(f"{quoted(str(value))} is not a text", 'a text in "quotes"')
    return parse_name(value)


def _parse_day(value: object) -> date:
    if isinstance(value, str):
        return parse_day(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise CellError(f"{quoted(str(value))} is not a date", "a date like 2020-08-20")
    return value
