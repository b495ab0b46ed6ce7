"""The canonical text of a round folder: one JSON document, for storing and for digests.

Equal folders give equal texts, byte for byte. Decimals are strings; what is not given is left out;
tables are in the order of their keys, numbers before words. In the values of options, whose kind
nothing else tells, a decimal, a day and a table are marked as such.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time
from decimal import Decimal
from operator import attrgetter

from bidding.bid_sheet import (
    Answer,
    Bid,
    Choice,
    Lot,
    Quote,
    Round,
    Strength,
    Volume,
)
from pricing.money import UnitPrice
from procurement.rounds.folder.expected import Expected

VERSION = 1
"""Of the form of the text; it changes whenever an unchanged folder would give another text."""


_FIELDS: Mapping[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Answer, Bid, Choice, Expected, Lot, Quote, Strength, UnitPrice, Volume)
}
_VALUES: Mapping[type, Callable[[object], Sequence[object]]] = {
    kind: attrgetter(*names) for kind, names in _FIELDS.items()
}


def write_facts(
    sheet: Round, answers: Sequence[Answer] = (), expected: Sequence[Expected] = ()
) -> str:
    """Write all facts of a round folder as canonical JSON.

    Args:
        sheet: The round in the order in which ``read_folder`` gives it.
        answers: In that order, too.
        expected: In that order, too.

    Examples:
        >>> write_facts(Round("a round", "national-3", date(2020, 8, 20), (), ()))[:58]
        '{"version":1,"title":"a round","rulebook":"national-3","op'
    """
    document = {
        "version": VERSION,
        "title": sheet.title,
        "rulebook": sheet.rulebook,
        "opened_on": sheet.opened_on,
        "options": {key: _marked(sheet.options[key]) for key in sorted(sheet.options)},
        "lots": sheet.lots,
        "bids": sheet.bids,
        "volumes": sheet.volumes,
        "choices": sheet.choices,
        "answers": answers,
        "expected": expected,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    """What JSON has no kind for: a value object as a table of the fields that are given."""
    names = _FIELDS.get(type(value))
    if names is not None:
        contents = zip(names, _VALUES[type(value)](value), strict=True)
        return {name: content for name, content in contents if content is not None}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _marked(value: object) -> object:
    """The value of an option, so that no two different ones give the same text."""
    if isinstance(value, dict):
        return {"table": {key: _marked(value[key]) for key in sorted(value, key=_number_first)}}
    if isinstance(value, list):
        return [_marked(entry) for entry in value]
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime | date | time):
        return {type(value).__name__: value.isoformat()}
    return value


def _number_first(key: str) -> tuple[int, int, str]:
    """Sorts "2" before "10" and "10" before "11+", as tables by number are read."""
    digits = key.removesuffix("+")
    if digits.isascii() and digits.isdigit() and len(digits) <= 15:
        return (0, int(digits), key)
    return (1, 0, key)
