"""Files of lines, such as orders or prices: CSV, read with every fault by line and column."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from procurement.errors import FieldFault
from procurement.files import uninert

ENCODINGS = ("utf-8-sig", "gb18030")
BYTES_MAX = 5_000_000
ROWS_MAX = 5_000
FAULTS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    Attributes:
        key: Its English heading.
        zh: Its Chinese heading.
        is_needed: The heading and every cell must be there.
    """

    key: str
    zh: str
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file.

    Attributes:
        number: Its line in the file, from 1; the heading is line 1.
        cells: Texts without blanks around them, by key.
    """

    number: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Lines:
    """What a file holds.

    Attributes:
        rows: Its lines.
        faults: What is wrong with the file as such.
    """

    rows: list[Row] = field(default_factory=list)
    faults: list[FieldFault] = field(default_factory=list)


def cell_place(number: int, column: Column) -> str:
    """Name a cell of a file.

    Examples:
        >>> cell_place(3, Column("packs", "数量"))
        '第 3 行，数量 packs'
    """
    return f"第 {number} 行，{column.zh} {column.key}"


def fault_in_cell(faults: list[FieldFault], row: Row, column: Column, zh: str, en: str) -> None:
    """Add what is wrong with a cell of a file to its faults."""
    faults.append(FieldFault(cell_place(row.number, column), zh, en))


def read_lines(content: bytes, columns: Sequence[Column]) -> Lines:
    """Read a CSV file; a fault never raises.

    Args:
        content: The file, in UTF-8 or GB 18030.
        columns: Those it may have, in any order, with headings in Chinese or English.

    Examples:
        >>> from procurement.catalogue.spreadsheets import as_csv
        >>> packs = Column("packs", "数量")
        >>> read_lines(as_csv([["数量"], ["12"]]), [packs]).rows
        [Row(number=2, cells={'packs': '12'})]
        >>> [one.en for one in read_lines(as_csv([["amount"], ["12"]]), [packs]).faults]
        ['The column “amount” is not known.', 'The column “packs” (数量) is missing.']
    """
    found = Lines()
    text = _text(content, found)
    table = [] if text is None else _table(text, found)
    if found.faults:
        return found
    if not table:
        _fault(found, "文件为空。", "The file is empty.")
        return found
    places = _places(table[0][1], columns, found)
    if found.faults:
        return found
    for number, cells in table[1:]:
        if any(cell.strip() for cell in cells):
            found.rows.append(Row(number, _cells(cells, places)))
    if not found.rows:
        _fault(found, "表头之下没有内容。", "There is nothing below the heading.")
    if len(found.rows) > ROWS_MAX:
        _fault(found, f"超过 {ROWS_MAX} 行。", f"More than {ROWS_MAX} lines.")
    return found


def _fault(found: Lines, zh: str, en: str) -> None:
    found.faults.append(FieldFault("file", zh, en))


def _text(content: bytes, found: Lines) -> str | None:
    if len(content) > BYTES_MAX:
        most = BYTES_MAX // 1_000_000
        _fault(found, f"文件超过 {most} MB。", f"The file is larger than {most} MB.")
        return None
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    _fault(found, "文件须为 UTF-8 或 GB 18030 编码。", "Expected UTF-8 or GB 18030.")
    return None


def _table(text: str, found: Lines) -> list[tuple[int, list[str]]]:
    """The rows with the numbers of their lines; a quoted cell may span several."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    table: list[tuple[int, list[str]]] = []
    try:
        before = 0
        for cells in reader:
            # Lists of faults come back as they were given out, with their marks.
            table.append((before + 1, [uninert(cell) for cell in cells]))
            before = reader.line_num
    except csv.Error as error:
        zh = f"第 {reader.line_num} 行不是 CSV：{error}。"
        _fault(found, zh, f"Line {reader.line_num} is no CSV: {error}.")
    return table


def _places(heading: Sequence[str], columns: Sequence[Column], found: Lines) -> dict[str, int]:
    """Where each column stands."""
    known = {name: column for column in columns for name in (column.key, column.zh)}
    places: dict[str, int] = {}
    for position, cell in enumerate(heading):
        column = known.get(cell.strip())
        if column is None:
            name = cell.strip()[:60]
            _fault(found, f"未知的列“{name}”。", f"The column “{name}” is not known.")
        elif column.key in places:
            _fault(found, f"列“{column.zh}”重复。", f"The column “{column.key}” stands twice.")
        else:
            places[column.key] = position
    for column in columns:
        if column.is_needed and column.key not in places:
            zh = f"缺少列“{column.zh}”（{column.key}）。"
            _fault(found, zh, f"The column “{column.key}” ({column.zh}) is missing.")
    return places


def _cells(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {
        key: _plain(cells[position]) if position < len(cells) else ""
        for key, position in places.items()
    }


def _plain(cell: str) -> str:
    """A cell without blanks around it, and without the mark that keeps it from being a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
