"""Reading a file of the catalogue: Excel or CSV into lines of strings, with every fault named."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from procurement.catalogue.rules import COLUMNS, Column, Wrong, column_of, read_number_cell
from procurement.files import (
    PackedFileRefusedError,
    PackedTooLargeError,
    check_packed,
    uninert,
)

LINES_MAX = 20_000
BYTES_MAX = 20 * 2**20
UNPACKED_BYTES_MAX = 150 * 2**20
ROWS_MAX, COLUMNS_MAX = 100_000, 200
"""Extent of a sheet, empty cells included: a reader allocates them all."""
CELL_MAX = 2_000
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
"""What the user may say a CSV file is written in, and what Python calls it."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')

Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong at one place of a file.

    Attributes:
        row: As the spreadsheet counts, from 1; 0 for the file as a whole.
        column: Key of the column; empty for the whole row.
        zh: What is wrong and what was expected, in Chinese.
        en: The same in English.
    """

    row: int
    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its row and the strings of its cells by column."""

    row: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds.

    Attributes:
        lines: That are not empty, in order.
        faults: Found while reading.
        missing: Needed columns that the file does not have; its lines are not blamed for them.
    """

    lines: list[Line] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)
    missing: frozenset[str] = frozenset()


class _UnreadableError(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.fault = LineFault(0, "", zh, en)


def read_file(content: bytes, *, encoding: str = "utf-8") -> ReadFile:
    r"""Read an Excel or CSV file; which of them it is shows in its first bytes.

    Args:
        content: The whole file.
        encoding: Of a CSV file, a key of `ENCODINGS`; Excel files carry their own.

    Returns:
        Its lines and everything wrong with its form.

    Examples:
        >>> read = read_file("通用名,规格,备注\n阿那曲唑,1mg,\n".encode())
        >>> read.lines[0].cells, read.lines[0].row
        ({'name': '阿那曲唑', 'strength': '1mg'}, 2)
        >>> [fault.en for fault in read.faults][0]
        'Unknown column “备注”: take the headings of the template.'
    """
    try:
        rows = _rows(content, encoding)
    except _UnreadableError as error:
        return ReadFile(faults=[error.fault])
    header_row, columns, faults = _header(rows)
    if columns is None:
        return ReadFile(faults=faults)
    lines = []
    for row, cells in rows[header_row:]:
        line, found = _line(row, cells, columns)
        faults.extend(found)
        if line is not None:
            lines.append(line)
    if not lines:
        faults.append(LineFault(0, "", "没有数据行。", "There is no line of data."))
    present = {column.key for column in columns if column is not None}
    missing = frozenset(column.key for column in COLUMNS if column.is_needed) - present
    return ReadFile(lines, faults, missing)


_Rows = list[tuple[int, Sequence[Cell]]]


def _rows(content: bytes, encoding: str) -> _Rows:
    if len(content) > BYTES_MAX:
        limit = BYTES_MAX // 2**20
        raise _UnreadableError(
            f"文件超过 {limit} MB，请分成几个文件。", f"Over {limit} MB: split the file."
        )
    if content.startswith(_OLE):
        raise _UnreadableError(
            "旧版 Excel 文件（.xls）：请另存为 .xlsx。", "An old Excel file: save it as .xlsx."
        )
    is_excel = content.startswith(_ZIP)
    rows = _excel_rows(content) if is_excel else _csv_rows(content, encoding)
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if not _is_empty(row)]
    if len(numbered) > LINES_MAX + 1:
        raise _UnreadableError(
            f"超过 {LINES_MAX:,} 行，请分成几个文件。", f"Over {LINES_MAX:,} lines: split the file."
        )
    return numbered


def _excel_rows(content: bytes) -> Iterable[Sequence[Cell]]:
    try:
        _refuse_oversize(content)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PackedTooLargeError:
        raise _too_large() from None
    except (CalamineError, PackedFileRefusedError, ValueError, KeyError, EOFError) as error:
        raise _UnreadableError(
            "不是可读取的 Excel 文件（.xlsx），可能已损坏或加密。",
            "No Excel file (.xlsx) that can be read; it may be damaged or encrypted.",
        ) from error


def _refuse_oversize(content: bytes) -> None:
    """Refuse what would fill the memory: much packed into little, or one cell far out."""
    file = io.BytesIO(content)
    check_packed(file, unpacked_max=UNPACKED_BYTES_MAX)
    with zipfile.ZipFile(file) as archive:
        archive.getinfo("xl/workbook.xml")
        sheets = [
            archive.read(entry)
            for entry in archive.infolist()
            if entry.filename.startswith("xl/worksheets/")
        ]
    places = (match for sheet in sheets for match in _PLACE.finditer(sheet))
    if any(int(place[2]) > ROWS_MAX or _column_number(place[1]) > COLUMNS_MAX for place in places):
        raise _too_large()


def _too_large() -> _UnreadableError:
    return _UnreadableError(
        "表格范围过大：请删除数据之外的行和列，或分成几个文件。",
        "The sheet is too large: delete rows and columns beyond the data, or split the file.",
    )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _csv_rows(content: bytes, encoding: str) -> Iterable[Sequence[Cell]]:
    try:
        text = content.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(
            f"第 {row} 行不是 {encoding.upper()} 编码：请另存为 UTF-8，或选择正确的编码。",
            f"Row {row} is not {encoding.upper()}: save it as UTF-8, or choose its encoding.",
        ) from error
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise _UnreadableError(
            "不是规范的 CSV 文件，请检查引号和逗号。",
            "No regular CSV file: check its quotes and commas.",
        ) from error


def _header(rows: _Rows) -> tuple[int, list[Column | None] | None, list[LineFault]]:
    """Where the lines begin, the column of each cell, and what is wrong with the headings."""
    if not rows:
        return 0, None, [LineFault(0, "", "文件是空的。", "The file is empty.")]
    row, headings = rows[0]
    columns = [column_of(str(heading)) if str(heading).strip() else None for heading in headings]
    faults = list(_heading_faults(row, [str(heading).strip() for heading in headings], columns))
    return 1, columns, faults


def _heading_faults(
    row: int, headings: list[str], columns: list[Column | None]
) -> Iterator[LineFault]:
    seen: set[str] = set()
    for heading, column in zip(headings, columns, strict=True):
        if column is None and heading:
            yield LineFault(
                row,
                "",
                f"不认识的列“{heading[:60]}”：表头请与模板一致。",
                f"Unknown column “{heading[:60]}”: take the headings of the template.",
            )
        elif column is not None and column.key in seen:
            yield LineFault(
                row, column.key, f"“{column.zh}”列重复。", f"Column “{column.en}” comes twice."
            )
        elif column is not None:
            seen.add(column.key)
    for column in COLUMNS:
        if column.is_needed and column.key not in seen:
            yield LineFault(
                row, column.key, f"缺少“{column.zh}”列。", f"Column “{column.en}” is missing."
            )


def _line(
    row: int, cells: Sequence[Cell], columns: list[Column | None]
) -> tuple[Line | None, list[LineFault]]:
    values: dict[str, str] = {}
    faults: list[LineFault] = []
    for position, cell in enumerate(cells):
        column = columns[position] if position < len(columns) else None
        value = _text(cell)
        if column is None:
            if position >= len(columns) and value:
                faults.append(_beyond_heading(row))
            continue
        if isinstance(value, Wrong):
            faults.append(LineFault(row, column.key, value.zh, value.en))
            value = str(cell)
        values[column.key] = value
    return Line(row, values), faults


def _beyond_heading(row: int) -> LineFault:
    return LineFault(
        row, "", "该行的列数多于表头。", "This row has more cells than there are headings."
    )


def _text(cell: Cell) -> str | Wrong:
    """A cell as the string that its author saw."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return read_number_cell(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    text = cell.isoformat() if isinstance(cell, date | time) else str(cell)
    if len(text) > CELL_MAX:
        return Wrong(f"超过 {CELL_MAX} 个字符。", f"Over {CELL_MAX} characters.")
    if "\x00" in text:
        return Wrong("含有不可见的空字符。", "Holds a NUL character.")
    return uninert(text.strip()).strip()


def _is_empty(cells: Sequence[Cell]) -> bool:
    return all(not str(cell).strip() for cell in cells)
