"""People, their roles and passwords, presence, invitations and tokens."""

from datetime import timedelta
from threading import Barrier, Thread

import pyotp
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from procurement.accounts.people.guessable import is_guessable
from procurement.accounts.people.invitations import (
    INVITATION_LIFE,
    InvitationOverError,
    Invited,
    accept_invitation,
    invite_person,
    invite_to_renew,
    open_invitation,
)
from procurement.accounts.people.passwords import LENGTH_MAX, password_faults, verify_password
from procurement.accounts.people.service import add_person, change_person
from procurement.accounts.rules import ROLES_OF_KIND, roles_from, roles_text
from procurement.accounts.secret_values import UnsealingError, seal_secret, unseal_secret
from procurement.accounts.sign_in.counted_attempts import PAIR_LIMIT, PRESENCE_LIMIT, USER_LIMIT
from procurement.accounts.sign_in.own_account import set_up_second_factor
from procurement.accounts.sign_in.presence import NothingToConfirmWithError, confirm_presence
from procurement.accounts.sign_in.second_factor import new_secret
from procurement.accounts.sign_in.service import SignInRefusedError, resolve_actor, sign_in
from procurement.accounts.sign_in.throttle import (
    Counted,
    TooManyAttemptsError,
    count_failure,
    delete_idle_counters,
    lock_counters,
    refuse_blocked,
)
from procurement.accounts.sign_in.tokens import LIFE_DAYS_MAX, UnknownTokenError, make_token
from procurement.accounts.tables import OrganisationKind, Person, SignInSession, Throttle
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError, Role
from tests.procurement.world import MOMENT, PASSWORD, actor_of, new_organisation, new_person

KEY = bytes(range(32))
WRONG = PASSWORD[::-1]
INVITED = Invited(name="某人", roles=frozenset({Role.HOSPITAL}))


@pytest.fixture
def hospital(engine):
    """A session and a hospital."""
    with transaction(engine) as session:
        yield session, new_organisation(session, "hospital")


def test_every_kind_of_organisation_has_an_administrator_and_some_work():
    assert set(ROLES_OF_KIND) == {kind.value for kind in OrganisationKind}
    assert all(Role.ADMINISTRATOR in roles and len(roles) > 1 for roles in ROLES_OF_KIND.values())
    assert Role.PUBLIC not in frozenset().union(*ROLES_OF_KIND.values())


@given(st.frozensets(st.sampled_from(list(Role))))
def test_roles_are_read_as_they_were_written(roles):
    assert roles_from(roles_text(roles)) == roles | {Role.PUBLIC}


def test_somebody_with_all_faults_gets_them_all_at_once(hospital):
    session, organisation = hospital
    with pytest.raises(InvalidInputError) as refusal:
        add_person(
            session,
            organisation_id=organisation.id,
            user="a b",
            name=" ",
            roles=[Role.OFFICER],
            moment=MOMENT,
            password="short",
        )
    assert {fault.field for fault in refusal.value.faults} == {"user", "name", "roles", "password"}


def test_user_names_are_unique_whatever_their_case(hospital):
    session, organisation = hospital
    new_person(session, organisation, user="Clerk@Example.org")
    with pytest.raises(InvalidInputError):
        new_person(session, organisation, user="clerk@example.org ")


def test_nobody_is_added_to_no_organisation(hospital):
    session, organisation = hospital
    with pytest.raises(NotFoundForActorError):
        add_person(
            session,
            organisation_id=organisation.id + 1000,
            user="clerk",
            name="x",
            roles=[Role.HOSPITAL],
            moment=MOMENT,
        )


@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "qwertyuiopas",
        "1qaz2wsx3edc4rfv",
        "P@ssw0rd2026!",
        "Admin123!@#456",
        "woaini5201314",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "13812345678abc",
        "hospital20261122",
        "zhang.officer2026!",
    ],
)
def test_common_passwords_are_refused_however_they_are_dressed(password):
    assert password_faults(password, user="zhang.officer@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "a long enough sentence",
        "枣树 鲸鱼 纸伞 四更天下着雨",
        "xK4vq9Lw2mTz",
    ],
)
def test_unrelated_words_and_random_letters_are_accepted(password):
    assert password_faults(password, user="zhang.officer@example.org") == ()


