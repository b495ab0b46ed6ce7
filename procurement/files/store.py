"""Files by their content: what has a digest is stored once, under it, and never changed."""

import hashlib
import os
import secrets
from pathlib import Path

from procurement.errors import JicaiError

FOLDER = "files"


class StoredFileMissingError(JicaiError):
    """A file that the database names is not in the data folder, or was changed there."""

    def __init__(self, digest: str) -> None:
        """Keep the digest."""
        super().__init__(f"the file {digest} is missing from the data folder or was changed")
        self.digest = digest


def store_file(folder: Path, content: bytes) -> str:
    """Store a file and return its SHA-256 in hexadecimal; the same content is stored once.

    Args:
        folder: The installation's data folder (`Settings.data`).
        content: The file.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     digest = store_file(Path(folder), b"%PDF-1.7")
        ...     read_file(Path(folder), digest)
        b'%PDF-1.7'
    """
    digest = hashlib.sha256(content).hexdigest()
    place = _place(folder, digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        # Complete on the disk before it has its name: a row never names half a file.
        draft = place.with_name(f"{digest}.{secrets.token_hex(8)}")
        with open(draft, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(place)
        # A name is lost with the power too, until its folder is on the disk; and so is a folder's.
        for each in (place.parent, place.parent.parent, folder):
            sync_folder(each)
    return digest


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; where a system cannot, nothing is done."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def read_file(folder: Path, digest: str) -> bytes:
    """Return a stored file.

    Raises:
        StoredFileMissingError: It is not there, or is not what was stored.
    """
    try:
        content = _place(folder, digest).read_bytes()
    except OSError as error:
        raise StoredFileMissingError(digest) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise StoredFileMissingError(digest)
    return content


def _place(folder: Path, digest: str) -> Path:
    return folder / FOLDER / digest[:2] / digest
