"""Strict reading of the fields of documents that anybody may have written."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from bidding.sealing.canonical import Json, decimal_text
from bidding.sealing.errors import FormatError
from pricing.money import PriceError, parse_price

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)

_Value = TypeVar("_Value")

TEXT_MAX = 300
"""Characters of a name or title."""

ENTRIES_MAX = 200
"""Entries of a list of names."""


def moment_text(moment: datetime) -> str:
    """A moment as documents write it: UTC with microseconds.

    Examples:
        >>> moment_text(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
        '2026-11-22T09:30:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def binary_text(value: bytes) -> str:
    """Bytes as documents write them: Base64 with padding.

    Examples:
        >>> binary_text(b"share")
        'c2hhcmU='
    """
    return base64.b64encode(value).decode()


class Fields:
    """The fields of one JSON object, taken one by one.

    `done` refuses what was not taken, so that a document holds nothing but what is specified.

    Examples:
        >>> fields = Fields({"seat": 3, "spare": None}, "holder")
        >>> fields.whole("seat", 1, 20)
        3
        >>> fields.done()
        Traceback (most recent call last):
        bidding.sealing.errors.FormatError: holder.spare: expected no such field
    """

    def __init__(self, document: Json, where: str) -> None:
        """Take an object; ``where`` names it in errors."""
        if not isinstance(document, Mapping):
            raise FormatError(where, "an object")
        self.where = where
        self._left = dict(document)

    def place(self, name: str) -> str:
        """How errors name a field."""
        return f"{self.where}.{name}" if name else self.where

    def take(self, name: str) -> Json:
        """Any value; the field must be there."""
        if name not in self._left:
            raise FormatError(self.place(name), "the field, which is missing")
        return self._left.pop(name)

    def peek(self, name: str) -> Json:
        """A value without taking it; None where it is not there."""
        return self._left.get(name)

    def optional(self, name: str, read: Callable[[str], _Value]) -> _Value | None:
        """What ``read`` makes of a field, None where it is null; the field must be there."""
        if name in self._left and self._left[name] is None:
            del self._left[name]
            return None
        return read(name)

    def absent_or(self, name: str, read: Callable[[str], _Value]) -> _Value | None:
        """What ``read`` makes of a field, None where the field is not there."""
        return read(name) if name in self._left else None

    def done(self) -> None:
        """Refuse what was not taken."""
        for name in sorted(self._left):
            raise FormatError(self.place(name), "no such field")

    def text(self, name: str, *, pattern: "re.Pattern[str] | None" = None, what: str = "") -> str:
        """Text of 1 to 300 characters without control characters, of a pattern if one is given."""
        value = self.take(name)
        expected = what or f"text of 1 to {TEXT_MAX} characters"
        if not isinstance(value, str) or not 1 <= len(value) <= TEXT_MAX or _CONTROL.search(value):
            raise FormatError(self.place(name), expected)
        if pattern is not None and not pattern.fullmatch(value):
            raise FormatError(self.place(name), expected)
        return value

    def word(self, name: str, words: Sequence[str]) -> str:
        """One of a few words."""
        value = self.take(name)
        if not isinstance(value, str) or value not in words:
            raise FormatError(self.place(name), f"one of {', '.join(words)}")
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within limits."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise FormatError(self.place(name), f"a whole number from {low} to {high}")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.take(name)
        if not isinstance(value, bool):
            raise FormatError(self.place(name), "true or false")
        return value

    def digest(self, name: str) -> str:
        """A hash: 64 hexadecimal digits in lower case."""
        return self.text(name, pattern=_DIGEST, what="a hash of 64 hexadecimal digits")

    def binary(self, name: str, *, size: int | None = None, size_max: int = 0) -> bytes:
        """Bytes in Base64, of a size or of at most a size."""
        what = f"{size} bytes in Base64" if size else f"1 to {size_max} bytes in Base64"
        value = self.take(name)
        if not isinstance(value, str):
            raise FormatError(self.place(name), what)
        try:
            decoded = base64.b64decode(value.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise FormatError(self.place(name), what) from None
        fits = len(decoded) == size if size else 1 <= len(decoded) <= size_max
        # Base64 leaves bits unused that could be set; only one spelling is allowed.
        if not fits or binary_text(decoded) != value:
            raise FormatError(self.place(name), what)
        return decoded

    def moment(self, name: str) -> datetime:
        """A moment in UTC with microseconds."""
        what = "a moment like 2026-11-22T09:30:00.000000Z"
        value = self.text(name, pattern=_MOMENT, what=what)
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise FormatError(self.place(name), what) from None

    def price(self, name: str) -> Decimal:
        """A price in yuan above zero, written in its only spelling."""
        what = "a price above zero as text, like 12.34"
        value = self.text(name, what=what)
        try:
            price = parse_price(value)
        except PriceError:
            raise FormatError(self.place(name), what) from None
        if decimal_text(price) != value:
            raise FormatError(self.place(name), what)
        return price

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts that is not empty."""
        entries = self._entries(name, ENTRIES_MAX)
        if not entries:
            raise FormatError(self.place(name), "at least one entry")
        return tuple(entry.text("") for entry in entries)

    def digests(self, name: str, *, most: int) -> tuple[str, ...]:
        """A list of hashes."""
        return tuple(entry.digest("") for entry in self._entries(name, most))

    def wholes(self, name: str, low: int, high: int) -> tuple[int, ...]:
        """A list of whole numbers within limits."""
        return tuple(entry.whole("", low, high) for entry in self._entries(name, ENTRIES_MAX))

    def _entries(self, name: str, most: int) -> "list[Fields]":
        # Each entry as an object with one field, to be read by the rules of a field.
        place = self.place(name)
        items = self.items(name, most=most)
        return [Fields({"": item}, f"{place}[{index}]") for index, item in enumerate(items)]

    def items(self, name: str, *, most: int) -> Sequence[Json]:
        """A list with at most so many entries."""
        value = self.take(name)
        if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > most:
            raise FormatError(self.place(name), f"a list of at most {most} entries")
        return value

    def mapping(self, name: str, *, most: int) -> "Fields":
        """An object whose names are hashes, with at most so many of them."""
        fields = Fields(self.take(name), self.place(name))
        names = fields.names()
        if len(names) > most or not all(_DIGEST.fullmatch(one) for one in names):
            raise FormatError(self.place(name), f"at most {most} fields named by hashes")
        return fields

    def names(self) -> tuple[str, ...]:
        """The fields that were not taken yet."""
        return tuple(self._left)

    def objects(self, name: str, *, most: int) -> "list[Fields]":
        """A list of objects with at most so many entries."""
        return [
            Fields(item, f"{self.place(name)}[{index}]")
            for index, item in enumerate(self.items(name, most=most))
        ]
