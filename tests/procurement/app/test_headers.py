"""Headers of every answer, after the recommendations of OWASP; and the marks of a rehearsal."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from litestar.testing import TestClient

from procurement.accounts.sign_in.service import begin_session
from procurement.app import make_app, run_on
from procurement.app.security import POLICY, UPGRADE
from procurement.clock import now
from procurement.database import database_moment, open_database, set_pace, transaction
from procurement.permissions import Role
from procurement.rounds.document.marking import mark_documents
from procurement.rounds.document.paper import Paper
from procurement.rounds.document.pdf import print_pdf
from procurement.rounds.document.word import print_word
from procurement.settings import Settings
from procurement.web import SESSION_COOKIE
from tests.procurement.platform import KEY
from tests.procurement.rounds.world import new_bureau, new_person

ADDRESSES = ("/", "/health", "/ready", "/metrics", "/no-such-page", "/api/v1/rounds", "/sign-in")

EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-permitted-cross-domain-policies": "none",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.fixture
def serve(sqlite_engine, tmp_path):
    """Serve with other settings."""
    app = make_app(settings=Settings(tmp_path, "", secret_key=KEY), engine=sqlite_engine)

    def serve(settings, engine=sqlite_engine):
        run_on(app, settings=settings, engine=engine, works=False)
        return TestClient(app, raise_server_exceptions=False)

    yield serve
    mark_documents(rehearsal=False)


@pytest.fixture
def sqlite_engine(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'live.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def sandbox_engine(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'sandbox.sqlite3'}", sandbox=True)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_the_secure_headers(scene, address):
    headers = scene.platform.nobody().get(address).headers
    assert {name: headers.get(name) for name in EXPECTED} == EXPECTED
    assert "camera=()" in headers["permissions-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert len(headers["x-request-id"]) == 24


def test_ids_of_requests_are_never_the_same_and_never_the_visitors(scene):
    visitor = scene.platform.nobody()
    ids = {
        visitor.get("/health", headers={"x-request-id": "mine"}).headers["x-request-id"]
        for _ in range(5)
    }
    assert len(ids) == 5
    assert "mine" not in ids


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_https_is_kept_where_people_reach_the_platform_by_it(serve, tmp_path, scheme):
    settings = Settings(tmp_path, "", secret_key=KEY, public_address=f"{scheme}://jicai.example")
    with serve(settings) as client:
        headers = client.get("/health").headers
    strict = "max-age=63072000; includeSubDomains" if scheme == "https" else None
    assert headers.get("strict-transport-security") == strict
    policy = POLICY + UPGRADE if scheme == "https" else POLICY
    assert headers["content-security-policy"] == policy


def test_every_page_and_answer_of_a_rehearsal_says_what_it_is(serve, sandbox_engine, tmp_path):
    with transaction(sandbox_engine) as session:
        set_pace(session, speed=60)
    settings = Settings(tmp_path, "", secret_key=KEY, is_sandbox=True)
    with serve(settings, sandbox_engine) as client:
        for address in ("/", "/rounds", "/sign-in", "/help", "/no-such-page"):
            answer = client.get(address, headers={"accept": "text/html"})
            assert "演练环境" in answer.text, address
            assert "60 倍速" in answer.text
            assert "<title>演练 · " in answer.text
        for address in ("/api/v1/rounds", "/health", "/clock", "/api/v1/none", "/rounds"):
            assert client.get(address).headers["x-jicai-sandbox"] == "rehearsal; speed=60"
        assert client.get("/clock").json()["speed"] == 60


def test_nothing_of_the_real_platform_says_rehearsal(scene):
    answer = scene.platform.nobody().get("/rounds")
    assert "x-jicai-sandbox" not in answer.headers
    assert "演练环境" not in answer.text


def test_who_signs_in_to_a_rehearsal_stays_signed_in(serve, sandbox_engine, tmp_path):
    with transaction(sandbox_engine) as session:
        set_pace(session, speed=100_000)
        fast = database_moment(session)
        person = new_person(session, new_bureau(session), Role.OFFICER)
        entered = begin_session(
            session, person=person, address="127.0.0.1", moment=now(), has_second_factor=True
        )
    settings = Settings(tmp_path, "", secret_key=KEY, is_sandbox=True)
    with serve(settings, sandbox_engine) as client:
        assert client.app.state.edge.clock() >= fast
        for _ in range(3):
            answer = client.get("/account", headers={"cookie": f"{SESSION_COOKIE}={entered.token}"})
            assert answer.status_code == 200


def paper():
    return Paper(
        lang="zh",
        region="cn",
        title="标题",
        kind="采购文件",
        reference=None,
        issuer="办公室",
        dated="2026",
        imprint=(),
        running="页眉",
        contents=None,
        sections=(),
    )


@pytest.mark.parametrize("rehearsal", [True, False])
def test_documents_of_a_rehearsal_are_marked_on_every_sheet(rehearsal):
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    mark_documents(rehearsal=rehearsal)
    try:
        word = print_word(paper(), moment=moment)
        pdf = print_pdf(paper(), moment=moment)
    finally:
        mark_documents(rehearsal=False)
    assert pdf != print_pdf(paper(), moment=moment) or not rehearsal
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        written = b"".join(parts.read(name) for name in parts.namelist() if "xml" in name).decode()
    assert written.count("演练 无效") == (2 if rehearsal else 0)
