"""Aligned text for terminals, in which a Chinese character takes two columns."""

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Columns that a text takes in a terminal; Chinese characters take two.

    Examples:
        >>> width("集采 Jicai")
        10
    """
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def pad(text: str, columns: int) -> str:
    """A text filled up with blanks to so many columns; a minus sign aligns to the right."""
    blanks = " " * (abs(columns) - width(text))
    return blanks + text if columns < 0 else text + blanks


def equal_width(texts: Sequence[str]) -> list[str]:
    """Texts filled up with blanks to the width of the widest.

    Examples:
        >>> equal_width(["甲", "一般品种"])
        ['甲      ', '一般品种']
    """
    widest = max(map(width, texts))
    return [pad(text, widest) for text in texts]


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Rows as aligned lines, without trailing blanks.

    Args:
        rows: Cells as text, the head first.
        right: Columns (from 0) that are aligned to the right.

    Examples:
        >>> table([["企业", "价"], ["甲", "12.5"]], right=[1])
        ['企业    价', '甲    12.5']
    """
    columns = range(len(rows[0]))
    widths = [max(width(row[column]) for row in rows) for column in columns]
    signed = [-widths[column] if column in right else widths[column] for column in columns]
    return ["  ".join(map(pad, row, signed)).rstrip() for row in rows]