@given(st.text(max_size=40), st.text(max_size=20))
def test_every_password_gets_an_answer(password, user):
    assert is_guessable(password, user=user) in (True, False)
    assert len(password_faults(password, user=user)) <= 1


@given(st.text(st.characters(categories=["Ll"]), min_size=12, max_size=30))
def test_adding_a_year_makes_no_password_guessable_that_was_not(password):
    if not is_guessable(password):
        assert not is_guessable(password + "2026")


def test_verifying_compares_whole_passwords():
    kept = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert verify_password(PASSWORD, kept=kept)
    assert not verify_password(PASSWORD + " ", kept=kept)
    assert not verify_password(PASSWORD, kept=None)
    assert not verify_password(PASSWORD, kept="not a hash")
    assert verify_password("ａ long enough sentence", kept=kept)
    longest = "x" * LENGTH_MAX
    kept = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(longest)
    assert verify_password(longest, kept=kept)
    assert not verify_password(longest + "x", kept=kept)


def enter(session, user, password, *, moment=MOMENT, address="192.0.2.1"):
    return sign_in(
        session,
        user=user,
        password=password,
        code="",
        address=address,
        moment=moment,
        secret_key=KEY,
    )


def test_a_weak_old_hash_is_renewed_at_the_next_sign_in(hospital):
    session, organisation = hospital
    person = new_person(session, organisation, password=PASSWORD)
    person.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    enter(session, person.user, PASSWORD)
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_unknown_names_are_hashed_too(hospital, monkeypatch):
    session, organisation = hospital
    person = new_person(session, organisation, password=PASSWORD)
    verified = []
    verify = PasswordHasher.verify

    def noting(self, kept, password):
        verified.append(kept.split("$")[:4])
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", noting)
    for user in (person.user, "nobody@example.org"):
        with pytest.raises(SignInRefusedError):
            enter(session, user, WRONG)
    assert len(verified) == 2
    assert verified[0] == verified[1]


def test_guessing_one_name_from_many_addresses_is_stopped_but_not_where_it_is_known(hospital):
    session, organisation = hospital
    person = new_person(session, organisation, password=PASSWORD)
    enter(session, person.user, PASSWORD, address="198.51.100.1")
    counter = Counted(USER_LIMIT, person.user)
    counters = lock_counters(session, counted=[counter], moment=MOMENT)
    for _ in range(USER_LIMIT.failures_max):
        count_failure(counters, moment=MOMENT)
    with pytest.raises(TooManyAttemptsError):
        enter(session, person.user, PASSWORD, address="203.0.113.9")
    assert enter(session, person.user, PASSWORD, address="198.51.100.1").token


def test_one_line_has_one_limit_however_many_addresses_of_the_sixth_version_it_has(hospital):
    session, organisation = hospital
    person = new_person(session, organisation, password=PASSWORD)
    for number in range(PAIR_LIMIT.failures_max):
        with pytest.raises(SignInRefusedError):
            enter(session, person.user, WRONG, address=f"2001:db8:0:1::{number:x}")
    with pytest.raises(TooManyAttemptsError):
        enter(session, person.user, PASSWORD, address="2001:db8:0:1:ffff::1")
    assert enter(session, person.user, PASSWORD, address="2001:db8:0:2::1").token


def test_counters_start_again_after_their_window_and_go_when_idle(hospital):
    session, _ = hospital
    counted = Counted(PRESENCE_LIMIT, "x")
    for _ in range(PRESENCE_LIMIT.failures_max - 1):
        count_failure(lock_counters(session, counted=[counted], moment=MOMENT), moment=MOMENT)
    later = MOMENT + PRESENCE_LIMIT.window
    counters = lock_counters(session, counted=[counted], moment=later)
    assert not count_failure(counters, moment=later)
    refuse_blocked(counters, moment=later)
    delete_idle_counters(session, moment=later)
    assert session.query(Throttle).count() == 1
    delete_idle_counters(session, moment=later + PRESENCE_LIMIT.window)
    assert session.query(Throttle).count() == 0


def confirm(session, actor, given, *, moment=MOMENT):
    confirm_presence(session, actor=actor, password_or_code=given, moment=moment, secret_key=KEY)


