"""What a form posted: strings as typed, without the blanks around them, and files."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from litestar.datastructures import FormMultiDict, UploadFile


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent.

    Attributes:
        filename: As the browser named it; never use it as a path.
        file: Its bytes, at their beginning.
    """

    filename: str
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Form(Mapping[str, str]):
    """Posted fields; a field that was not sent reads as empty through ``get``.

    Examples:
        >>> form = Form({"region": ("340000", "330000"), "title": ("x",)})
        >>> form["title"], form.all("region"), form.get("missing", "")
        ('x', ('340000', '330000'), '')
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field: of check boxes, or of the rows of a grid."""
        return self.fields.get(name, ())


def form_content(form: Form) -> bytes:
    """Return what a form says, apart from how it was sent: each sending has its own boundary.

    Examples:
        >>> form_content(Form({"title": ("x",)}))
        b'[[["title", ["x"]]], []]'
    """
    files = [
        [name, upload.filename, _file_digest(upload.file)]
        for name, upload in sorted(form.files.items())
    ]
    return json.dumps([sorted(form.fields.items()), files]).encode()


def _file_digest(file: BinaryIO) -> str:
    # Piece by piece: a file may have hundreds of megabytes.
    digest = hashlib.sha256()
    while piece := file.read(2**20):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def read_form(posted: FormMultiDict) -> Form:
    """Separate the fields of a posted form from its files."""
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
    for name, value in posted.multi_items():
        if isinstance(value, UploadFile):
            # A file field that was left empty arrives as a file without a name.
            if value.filename:
                files[name] = Upload(value.filename, cast(BinaryIO, value.file))
        else:
            fields[name] = (*fields.get(name, ()), str(value).strip())
    return Form(fields, files)
