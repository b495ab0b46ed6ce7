"""New passwords are compared with a list of those that leaked, where the operator gave one."""

import hashlib
import re
from dataclasses import replace

import pytest

from procurement.accounts.people import leaked
from procurement.accounts.people.invitations import Invited, invite_person, invite_to_renew
from procurement.accounts.people.leaked import (
    LeakedListError,
    check_list,
    is_leaked,
    leaked_faults,
)
from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.world import MOMENT, PASSWORD

LEAKED = "枣树 鲸鱼 纸伞 四更天"
OTHER = "quite another sentence"


def digest(password):
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def as_file(folder, *passwords, change=str):
    path = folder / "leaked.txt"
    # Others before and after, in no order.
    others = [f"{digest(str(number))}:{number}" for number in range(500)]
    lines = [*others[:250], *(f"{digest(one)}:3" for one in passwords), *others[250:]]
    path.write_text(change("\n".join(lines)) + "\n")
    return path


def as_folder(folder, *passwords, change=str, suffix=".txt"):
    place = folder / "leaked"
    place.mkdir()
    (place / f"0000A{suffix}").write_text(f"{'0' * 34}B:1\r\n")
    for one in passwords:
        whole = change(digest(one))
        with (place / f"{whole[:5]}{suffix}").open("a") as part:
            part.write(f"{change('0' * 34 + 'F')}:7\r\n{whole[5:]}:3\r\n")
    return place


@pytest.mark.parametrize("made", [as_file, as_folder])
@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_a_leaked_password_is_found_in_a_file_and_in_a_folder(tmp_path, made, change):
    among = made(tmp_path, LEAKED, "xK4vq9Lw2mTz", change=change)
    check_list(among)
    for password, known in [(LEAKED, True), ("xK4vq9Lw2mTz", True), (OTHER, False), ("", False)]:
        assert is_leaked(password, among=among) is known
    assert leaked_faults(OTHER, among=among) == ()
    (fault,) = leaked_faults(LEAKED, among=among, field="new_password")
    assert fault.field == "new_password"
    assert "泄露" in fault.zh and "leaked" in fault.en


def test_full_width_letters_hide_no_leaked_password(tmp_path):
    assert is_leaked("ｘK4vq9Lw2mTz", among=as_file(tmp_path, "xK4vq9Lw2mTz"))


def test_files_of_prefixes_may_have_no_ending_and_half_characters_are_on_no_list(tmp_path):
    among = as_folder(tmp_path, LEAKED, suffix="")
    assert is_leaked(LEAKED, among=among)
    assert not is_leaked("\ud83d half a character", among=among)


def test_without_a_list_nothing_is_compared():
    assert leaked_faults("password", among=None) == ()


def broken(folder, kind):
    place = folder / kind
    if kind == "md5":
        place.write_text(f"{'0' * 32}:1\n")
    elif kind == "plain words":
        place.write_text("password\n123456\n")
    elif kind == "empty file":
        place.touch()
    elif kind == "empty folder":
        place.mkdir()
    elif kind == "other folder":
        place.mkdir()
        (place / "21BD1.txt").write_text(f"{'0' * 40}:1\n")
    return place


@pytest.mark.parametrize(
    "kind", ["missing", "md5", "plain words", "empty file", "empty folder", "other folder"]
)
def test_what_is_no_such_list_is_refused_and_lets_no_password_pass(tmp_path, kind):
    among = broken(tmp_path, kind)
    with pytest.raises(LeakedListError, match="JICAI_LEAKED_PASSWORDS"):
        check_list(among)
    # A folder is asked for one of its files only; whether it is a list is looked at at the start.
    if not among.is_dir():
        (fault,) = leaked_faults(OTHER, among=among)
        assert "cannot be read" in fault.en


def test_a_long_list_in_one_file_is_refused(tmp_path, monkeypatch):
    among = as_file(tmp_path, LEAKED)
    monkeypatch.setattr(leaked, "FILE_BYTES_MAX", among.stat().st_size - 1)
    with pytest.raises(LeakedListError, match="folder of prefixes"):
        check_list(among)


@pytest.fixture
def listed(world, tmp_path):
    """The platform with a list."""
    state = world.platform.client.app.state
    edge = state["edge"]
    settings = replace(edge.settings, leaked_passwords=as_folder(tmp_path, LEAKED))
    state["edge"] = replace(edge, settings=settings)
    return world


def links(world):
    """One link of each kind: to join, and to renew a forgotten password."""
    with transaction(world.engine) as session:
        invited = Invited(name="经办乙", roles=frozenset({Role.OFFICER}))
        joining, _ = invite_person(
            session, organisation_id=world.bureau.id, invited=invited, moment=MOMENT
        )
        renewing, _ = invite_to_renew(session, person_id=world.officer.id, moment=MOMENT)
    return joining, renewing


def test_whoever_joins_or_renews_cannot_take_a_leaked_password(listed):
    for number, token in enumerate(links(listed)):
        form = {"name": "经办乙", "user": "second@example.org"}
        typed = {"password": LEAKED, "password_again": LEAKED}
        refused = listed.nobody().post(f"/invitations/{token}", data={**form, **typed})
        assert refused.status_code == 422, number
        assert "泄露密码库" in refused.text
        assert LEAKED not in refused.text
        typed = {"password": OTHER, "password_again": OTHER}
        taken = listed.nobody().post(f"/invitations/{token}", data={**form, **typed})
        assert taken.headers["location"] == "/sign-in?welcome=yes"


def test_a_leaked_password_is_told_together_with_the_other_faults_of_the_form(listed):
    joining, _ = links(listed)
    typed = {"password": LEAKED, "password_again": LEAKED}
    form = {"name": "经办乙", "user": listed.officer.user, **typed}
    refused = listed.nobody().post(f"/invitations/{joining}", data=form)
    assert refused.status_code == 422
    assert "泄露密码库" in refused.text
    told = set(re.findall(r'href="#field-(\w+)"', refused.text))
    assert told == {"user", "password"}


def test_nobody_can_change_to_a_leaked_password(listed):
    officer = listed.as_officer()
    form = {"password": PASSWORD, "new_password": LEAKED, "password_again": LEAKED}
    refused = officer.post("/account/password", data=form)
    assert refused.status_code == 422
    assert "泄露密码库" in refused.text
    form |= {"new_password": OTHER, "password_again": OTHER}
    assert officer.post("/account/password", data=form).status_code == 303
