"""Files of sealing on the command line: read with their name in every fault, never overwritten."""

import argparse
import base64
import binascii
import getpass
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from bidding.sealing import FormatError, KeyFile, Manifest, check_manifest, read_key_file
from bidding.sealing.evidence.bundle import SIZE_MAX
from bidding.sealing.manifest import read_manifest
from procurement.errors import JicaiError

T = TypeVar("T")

_ENTRIES_MAX = 100_000


class BadFileError(JicaiError):
    """A file or an option of sealing cannot be used; one line says which and what was expected."""

    def __init__(self, name: object, problem: str, expected: str) -> None:
        """Keep the file and what is wrong with it."""
        super().__init__(f"{name}: {problem}: expected {expected}")


def read_file(path: Path) -> bytes:
    """The content of a file.

    Raises:
        BadFileError: It is missing, too large or cannot be read.
    """
    try:
        if path.stat().st_size > SIZE_MAX:
            raise BadFileError(path, "is too large", f"at most {SIZE_MAX} bytes")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadFileError(path, f"cannot be read ({reason})", "a file") from None


def read_document(path: Path, read: Callable[[bytes], T]) -> T:
    """A document, with its file's name in the fault.

    Raises:
        BadFileError: The file cannot be read.
        FormatError: The document has another form.
    """
    try:
        return read(read_file(path))
    except FormatError as refusal:
        raise FormatError(f"{path}: {refusal.where}", refusal.expected) from None


def read_many(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """The JSON documents in files, folders and ZIP archives, by name.

    Raises:
        BadFileError: One of them cannot be read, or holds no document.
    """
    for path in paths:
        if path.is_dir():
            files = sorted(path.glob("*.json"))
            if not files:
                raise BadFileError(path, "holds no .json file", "a folder of documents")
            yield from ((str(file), read_file(file)) for file in files)
        elif path.suffix == ".zip":
            yield from _read_zip(path)
        else:
            yield str(path), read_file(path)


def _read_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if one.filename.endswith(".json")]
            # Declared sizes are checked before anything is unpacked.
            if len(entries) > _ENTRIES_MAX or sum(one.file_size for one in entries) > SIZE_MAX:
                raise BadFileError(path, "is too large", f"at most {SIZE_MAX} bytes unpacked")
            for entry in sorted(entries, key=lambda one: one.filename):
                yield f"{path}/{entry.filename}", archive.read(entry)
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise BadFileError(path, f"cannot be read ({error})", "a ZIP archive") from None


def check_new(path: Path) -> Path:
    """The path of a file to be written.

    Raises:
        BadFileError: There is one already, or no folder for it.
    """
    if path.exists():
        raise BadFileError(path, "exists already", "the name of a new file")
    if not path.parent.is_dir():
        raise BadFileError(path.parent, "is no folder", "a folder for the new file")
    return path


def write_new(path: Path, content: bytes, *, is_secret: bool = False) -> None:
    """Write a file that must not exist yet; a secret one can be read by its owner only.

    Raises:
        BadFileError: There is one already, or it cannot be written.
    """
    mode = 0o600 if is_secret else 0o644
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadFileError(path, f"cannot be written ({reason})", "a new file") from None


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """Add the argument that says where the passphrase is, if nobody is to be asked for it."""
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="its first line is the passphrase of the key file; asked for unless given",
    )


def passphrase_of(arguments: argparse.Namespace, *, is_new: bool = False) -> str:
    """The passphrase, from a file or from a person; a new one is asked for twice.

    Raises:
        BadFileError: There is nobody to ask, or the two do not agree.
    """
    if arguments.passphrase_file is not None:
        lines = read_file(arguments.passphrase_file).decode(errors="replace").splitlines()
        return lines[0] if lines else ""
    if not sys.stdin.isatty():
        raise BadFileError("--passphrase-file", "is not given", "a file, as nobody can be asked")
    chinese = arguments.lang == "zh"
    typed = getpass.getpass("密钥文件口令：" if chinese else "Passphrase of the key file: ")
    if is_new and typed != getpass.getpass("再次输入：" if chinese else "Once more: "):
        raise BadFileError("passphrase", "the two are different", "the same passphrase twice")
    return typed


def read_key(path: Path) -> KeyFile:
    """A key file, still locked.

    Raises:
        BadFileError: It cannot be read.
        FormatError: It has another form.
    """
    return read_document(path, read_key_file)


def add_bureau_key(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names the bureau's public key."""
    parser.add_argument(
        "--bureau-key",
        metavar="KEY",
        help="the bureau's public key in Base64 as published, or a file that holds it",
    )


def bureau_key_of(arguments: argparse.Namespace) -> bytes | None:
    """The bureau's public key, if it was given.

    Raises:
        BadFileError: It is not Base64.
    """
    given = arguments.bureau_key
    if given is None:
        return None
    text = read_file(Path(given)).decode(errors="replace") if Path(given).is_file() else given
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadFileError("--bureau-key", "is not Base64", "a public key in Base64") from None


def manifest_of(arguments: argparse.Namespace) -> Manifest:
    """The manifest that the arguments name, with its signature checked.

    Raises:
        FormatError: It has another form.
        SignatureError: It is not signed by the bureau.
    """
    manifest = read_document(arguments.manifest, read_manifest)
    check_manifest(manifest, bureau_key=bureau_key_of(arguments))
    return manifest
