"""Texts that a spreadsheet would take for formulas, and the writers of tables that mark them.

Every CSV and Excel file that the platform gives out is written by `csv_writer` or `new_workbook`:
a firm may call itself ``=HYPERLINK(…)``, and whoever opens the file must not be sent anywhere.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import IO, Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MARK = "'"
"""Before a text that is no formula; spreadsheets take what follows as it is."""

# Wide marks are formulas too where a spreadsheet speaks Chinese or Japanese.
_FORMULA = "=+-@＝＋－＠"
_CONTROL = "\t\r\n\0"
_STRIPPED = " \t\r\n\0\v\f\u00a0\u3000\ufeff\u200b"
_NUMBER = re.compile(r"[+-]?\d+(,\d{3})*(\.\d+)?%?", re.ASCII)

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class TableWriter(Protocol):
    """Writes rows of a table; as the writers of `csv`."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[object]], /) -> object:
        """Write many rows."""


def inert(text: str) -> str:
    r"""Mark a text that a spreadsheet would take for a formula; numbers stay numbers.

    Spreadsheets pass over blanks at the beginning, and so does this.

    Examples:
        >>> [inert(text) for text in ("=1+1", "  @SUM(A1)", "\t=1", "-2.50", "+86 551", "甲公司")]
        ["'=1+1", "'  @SUM(A1)", "'\t=1", '-2.50', "'+86 551", '甲公司']
    """
    seen = text.lstrip(_STRIPPED)
    is_formula = seen[:1] in _FORMULA and seen != "" and not _NUMBER.fullmatch(text)
    is_control = text[:1] in _CONTROL and text != ""
    return f"{MARK}{text}" if is_formula or is_control else text


def uninert(text: str) -> str:
    """Take back the mark of `inert`, for files that come back as they were given out.

    Examples:
        >>> uninert("'=1+1"), uninert("'quoted'"), uninert(inert("-x"))
        ('=1+1', "'quoted'", '-x')
    """
    bare = text.removeprefix(MARK)
    return bare if bare != text and inert(bare) == text else text


def csv_writer(file: IO[str], *, lineterminator: str = "\r\n") -> TableWriter:
    r"""Return a writer of CSV that marks texts; what is no text is written as `csv` does.

    Args:
        file: Opened with ``newline=""``.
        lineterminator: At the end of each row.

    Examples:
        >>> import io
        >>> file = io.StringIO(newline="")
        >>> csv_writer(file).writerow(["=1+1", Decimal("-2.5"), -3, None])
        >>> file.getvalue()
        "'=1+1,-2.5,-3,\r\n"
    """
    return _InertWriter(file, lineterminator)


class _InertWriter:
    def __init__(self, file: IO[str], lineterminator: str) -> None:
        self._writer = csv.writer(file, lineterminator=lineterminator)

    def writerow(self, row: Iterable[object], /) -> None:
        self._writer.writerow([_cell(value) for value in row])

    def writerows(self, rows: Iterable[Iterable[object]], /) -> None:
        self._writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float | Decimal):
        return value
    return inert(str(value))


def new_workbook(
    target: str | IO[bytes], options: Mapping[str, object] | None = None
) -> xlsxwriter.Workbook:
    """Open an Excel file whose texts are texts: no formula, no link, no number.

    Formulas that we write on purpose go through ``write_formula``.

    Args:
        target: A name or a stream.
        options: Of `xlsxwriter.Workbook`.
    """
    return _InertWorkbook(target, {**(options or {}), **_OPTIONS})


class _InertSheet(Worksheet):  # type: ignore[misc]
    def _write_string(
        self, row: int, col: int, string: str, cell_format: Format | None = None
    ) -> object:
        # Every way to write a text ends here.
        written: object = super()._write_string(row, col, inert(string), cell_format)
        return written

    def write_as_typed(self, row: int, col: int, string: str, cell_format: Format) -> None:
        """Write what its reader typed himself, without a mark; in this file it is a text too."""
        super()._write_string(row, col, string, cell_format)


class _InertWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]
    worksheet_class = _InertSheet
