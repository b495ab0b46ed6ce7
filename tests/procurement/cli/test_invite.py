"""``jicai invite`` opens an empty platform to its first officer."""

import json
import os

import pytest

from procurement.accounts.people.invitations import accept_invitation
from procurement.accounts.sign_in.service import sign_in
from procurement.clock import now
from procurement.database import open_database, transaction
from procurement.settings import read_settings
from tests.procurement.world import PASSWORD, credit_code

CODE = credit_code(1)
NEW = ("invite", "--name", "联合采购办公室", "--credit-code", CODE)


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("JICAI_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("JICAI_ADDRESS", raising=False)


def accept(link, user):
    engine = open_database(read_settings(os.environ).database_url)
    with transaction(engine) as session:
        person = accept_invitation(
            session,
            token=link.rsplit("/", 1)[1],
            user=user,
            name="甲",
            password=PASSWORD,
            moment=now(),
        )
        sign_in(
            session,
            user=user,
            password=PASSWORD,
            code="",
            address="192.0.2.1",
            moment=now(),
            secret_key=bytes(32),
        )
        roles = person.roles
    engine.dispose()
    return roles


def test_the_first_officer_joins_by_the_printed_link(jicai):
    said = jicai(*NEW, "--json")
    assert said.status == 0
    told = json.loads(said.out)
    assert told["link"].startswith("http://127.0.0.1:8000/invitations/")
    assert accept(told["link"], "officer@example.org") == "officer administrator"


def test_further_people_of_the_same_bureau_are_invited_by_its_code(jicai):
    jicai(*NEW)
    said = jicai("invite", "--credit-code", CODE, "--role", "supervisor")
    assert said.status == 0
    link = said.out.splitlines()[0]
    assert accept(link, "supervisor@example.org") == "supervisor"


def test_a_forgotten_password_is_renewed(jicai):
    accept(json.loads(jicai(*NEW, "--json").out)["link"], "officer@example.org")
    assert jicai("invite", "--renew", "officer@example.org").status == 0
    unknown = jicai("invite", "--renew", "nobody@example.org")
    assert (unknown.status, "nobody signs in" in unknown.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("invite",),
        ("invite", "--credit-code", CODE),
        ("invite", "--name", "x", "--credit-code", CODE[:-1] + "!"),
        (*NEW, "--region", "990000"),
        (*NEW, "--role", "hospital"),
    ],
)
def test_bad_input_ends_with_status_2_and_changes_nothing(jicai, arguments):
    said = jicai(*arguments)
    assert (said.status, said.out) == (2, "")
    assert said.err
