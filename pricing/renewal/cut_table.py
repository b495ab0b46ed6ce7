"""The table of cuts: a row by ratio, a column by yuan a year, upper edges inclusive."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table.

    Attributes:
        row: From 0.
        column: From 0.
        cut: A fraction of the price.
        ratio_above: Ratios above this one and ...
        ratio_until: ... up to this one, itself included, hit the row.
        spend_above: Yuan a year above this and ...
        spend_until: ... up to this, itself included, hit the column; None in the last column.
    """

    row: int
    column: int
    cut: Decimal
    ratio_above: Decimal
    ratio_until: Decimal
    spend_above: Decimal
    spend_until: Decimal | None


@dataclass(frozen=True, slots=True)
class CutTable:
    """Cuts by ratio and yuan a year.

    Attributes:
        columns: Upper edges of the columns in yuan a year; the last column is open.
        ratio_a: Upper edges of the rows for ratio A.
        ratio_b: Upper edges of the rows for ratio B.
        cuts: Fractions, a row for each edge of the ratios.

    Examples:
        >>> from pricing.stated_rules import StatedRules
        >>> table = CutTable.of(StatedRules.of("nrdl-renewal-2023").table("cut.table"))
        >>> table.cell_a(Decimal("1.4"), Decimal("1000000000")).cut
        Decimal('0.07')
        >>> table.cell_b(Decimal("0.101"), Decimal("1000000001")).cut
        Decimal('0.09')
        >>> table.cell_a(Decimal("2.01"), Decimal(0)) is None
        True
    """

    columns: tuple[Decimal, ...]
    ratio_a: tuple[Decimal, ...]
    ratio_b: tuple[Decimal, ...]
    cuts: tuple[tuple[Decimal, ...], ...]

    @classmethod
    def of(cls, value: Mapping[str, object]) -> "CutTable":
        """The table that a rulebook's ``cut.table`` holds."""
        edges = cast("Mapping[str, tuple[Decimal, ...]]", value)
        rows = cast("tuple[tuple[Decimal, ...], ...]", value["cuts"])
        return cls(edges["columns"], edges["ratio_a"], edges["ratio_b"], rows)

    def cell_a(self, ratio: Decimal, spend: Decimal) -> Cell | None:
        """The cell of a ratio A; None beyond the last row."""
        return self._cell(self.ratio_a, ratio, spend)

    def cell_b(self, ratio: Decimal, increase: Decimal) -> Cell | None:
        """The cell of a ratio B; None beyond the last row."""
        return self._cell(self.ratio_b, ratio, increase)

    def needs_column(self, edges: Sequence[Decimal], ratio: Decimal) -> bool:
        """Whether the cut of a ratio differs between the columns."""
        row = bisect_left(edges, ratio)
        return row < len(edges) and len(set(self.cuts[row])) > 1

    def _cell(self, edges: Sequence[Decimal], ratio: Decimal, spend: Decimal) -> Cell | None:
        # `bisect_left` finds the first edge that is not below: an upper edge belongs to its cell.
        row, column = bisect_left(edges, ratio), bisect_left(self.columns, spend)
        if row == len(edges):
            return None
        zero = Decimal(0)
        return Cell(
            row=row,
            column=column,
            cut=self.cuts[row][column],
            ratio_above=edges[row - 1] if row else zero,
            ratio_until=edges[row],
            spend_above=self.columns[column - 1] if column else zero,
            spend_until=self.columns[column] if column < len(self.columns) else None,
        )


def combine(cut_a: Decimal, cut_b: Decimal) -> Decimal:
    """Two cuts one after the other: 1 - (1 - a)(1 - b).

    Examples:
        >>> combine(Decimal("0.07"), Decimal("0.05"))
        Decimal('0.1165')
    """
    return cut_a + cut_b - cut_a * cut_b


def halve(cut_a: Decimal, cut_b: Decimal, method: str) -> Decimal:
    """The combined cut, halved as a whole or cut by cut.

    Args:
        cut_a: Cut by A.
        cut_b: Cut by B.
        method: ``combined`` halves the combined cut, ``each`` halves each before they combine.

    Examples:
        >>> a, b = Decimal("0.07"), Decimal("0.05")
        >>> halve(a, b, "combined"), halve(a, b, "each")
        (Decimal('0.05825'), Decimal('0.059125'))
    """
    half = Decimal("0.5")
    if method == "each":
        return (combine(cut_a * half, cut_b * half)).normalize()
    if method == "combined":
        return (combine(cut_a, cut_b) * half).normalize()
    raise ValueError(f"{method!r}: expected combined or each")
