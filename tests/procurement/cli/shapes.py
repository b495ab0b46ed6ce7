"""Checks JSON documents against the names and kinds of fields that interfaces.md promises."""

import json
import re
from typing import Any

DECIMAL = re.compile(r"-?[0-9]+([.][0-9]+)?")
"""Exact decimals are strings: no exponent, no separators."""

Kind = Any
"""A type, ``DECIMAL``, a tuple of alternatives, a list of one kind, or fields by name."""


def parse(text: str) -> Any:
    """Parse one JSON document in which no number may be inexact."""
    document, end = json.JSONDecoder(parse_float=_refuse_float).raw_decode(text)
    assert text[end:] == "\n"
    return document


def _refuse_float(text: str) -> None:
    raise AssertionError(f"{text}: decimals are strings")


def assert_shape(value: Any, kind: Kind, place: str = "document") -> None:
    """Check a value; more fields than named are allowed, fewer are not."""
    if isinstance(kind, tuple):
        assert any(_fits(value, one, place) for one in kind), f"{place}: {value!r}"
    elif isinstance(kind, dict):
        assert isinstance(value, dict), f"{place}: {value!r}"
        for name, field in kind.items():
            assert name in value, f"{place}.{name} is missing"
            assert_shape(value[name], field, f"{place}.{name}")
    elif isinstance(kind, list):
        assert isinstance(value, list), f"{place}: {value!r}"
        for number, one in enumerate(value):
            assert_shape(one, kind[0], f"{place}[{number}]")
    elif isinstance(kind, re.Pattern):
        assert isinstance(value, str), f"{place}: {value!r}"
        assert kind.fullmatch(value), f"{place}: {value!r}"
    elif kind is None:
        assert value is None, f"{place}: {value!r}"
    else:
        # A bool is an int to Python, and not to JSON.
        assert type(value) is kind, f"{place}: {value!r}"


def _fits(value: Any, kind: Kind, place: str) -> bool:
    try:
        assert_shape(value, kind, place)
    except AssertionError:
        return False
    return True
