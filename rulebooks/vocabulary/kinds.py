"""Kinds of values: each reads what TOML holds into an exact value, or says what it expected."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

Kind = Callable[[object], object]
"""Reads a raw value; raises ValueError with what was expected."""

_DECIMAL = re.compile(r"\d{1,12}(\.\d{1,12})?")
_NUMBER = re.compile(r"([1-9]\d*)(\+)?")
_DAY_OF_YEAR = re.compile(r"\d\d-\d\d")
# A leap year: the 29th of February is a day, too.
_ANY_YEAR = "2000-"


@dataclass(frozen=True, slots=True)
class ByNumber:
    """A table by a number (of bidders, winners, ranks), the last entry standing for all above.

    Examples:
        >>> places = ByNumber((1, 2, 2, 3))
        >>> places.at(3), places.at(40)
        (2, 3)
    """

    entries: tuple[object, ...]

    def at(self, number: int) -> object:
        """The entry for ``number``, which is 1 or more."""
        return self.entries[min(number, len(self.entries)) - 1]


def ratio(raw: object) -> Decimal:
    """An exact decimal, zero or more, written as a string such as "1.8"."""
    if not isinstance(raw, str) or not _DECIMAL.fullmatch(raw):
        raise ValueError(f'{raw!r} is no decimal: expected a string of digits such as "1.8"')
    return Decimal(raw)


def positive(raw: object) -> Decimal:
    """An exact decimal above zero."""
    value = ratio(raw)
    if value == 0:
        raise ValueError("expected more than zero")
    return value


def share(raw: object) -> Decimal:
    """An exact decimal from 0 to 1."""
    value = ratio(raw)
    if value > 1:
        raise ValueError(f"{raw!r} is above 1: expected a share from 0 to 1")
    return value


def count(raw: object) -> int:
    """A whole number, 1 or more."""
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 1:
        raise ValueError(f"{raw!r} is no count: expected a whole number, 1 or more")
    return raw


def flag(raw: object) -> bool:
    """True or false."""
    if not isinstance(raw, bool):
        raise ValueError(f"{raw!r}: expected true or false")
    return raw


def day(raw: object) -> date:
    """A date."""
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise ValueError(f"{raw!r} is no date: expected one like 2027-12-31")
    return raw


def day_of_year(raw: object) -> str:
    """A day of every year, such as "06-30"."""
    if isinstance(raw, str) and _DAY_OF_YEAR.fullmatch(raw):
        try:
            date.fromisoformat(_ANY_YEAR + raw)
        except ValueError:
            pass
        else:
            return raw
    raise ValueError(f'{raw!r} is no day of the year: expected month and day such as "06-30"')


def text(raw: object) -> str:
    """A text that is not empty."""
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(f"{raw!r}: expected a text")
    return raw


def one_of(*words: str) -> Kind:
    """One of the given words."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or raw not in words:
            raise ValueError(f"{raw!r}: expected one of {', '.join(words)}")
        return raw

    return read


def list_of(kind: Kind) -> Kind:
    """A list, in order, without repetition."""

    def read(raw: object) -> tuple[object, ...]:
        if not isinstance(raw, list) or not raw:
            raise ValueError(f"{raw!r}: expected a list")
        values = tuple(kind(entry) for entry in raw)
        if len(set(values)) < len(values):
            raise ValueError(f"{raw!r}: the same entry twice")
        return values

    return read


def row_of(kind: Kind) -> Kind:
    """A list, in order, in which entries may repeat."""

    def read(raw: object) -> tuple[object, ...]:
        if not isinstance(raw, list) or not raw:
            raise ValueError(f"{raw!r}: expected a list")
        return tuple(kind(entry) for entry in raw)

    return read


def rising(raw: object) -> tuple[Decimal, ...]:
    """Exact decimals above zero, each above the one before."""
    values = tuple(map(positive, raw)) if isinstance(raw, list) else ()
    if not values or any(low >= high for low, high in pairwise(values)):
        raise ValueError(f"{raw!r}: expected a list of rising numbers above zero")
    return values


def by_number(kind: Kind) -> Kind:
    """A table by number: ``{ "1" = …, "2" = …, "3+" = … }``, without gaps, open at the end."""

    def read(raw: object) -> ByNumber:
        if not isinstance(raw, Mapping) or not raw:
            raise ValueError(f'{raw!r}: expected a table such as {{ "1" = …, "2+" = … }}')
        entries: list[object] = []
        for position, (key, value) in enumerate(raw.items(), start=1):
            match = _NUMBER.fullmatch(key)
            if not match or int(match[1]) != position:
                raise ValueError(f'{key!r}: expected "{position}" (or "{position}+", the last)')
            if bool(match[2]) != (position == len(raw)):
                raise ValueError(f'{key!r}: the last entry, and no other, ends in "+"')
            entries.append(_within(key, kind, value))
        return ByNumber(tuple(entries))

    return read


def by_key(kind: Kind, *keys: str) -> Kind:
    """A table by name; by any name where no ``keys`` are given."""

    def read(raw: object) -> dict[str, object]:
        if not isinstance(raw, Mapping) or not raw:
            raise ValueError(f"{raw!r}: expected a table")
        for key in raw:
            if keys and key not in keys:
                raise ValueError(f"{key!r}: expected one of {', '.join(keys)}")
        return {key: _within(key, kind, value) for key, value in raw.items()}

    return read


def record(required: Mapping[str, Kind], optional: Mapping[str, Kind] | None = None) -> Kind:
    """A table with fixed fields; an optional one that is missing reads as None."""
    more = optional or {}

    def read(raw: object) -> dict[str, object]:
        if not isinstance(raw, Mapping):
            raise ValueError(f"{raw!r}: expected a table with {', '.join(required)}")
        for key in raw:
            if key not in required and key not in more:
                raise ValueError(f"{key!r}: expected one of {', '.join([*required, *more])}")
        for key in required:
            if key not in raw:
                raise ValueError(f"{key!r} is missing")
        fields = {key: _within(key, kind, raw[key]) for key, kind in required.items()}
        for key, kind in more.items():
            fields[key] = _within(key, kind, raw[key]) if key in raw else None
        return fields

    return read


def _within(key: str, kind: Kind, raw: object) -> object:
    """Read an entry, and say which one was wrong."""
    try:
        return kind(raw)
    except ValueError as fault:
        raise ValueError(f"{key}: {fault}") from None
