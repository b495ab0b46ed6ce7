"""The sheets of a workbook: what is written where, and how it looks."""

import io
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from procurement.files import new_workbook
from procurement.negotiations.outputs.said import Reader, Said
from procurement.negotiations.outputs.workbook.live import CellName, Live

NAME_MAX = 31
DIGITS_MAX = 15

TOLERANCE = 1e-6
"""Relative difference that counts as none: both sides add up in another order."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))

_HEAD = {"bold": True, "bg_color": "#0B4A5B", "font_color": "#FFFFFF", "text_wrap": True}
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {**_HEAD, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "note": {"font_color": "#4B5A66", "italic": True},
    "input": {"bg_color": "#FFF3DA", "num_format": "#,##0.########"},
    "number": {"num_format": "#,##0.00####"},
    "money": {"num_format": "#,##0.00"},
    "count": {"num_format": "#,##0.####"},
    "part": {"num_format": "0.0000######"},
    "result": {"bold": True, "num_format": "#,##0.00", "top": 1},
    "check": {"num_format": "0.0E+00", "font_color": "#4B5A66"},
    "verdict": {"num_format": '"✓";;"✗"', "bold": True},
    "given": {"num_format": "#,##0.00####", "font_color": "#4B5A66"},
}


class Book:
    """A workbook that is being written, in one language."""

    def __init__(self, *, title: str, reader: Reader, moment: datetime) -> None:
        """Open it in memory."""
        self.reader = reader
        self._memory = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = new_workbook(self._memory, options)
        self._book.set_properties({"title": title, "created": moment.replace(tzinfo=None)})
        self._formats = {name: self._book.add_format(dict(how)) for name, how in _FORMATS.items()}
        self._names: set[str] = set()

    def __enter__(self) -> "Book":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.close()

    def sheet(self, name: Said, suffix: str = "") -> "Sheet":
        """Add a sheet; a name that is taken or too long is changed."""
        wanted = f"{name.text(self.reader)} {suffix}".strip().translate(_FORBIDDEN)
        free = wanted[:NAME_MAX]
        number = 2
        while free.casefold() in self._names:
            free = f"{wanted[: NAME_MAX - 4]} {number}"
            number += 1
        self._names.add(free.casefold())
        return Sheet(self._book.add_worksheet(free), free, self._formats, self.reader)

    def content(self) -> bytes:
        """The finished file; call it after closing."""
        return self._memory.getvalue()


class Sheet:
    """One sheet that is being written."""

    def __init__(
        self, sheet: Worksheet, name: str, formats: Mapping[str, Format], reader: Reader
    ) -> None:
        """Keep what is written to."""
        self._sheet = sheet
        self.name = name
        self._formats = formats
        self.reader = reader

    def text(self, row: int, column: int, text: Said | str, style: str = "text") -> None:
        """Write a text."""
        words = text.text(self.reader) if isinstance(text, Said) else text
        self._sheet.write_string(row, column, words, self._formats[style])

    def heads(self, row: int, words: Sequence[Said | str], column: int = 0) -> None:
        """Write the heads of columns."""
        for place, text in enumerate(words, start=column):
            self.text(row, place, text, "head")

    def number(
        self, row: int, column: int, value: float, style: str = "number", *, fixed: bool = False
    ) -> Live:
        """Write a plain number; returns the cell."""
        if math.isfinite(value):
            self._sheet.write_number(row, column, value, self._formats[style])
        return Live(value, (CellName(self.name, row, column, fixed=fixed),))

    def shown(self, row: int, column: int, text: str) -> None:
        """Write a cell of a table for readers: as a number where it is one."""
        plain = text.replace(",", "").replace("−", "-")
        if _NUMBER.fullmatch(plain) and len(plain) <= DIGITS_MAX:
            self.number(row, column, float(plain))
        else:
            self.text(row, column, text)

    def verdict(self, row: int, column: int, difference: Live) -> None:
        """Write whether a difference counts as none."""
        parts = ("IF(", *difference.parts, f"<={TOLERANCE:f},1,0)")
        self.formula(row, column, Live(float(difference.value <= TOLERANCE), parts), "verdict")

    def formula(
        self, row: int, column: int, number: Live, style: str = "number", *, fixed: bool = False
    ) -> Live:
        """Write a number as a formula with its value; returns the cell."""
        cell = CellName(self.name, row, column, fixed=fixed)
        value: float | str = number.value if math.isfinite(number.value) else "#DIV/0!"
        self._sheet.write_formula(
            row, column, number.formula(self.name), self._formats[style], value
        )
        return Live(number.value, (cell,))

    def widths(self, *widths: float) -> None:
        """Set the widths of the first columns."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns before in view; print on pages across."""
        self._sheet.freeze_panes(row, column)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
