"""Writing and reading releases: JSON with exact decimals.

Amounts of OCDS are JSON numbers. They are written digit by digit from decimals, never by way of a
binary fraction; a reader who parses numbers as decimals gets exactly what was stored.
"""

from decimal import Decimal
from typing import Any

import msgspec

Document = dict[str, Any]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def write_json(document: object) -> str:
    """Write a document on one line, without blanks, in the order of its keys.

    Examples:
        >>> write_json({"amount": Decimal("0.0912"), "name": "阿那曲唑"})
        '{"amount":0.0912,"name":"阿那曲唑"}'
    """
    return _ENCODER.encode(document).decode()


def read_json(text: str) -> Document:
    """Read a document back; fractions come as decimals, digit by digit.

    Examples:
        >>> read_json('{"amount":0.10}')
        {'amount': Decimal('0.10')}
    """
    document: Document = _DECODER.decode(text)
    return document


def number(value: Decimal) -> Decimal | int:
    """Return a decimal as it is written: without needless zeros, and never with an exponent.

    Examples:
        >>> number(Decimal("56.00")), number(Decimal("0.0910")), number(Decimal("1E+3"))
        (56, Decimal('0.091'), 1000)
    """
    if value == value.to_integral_value():
        return int(value)
    # Below a millionth `normalize` would write an exponent, which a JSON number may have too.
    return value.normalize()
