"""Cookies where people reach the platform by HTTPS, and in a trial without it."""

from http.cookies import SimpleCookie

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from procurement.accounts.pages.directories import BROWSER_COOKIE
from procurement.accounts.people.service import actor_for
from procurement.accounts.sign_in.directories import DirectoryFacts, configure_directory
from procurement.accounts.tables import Person
from procurement.app import make_app
from procurement.clock import now
from procurement.database import open_database, transaction
from procurement.settings import Settings
from procurement.web import SESSION_COOKIE
from tests.procurement.accounts.provider import CLIENT, SECRET, running_provider
from tests.procurement.platform import KEY
from tests.procurement.world import PASSWORD, new_organisation, new_person

HOST = "jicai.example"
PLAIN = {SESSION_COOKIE, "jicai_csrf", "jicai_language", BROWSER_COOKIE}


@pytest.fixture(params=["https", "http"])
def scheme(request):
    return request.param


@pytest.fixture
def browser(scheme, tmp_path):
    """A browser that keeps cookies, before a platform with one officer."""
    engine = open_database(f"sqlite:///{tmp_path / 'live.sqlite3'}")
    address = f"{scheme}://{HOST}"
    settings = Settings(tmp_path, "", secret_key=KEY, public_address=address)
    with transaction(engine) as session:
        bureau = new_organisation(session, "bureau")
        new_person(session, bureau, user="officer@example.org", password=PASSWORD)
    app = make_app(settings=settings, engine=engine, works=False)
    with TestClient(app, base_url=address, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client
    engine.dispose()


def cookies_of(answer):
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return found


def posted(browser, address, form, prefix):
    token = browser.cookies[f"{prefix}jicai_csrf"]
    return browser.post(address, data={"_csrf_token": token, **form})


def signed_in(browser, prefix):
    browser.get("/sign-in")
    form = {"user": "officer@example.org", "password": PASSWORD, "code": ""}
    answer = posted(browser, "/sign-in", form, prefix)
    assert answer.status_code == 303, answer.text
    return answer


def prefix_of(scheme):
    return "__Host-" if scheme == "https" else ""


@pytest.fixture
def directory(browser):
    """The bureau's own directory."""
    with running_provider() as provider:
        with transaction(browser.app.state["edge"].engine) as session:
            officer = session.scalars(select(Person)).one()
            configured = configure_directory(
                session,
                actor=actor_for(session, person=officer),
                facts=DirectoryFacts(
                    issuer=provider.issuer,
                    client_id=CLIENT,
                    client_secret=SECRET,
                    has_second_factor=False,
                ),
                is_active=True,
                moment=now(),
                secret_key=KEY,
            )
            number = configured.id
        yield number


def all_cookies(browser, directory, prefix):
    """Every cookie that the platform has, each from the answer that sets it."""
    found = cookies_of(browser.get("/sign-in?lang=en"))
    found.update(cookies_of(posted(browser, f"/sign-in/directory/{directory}", {}, prefix)))
    found.update(cookies_of(signed_in(browser, prefix)))
    return found


def test_every_cookie_is_of_this_host_alone_and_no_script_or_other_site_uses_it(
    browser, directory, scheme
):
    prefix = prefix_of(scheme)
    found = all_cookies(browser, directory, prefix)
    assert set(found) == {f"{prefix}{name}" for name in PLAIN}
    for name, cookie in found.items():
        assert cookie["path"] == "/", name
        assert cookie["domain"] == "", name
        assert bool(cookie["secure"]) is (scheme == "https"), name
        assert cookie["httponly"], name
        assert cookie["samesite"].lower() == "lax", name


def test_who_signs_in_stays_signed_in_and_signing_out_ends_it(browser, scheme):
    prefix = prefix_of(scheme)
    signed_in(browser, prefix)
    assert browser.get("/account").status_code == 200
    answer = posted(browser, "/sign-out", {}, prefix)
    assert cookies_of(answer)[f"{prefix}{SESSION_COOKIE}"]["max-age"] == "0"
    assert browser.get("/account").status_code == 303


@pytest.mark.parametrize("scheme", ["https"], indirect=True)
def test_a_cookie_that_another_host_could_have_set_signs_nobody_in(browser, scheme):
    signed_in(browser, prefix_of(scheme))
    token = browser.cookies[f"__Host-{SESSION_COOKIE}"]
    browser.cookies.clear()
    plain = {"cookie": f"{SESSION_COOKIE}={token}"}
    assert browser.get("/account", headers=plain).status_code == 303
    named = {"cookie": f"__Host-{SESSION_COOKIE}={token}"}
    assert browser.get("/account", headers=named).status_code == 200


def test_the_language_that_was_chosen_stays(browser):
    browser.get("/sign-in?lang=en")
    assert '<html lang="en' in browser.get("/sign-in").text
