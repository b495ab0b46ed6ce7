"""A published table as Excel: what was published, beside sums that recompute themselves."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from procurement.savings.papers.book import Book, Sheet
from procurement.savings.papers.columns import letters
from procurement.savings.papers.words import Text

SUMMED = (4, 5, 6, 7)
"""Columns that add up in the last row: base, retained, and both funds."""

PARTS = (5, 6, 7)
"""Retained, and the two columns that add up to it."""


def table_workbook(
    title: str,
    *,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    moment: datetime,
    text: Text,
) -> bytes:
    """Write a published table with two checks: of each row's parts, and of each column's sum.

    Args:
        title: Of the settlement.
        heads: Of the columns.
        rows: As they were published, the row of totals last.
        moment: Stands in the file's properties.
        text: Chooses the language.
    """
    with Book(title=title, text=text, moment=moment) as book:
        sheet = book.sheet(text("公示表", "Table"))
        sheet.widths((28, 10, 10, 10, 18, 18, 18, 18, 14))
        sheet.freeze(1, 1)
        sheet.line([*heads, text("分项相加一致", "parts add up")], "head")
        for row in rows:
            for column, cell in enumerate(row):
                number = _number(cell) if column in (1, 3, *SUMMED) else None
                if number is None:
                    sheet.put(column, cell)
                else:
                    sheet.put(column, number, "money" if column in SUMMED else "points")
            here = sheet.row + 1
            whole, first, second = (f"{letters(column)}{here}" for column in PARTS)
            check = f"=IF(ABS({whole}-{first}-{second})<0.005,1,0)"
            sheet.formula(len(row), check, int(_adds_up(row)), "verdict")
            sheet.next()
        _write_sums(sheet, rows, text)
        return book.content()


def _write_sums(sheet: Sheet, rows: Sequence[Sequence[str]], text: Text) -> None:
    last = sheet.row - 1
    sheet.put(0, text("重算合计", "sums, recomputed"), "label")
    for column in SUMMED:
        name = letters(column)
        parts = [_number(row[column]) or Decimal(0) for row in rows[:-1]]
        sheet.formula(column, f"=SUM({name}2:{name}{last})", sum(parts, Decimal(0)), "result")
    sheet.next()


def _adds_up(row: Sequence[str]) -> bool:
    whole, first, second = (_number(row[column]) or Decimal(0) for column in PARTS)
    return whole == first + second


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
