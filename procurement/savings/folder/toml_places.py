"""Where a key stands in a TOML text, good for a message."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal

from procurement.rounds.folder.faults import FaultList

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_toml(file: str, text: str, faults: FaultList) -> Mapping[str, object] | None:
    """The tables of a small TOML file, numbers as exact decimals; None, with a fault."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _PLACE.search(message)
        line: int | None = int(place[1]) if place and place[1] else text.count("\n") + 1
        column = f"character {place[2]}" if place and place[2] else None
        problem = f"is not TOML ({_PLACE.sub('', message)})"
    except RecursionError:
        line, column, problem = None, None, "holds lists or tables nested too deep"
    except (ValueError, ArithmeticError):
        line, column, problem = None, None, "holds a number that is too large"
    faults.add(file, line, column, problem, 'lines like rulebook = "savings-national-2020"')
    return None


def line_of(text: str, key: str) -> int:
    r"""The line on which a key first stands; the first where it is not found.

    Examples:
        >>> line_of('rulebook = "x"\npayment_ratio = 2', "payment_ratio")
        2
    """
    match = re.search(rf"^[ \t\[\"']*(?:[\w.\"']+\.)?{re.escape(key)}(?![\w-])", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match else 1
