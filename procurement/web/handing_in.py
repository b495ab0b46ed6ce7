"""What is handed in passes the scanner before anything is done with it, where there is one."""

import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from msgspec import Struct

from procurement.files.scanning import scan
from procurement.settings import Settings
from procurement.web.forms import Form


def scan_handed_in(form: Form, arguments: Mapping[str, object], settings: Settings) -> None:
    """Let the scanner see every file of a request; no transaction is open meanwhile.

    Files are what a form sends as files, and what an interface takes as bytes within a body. A
    body that is taken whole is a signed document: a sealed bid is never shown to anybody.

    Args:
        form: What was posted.
        arguments: Of the handler.
        settings: Of the installation.

    Raises:
        MaliciousFileError: The scanner found something.
        NotScannedError: It did not clear a file.
    """
    if settings.scanner is None:
        return
    for file in (*(upload.file for upload in form.files.values()), *_files_of(arguments)):
        scan(file, scanner=settings.scanner)


def _files_of(arguments: Mapping[str, object]) -> Iterator[BinaryIO]:
    for value in arguments.values():
        if isinstance(value, Struct):
            yield from _files_within(value)


def _files_within(value: object) -> Iterator[BinaryIO]:
    if isinstance(value, bytes):
        yield io.BytesIO(value)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _files_within(getattr(value, name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _files_within(each)
