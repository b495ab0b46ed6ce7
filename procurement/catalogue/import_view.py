"""A page of an upload's preview: lines as they were read, each fault at its cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.catalogue.importing import faults_of, lines_of
from procurement.catalogue.reading import LineFault
from procurement.catalogue.rules import COLUMNS
from procurement.catalogue.tables import CatalogueImport
from procurement.web import Page

LINES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of the file.

    Attributes:
        row: As the spreadsheet counts.
        cells: Its strings, in the order of the preview's columns.
        faults: By column, in the same order.
        row_faults: Of the row as a whole.
    """

    row: int
    cells: Sequence[str]
    faults: Sequence[Sequence[LineFault]]
    row_faults: Sequence[LineFault]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page of the preview shows.

    Attributes:
        columns: Keys of the columns that the file has, in the order of the catalogue.
        page: Lines of this page.
        file_faults: Of the file as a whole and of its headings.
    """

    columns: Sequence[str]
    page: Page[PreviewLine]
    file_faults: Sequence[LineFault]


def preview_page(upload: CatalogueImport, *, number: int, only_faulty: bool) -> Preview:
    """Make one page of an upload's preview.

    Args:
        upload: The upload.
        number: Of the page, from 1; beyond the end it is the last.
        only_faulty: Leave out lines without faults.

    Returns:
        The page.
    """
    lines, faults = lines_of(upload), faults_of(upload)
    rows = {line.row for line in lines}
    by_row: dict[int, list[LineFault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    wanted = [line for line in lines if line.row in by_row or not only_faulty]
    count = max(1, -(-len(wanted) // LINES_A_PAGE))
    number = min(number, count)
    used = {key for line in lines for key in line.cells}
    columns = [column.key for column in COLUMNS if column.key in used]
    shown = [
        PreviewLine(
            line.row,
            [line.cells.get(key, "") for key in columns],
            [_at(by_row.get(line.row, []), key) for key in columns],
            [fault for fault in by_row.get(line.row, []) if fault.column not in columns],
        )
        for line in wanted[(number - 1) * LINES_A_PAGE : number * LINES_A_PAGE]
    ]
    return Preview(
        columns,
        Page(shown, number, LINES_A_PAGE, len(wanted)),
        [fault for fault in faults if fault.row not in rows],
    )


def _at(faults: Sequence[LineFault], column: str) -> list[LineFault]:
    return [fault for fault in faults if fault.column == column]
