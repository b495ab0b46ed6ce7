"""The pages of a negotiation in a real browser: every width, both languages."""

import shutil

import pytest

from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.tables import Person
from procurement.database import database_moment, make_engine, transaction
from procurement.web import SESSION_COOKIE
from tests.browser.looking import look as show
from tests.procurement.negotiations.visitors import address
from tests.procurement.negotiations.world import NegotiationWorld
from tests.server import running_server

COMPUTED = (
    ("maker", "edit"),
    ("maker", "outputs"),
    ("officer", "review"),
    ("officer", "session"),
    ("reviewer", "opinion"),
    ("reviewer", "talks"),
    ("economist", "interest"),
    ("economist", "groups/economics"),
    ("actuary", "groups/fund/outputs"),
    ("chair", "chair"),
)
AGREED = (
    ("officer", ""),
    ("officer", "record"),
    ("maker", "quotes"),
    ("maker", "summary"),
    ("negotiator", "table"),
    ("holder1", "session"),
)
CAMPAIGN = (("officer", ""), ("officer", "/members"), ("officer", "/keys"), ("maker", ""))


@pytest.fixture
def engine(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    yield engine
    engine.dispose()


@pytest.fixture
def look(chromium, engine, tmp_path, pictures):
    """Serve a world, and look at pages as its people."""

    def at(world, places):
        with running_server(engine, tmp_path) as server:
            for name, path, title in places:
                context = chromium.new_context(timezone_id="Asia/Shanghai", locale="zh-CN")
                token = session_of(engine, world.people[name].person_id)
                context.add_cookies(
                    [{"name": SESSION_COOKIE, "value": token, "url": server.address}]
                )
                picture = pictures / f"{title}.png"
                show(context.new_page(), path, picture, origin=server.address)
                context.close()

    return at


def session_of(engine, person_id):
    with transaction(engine) as session:
        signed_in = begin_session(
            session,
            person=session.get_one(Person, person_id),
            address="127.0.0.1",
            moment=database_moment(session),
            has_second_factor=True,
        )
    return signed_in.token


def of_dossier(world, places):
    for name, path in places:
        title = path.replace("/", "-") or "dossier"
        yield name, address(world, path), f"negotiation-{name}-{title}"


def test_pages_of_a_calculated_dossier_are_readable_everywhere(engine, look):
    world = NegotiationWorld(engine).admitted().compute()
    look(world, of_dossier(world, COMPUTED))


def test_pages_of_an_agreed_price_are_readable_everywhere(engine, look):
    world = NegotiationWorld(engine).agreed()
    look(world, of_dossier(world, AGREED))
    root = f"/negotiations/{world.name}"
    look(
        world,
        [
            (name, root + path, f"campaign-{name}{path.replace('/', '-')}")
            for name, path in CAMPAIGN
        ],
    )