def test_presence_is_confirmed_by_password_or_where_there_is_one_by_code(hospital):
    session, organisation = hospital
    person = new_person(session, organisation, password=PASSWORD)
    actor = actor_of(person)
    confirm(session, actor, PASSWORD)
    with pytest.raises(InvalidInputError):
        confirm(session, actor, WRONG)
    secret = new_secret()
    set_up_second_factor(
        session,
        actor=actor,
        secret=secret,
        code=pyotp.TOTP(secret).at(MOMENT),
        moment=MOMENT,
        secret_key=KEY,
    )
    with pytest.raises(InvalidInputError):
        confirm(session, actor, PASSWORD)
    later = MOMENT + timedelta(seconds=60)
    confirm(session, actor, pyotp.TOTP(secret).at(later), moment=later)
    with pytest.raises(InvalidInputError):
        confirm(session, actor, pyotp.TOTP(secret).at(later), moment=later)


def test_guessing_at_a_dangerous_step_is_stopped(hospital):
    session, organisation = hospital
    actor = actor_of(new_person(session, organisation, password=PASSWORD))
    for _ in range(PRESENCE_LIMIT.failures_max):
        with pytest.raises(InvalidInputError):
            confirm(session, actor, WRONG)
    with pytest.raises(TooManyAttemptsError):
        confirm(session, actor, PASSWORD)
    confirm(session, actor, PASSWORD, moment=MOMENT + PRESENCE_LIMIT.block)


def test_whoever_has_nothing_to_confirm_with_is_told_what_to_set_up(hospital):
    session, organisation = hospital
    with pytest.raises(NothingToConfirmWithError):
        confirm(session, actor_of(new_person(session, organisation)), PASSWORD)


def test_an_invitation_expires(hospital):
    session, organisation = hospital
    token, _ = invite_person(
        session, organisation_id=organisation.id, invited=INVITED, moment=MOMENT
    )
    with pytest.raises(InvitationOverError):
        accept_invitation(
            session,
            token=token,
            user="late",
            name="x",
            password=PASSWORD,
            moment=MOMENT + INVITATION_LIFE,
        )


