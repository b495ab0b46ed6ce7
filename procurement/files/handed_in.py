"""What a file must be like that somebody hands in as evidence; pure functions only."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procurement.errors import FieldFault
from procurement.files.packed import ZIP, PackedFileRefusedError, check_packed

FILES_MAX = 10
FILE_BYTES_MAX = 20 * 1024 * 1024
FILE_NAME_MAX = 200

_BEGINNINGS: Sequence[tuple[bytes, str]] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
_OFD = "application/ofd"
_OFD_ROOT = "OFD.xml"
_BOOK_ROOT = "xl/workbook.xml"

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def media_type_of(content: bytes) -> str | None:
    r"""Tell what kind of file it is by what it holds, or None for a kind that is not taken.

    Args:
        content: The whole file: a packed one is looked through to its end.

    Examples:
        >>> media_type_of(b"%PDF-1.7 ..."), media_type_of(b"MZ"), media_type_of(b"PK\x03\x04")
        ('application/pdf', None, None)
    """
    if content.startswith(ZIP):
        return _OFD if _is_ofd(content) else None
    for mark, media_type in _BEGINNINGS:
        if content.startswith(mark):
            return media_type
    return None


def _is_ofd(content: bytes) -> bool:
    """Tell OFD, the national format of sealed documents, from other archives and from bombs."""
    try:
        # What is attached to a document may be packed itself; nothing here unpacks it.
        return _OFD_ROOT in check_packed(io.BytesIO(content), may_nest=True)
    except PackedFileRefusedError:
        return False


def table_type_of(content: bytes) -> str | None:
    r"""Tell whether a file is a table as it is handed in: Excel, or text that may be CSV.

    Examples:
        >>> table_type_of("品种,数量\n".encode()), table_type_of(b"MZ\x00\x90")
        ('text/csv', None)
    """
    if content.startswith(ZIP):
        try:
            is_book = _BOOK_ROOT in check_packed(io.BytesIO(content))
        except PackedFileRefusedError:
            is_book = False
        return XLSX if is_book else None
    if b"\0" in content:
        return None
    return CSV if any(_is_text(content, encoding) for encoding in ("utf-8", "gb18030")) else None


def _is_text(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is handed in.

    Attributes:
        name: As the sender calls it.
        content: The file.
    """

    name: str
    content: bytes

    @property
    def media_type(self) -> str | None:
        """As its content tells it; None where it is of no kind that is taken."""
        return media_type_of(self.content)


def file_faults(files: Sequence[NewFile], *, known: int = 0) -> Iterator[FieldFault]:
    """Find what is wrong with files that are handed in.

    Args:
        files: Those that are handed in now.
        known: How many it has already.
    """
    if known + len(files) > FILES_MAX:
        yield FieldFault("files", f"最多 {FILES_MAX} 个文件。", f"At most {FILES_MAX} files.")
    for file in files:
        if not file.content:
            yield FieldFault("files", f"{file.name}：文件为空。", f"{file.name} is empty.")
        elif len(file.content) > FILE_BYTES_MAX:
            most = FILE_BYTES_MAX // 1024 // 1024
            yield FieldFault(
                "files", f"{file.name}：超过 {most} MB。", f"{file.name} is over {most} MB."
            )
        elif file.media_type is None:
            yield FieldFault(
                "files",
                f"{file.name}：须为 PDF、OFD、JPEG 或 PNG。",
                f"{file.name}: expected PDF, OFD, JPEG or PNG.",
            )
