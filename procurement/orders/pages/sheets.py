"""Tables as files: exactly the rows that a page shows, as Excel or as CSV."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from litestar import Response

from procurement.files import csv_writer, new_workbook
from procurement.volumes.at_edge import file_answer
from procurement.web import Visit

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ROWS_MAX = 1_000_000
"""Excel has 1,048,576 rows; a longer list is cut, and says so."""

Value = str | int | Decimal | date | datetime | None
Heading = tuple[str, str]


def sheet_answer(
    visit: Visit, *, name: str, headings: Sequence[Heading], rows: Iterable[Sequence[Value]]
) -> Response[bytes]:
    """Answer with a table: as CSV where the address ends in ``.csv``, else as Excel.

    Args:
        visit: The request.
        name: Of the file, without its ending.
        headings: Of the columns, in Chinese and English.
        rows: Values in the order of the headings.
    """
    titles = [visit.text(*both) for both in headings]
    if visit.path.endswith(".csv"):
        return file_answer(as_csv(titles, rows), name=f"{name}.csv", media_type=CSV)
    cut = visit.text("后略：超出行数上限", "cut: too many rows")
    return file_answer(as_excel(titles, rows, cut=cut), name=f"{name}.xlsx", media_type=SHEET)


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Write a table as CSV, with the mark by which a spreadsheet knows UTF-8.

    Examples:
        >>> as_csv(["订单", "金额"], [["=1+1", Decimal("2.50")]]).decode("utf-8-sig").splitlines()
        ['订单,金额', "'=1+1,2.50"]
    """
    memory = io.StringIO(newline="")
    writer = csv_writer(memory)
    writer.writerow(titles)
    writer.writerows([_typed(value) for value in row] for row in rows)
    return memory.getvalue().encode("utf-8-sig")


def _typed(value: Value) -> Value:
    """A cell as CSV has it: moments as the standard writes them."""
    return value.isoformat() if isinstance(value, date) else value


def as_excel(titles: Sequence[str], rows: Iterable[Sequence[Value]], *, cut: str) -> bytes:
    """Write a table as Excel, row by row."""
    memory = io.BytesIO()
    book = new_workbook(memory, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        if number > ROWS_MAX:
            sheet.write_string(number, 0, cut)
            break
        for column, value in enumerate(row):
            if isinstance(value, int | Decimal):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, _typed_plain(value))
    book.close()
    return memory.getvalue()


def _typed_plain(value: str | date | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value
