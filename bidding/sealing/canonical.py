"""Canonical JSON and padding: one document has exactly one sequence of bytes.

Keys are ASCII and sorted, nothing stands between tokens, text is UTF-8 and escaped only where JSON
demands it. Numbers are whole and exact in a browser too; every decimal is a string. For documents
of this kind the result equals RFC 8785.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bidding.sealing.errors import FormatError

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""What a document may hold; there are no floats."""

PADDING_STEP = 1024
"""Plaintexts grow in steps of this many bytes, since their length tells digits."""

INTEGER_MAX = 2**53 - 1
"""The largest whole number that a browser reads exactly."""

_DEPTH_MAX = 12

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical_bytes(document: Json) -> bytes:
    """The one sequence of bytes of a document.

    Raises:
        FormatError: The document holds a float, an unsafe integer, a lone surrogate, or a key that
            is not ASCII.

    Examples:
        >>> canonical_bytes({"price": "0.1", "lot": "L01"})
        b'{"lot":"L01","price":"0.1"}'
        >>> canonical_bytes({"price": 0.1})
        Traceback (most recent call last):
        bidding.sealing.errors.FormatError: document.price: expected text, a whole number or null
    """
    _require_plain(document, "document")
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _require_plain(document: object, where: str) -> None:
    # Nearly all documents are right: their places are spelled out only where one is not.
    if not _is_plain(document, 0):
        _check(document, where, 0)


def _is_plain(value: object, depth: int) -> bool:
    if type(value) is str:
        return value.isascii() or _LONE_SURROGATE.search(value) is None
    if type(value) is int:
        return -INTEGER_MAX <= value <= INTEGER_MAX
    if type(value) is dict and depth <= _DEPTH_MAX:
        return all(
            type(key) is str and key.isascii() and _is_plain(one, depth + 1)
            for key, one in value.items()
        )
    if type(value) is list and depth <= _DEPTH_MAX:
        return all(_is_plain(one, depth + 1) for one in value)
    return value is None or type(value) is bool


def _check(value: object, where: str, depth: int) -> None:
    if depth > _DEPTH_MAX:
        raise FormatError(where, f"at most {_DEPTH_MAX} levels")
    if isinstance(value, Mapping):
        for key, one in value.items():
            _check_key(key, where)
            _check(one, f"{where}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            _check(one, f"{where}[{index}]", depth + 1)
    else:
        _check_scalar(value, where)


def _check_key(key: object, where: str) -> None:
    if not isinstance(key, str) or not key.isascii():
        raise FormatError(where, "names of ASCII letters")


def _check_scalar(value: object, where: str) -> None:
    if isinstance(value, str):
        if _LONE_SURROGATE.search(value):
            raise FormatError(where, "text without lone surrogates")
    elif isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise FormatError(where, f"a whole number up to {INTEGER_MAX}")
    elif value is not None:
        raise FormatError(where, "text, a whole number or null")


def parse_json(text: bytes | str, *, where: str, size_max: int) -> Json:
    """Read a JSON document from anybody.

    Args:
        text: UTF-8.
        where: What the document is, for the error.
        size_max: Bytes.

    Raises:
        FormatError: Too long, not UTF-8, not JSON, a name twice in one object, or a value that a
            document may not hold.

    Examples:
        >>> parse_json(b'{"a":1,"a":2}', where="envelope", size_max=100)
        Traceback (most recent call last):
        bidding.sealing.errors.FormatError: envelope: expected every name once in an object
    """
    raw = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if len(raw) > size_max:
        raise FormatError(where, f"at most {size_max} bytes")
    try:
        document: Json = json.loads(
            raw.decode(),
            object_pairs_hook=lambda pairs: _once(pairs, where),
            parse_float=lambda _: _refuse_number(where),
            parse_constant=lambda _: _refuse_number(where),
        )
    except (ValueError, RecursionError):
        raise FormatError(where, "one JSON document in UTF-8") from None
    _require_plain(document, where)
    return document


def _once(pairs: Iterable[tuple[str, Json]], where: str) -> dict[str, Json]:
    fields: dict[str, Json] = {}
    for name, value in pairs:
        if name in fields:
            raise FormatError(where, "every name once in an object")
        fields[name] = value
    return fields


def _refuse_number(where: str) -> Json:
    raise FormatError(where, "decimals as strings")


def decimal_text(value: Decimal) -> str:
    """A decimal as documents write it: digits, never an exponent.

    Examples:
        >>> decimal_text(Decimal("0.0000001"))
        '0.0000001'
    """
    return f"{value:f}"


def pad(plaintext: bytes) -> bytes:
    """Fill up to the next step: one byte 0x80, then zeros (ISO/IEC 7816-4).

    Examples:
        >>> len(pad(b"")), len(pad(bytes(1023))), len(pad(bytes(1024)))
        (1024, 1024, 2048)
    """
    return plaintext + b"\x80" + bytes(-(len(plaintext) + 1) % PADDING_STEP)


def unpad(padded: bytes) -> bytes:
    """The text that was padded.

    Raises:
        FormatError: It does not end as padding ends.

    Examples:
        >>> unpad(pad(b"six"))
        b'six'
    """
    text = padded.rstrip(b"\x00")
    whole = padded and len(padded) % PADDING_STEP == 0
    if not whole or not text.endswith(b"\x80") or len(padded) - len(text) >= PADDING_STEP:
        raise FormatError("plaintext", f"padding to steps of {PADDING_STEP} bytes")
    return text[:-1]
