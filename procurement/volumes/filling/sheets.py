"""Rows of an uploaded file, CSV or Excel, one after the other."""

import csv
import io
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from procurement.files import PackedFileRefusedError, PackedTooLargeError, check_packed
from procurement.volumes.errors import FileRefusedError
from procurement.volumes.filling.columns import HEADER_WITHIN, Column, cells_of, match_header

UNPACKED_MAX = 512 * 1024**2
"""An Excel file is a packed folder; one that unpacks to more is not opened."""

ENCODINGS = ("utf-8", "gb18030")
"""UTF-8, and GB18030 only where the user says so."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = (",", "\t", ";")
_CELL_MAX = 10_000

Raw = Sequence[object]


class SheetRow(NamedTuple):
    """A row below the header.

    Attributes:
        number: As a spreadsheet counts, from 1.
        cells: By column key; columns that the file lacks are missing.
    """

    number: int
    cells: Mapping[str, object]


def read_sheet(
    file: BinaryIO, *, columns: Sequence[Column], encoding: str = "utf-8"
) -> Generator[SheetRow, None, None]:
    r"""Read the rows of a file in which at least one known cell is filled.

    A CSV file is streamed. Of an Excel file the first visible sheet is read. Close what is
    returned before the file, where it is not read to the end.

    Args:
        file: At its beginning.
        columns: Those that are read; others are passed over.
        encoding: Of a CSV file, see `ENCODINGS`.

    Yields:
        Rows in order.

    Raises:
        FileRefusedError: The file cannot be read, or has no header with the needed columns.

    Examples:
        >>> from procurement.volumes.filling.columns import FORM_COLUMNS
        >>> file = io.BytesIO("品种编号,规格,需求量\nL01,1mg,5\n".encode())
        >>> [(row.number, row.cells["demand"]) for row in read_sheet(file, columns=FORM_COLUMNS)]
        [(2, '5')]
    """
    start = file.read(4)
    file.seek(0)
    rows = _excel(file) if start in (_ZIP, _OLE) else _csv(file, encoding)
    places: dict[str, int] | None = None
    for number, raw in enumerate(rows, start=1):
        if places is None:
            places = match_header(raw, columns)
            if places is None and number >= HEADER_WITHIN:
                raise _no_header(columns)
            continue
        cells = cells_of(raw, places)
        if any(cell is not None and cell != "" for cell in cells.values()):
            yield SheetRow(number, cells)
    if places is None:
        raise _no_header(columns)


def _no_header(columns: Sequence[Column]) -> FileRefusedError:
    needed = [column for column in columns if column.is_needed]
    return FileRefusedError(
        zh=f"前 {HEADER_WITHIN} 行中没有表头，须含：{'、'.join(c.zh for c in needed)}。",
        en=f"No header within the first {HEADER_WITHIN} rows; "
        f"expected {', '.join(column.en for column in needed)}.",
    )


def _csv(file: BinaryIO, encoding: str) -> Iterator[Raw]:
    # A mark at the beginning, as Excel writes it, is no part of the first heading.
    decoder = "utf-8-sig" if encoding == "utf-8" else encoding
    text = io.TextIOWrapper(file, encoding=decoder, newline="")
    try:
        first = text.readline(_CELL_MAX)
        text.seek(0)
        delimiter = max(_DELIMITERS, key=first.count)
        yield from csv.reader(text, delimiter=delimiter)
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            zh=f"文件不是 {encoding.upper()} 编码，请在上传时选择正确的编码。",
            en=f"The file is not in {encoding.upper()}; choose its encoding when uploading.",
        ) from error
    except csv.Error as error:
        raise FileRefusedError(
            zh="文件不是有效的 CSV 表格。", en=f"The file is no readable CSV table ({error})."
        ) from error
    finally:
        # The caller's file stays open.
        text.detach()


def _excel(file: BinaryIO) -> Iterator[Raw]:
    _refuse_bomb(file)
    try:
        # calamine has no context manager that closes only what it opened itself.
        book = CalamineWorkbook.from_filelike(file)
        visible = [
            index
            for index, sheet in enumerate(book.sheets_metadata)
            if sheet.visible == SheetVisibleEnum.Visible
        ]
        if visible:
            yield from book.get_sheet_by_index(visible[0]).iter_rows()
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefusedError(
            zh="不能读取该 Excel 文件：已损坏、加密或不是表格。",
            en="The Excel file cannot be read: damaged, encrypted or no spreadsheet.",
        ) from error


def _refuse_bomb(file: BinaryIO) -> None:
    start = file.read(4)
    file.seek(0)
    if start != _ZIP:
        return
    try:
        check_packed(file, unpacked_max=UNPACKED_MAX)
    except PackedTooLargeError as error:
        raise FileRefusedError(zh=error.zh, en=error.en) from error
    except PackedFileRefusedError as error:
        raise FileRefusedError(
            zh=f"不能读取该 Excel 文件：{error.zh}", en=f"The Excel file cannot be read: {error.en}"
        ) from error


def count_rows(file: BinaryIO) -> int:
    r"""Estimate the rows of a file, for the progress: quickly, without reading what is in them.

    Examples:
        >>> count_rows(io.BytesIO(b"lot,need\nL01,5\nL02,6"))
        3
    """
    start = file.read(4)
    file.seek(0)
    if start in (_ZIP, _OLE):
        return _excel_height(file)
    lines, last = 0, b"\n"
    while piece := file.read(1024 * 1024):
        lines += piece.count(b"\n")
        last = piece[-1:]
    file.seek(0)
    return lines + (last != b"\n")


def _excel_height(file: BinaryIO) -> int:
    # Known only after the sheet was read; the package's own count of rows may lie.
    try:
        book = CalamineWorkbook.from_filelike(file)
        return max((book.get_sheet_by_index(0).total_height, 0))
    except (CalamineError, OSError, ValueError, IndexError):
        return 0
    finally:
        file.seek(0)
