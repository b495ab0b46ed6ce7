"""Cells: what each kind of column may hold, and what a message expects of it.

A parser takes the text of a cell and returns its value, or raises ``CellError``. Digits are ASCII
digits: a sign, an exponent, a blank or a full-width digit in a number is a fault.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from pricing.money import PriceError, parse_price
from procurement.rounds.folder.faults import quoted

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

LONGEST_NAME = 500
_LONGEST_NUMBER = 60

_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,28})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})


class CellError(ValueError):
    """A cell does not hold what its column is for.

    Attributes:
        problem: What is wrong with it.
        expected: What would have been right.
    """

    def __init__(self, problem: str, expected: str) -> None:
        """Keep the two halves of a fault's text."""
        super().__init__(f"{problem}: expected {expected}")
        self.problem = problem
        self.expected = expected


def optional(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """The same parser for a column whose empty cells mean "not given".

    Examples:
        >>> optional(parse_count)("") is None
        True
    """

    def parse_given(text: str) -> T | None:
        return parse(text) if text else None

    return parse_given


@lru_cache(maxsize=4096)  # names repeat from row to row: one string each, checked once
def parse_name(text: str) -> str:
    """A name or label exactly as it is to be compared: no blanks around it, nothing invisible."""
    if not text:
        raise CellError("is empty", "a name")
    if text != text.strip():
        raise CellError(f"{quoted(text)} has blanks around it", "a name without them")
    if len(text) > LONGEST_NAME:
        raise CellError(f"{quoted(text)} is too long", f"at most {LONGEST_NAME} characters")
    if not text.isprintable():
        hidden = [char for char in text if unicodedata.category(char) in _INVISIBLE]
        if hidden:
            raise CellError(
                f"{quoted(text)} holds the invisible character U+{ord(hidden[0]):04X}",
                "a name in visible characters",
            )
    return text


@lru_cache(maxsize=256)
def parse_names(text: str) -> tuple[str, ...]:
    """Names joined by semicolons, none of them twice; an empty cell holds none.

    Examples:
        >>> parse_names("北京;天津")
        ('北京', '天津')
    """
    if not text:
        return ()
    if "；" in text:
        raise CellError(f"{quoted(text)} has a full-width semicolon", "names joined by ;")
    names = tuple(parse_name(name) for name in text.split(";"))
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise CellError(f"{quoted(name)} is there twice", "each name once")
        seen.add(name)
    return names


def parse_unit_price(text: str) -> Decimal:
    """A price in yuan above zero, with at most 12 decimals.

    Examples:
        >>> parse_unit_price("0.995714")
        Decimal('0.995714')
    """
    if not text:
        raise CellError("is empty", "a price like 12.3456")
    if len(text) > _LONGEST_NUMBER:
        raise CellError(f"{quoted(text)} is not a price", "digits like 12.3456")
    try:
        return parse_price(text)
    except PriceError as error:
        problem, _, expected = str(error).rpartition(": expected ")
        raise CellError(problem, expected) from None


def parse_pack_price(text: str) -> Decimal:
    """A price in yuan above zero, to the cent."""
    price = parse_unit_price(text)
    if len(text.partition(".")[2]) > 2:
        raise CellError(f"{quoted(text)} is finer than a cent", "at most 2 decimals")
    return price


@lru_cache(maxsize=4096)
def parse_positive(text: str) -> Decimal:
    """A decimal number above zero, such as a content ratio.

    Examples:
        >>> parse_positive("0.50"), parse_positive("10.0")
        (Decimal('0.5'), Decimal('10'))
    """
    number = _parse_decimal(text, "a number above zero", "digits like 0.5")
    if number == 0:
        raise CellError(f"{quoted(text)} is zero", "a number above zero, like 0.5")
    return number


def parse_score(text: str) -> Decimal:
    """A decimal number from 0 to 100."""
    number = _parse_decimal(text, "a score", "a number from 0 to 100")
    if number > 100:
        raise CellError(f"{quoted(text)} is above 100", "a number from 0 to 100")
    return number


def parse_count(text: str) -> int:
    """A whole number, 0 or more."""
    return _parse_whole(text, 0)


def parse_count_from_one(text: str) -> int:
    """A whole number, 1 or more."""
    return _parse_whole(text, 1)


def parse_flag(text: str) -> bool:
    """Yes or no, as 1 or 0."""
    if text not in ("0", "1"):
        raise _unlike(text, "a flag", "0 or 1")
    return text == "1"


def parse_day(text: str) -> date:
    """A day of the calendar, such as 2020-08-20."""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # such as 2020-02-30: told like any other text that is not a date
    raise _unlike(text, "a date", "a date like 2020-08-20")


def parse_word(words: type[E]) -> Callable[[str], E]:
    """A parser of one of some fixed words."""
    by_text = {word.value: word for word in words}
    expected = f"one of {', '.join(by_text)}"

    def parse(text: str) -> E:
        if text not in by_text:
            raise _unlike(text, "known", expected)
        return by_text[text]

    return parse


def _parse_decimal(text: str, kind: str, expected: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise _unlike(text, kind, expected)
    whole, _, decimals = text.partition(".")
    # One form for each number, so that 0.50 and 0.5 in two lines give one canonical text.
    return Decimal(f"{whole.lstrip('0') or '0'}.{decimals}".rstrip("0").rstrip("."))


def _parse_whole(text: str, least: int) -> int:
    # Fifteen digits are exact in every store and in JSON.
    if text.isascii() and text.isdigit() and len(text) <= 15:
        number = int(text)
        if number >= least:
            return number
        raise CellError(f"{quoted(text)} is too small", f"{least} or more")
    raise _unlike(text, "a whole number", f"a whole number, {least} or more")


def _unlike(text: str, kind: str, expected: str) -> CellError:
    return CellError(f"{quoted(text)} is not {kind}" if text else "is empty", expected)
