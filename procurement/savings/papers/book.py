"""The workbook of statements: sheets, cells and their looks."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import TracebackType

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from procurement.files import new_workbook
from procurement.savings.papers.words import Text

ROWS_MAX = 1_048_000
"""Excel has 1,048,576 rows."""

_HEAD = {"bold": True, "bg_color": "#0B4A5B", "font_color": "#FFFFFF", "text_wrap": True}
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {**_HEAD, "valign": "top"},
    "rule": {"italic": True, "font_color": "#4B5A66", "text_wrap": True, "valign": "top"},
    "label": {"bold": True, "valign": "top"},
    "text": {"valign": "top"},
    "wrapped": {"valign": "top", "text_wrap": True},
    "note": {"font_color": "#4B5A66", "italic": True},
    "count": {"num_format": "#,##0"},
    "price": {"num_format": "#,##0.00##"},
    "ratio": {"num_format": "0.00####"},
    "points": {"num_format": "0.####"},
    "percent": {"num_format": "0.00%"},
    "money": {"num_format": "#,##0.00####"},
    "result": {"num_format": "#,##0.00####", "bold": True},
    "paid": {"num_format": "#,##0.00", "bold": True, "top": 1},
    "given": {"num_format": "#,##0.00####", "font_color": "#4B5A66"},
    "verdict": {"num_format": '"✓";;"✗"', "bold": True, "align": "center"},
}

Value = str | int | Decimal | Fraction | bool | None


class TooManyRowsError(ValueError):
    """A settlement has more lines than a sheet has rows; export it as CSV or Parquet."""


class Book:
    """A workbook that is being written, row by row, in one language."""

    def __init__(self, *, title: str, text: Text, moment: datetime) -> None:
        """Open it; what is written goes to a temporary file, so that memory stays small."""
        self.text = text
        self._folder = tempfile.TemporaryDirectory(prefix="jicai-statements-")
        self._file = Path(self._folder.name) / "book.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": self._folder.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = new_workbook(str(self._file), options)
        self._book.set_properties({"title": title, "created": moment.replace(tzinfo=None)})
        self._formats = {name: self._book.add_format(dict(how)) for name, how in _FORMATS.items()}
        yes, no = text("是", "yes"), text("否", "no")
        self._formats["yes"] = self._book.add_format({"num_format": f'"{yes}";;"{no}"'})

    def __enter__(self) -> "Book":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def sheet(self, name: str) -> "Sheet":
        """Add a sheet."""
        return Sheet(self._book.add_worksheet(name), self._formats)

    def content(self) -> bytes:
        """Close the file, and return it."""
        self._book.close()
        return self._file.read_bytes()


class Sheet:
    """One sheet; rows are written from the top, and none twice."""

    def __init__(self, sheet: Worksheet, formats: Mapping[str, Format]) -> None:
        """Keep what is written to."""
        self._sheet = sheet
        self._formats = formats
        self.row = 0

    @property
    def name(self) -> str:
        """Its name in formulas of other sheets."""
        return str(self._sheet.get_name())

    def put(self, column: int, value: Value, style: str = "text") -> None:
        """Write what is given. A text is never a formula, whatever it begins with."""
        form = self._formats[style]
        if value is None:
            self._sheet.write_blank(self.row, column, None, form)
        elif isinstance(value, str):
            self._sheet.write_string(self.row, column, value, form)
        else:
            self._sheet.write_number(self.row, column, float(value), form)

    def formula(self, column: int, formula: str, value: Value, style: str = "money") -> None:
        """Write a formula with the value that the platform knows for it."""
        shown = "—" if value is None else value if isinstance(value, str) else float(value)
        self._sheet.write_formula(self.row, column, formula, self._formats[style], shown)

    def line(self, values: Sequence[Value], style: str = "text") -> None:
        """Write one row from the left, and go to the next."""
        for column, value in enumerate(values):
            self.put(column, value, style)
        self.next()

    def next(self, rows: int = 1) -> None:
        """Go down.

        Raises:
            TooManyRowsError: The sheet is full.
        """
        self.row += rows
        if self.row > ROWS_MAX:
            raise TooManyRowsError("more lines than a sheet has rows")

    def widths(self, widths: Sequence[float]) -> None:
        """Set the widths of the first columns; before the first row is written."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def freeze(self, row: int, column: int) -> None:
        """Keep rows and columns in view; print on pages across."""
        self._sheet.freeze_panes(row, column)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)

    def filter(self, row: int, columns: int, last: int) -> None:
        """Let readers filter a table."""
        self._sheet.autofilter(row, 0, max(last, row), columns - 1)
