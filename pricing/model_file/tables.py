"""CSV tables of a model: their rows with the place of every cell."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pricing.faults import quoted
from pricing.model_file.document import Document, Section
from pricing.model_file.files import text_of
from pricing.model_file.places import Place

NOTES = ("source", "note")
"""Columns that every table may have: where the number of a row comes from."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        file: Name of the file.
        line: On which it stands.
        cells: By column, stripped; an empty cell is an empty text.
    """

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The text of a cell; empty where the table has no such column."""
        return self.cells.get(column, "")

    def place(self, column: str) -> Place:
        """The place of a cell."""
        return Place(self.file, self.line, column)


def read_table(
    section: Section, key: str, columns: Sequence[str], optional: Sequence[str] = ()
) -> list[Row]:
    """Read the table that a key names; its faults are noted.

    Args:
        section: Where the key stands.
        key: It names the file.
        columns: That it must have.
        optional: That it may have.
    """
    name = section.text(key)
    document = section.document
    if not name:
        return []
    if "/" in name or "\\" in name or name not in document.files:
        tables = ", ".join(sorted(file for file in document.files if file.endswith(".csv")))
        section.fault(
            key,
            f"没有文件 {quoted(name)}；应为模型文件夹中的表（{tables}）",
            f"there is no file {quoted(name)}: expected a table in the model's folder "
            f"({tables or 'it has none'})",
        )
        return []
    document.used.add(name)
    return list(_rows(document, name, columns, optional))


def _rows(
    document: Document, name: str, columns: Sequence[str], optional: Sequence[str]
) -> Iterator[Row]:
    faults = document.faults
    try:
        text = text_of(document.files[name])
    except ValueError:
        faults.add(name, "不是 UTF-8 文本；应为 UTF-8", "is not UTF-8 text: expected UTF-8")
        return
    header: list[str] | None = None
    try:
        for line, cells in _lines(text):
            if header is None:
                header = cells
                if not _header_is_sound(document, Place(name, line), header, columns, optional):
                    return
            elif len(cells) > len(header):
                document.faults.add(
                    Place(name, line, len(header) + 1),
                    f"有 {len(cells)} 个单元格；应为 {len(header)} 个",
                    f"has {len(cells)} cells: expected {len(header)}",
                )
            else:
                yield Row(name, line, dict(zip(header, cells, strict=False)))
    except csv.Error as error:
        faults.add(name, f"不是 CSV（{error}）", f"is not CSV ({error}): expected cells and commas")
    if header is None:
        words = ", ".join(columns)
        faults.add(name, f"为空；应有表头 {words}", f"is empty: expected a header {words}")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield line, stripped
        line = reader.line_num + 1


def _header_is_sound(
    document: Document,
    place: Place,
    header: Sequence[str],
    columns: Sequence[str],
    optional: Sequence[str],
) -> bool:
    known = (*columns, *optional)
    words = ", ".join(known)
    sound = True
    for column in columns:
        if column not in header:
            document.faults.add(
                place, f"缺少列 {column}；应为 {words}", f"has no column {column}: expected {words}"
            )
            sound = False
    for column in header:
        if column not in known or header.count(column) > 1:
            document.faults.add(
                place,
                f"列 {quoted(column)} 未知或重复；应为 {words}",
                f"column {quoted(column)} is unknown or there twice: expected {words}",
            )
            sound = False
    return sound
