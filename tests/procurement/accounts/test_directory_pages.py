"""Signing in through a bureau's own directory, played by a small provider on this machine."""

import html
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import select

from procurement.accounts.sign_in import openid
from procurement.accounts.sign_in.openid import is_acceptable_address
from procurement.accounts.tables import Directory, Person
from procurement.database import transaction
from procurement.web import SESSION_COOKIE
from tests.procurement.accounts.provider import CLIENT, SECRET, running_provider
from tests.procurement.accounts.reading import found
from tests.procurement.world import MOMENT

EMAIL = "evaluator@bureau.example"
NOW = int(MOMENT.timestamp())
GOOD = {"sub": "17", "email": EMAIL, "email_verified": True, "iat": NOW, "exp": NOW + 300}


@pytest.fixture
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture
def directory(world, provider):
    """The bureau's directory, configured at a browser, and one person expected from it."""
    address = f"/organisations/{world.bureau.id}/directory"
    form = {
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "is_active": "yes",
    }
    assert world.as_officer().post(address, data=form).status_code == 303
    expected = {"name": "评审丙", "user": EMAIL, "roles": ["evaluator"]}
    assert world.as_officer().post(f"{address}/people", data=expected).status_code == 303
    with transaction(world.engine) as session:
        return session.scalars(select(Directory)).one()


def set_out(world, directory, *, next_address="/organisations"):
    """A browser on its way: returns it, and where the directory is."""
    visitor = world.nobody()
    page = visitor.post(f"/sign-in/directory/{directory.id}", data={"next": next_address})
    visitor.cookies["jicai_directory"] = page.cookies["jicai_directory"]
    return visitor, html.unescape(found(r'href="(http://127\.0\.0\.1:[^"]+)"', page.text))


def come_back(visitor, address):
    parts = urlsplit(address)
    return visitor.get(f"{parts.path}?{parts.query}")


def sign_in(world, directory, provider, **claims):
    visitor, address = set_out(world, directory)
    return come_back(visitor, provider.authorize(address, **{**GOOD, **claims}))


def test_a_person_of_the_directory_signs_in(world, directory, provider):
    assert "联合采购办公室" in world.nobody().get("/sign-in").text
    answer = sign_in(world, directory, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations")
    visitor = world.nobody()
    visitor.cookies[SESSION_COOKIE] = answer.cookies[SESSION_COOKIE]
    assert "评审丙" in visitor.get("/account").text
    # From now on the directory's unchanging name counts, whatever the e-mail address.
    assert sign_in(world, directory, provider, email="married@bureau.example").status_code == 303
    assert sign_in(world, directory, provider, sub="18").status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@bureau.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": ["another", "third"], "azp": "another"},
        {"iss": "https://another.example"},
        {"exp": NOW - 300},
        {"iat": NOW + 3600},
        {"sub": ""},
        {"sub": None},
    ],
    ids=lambda claims: ",".join(claims),
)
def test_what_the_directory_says_must_hold(world, directory, provider, claims):
    answer = sign_in(world, directory, provider, **claims)
    assert answer.status_code == 403
    assert SESSION_COOKIE not in answer.cookies


def test_a_token_signed_with_another_key_is_refused(world, directory, provider):
    provider.signed_with = RSAKey.generate_key(2048, {"kid": "1"})
    assert sign_in(world, directory, provider).status_code == 403


def test_a_way_back_works_once_in_its_own_browser_and_for_ten_minutes(world, directory, provider):
    visitor, address = set_out(world, directory)
    back = provider.authorize(address, **GOOD)
    assert come_back(world.nobody(), back).status_code == 403
    thief, _ = set_out(world, directory)
    assert come_back(thief, back).status_code == 403
    assert come_back(visitor, back).status_code == 303
    assert come_back(visitor, back).status_code == 403
    assert len(provider.redeemed) == 1


