"""Packed files (ZIP, and so Excel, OFD and folders of models): what unpacks to too much is refused.

The sizes that an archive declares may be false, so that its entries are unpacked once, piece by
piece, and counted; nothing is kept. The work is bounded before the archive is opened: by the size
of its own list, which is all that Python's reader holds in memory.
"""

import copy
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import BinaryIO

from procurement.errors import RefusedError

ZIP = b"PK\x03\x04"
"""How every packed file begins that has an entry."""

UNPACKED_MAX = 200 * 2**20
ENTRIES_MAX = 5_000
_LIST_BYTES_PER_ENTRY = 400
_PIECE = 2**16

_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _LOCATOR_SIZE, _COMMENT_MAX = 22, 20, 2**16

# The other two unpack without a limit that one could set.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)


class PackedFileRefusedError(RefusedError):
    """A packed file is damaged, encrypted, or more than its size tells."""


class PackedTooLargeError(PackedFileRefusedError):
    """It unpacks to too much."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="文件解压后过大，请拆分后上传。", en="The file unpacks to too much; split it."
        )


class TooManyEntriesError(PackedFileRefusedError):
    """It holds too many entries."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="压缩包内文件过多。", en="The packed file holds too many files.")


class NestedError(PackedFileRefusedError):
    """It holds another packed file."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="压缩包内不得再有压缩文件。", en="A packed file must not hold another one."
        )


class DamagedPackedError(PackedFileRefusedError):
    """It cannot be unpacked, or declares what it is not."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="文件已损坏、加密，或压缩方式不受支持。",
            en="The file is damaged, encrypted, or packed in a way that is not read.",
        )


def check_packed(
    file: BinaryIO,
    *,
    unpacked_max: int = UNPACKED_MAX,
    entries_max: int = ENTRIES_MAX,
    may_nest: bool = False,
) -> Sequence[str]:
    r"""Refuse a packed file that is more than it seems; leaves the file at its beginning.

    Args:
        file: Its bytes.
        unpacked_max: How many bytes it may unpack to, all entries together.
        entries_max: How many entries it may have.
        may_nest: Whether entries may be packed files themselves; they are not looked into.

    Returns:
        The names of its entries.

    Raises:
        PackedFileRefusedError: One of its kinds.

    Examples:
        >>> import io
        >>> file = io.BytesIO()
        >>> with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        ...     archive.writestr("zeros", bytes(10_000_000))
        >>> len(file.getvalue()) < 10_000
        True
        >>> check_packed(file)
        ['zeros']
        >>> check_packed(file, unpacked_max=1_000_000)
        Traceback (most recent call last):
        ...
        procurement.files.packed.PackedTooLargeError: The file unpacks to too much; split it.
    """
    try:
        _check_list(file, entries_max)
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > entries_max:
                raise TooManyEntriesError
            if sum(entry.file_size for entry in entries) > unpacked_max:
                raise PackedTooLargeError
            left = unpacked_max
            for entry in entries:
                left -= _unpack(archive, entry, left=left, may_nest=may_nest)
            return [entry.filename for entry in entries]
    except _DAMAGE as error:
        raise DamagedPackedError from error
    finally:
        file.seek(0)


def _check_list(file: BinaryIO, entries_max: int) -> None:
    """Look at the end of the archive, which says how long its list is."""
    size = file.seek(0, 2)
    start = max(0, size - _COMMENT_MAX - _END_SIZE - _LOCATOR_SIZE)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise DamagedPackedError
    entries, list_bytes = struct.unpack_from("<HL", tail, place + 10)
    # The long form (ZIP64) is for archives beyond every limit here.
    is_long = tail[max(0, place - _LOCATOR_SIZE) : place].startswith(_END_64)
    if is_long or entries > entries_max or list_bytes > entries_max * _LIST_BYTES_PER_ENTRY:
        raise TooManyEntriesError


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, left: int, may_nest: bool) -> int:
    """Unpack one entry without keeping it; returns its true size."""
    if entry.compress_type not in _METHODS:
        raise DamagedPackedError
    # Python stops at the declared size, other readers do not: read beyond it, by more than
    # Python reads ahead.
    freely = copy.copy(entry)
    freely.file_size = left + 4 * _PIECE
    read, beginning = 0, b""
    with archive.open(freely) as opened:
        while piece := opened.read(min(_PIECE, left + 1 - read)):
            beginning = beginning or piece[: len(ZIP)]
            read += len(piece)
            if read > left:
                raise PackedTooLargeError
    if read != entry.file_size:
        raise DamagedPackedError
    if not may_nest and beginning == ZIP:
        raise NestedError
    return read
