"""Every file of a request passes the scanner before the handler, and nothing else does."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from litestar import Litestar, post
from litestar.params import JSONBody, RawBody
from litestar.testing import TestClient
from msgspec import Struct

from procurement.accounts.sign_in.service import Resolved, touch
from procurement.app.problems import HANDLERS
from procurement.permissions import Actor
from procurement.settings import Settings
from procurement.web import Edge, Visit, writes
from tests.procurement.files.scanner import TEST_VIRUS, Scanner, running_scanner
from tests.server import free_port


class OneFile(Struct):
    """A file of an interface, in base64."""

    name: str
    content: bytes


class Files(Struct):
    """A body with files."""

    files: list[OneFile]


FORM, BODY = "/api/v1/form", "/api/v1/files"

KEPT: list[bytes] = []


@post(FORM)
@writes
def take_form(visit: Visit) -> int:
    KEPT.extend(upload.file.read() for upload in visit.form.files.values())
    return len(visit.form.files)


@post(BODY)
@writes
def take_files(visit: Visit, data: JSONBody[Files]) -> int:
    KEPT.extend(one.content for one in data.files)
    return len(data.files)


@post("/api/v1/bids")
@writes
def take_document(visit: Visit, body: RawBody) -> int:
    KEPT.append(body)
    return len(body)


def nobody(*_session: Any, **_tokens: Any) -> Resolved:
    return Resolved(Actor())


@pytest.fixture
def client(engine, tmp_path) -> Callable[[str | None], TestClient[Litestar]]:
    """Serve with a scanner, or without."""
    routes = [take_form, take_files, take_document]
    app = Litestar(routes, exception_handlers=dict(HANDLERS), openapi_config=None)
    KEPT.clear()

    def served(scanner: str | None) -> TestClient[Litestar]:
        settings = Settings(tmp_path, str(engine.url), scanner=scanner)
        app.state["edge"] = Edge(
            engine, settings, nobody, touch, lambda: datetime(2026, 11, 22, tzinfo=UTC)
        )
        return TestClient(app, raise_server_exceptions=False)

    return served


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    with running_scanner() as running:
        yield running


def form(*contents):
    return {f"file{number}": (f"{number}.pdf", one) for number, one in enumerate(contents)}


def in_body(*contents):
    """A body carries bytes in base64."""
    return {"files": [{"name": "x", "content": b64encode(one).decode()} for one in contents]}


def test_files_of_a_form_are_scanned_and_then_read_as_they_were_sent(client, scanner):
    with client(scanner.address) as sender:
        answer = sender.post(FORM, files=form(b"%PDF-1.7 a", b"%PDF-1.7 b"))
    assert (answer.status_code, answer.text) == (201, "2")
    # A form has no order.
    assert sorted(scanner.shown) == sorted(KEPT) == [b"%PDF-1.7 a", b"%PDF-1.7 b"]


def test_files_within_a_body_are_scanned_as_they_are_and_not_in_base64(client, scanner):
    with client(scanner.address) as sender:
        answer = sender.post(BODY, json=in_body(b"%PDF-1.7", b"%PDF-2"))
    assert answer.status_code == 201
    assert scanner.shown == KEPT == [b"%PDF-1.7", b"%PDF-2"]


@pytest.mark.parametrize("address", [FORM, BODY])
def test_a_request_with_one_malicious_file_is_refused_in_words(client, scanner, address):
    files = (b"%PDF-1.7", b"%PDF-1.7 " + TEST_VIRUS)
    sent = {"files": form(*files)} if address == FORM else {"json": in_body(*files)}
    with client(scanner.address) as sender:
        answer = sender.post(address, **sent)
    assert answer.status_code == 422
    assert "恶意代码" in answer.text
    assert "Eicar-Test" in answer.text
    assert KEPT == []


def test_without_its_scanner_a_file_is_refused_and_all_else_goes_on(client):
    with client(f"tcp://127.0.0.1:{free_port()}") as sender:
        assert sender.post(FORM, files=form(b"%PDF-1.7")).status_code == 503
        assert sender.post(FORM, data={"title": "no file"}).status_code == 201
    assert KEPT == []


def test_a_sealed_bid_is_shown_to_no_scanner(client, scanner):
    with client(scanner.address) as sender:
        assert sender.post("/api/v1/bids", content=b"a sealed bid").status_code == 201
    assert KEPT == [b"a sealed bid"]
    assert scanner.shown == []


def test_without_the_setting_nothing_is_scanned(client, scanner):
    with client(None) as sender:
        assert sender.post(FORM, files=form(TEST_VIRUS)).status_code == 201
    assert scanner.shown == []
