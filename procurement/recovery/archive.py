"""The file of a back-up: a tar with a manifest at its end, which lists everything by its digest."""

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from procurement.recovery.errors import BadBackUpError, FileExistsAlreadyError
from procurement.recovery.facts import Facts

FORMAT = "jicai-back-up/1"
MANIFEST = "manifest.json"
CHUNK = 2**20
MANIFEST_BYTES_MAX = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a back-up."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a back-up holds.

    Attributes:
        version: Of the program that made it.
        made_at: When, in UTC.
        database: ``sqlite``, ``postgresql`` (made by pg_dump) or ``postgresql-copy``.
        revision: The newest migration of the database.
        facts: What must be the same after a restore.
        entries: All other files.
    """

    version: str
    made_at: str
    database: str
    revision: str
    facts: Facts
    entries: tuple[Entry, ...] = field(default=())


@contextmanager
def new_archive(file: Path) -> Iterator["ArchiveWriter"]:
    """Write a back-up; the file appears under its name when it is complete and on the disk.

    Raises:
        FileExistsAlreadyError: The file exists.
    """
    if file.exists():
        raise FileExistsAlreadyError(file.name)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        # Nobody else on this machine may read it: names of people stand in it.
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            with tarfile.open(fileobj=opened, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, file)
    except FileExistsError as error:
        raise FileExistsAlreadyError(file.name) from error
    finally:
        draft.unlink(missing_ok=True)


class ArchiveWriter:
    """Adds files to a back-up and notes their digests."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        """Keep the tar."""
        self._tar = tar
        self._entries: list[Entry] = []

    def add(self, name: str, file: Path) -> None:
        """Add a file from the disk."""
        with file.open("rb") as opened:
            entry = tarfile.TarInfo(name)
            entry.size = os.fstat(opened.fileno()).st_size
            entry.mode = 0o600
            source = _Digested(opened)
            self._tar.addfile(entry, source)
        self._entries.append(Entry(name, entry.size, source.digest.hexdigest()))

    def finish(self, manifest: Manifest) -> Manifest:
        """Write the manifest with all entries, which ends the back-up; returns it."""
        manifest = replace(manifest, entries=tuple(self._entries))
        document = {"format": FORMAT, **asdict(manifest)}
        content = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(content)
        entry.mode = 0o600
        self._tar.addfile(entry, io.BytesIO(content))
        return manifest


class _Digested:
    """A file that is digested while it is read."""

    def __init__(self, opened: IO[bytes]) -> None:
        self._opened = opened
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._opened.read(size)
        self.digest.update(content)
        return content


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a back-up into an empty folder; every file is compared with its digest.

    Raises:
        BadBackUpError: It is no back-up, is incomplete, or was changed.
    """
    try:
        with tarfile.open(file, mode="r:") as tar:
            found = {entry.name: entry for entry in _unpacked(tar, folder)}
            manifest = _manifest(folder / MANIFEST)
    except (OSError, tarfile.TarError) as error:
        raise BadBackUpError(f"it cannot be read ({type(error).__name__})") from error
    found.pop(MANIFEST, None)
    listed = {entry.name: entry for entry in manifest.entries}
    if found != listed:
        wrong = sorted(name for name in found | listed if found.get(name) != listed.get(name))
        raise BadBackUpError(f"{wrong[0]} is missing or was changed")
    return manifest


def _unpacked(tar: tarfile.TarFile, folder: Path) -> Iterator[Entry]:
    for member in tar:
        path = PurePosixPath(member.name)
        if not member.isreg() or path.is_absolute() or ".." in path.parts:
            raise BadBackUpError(f"{member.name!r} has no place in a back-up")
        source = tar.extractfile(member)
        if source is None:
            raise BadBackUpError(f"{member.name!r} is empty")
        target = folder.joinpath(*path.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("xb") as opened:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                opened.write(chunk)
        yield Entry(member.name, member.size, digest.hexdigest())


def _manifest(file: Path) -> Manifest:
    if not file.is_file() or file.stat().st_size > MANIFEST_BYTES_MAX:
        raise BadBackUpError("it has no manifest: it was not finished")
    try:
        document: dict[str, Any] = json.loads(file.read_bytes())
        if document.pop("format") != FORMAT:
            raise BadBackUpError("its format is another one")
        entries = tuple(Entry(**entry) for entry in document.pop("entries"))
        return Manifest(facts=Facts(**document.pop("facts")), entries=entries, **document)
    except (ValueError, TypeError, KeyError) as error:
        raise BadBackUpError("its manifest cannot be read") from error
