"""Visitors of a served platform who are signed in already."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.tables import Person
from procurement.database import database_moment, transaction
from procurement.web import SESSION_COOKIE
from tests.browser.rounds_on_show import OnShow


@dataclass(frozen=True)
class Guests:
    """The people of rounds on show, and the server that they visit."""

    browser: Browser
    engine: Engine
    address: str
    on_show: OnShow

    @contextmanager
    def signed_in(self, who: str) -> Iterator[Page]:
        """Yield a page of somebody who signed in with a second factor."""
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900}, timezone_id="Asia/Shanghai", locale="zh-CN"
        )
        token = self._token(self.on_show.people[who])
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.address}])
        yield context.new_page()
        context.close()

    def at(self, place: str, *, language: str = "zh") -> str:
        """Return the address of a place on show, such as ``bidding`` or ``bidding/bid``."""
        name, slash, rest = place.partition("/")
        path = self.on_show.places.get(name, f"/{name}") + slash + rest
        return f"{self.address}{path}?lang={language}"

    def _token(self, person_id: int) -> str:
        with transaction(self.engine) as session:
            return begin_session(
                session,
                person=session.get_one(Person, person_id),
                address="127.0.0.1",
                moment=database_moment(session),
                has_second_factor=True,
            ).token