def test_of_two_who_use_a_link_at_once_one_joins(engine):
    with transaction(engine) as session:
        organisation = new_organisation(session, "hospital")
        token, _ = invite_person(
            session, organisation_id=organisation.id, invited=INVITED, moment=MOMENT
        )
    outcomes, together = [], Barrier(2)

    def join(user):
        together.wait()
        try:
            with transaction(engine) as session:
                accept_invitation(
                    session, token=token, user=user, name=user, password=PASSWORD, moment=MOMENT
                )
            outcomes.append("joined")
        except InvitationOverError:
            outcomes.append("over")

    threads = [Thread(target=join, args=(user,)) for user in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["joined", "over"]


def accept(session, token, user):
    return accept_invitation(
        session, token=token, user=user, name="某人", password=PASSWORD, moment=MOMENT
    )


def test_a_bureau_cannot_use_a_second_link_once_an_organisation_has_people(hospital):
    session, organisation = hospital
    officer = actor_of(new_person(session, new_organisation(session, "bureau")))
    first = Invited(name="某人", roles=frozenset({Role.HOSPITAL, Role.ADMINISTRATOR}))
    tokens = [
        invite_person(
            session, organisation_id=organisation.id, invited=first, moment=MOMENT, actor=officer
        )[0]
        for _ in range(2)
    ]
    accept(session, tokens[0], "administrator@example.org")
    for token in tokens:
        with pytest.raises(InvitationOverError):
            accept(session, token, "officer@example.org")
        with pytest.raises(InvitationOverError):
            open_invitation(session, token=token, moment=MOMENT)


def test_a_link_of_somebody_who_was_put_out_leads_nowhere(hospital):
    session, organisation = hospital
    inviter = new_person(session, organisation, roles=(Role.ADMINISTRATOR,))
    actor = actor_of(inviter)
    token, _ = invite_person(
        session, organisation_id=organisation.id, invited=INVITED, moment=MOMENT, actor=actor
    )
    open_invitation(session, token=token, moment=MOMENT)
    inviter.is_active = False
    session.flush()
    with pytest.raises(InvitationOverError):
        accept(session, token, "again@example.org")


def test_renewing_a_password_makes_every_other_link_to_it_useless(hospital):
    session, organisation = hospital
    person = new_person(session, organisation)
    older, _ = invite_to_renew(session, person_id=person.id, moment=MOMENT)
    newer, _ = invite_to_renew(session, person_id=person.id, moment=MOMENT)
    accept(session, newer, "")
    with pytest.raises(InvitationOverError):
        accept(session, older, "")


def test_renewing_a_password_ends_every_sign_in_and_keeps_the_second_factor(hospital):
    session, organisation = hospital
    person = new_person(session, organisation, password=PASSWORD)
    signed_in = enter(session, person.user, PASSWORD)
    person.totp_secret = seal_secret(new_secret(), key=KEY, purpose=f"totp {person.id}")
    token, _ = invite_to_renew(session, person_id=person.id, moment=MOMENT)
    accept_invitation(
        session,
        token=token,
        user="",
        name="",
        password="another sentence",
        moment=MOMENT,
    )
    actor = resolve_actor(session, session_token=signed_in.token, api_token=None, moment=MOMENT)
    assert actor == Actor()
    assert person.totp_secret is not None
    assert session.get_one(SignInSession, signed_in.session_id).ended_at == MOMENT


def test_a_token_acts_with_the_present_roles_of_whoever_made_it(hospital):
    session, organisation = hospital
    boss = new_person(session, organisation)
    person = new_person(session, organisation)
    token, row = make_token(session, person_id=person.id, name="HIS", life_days=30, moment=MOMENT)

    def actor(moment=MOMENT):
        return resolve_actor(session, session_token=None, api_token=token, moment=moment)

    assert actor().by_token
    assert Role.ADMINISTRATOR in actor().roles
    for is_active in (True, False):
        change_person(
            session,
            person_id=person.id,
            roles=[Role.HOSPITAL],
            is_active=is_active,
            version=person.version,
            moment=MOMENT,
            actor=actor_of(boss),
        )
        expected = frozenset({Role.PUBLIC, Role.HOSPITAL} if is_active else {Role.PUBLIC})
        assert actor().roles == expected
    with pytest.raises(UnknownTokenError):
        actor(row.expires_at)


@pytest.mark.parametrize("life_days", [0, -1, LIFE_DAYS_MAX + 1])
def test_a_token_lives_a_day_to_a_year(hospital, life_days):
    session, organisation = hospital
    person = new_person(session, organisation)
    with pytest.raises(InvalidInputError):
        make_token(session, person_id=person.id, name="HIS", life_days=life_days, moment=MOMENT)


@given(st.text(max_size=50), st.binary(min_size=32, max_size=32))
def test_a_sealed_secret_opens_with_its_key_for_its_purpose_only(secret, key):
    sealed = seal_secret(secret, key=key, purpose="totp 1")
    assert unseal_secret(sealed, key=key, purpose="totp 1") == secret
    other = bytes([key[0] ^ 1]) + key[1:]
    for wrong in ({"key": other, "purpose": "totp 1"}, {"key": key, "purpose": "totp 2"}):
        with pytest.raises(UnsealingError):
            unseal_secret(sealed, **wrong)


def test_nothing_secret_is_kept_in_clear(hospital):
    session, organisation = hospital
    person = new_person(session, organisation, password=PASSWORD)
    signed_in = enter(session, person.user, PASSWORD)
    secret = new_secret()
    codes = set_up_second_factor(
        session,
        actor=actor_of(person),
        secret=secret,
        code=pyotp.TOTP(secret).at(MOMENT),
        moment=MOMENT,
        secret_key=KEY,
    )
    token, _ = make_token(session, person_id=person.id, name="x", life_days=1, moment=MOMENT)
    link, _ = invite_person(
        session, organisation_id=organisation.id, invited=INVITED, moment=MOMENT
    )
    session.flush()
    tables = Person.metadata.sorted_tables
    rows = [str(row) for table in tables for row in session.execute(table.select())]
    for value in (PASSWORD, signed_in.token, secret, *codes, token, link):
        assert not any(value in row for row in rows)
