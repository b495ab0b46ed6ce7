"""Signing in and out at a browser, invitations, and one's own account."""

import re

import pyotp
import pytest

from procurement.accounts.people.invitations import Invited, invite_person
from procurement.accounts.sign_in.counted_attempts import PAIR_LIMIT
from procurement.audit import entries_about
from procurement.database import transaction
from procurement.permissions import Role
from procurement.web import SESSION_COOKIE
from tests.procurement.accounts.reading import found
from tests.procurement.world import MOMENT, PASSWORD

WRONG = PASSWORD[::-1]
USER = "officer@example.org"


def sign_in(world, visitor=None, *, user=USER, password=PASSWORD, code="", **more):
    visitor = visitor or world.nobody()
    form = {"user": user, "password": password, "code": code, **more}
    return visitor.post("/sign-in", data=form)


def browser(world, answer):
    """A browser with the cookie that an answer gave."""
    visitor = world.nobody()
    visitor.cookies[SESSION_COOKIE] = answer.cookies[SESSION_COOKIE]
    return visitor


def test_signing_in_leads_on_and_signing_out_ends_it(world):
    answer = sign_in(world, next="/organisations")
    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    visitor = browser(world, answer)
    assert world.officer.name in visitor.get("/account").text
    assert visitor.post("/sign-out").headers["location"] == "/"
    assert visitor.get("/account").status_code == 303


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_never_leads_away_from_the_platform(world, away):
    assert sign_in(world, next=away).headers["location"] == "/"


def test_a_wrong_password_keeps_the_name_and_is_counted_although_nothing_is_done(world):
    for _ in range(PAIR_LIMIT.failures_max):
        answer = sign_in(world, password=WRONG)
        assert answer.status_code == 422
        assert f'value="{USER}"' in answer.text
        assert WRONG not in answer.text
    assert sign_in(world).status_code == 429


def test_signing_in_again_ends_the_sign_in_before(world):
    first = browser(world, sign_in(world))
    second = browser(world, sign_in(world, visitor=first))
    assert first.get("/account").status_code == 303
    assert second.get("/account").status_code == 200


def test_an_invitation_makes_a_person_once(world):
    with transaction(world.engine) as session:
        token, _ = invite_person(
            session,
            organisation_id=world.bureau.id,
            invited=Invited(name="经办乙", roles=frozenset({Role.OFFICER})),
            moment=MOMENT,
        )
    address = f"/invitations/{token}"
    assert "经办乙" in world.nobody().get(address).text
    form = {"name": "经办乙", "user": "second@example.org", "password": PASSWORD}
    unlike = world.nobody().post(address, data={**form, "password_again": WRONG})
    assert unlike.status_code == 422
    weak = world.nobody().post(
        address, data={**form, "password": "123456789012", "password_again": "123456789012"}
    )
    assert weak.status_code == 422
    assert 'value="second@example.org"' in weak.text
    done = world.nobody().post(address, data={**form, "password_again": PASSWORD})
    assert done.headers["location"] == "/sign-in?welcome=yes"
    assert world.nobody().get(address).status_code == 410
    again = world.nobody().post(address, data={**form, "password_again": PASSWORD})
    assert again.status_code == 410
    assert sign_in(world, user="second@example.org").status_code == 303


def test_changing_the_password_ends_all_other_sign_ins(world):
    here, there = browser(world, sign_in(world)), browser(world, sign_in(world))
    new = "quite another sentence"
    form = {"password": PASSWORD, "new_password": new, "password_again": new}
    refused = here.post("/account/password", data={**form, "password": WRONG})
    assert refused.status_code == 422
    assert here.post("/account/password", data=form).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert sign_in(world).status_code == 422
    assert sign_in(world, password=new).status_code == 303


def test_a_second_factor_is_set_up_by_scanning_and_typing_a_code(world):
    visitor = browser(world, sign_in(world))
    page = visitor.get("/account/second-factor")
    assert 'src="data:image/svg+xml' in page.text
    secret = found(r"<code>([A-Z2-7]{32})</code>", page.text)
    sealed = found(r'name="sealed" value="([^"]+)"', page.text)
    code = pyotp.TOTP(secret).at(MOMENT)
    form = {"sealed": sealed, "code": code, "password_or_code": PASSWORD}
    # Whoever finds a browser signed in does not know the password.
    for fault in ({"code": "000000"}, {"password_or_code": ""}, {"password_or_code": WRONG}):
        wrong = visitor.post("/account/second-factor", data={**form, **fault})
        assert (wrong.status_code, secret in wrong.text) == (422, True)
    done = visitor.post("/account/second-factor", data=form)
    codes = re.findall(r"<code>([0-9A-Z]{5}(?:-[0-9A-Z]{5}){2})</code>", done.text)
    assert len(codes) == 10
    asked = sign_in(world)
    assert (asked.status_code, "恢复代码" in asked.text) == (422, True)
    assert sign_in(world, code=codes[0]).status_code == 303
    removal = {"step": "remove", "password_or_code": codes[0]}
    assert visitor.post("/account/second-factor/change", data=removal).status_code == 422
    removal["password_or_code"] = codes[1]
    assert visitor.post("/account/second-factor/change", data=removal).status_code == 303
    assert sign_in(world).status_code == 303


def test_one_can_see_where_one_is_signed_in_and_end_it_there(world):
    here, there = browser(world, sign_in(world)), browser(world, sign_in(world))
    page = here.get("/account")
    ending = found(r'action="(/account/sign-ins/\d+/end)"', page.text)
    assert world.as_hospital().post(ending).status_code == 404
    assert here.post(ending).status_code == 303
    assert there.get("/account").status_code == 303


def test_pages_of_the_account_need_a_sign_in(world):
    for address in ("/account", "/account/password", "/account/second-factor", "/account/tokens"):
        answer = world.nobody().get(address)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/sign-in?next={address}",
        )


def test_every_step_is_in_the_audit(world):
    visitor = browser(world, sign_in(world))
    sign_in(world, password=WRONG)
    visitor.post("/sign-out")
    with transaction(world.engine) as session:
        entries = entries_about(session, subject=f"person/{world.officer.id}")
        assert [entry.action for entry in entries] == ["sign-in", "refuse-sign-in", "sign-out"]
        assert all(PASSWORD not in entry.facts and WRONG not in entry.facts for entry in entries)


def test_the_pages_are_there_in_english(world):
    visitor = browser(world, sign_in(world))
    assert "Where you are signed in" in visitor.get("/account?lang=en").text
    assert "Six digits" not in visitor.get("/account").text
