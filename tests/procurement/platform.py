"""The whole platform for tests: real requests by signed-in visitors, without a browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine

from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.sign_in.tokens import make_token
from procurement.accounts.tables import Person
from procurement.app import make_app, run_on
from procurement.clock import now
from procurement.database import transaction
from procurement.settings import Settings
from procurement.web import SESSION_COOKIE

KEY = bytes(range(32))


@dataclass
class Visitor:
    """Somebody at a browser, or a machine with a token."""

    client: TestClient[Litestar]
    cookies: dict[str, str]
    headers: dict[str, str]

    def get(self, address: str, **options: Any) -> httpx.Response:
        """Ask for a page."""
        return self.send("GET", address, **options)

    def post(self, address: str, **options: Any) -> httpx.Response:
        """Send a form (``data``), or a body (``json``, ``content``); redirects are not followed."""
        return self.send("POST", address, **options)

    def send(self, method: str, address: str, **options: Any) -> httpx.Response:
        """Send any request; cookies or token are the visitor's."""
        # Each visitor has his own cookies; the client's would be everybody's.
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies.set(name, value)
        headers = {**self.headers, **options.pop("headers", {})}
        if method != "GET" and "authorization" not in headers:
            token = self._csrf()
            headers["x-csrftoken"] = token
            self.client.cookies.set("jicai_csrf", token)
        return self.client.request(
            method, address, headers=headers, follow_redirects=False, **options
        )

    def _csrf(self) -> str:
        if "jicai_csrf" not in self.cookies:
            answer = self.client.get("/health")
            self.cookies["jicai_csrf"] = answer.cookies["jicai_csrf"]
        return self.cookies["jicai_csrf"]


@dataclass
class Platform:
    """A running platform on a test's database."""

    engine: Engine
    client: TestClient[Litestar]
    clock: Callable[[], datetime]

    def nobody(self) -> Visitor:
        """Return somebody who is not signed in."""
        return Visitor(self.client, {}, {})

    def signed_in(self, person: Person) -> Visitor:
        """Return a person at a browser, signed in with a second factor."""
        with transaction(self.engine) as session:
            signed_in = begin_session(
                session,
                person=person,
                address="127.0.0.1",
                moment=self.clock(),
                has_second_factor=True,
            )
        return Visitor(self.client, {SESSION_COOKIE: signed_in.token}, {})

    def with_token(self, person: Person) -> Visitor:
        """Return a machine that acts for a person."""
        with transaction(self.engine) as session:
            token, _row = make_token(
                session, person_id=person.id, name="test", life_days=30, moment=self.clock()
            )
        return Visitor(self.client, {}, {"authorization": f"Bearer {token}"})


_IDLE: list[Litestar] = []
"""Applications that no test uses now: making one takes longer than most tests."""


@contextmanager
def running_platform(
    engine: Engine, folder: Path, *, clock: Callable[[], datetime] = now, works: bool = False
) -> Iterator[Platform]:
    """Run the platform within the test's process; without `works` jobs wait for the test."""
    settings = Settings(folder, str(engine.url), secret_key=KEY)
    # One application after the other, if a test runs two platforms at once.
    app = _IDLE.pop() if _IDLE else make_app(settings=settings, engine=engine)
    run_on(app, settings=settings, engine=engine, clock=clock, works=works)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Platform(engine, client, clock)
    _IDLE.append(app)