def test_a_code_cannot_be_redeemed_without_the_verifier(world, directory, provider):
    _, address = set_out(world, directory)
    back = provider.authorize(address, **GOOD)
    code = found(r"code=(\w+)", back)
    status, _ = provider.token({"code": code, "code_verifier": "guess"}, f"{CLIENT}:{SECRET}")
    assert status == 400


def test_a_directory_that_calls_itself_otherwise_is_not_used(world, directory, provider):
    provider.discovery = {"issuer": "https://another.example"}
    answer = world.nobody().post(f"/sign-in/directory/{directory.id}", data={})
    assert answer.status_code == 403


def test_a_directory_that_does_not_answer_is_said_to(world, directory, provider):
    provider.discovery = {"token_endpoint": "http://192.0.2.1/token"}
    answer = world.nobody().post(f"/sign-in/directory/{directory.id}", data={})
    assert (answer.status_code, "暂时无法使用" in answer.text) == (403, True)


def test_a_directory_that_hangs_takes_a_few_threads_only(world, directory, provider):
    with ExitStack() as hanging:
        for _ in range(openid.AT_ONCE):
            hanging.enter_context(openid._asking)
        answer = world.nobody().post(f"/sign-in/directory/{directory.id}", data={})
        assert (answer.status_code, "暂时无法使用" in answer.text) == (403, True)
    answer = world.nobody().post(f"/sign-in/directory/{directory.id}", data={})
    assert answer.status_code == 200


def test_a_second_factor_of_the_directory_counts(world, directory, provider):
    sign_in(world, directory, provider, amr=["pwd", "otp"])
    with transaction(world.engine) as session:
        person = session.scalars(select(Person).where(Person.user == EMAIL)).one()
        assert (person.directory_subject, person.password_hash) == ("17", None)


def test_a_deactivated_person_is_not_let_in(world, directory, provider):
    with transaction(world.engine) as session:
        session.scalars(select(Person).where(Person.user == EMAIL)).one().is_active = False
    assert sign_in(world, directory, provider).status_code == 403


def test_the_clients_secret_is_sealed_at_rest(world, directory):
    assert SECRET not in directory.client_secret
    page = world.as_officer().get(f"/organisations/{world.bureau.id}/directory").text
    assert directory.issuer in page
    assert SECRET not in page


def test_another_directory_does_not_inherit_who_is_who(world, directory, provider):
    assert sign_in(world, directory, provider).status_code == 303
    address = f"/organisations/{world.bureau.id}/directory"
    form = {"issuer": "https://new.example", "client_id": CLIENT, "is_active": "yes"}
    assert world.as_officer().post(address, data=form).status_code == 303
    with transaction(world.engine) as session:
        person = session.scalars(select(Person).where(Person.user == EMAIL)).one()
        assert person.directory_subject is None


def test_only_a_bureaus_administrator_configures_it(world):
    for visitor, organisation in [
        (world.as_hospital(), world.bureau),
        (world.as_maker(), world.maker),
    ]:
        answer = visitor.post(
            f"/organisations/{organisation.id}/directory",
            data={"issuer": "https://x.example", "client_id": "x", "client_secret": "x"},
        )
        assert answer.status_code == 404
    in_clear = world.as_officer().post(
        f"/organisations/{world.bureau.id}/directory",
        data={"issuer": "http://id.example", "client_id": "", "client_secret": ""},
    )
    assert (in_clear.status_code, "须为以 https:// 开头" in in_clear.text) == (422, True)


@pytest.mark.parametrize("address", ["ftp://id.example", "http://id.example", "id.example", ""])
def test_addresses_in_clear_are_not_acceptable(address):
    assert not is_acceptable_address(address)


def test_ten_minutes_are_a_limit(engine, world, directory, provider):
    visitor, address = set_out(world, directory)
    later = provider.authorize(address, **GOOD)
    edge = world.platform.client.app.state.edge
    object.__setattr__(edge, "clock", lambda: MOMENT + timedelta(minutes=11))
    assert come_back(visitor, later).status_code == 403
