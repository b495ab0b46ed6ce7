"""What `docs/security/sign-ins.md` promises about passwords, codes and sign-ins."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pyotp
import pytest
from litestar.routes import HTTPRoute

from procurement.accounts.people.guessable import COMMON_WORDS
from procurement.accounts.sign_in.openid import DirectoryError, discover
from procurement.accounts.sign_in.second_factor import (
    accept_second_factor,
    enable_second_factor,
    new_secret,
)
from procurement.accounts.sign_in.service import begin_session, resolve_actor, sign_in
from procurement.accounts.tables import Person
from procurement.database import transaction
from tests.house_rules import ROOT
from tests.procurement.world import MOMENT, PASSWORD

KEY = bytes(range(32))
PAGE = ROOT / "docs" / "security" / "sign-ins.md"


def test_the_page_lists_the_words_that_make_no_password():
    listed = PAGE.read_text("utf-8").split("```text\n")[1].split("```")[0].split()
    assert listed == sorted(COMMON_WORDS)


def test_a_password_does_not_grow_old(world):
    with transaction(world.engine) as session:
        entered = sign_in(
            session,
            user="officer@example.org",
            password=PASSWORD,
            code="",
            address="192.0.2.1",
            moment=MOMENT + timedelta(days=1500),
            secret_key=KEY,
        )
    assert entered.token


def test_one_person_may_be_signed_in_at_many_places(world):
    with transaction(world.engine) as session:
        person = session.merge(world.officer)
        tokens = [
            begin_session(
                session, person=person, address="", moment=MOMENT, has_second_factor=False
            ).token
            for _ in range(20)
        ]
        known = {
            resolve_actor(session, session_token=token, api_token=None, moment=MOMENT).person_id
            for token in tokens
        }
    assert len(set(tokens)) == 20
    assert known == {world.officer.id}


def with_second_factor(session, person):
    person, secret = session.get_one(Person, person.id), new_secret()
    codes = enable_second_factor(
        session,
        person=person,
        secret=secret,
        code=pyotp.TOTP(secret).at(MOMENT),
        moment=MOMENT,
        secret_key=KEY,
    )
    return person, secret, codes


def test_codes_and_recovery_codes_are_long_and_never_the_same(world):
    secrets, codes = set(), []
    for _ in range(5):
        with transaction(world.engine) as session:
            _person, secret, shown = with_second_factor(session, world.officer)
        assert re.fullmatch(r"[A-Z2-7]{32}", secret)  # 160 bits
        assert re.fullmatch(r"\d{6}", pyotp.TOTP(secret).at(MOMENT))
        secrets.add(secret)
        codes += shown
    assert len(secrets) == 5
    assert len(set(codes)) == len(codes) == 50
    for code in codes:
        # Fifteen of 32 characters: 75 bits.
        assert re.fullmatch(r"([2-9A-HJ-NP-Z]{5}-){2}[2-9A-HJ-NP-Z]{5}", code)
    # All characters come up in 750 draws; one is missed once in a billion runs.
    assert len(set("".join(codes))) == 33


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(30, True), (59, True), (90, False), (120, False)]
)
def test_a_code_lives_its_half_minute_and_the_next_one(world, seconds, is_taken):
    later = MOMENT + timedelta(hours=1)
    with transaction(world.engine) as session:
        person, secret, _codes = with_second_factor(session, world.officer)
        begun = later - timedelta(seconds=later.timestamp() % 30)
        taken = accept_second_factor(
            session,
            person=person,
            code=pyotp.TOTP(secret).at(begun),
            moment=begun + timedelta(seconds=seconds),
            secret_key=KEY,
        )
    assert taken is is_taken


def test_signing_out_is_on_every_page(world):
    officer, app = world.as_officer(), world.platform.client.app
    seen = 0
    for route in app.routes:
        is_page = isinstance(route, HTTPRoute) and "GET" in route.methods
        if not is_page or route.path_parameters or route.path.startswith(("/api", "/static")):
            continue
        answer = officer.get(route.path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert 'action="/sign-out"' in answer.text, route.path
            seen += 1
    assert seen > 20


@contextmanager
def sending_away() -> Iterator[tuple[str, list[str]]]:
    """A directory that sends whoever asks to another address of its own."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("location", "/inside")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_directory_that_sends_the_platform_elsewhere_is_not_followed():
    with sending_away() as (issuer, asked):
        with pytest.raises(DirectoryError):
            discover(issuer)
        assert asked == ["/.well-known/openid-configuration"]
