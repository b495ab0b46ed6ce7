"""Under which number an instruction stands in a file for the bank; pure.

Each export has its own: an answer to an earlier export can never be taken for one to a later.
"""

import re

_SENT = re.compile(r"(?P<number>[A-Z]+[0-9]+)(?:-(?P<export>[1-9][0-9]{0,3}))?")


def sent_number(number: str, export: int) -> str:
    """Return the number under which an instruction is exported.

    Args:
        number: Of the instruction.
        export: Which export it is, from 1.

    Examples:
        >>> sent_number("ZF202611220000007", 1), sent_number("ZF202611220000007", 2)
        ('ZF202611220000007', 'ZF202611220000007-2')
    """
    return number if export <= 1 else f"{number}-{export}"


def read_sent(text: str) -> tuple[str, int]:
    """Return of which instruction, and which of its exports, a bank speaks.

    What no export ever had comes back as it is: no instruction bears it.

    Examples:
        >>> read_sent("ZF7"), read_sent("ZF7-2"), read_sent("ZF7-1"), read_sent("x-2")
        (('ZF7', 1), ('ZF7', 2), ('ZF7-1', 1), ('x-2', 1))
    """
    found = _SENT.fullmatch(text)
    if found is None:
        return text, 1
    export = int(found["export"] or 1)
    number = found["number"]
    return (number, export) if sent_number(number, export) == text else (text, 1)
