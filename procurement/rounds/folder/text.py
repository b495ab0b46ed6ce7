"""Text of the files: decoded line by line, in bounded pieces, never guessed.

Files are UTF-8; GB18030 is read only where the user says so. A file in another encoding is named,
with the way to read it, because a wrong guess would turn names into other names.
"""

import codecs
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from procurement.rounds.folder.faults import quoted

UTF_8 = "utf-8"
GB18030 = "gb18030"

_BOM_GB18030 = "\ufeff".encode(GB18030)
_OTHER_BOMS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_HEAD_BYTES = 4096
_BLOCK_BYTES = 1 << 16
_LAST_ASCII = 0x7F
_LAST_TWO_BYTE_CHARACTER = "\u07ff"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a file is refused, in bytes."""

    line: int = 1 << 20
    file: int = 512 << 20
    settings: int = 1 << 20
    """Of ``round.toml``, which is read whole."""


DEFAULT_LIMITS = Limits()


class UnreadableError(Exception):
    """A file, or what is left of it, cannot be read as text.

    Attributes:
        line: Line in the file, from 1; None where the file as a whole is meant.
        column: Place in the line, if any.
        problem: What is wrong.
        expected: What would have been right.
    """

    def __init__(self, line: int | None, column: str | None, problem: str, expected: str) -> None:
        """Keep the place and the reason."""
        super().__init__(problem)
        self.line = line
        self.column = column
        self.problem = problem
        self.expected = expected


def known_encoding(encoding: str) -> str:
    """The one of the two encodings that a name stands for; GBK and GB2312 are parts of GB18030.

    Raises:
        UnreadableError: It is another one.

    Examples:
        >>> known_encoding("GBK"), known_encoding("UTF8")
        ('gb18030', 'utf-8')
    """
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name in (UTF_8, "utf-8-sig"):
        return UTF_8
    if name in (GB18030, "gbk", "gb2312"):
        return GB18030
    raise UnreadableError(
        None, "--encoding", f"{quoted(encoding)} is not supported", f"{UTF_8} or {GB18030}"
    )


def read_lines(path: Path, encoding: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """Yield the lines of a file without their line ends; a byte order mark is dropped.

    Args:
        path: A regular file.
        encoding: ``utf-8`` or ``gb18030``.
        limits: Longest line and largest file.

    Raises:
        UnreadableError: At the first line that is too long or not in that encoding.
    """
    with _open(path, limits.file) as file:
        encoding = _past_byte_order_mark(file, encoding)
        number = 0
        while block := _read_block(file, limits.line):
            lines = block.removesuffix(b"\n").split(b"\n")
            for line in _decoded(lines, encoding, number, limits.line):
                yield line.removesuffix("\r")
            number += len(lines)


def read_settings(path: Path, encoding: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """Read a small TOML file whole.

    TOML is UTF-8 by its own standard, so a file that is plainly UTF-8 is read as such even where
    the tables beside it are GB18030.

    Raises:
        UnreadableError: The file is too large or not in the encoding.
    """
    with _open(path, limits.settings) as file:
        encoding = _past_byte_order_mark(file, encoding)
        raw = file.read()
    if encoding == GB18030 and _is_plainly_utf_8(raw):
        encoding = UTF_8
    lines = raw.splitlines(keepends=True)
    return "".join(_decode(line, encoding, number) for number, line in enumerate(lines, start=1))


def _read_block(file: BinaryIO, longest_line: int) -> bytes:
    """Read some whole lines; the last one may be cut off when it is too long."""
    block = file.read(_BLOCK_BYTES)
    if len(block) == _BLOCK_BYTES and not block.endswith(b"\n"):
        block += file.readline(longest_line + 1)
    return block


def _decoded(
    lines: Sequence[bytes], encoding: str, lines_before: int, longest_line: int
) -> Iterator[str]:
    """Decode lines one by one; a fault in one is raised after those before it were given."""
    for number, raw in enumerate(lines, start=lines_before + 1):
        if len(raw) > longest_line:
            raise UnreadableError(
                number,
                f"byte {longest_line + 1}",
                "the line is too long",
                f"a line of at most {longest_line} bytes",
            )
        yield _decode(raw, encoding, number)


def _open(path: Path, most_bytes: int) -> BinaryIO:
    """Open a regular file of bounded size; pipes and devices could block or never end."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(None, None, "is not a file", "a regular file")
        if status.st_size > most_bytes:
            raise UnreadableError(
                None, None, f"has {status.st_size} bytes", f"at most {most_bytes} bytes"
            )
        return path.open("rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(None, None, f"cannot be read ({reason})", "a file") from None


def _past_byte_order_mark(file: BinaryIO, encoding: str) -> str:
    """Go to the first character, and tell the encoding that a byte order mark settles."""
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if head.startswith(codecs.BOM_UTF8):
        file.seek(len(codecs.BOM_UTF8))
        return UTF_8
    if encoding == GB18030 and head.startswith(_BOM_GB18030):
        file.seek(len(_BOM_GB18030))
        return GB18030
    other = next((name for bom, name in _OTHER_BOMS.items() if head.startswith(bom)), None)
    if other is None and _looks_like_utf_16(head):
        other = "UTF-16"
    if other is not None:
        raise UnreadableError(1, "byte 1", f"is {other}", "UTF-8: save the file as UTF-8")
    return encoding


def _looks_like_utf_16(head: bytes) -> bool:
    """Whether every second byte is mostly zero, as in Latin letters and digits in UTF-16."""
    return any(5 * head[start::2].count(0) > len(head) > 8 for start in (0, 1))


def _decode(raw: bytes, encoding: str, line: int) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(raw, encoding, line, error.start) from None
    if encoding == GB18030 and _is_plainly_utf_8(raw):
        raise _wrong_encoding(raw, encoding, line, 0)
    return text


def _is_plainly_utf_8(raw: bytes) -> bool:
    """Whether bytes are UTF-8 with characters of three bytes or more, such as Chinese ones.

    Usual GB18030 text is never that; a short one may pass for characters of two bytes.
    """
    if raw.isascii():
        return False
    try:
        return max(raw.decode(UTF_8)) > _LAST_TWO_BYTE_CHARACTER
    except UnicodeDecodeError:
        return False


def _wrong_encoding(raw: bytes, encoding: str, line: int, start: int) -> UnreadableError:
    """Name the encoding that a line seems to be in, and how to read it."""
    if encoding == GB18030 and _is_plainly_utf_8(raw):
        start = next(place for place, byte in enumerate(raw) if byte > _LAST_ASCII)
        expected = "GB18030 as asked for: leave out --encoding"
        return UnreadableError(line, f"byte {start + 1}", "looks like UTF-8", expected)
    place = f"byte {start + 1}"
    if encoding == GB18030:
        return UnreadableError(line, place, f"0x{raw[start]:02x} is not GB18030", "GB18030 text")
    try:
        raw.decode(GB18030)
    except UnicodeDecodeError:
        return UnreadableError(line, place, f"0x{raw[start]:02x} is not UTF-8", "UTF-8 text")
    return UnreadableError(
        line,
        place,
        "is not UTF-8, it looks like GB18030",
        "UTF-8, or the option --encoding gb18030",
    )
