"""Tables that are ready to be read: the same on a page and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.negotiations.outputs.said import Reader, Said

NONE = "—"
MONEY = Said("¤", "¤")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        label: Its head.
        unit: Below it, if any.
        is_number: Figures stand right.
    """

    label: str
    unit: str = ""
    is_number: bool = True


def column(
    reader: Reader, label: Said | str, unit: Said | str = "", *, is_number: bool = True
) -> Column:
    """A column in somebody's words.

    Examples:
        >>> column(Reader("en"), Said("费用", "cost"), MONEY)
        Column(label='cost', unit='yuan', is_number=True)
    """
    head, below = (one.text(reader) if isinstance(one, Said) else one for one in (label, unit))
    return Column(head, below, is_number)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is ready to be read; the first cell of a row names it.

    Attributes:
        name: Distinguishes it on a page.
        title: What it shows.
        columns: Its columns.
        rows: Its cells.
        strong: Numbers of the rows that stand out.
        note: What else must be said.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    strong: frozenset[int] = frozenset()
    note: str = ""
