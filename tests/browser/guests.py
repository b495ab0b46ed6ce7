"""Visitors of a served platform who are signed in already."""

from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import Engine

from procurement.accounts.sign_in import begin_session
from procurement.accounts.tables import Person
from procurement.database import database_moment, transaction
from procurement.web import SESSION_COOKIE


def sign_in_as(browser: Browser, engine: Engine, person_id: int, address: str) -> BrowserContext:
    """Return a browser context that carries a sign-in of a person, with a second factor."""
    with transaction(engine) as session:
        signed_in = begin_session(
            session,
            person=session.get_one(Person, person_id),
            address="127.0.0.1",
            moment=database_moment(session),
            has_second_factor=True,
        )
        token = signed_in.token
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, timezone_id="Asia/Shanghai", locale="zh-CN"
    )
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    return context
