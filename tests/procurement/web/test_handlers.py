"""The transaction of a request is decided at the edge: on real databases, through real requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Response, get, post
from litestar.datastructures import State
from litestar.params import JSONBody
from litestar.testing import TestClient
from sqlalchemy import func, select

from procurement.accounts.sign_in.service import Resolved, touch
from procurement.database import snapshot
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.notices.tables import Notice
from procurement.permissions import Actor
from procurement.settings import Settings
from procurement.web import Edge, Visit, reads, redirect, writes

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def tell(visit: Visit, text: str) -> None:
    notify(visit.session, organisation_id=1, zh=text, en=text, link="/", moment=visit.moment)


@dataclass
class Told:
    text: str


@post("/redirect")
@writes
def redirecting(visit: Visit) -> Response[None]:
    tell(visit, visit.form["text"])
    return redirect("/elsewhere")


@post("/fail")
@writes
def failing(visit: Visit) -> None:
    tell(visit, "lost")
    raise RuntimeError


@post("/refuse")
@writes
def refusing(visit: Visit) -> str:
    try:
        with visit.savepoint():
            tell(visit, "undone")
            raise InvalidInputError([FieldFault("x", "错", "wrong")])
    except InvalidInputError:
        return "shown again"


@get("/read")
@reads
def reading(visit: Visit) -> int:
    tell(visit, "never kept")
    return visit.session.scalar(select(func.count(Notice.id))) or 0


@post("/api/v1/tell")
@writes
def api_telling(visit: Visit, data: JSONBody[Told]) -> Told:
    tell(visit, data.text)
    return data


@post("/api/v1/send")
@writes
def api_sending(visit: Visit) -> str:
    content = visit.form.files["file"].file.read().decode()
    tell(visit, visit.form["title"] + content)
    return content


@pytest.fixture
def client(engine) -> Iterator[TestClient[Litestar]]:
    def nobody(session: Any, **tokens: Any) -> Resolved:
        return Resolved(Actor())

    edge = Edge(engine, Settings(Path("x"), ""), nobody, touch, lambda: MOMENT)
    routes = [redirecting, failing, refusing, reading, api_telling, api_sending]
    app = Litestar(routes, state=State({"edge": edge}), openapi_config=None)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def notices(engine) -> list[str]:
    with snapshot(engine) as session:
        return list(session.scalars(select(Notice.zh).order_by(Notice.id)))


def test_a_redirect_commits(client, engine):
    answer = client.post("/redirect", data={"text": " kept "}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/elsewhere")
    assert notices(engine) == ["kept"]


def test_an_error_rolls_back(client, engine):
    assert client.post("/fail").status_code == 500
    assert notices(engine) == []


def test_a_page_that_shows_faults_again_keeps_nothing_of_the_refused_call(client, engine):
    assert client.post("/refuse").text == "shown again"
    assert notices(engine) == []


def test_what_a_reading_request_writes_is_never_kept(client, engine):
    assert client.get("/read").status_code == 200
    assert notices(engine) == []


def test_the_same_request_with_the_same_key_is_carried_out_once(client, engine):
    first, second = (
        client.post("/api/v1/tell", json={"text": "a"}, headers={"idempotency-key": "k"})
        for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert notices(engine) == ["a"]


def test_the_same_key_with_another_body_is_refused(client, engine):
    client.post("/api/v1/tell", json={"text": "a"}, headers={"idempotency-key": "k"})
    other = client.post("/api/v1/tell", json={"text": "b"}, headers={"idempotency-key": "k"})
    assert other.status_code >= 400
    assert notices(engine) == ["a"]


def send_file(client, content: bytes):
    # Each sending has another boundary.
    files, headers = {"file": ("a.csv", content)}, {"idempotency-key": "k"}
    return client.post("/api/v1/send", data={"title": "a"}, files=files, headers=headers)


def test_the_same_file_with_the_same_key_is_taken_once(client, engine):
    first, second = (send_file(client, b"1,2") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert send_file(client, b"1,3").status_code >= 400
    assert notices(engine) == ["a1,2"]


def test_without_a_key_each_request_counts(client, engine):
    for _ in range(2):
        client.post("/api/v1/tell", json={"text": "a"})
    assert notices(engine) == ["a", "a"]
