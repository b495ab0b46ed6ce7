"""Asking a scanner whether a file holds malicious code, by the protocol of ClamAV's daemon.

``INSTREAM``: the file is sent in pieces, each after its length, and the scanner answers in a line.
What it does not clear is refused: when it found something, and when it did not answer.
"""

import re
import socket
import struct
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import urlsplit

from procurement.errors import JicaiError, RefusedError

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
"""For each piece sent and for the answer; a scanner that hangs keeps a thread of the process."""

_PIECE = 2**16
_ANSWER_BYTES_MAX = 4096
_BEGIN = b"zINSTREAM\0"
_CLEAN = "stream: OK"
_FOUND = re.compile(r"stream: (.+) FOUND")


class ScannerAddressError(JicaiError):
    """``JICAI_SCANNER`` is no address of a scanner."""

    def __init__(self) -> None:
        """Say what was expected."""
        super().__init__("JICAI_SCANNER: expected tcp://HOST:PORT or unix:///PATH/OF/SOCKET")


class MaliciousFileError(RefusedError):
    """The scanner found malicious code."""

    def __init__(self, finding: str) -> None:
        """Say what it found, by the scanner's own name of it."""
        super().__init__(
            zh=f"文件未通过恶意代码检查（{finding}），未作保存。请在本机查杀后重新上传。",
            en=f"The file holds malicious code ({finding}) and was not kept. Clean your computer, "
            "then send it again.",
        )
        self.finding = finding


class NotScannedError(RefusedError):
    """The scanner did not say that the file is clean."""

    def __init__(self) -> None:
        """Say that it may pass later."""
        super().__init__(
            zh="恶意代码检查暂时无法完成，文件未作保存；请稍后重试，并告知平台运维人员。",
            en="The file could not be checked for malicious code and was not kept; try again "
            "later, and tell those who run the platform.",
        )


def scanner_place(scanner: str) -> tuple[str, int] | str:
    """Return host and port of a scanner, or the path of its socket on this machine.

    Args:
        scanner: As `procurement.settings.Settings.scanner`.

    Raises:
        ScannerAddressError: It is neither.

    Examples:
        >>> scanner_place("tcp://scanner:3310"), scanner_place("unix:///run/clamd.ctl")
        (('scanner', 3310), '/run/clamd.ctl')
    """
    parts = urlsplit(scanner)
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ScannerAddressError from error
    if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
        return parts.path
    if parts.scheme == "tcp" and host and port and not parts.path:
        return host, port
    raise ScannerAddressError


def scan(file: BinaryIO, *, scanner: str) -> None:
    """Refuse a file that the scanner does not clear; leaves the file at its beginning.

    Args:
        file: Its bytes.
        scanner: As `procurement.settings.Settings.scanner`.

    Raises:
        MaliciousFileError: It found something.
        NotScannedError: It is away, too slow, or takes no file of that size.
    """
    place = scanner_place(scanner)
    file.seek(0)
    try:
        said = _asked(file, place)
    except OSError as error:
        raise NotScannedError from error
    finally:
        file.seek(0)
    if found := _FOUND.fullmatch(said):
        raise MaliciousFileError(found[1])
    if said != _CLEAN:
        raise NotScannedError


def _asked(file: BinaryIO, place: tuple[str, int] | str) -> str:
    with _connected(place) as scanner:
        try:
            scanner.sendall(_BEGIN)
            for piece in _pieces(file):
                scanner.sendall(struct.pack(">L", len(piece)) + piece)
        except (BrokenPipeError, ConnectionResetError):
            # It answers and hangs up within a file that is too large; the answer may be there.
            return _answer(scanner)
        return _answer(scanner)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
    yield b""  # the end: a piece of no length


def _connected(place: tuple[str, int] | str) -> socket.socket:
    if isinstance(place, tuple):
        scanner = socket.create_connection(place, timeout=CONNECT_SECONDS)
    else:
        scanner = socket.socket(socket.AF_UNIX)
        try:
            scanner.settimeout(CONNECT_SECONDS)
            scanner.connect(place)
        except OSError:
            scanner.close()
            raise
    scanner.settimeout(ANSWER_SECONDS)
    return scanner


def _answer(scanner: socket.socket) -> str:
    """Return its line: up to the NUL, or what there was when it hung up."""
    said = b""
    while b"\0" not in said and len(said) < _ANSWER_BYTES_MAX:
        piece = scanner.recv(_ANSWER_BYTES_MAX)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
