"""The official checker and merger, offline: what they ask for lies beside the checkout."""

import io
import json
import socket
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import requests
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from ocdsextensionregistry import ProfileBuilder
from ocdsmerge import Merger
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from procurement.publication.ocds.rules.packages import EXTENSIONS

STANDARD = "https://standard.open-contracting.org/schema/1__1__5/"

EMPTY = ("validation_errors", "additional_fields", "additional_closed_codelist_values")
"""What the checker must find none of."""


class FromFolder(HTTPAdapter):
    """Answers the address of an extension, or of a file in it, from a folder of archives."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder
        self.asked: list[str] = []

    def send(self, request, *_arguments, **_options):
        self.asked.append(request.url)
        content = self.content(request.url)
        raw = HTTPResponse(
            body=io.BytesIO(content or b""),
            status=404 if content is None else 200,
            preload_content=False,
            request_url=request.url,
        )
        return self.build_response(request, raw)

    def content(self, address: str) -> bytes | None:
        if address.startswith(STANDARD):
            with zipfile.ZipFile(self.folder / "standard-1.1.5.zip") as opened:
                name = f"standard-1__1__5/schema/{address.removeprefix(STANDARD)}"
                text = opened.read(name).decode()
                return text.replace("{{lang}}", "en").replace("{{version}}", "1.1").encode()
        for archive in self.folder.glob("ocds_*_extension-*.zip"):
            name, _, version = archive.stem.rpartition("-")
            if f"/{name}/" not in address or version not in address:
                continue
            if address.endswith(".zip"):
                return with_folder(archive)
            with zipfile.ZipFile(archive) as opened:
                last = address.rpartition("/")[2]
                for one in opened.namelist():
                    if one.endswith(f"/{last}"):
                        return opened.read(one)
        return None


@contextmanager
def offline(folder: Path):
    """Answer from the folder; whoever opens a connection fails."""

    def refuse(*_arguments, **_options):
        raise AssertionError("a connection was opened")

    adapter = FromFolder(folder)
    # Every session, of whichever module: none of them can ask anybody else.
    with (
        patch.object(requests.Session, "get_adapter", lambda _session, url: adapter),
        patch.object(socket.socket, "connect", refuse),
        patch.object(socket, "getaddrinfo", refuse),
    ):
        yield adapter


def with_folder(archive: Path) -> bytes:
    """An archive that begins with its folder, which the checker takes for granted."""
    written = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(written, "w") as copy:
        top = source.namelist()[0].partition("/")[0]
        copy.writestr(f"{top}/", b"")
        for one in source.namelist():
            if not one.endswith("/"):
                copy.writestr(one, source.read(one))
    return written.getvalue()


def standard(folder: Path, made: str) -> str:
    """The archive of the standard, as the checker wants it."""
    file = Path(made) / "standard.zip"
    file.write_bytes(with_folder(folder / "standard-1.1.5.zip"))
    return file.as_uri()


def found_by_checker(package: str, folder: Path) -> dict[str, object]:
    """Let the official checker read a package; returns what must be empty."""
    config = LibCoveOCDSConfig()
    config.config["context"] = "api"
    with offline(folder), tempfile.TemporaryDirectory() as made:
        config.config["standard_zip"] = standard(folder, made)
        file = Path(made) / "package.json"
        file.write_text(package, "utf-8")
        context = ocds_json_output(made, str(file), None, lib_cove_ocds_config=config)
    assert context["version_used"] == "1.1"
    extensions = context["extensions"]
    assert {one["url"] for one in extensions["extensions"]} == set(EXTENSIONS)
    assert not extensions["invalid_extension"], extensions["invalid_extension"]
    assert extensions["is_extended_schema"]
    return {name: context[name] for name in EMPTY}


def reference_merger(folder: Path) -> Merger:
    """The reference implementation, with the schema of the standard and the extensions."""
    with offline(folder), tempfile.TemporaryDirectory() as made:
        base = standard(folder, made)
        builder = ProfileBuilder("1__1__5", list(EXTENSIONS), standard_base_url=base)
        return Merger(builder.patched_release_schema())


def merged_by_reference(releases, folder: Path):
    """Merge by the reference implementation."""
    return reference_merger(folder).create_compiled_release(releases)


def plain(document):
    """A document as other programs read it."""
    return json.loads(json.dumps(document, default=float))
