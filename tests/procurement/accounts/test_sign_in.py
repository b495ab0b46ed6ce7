"""Signing in, being known, signing out."""

from datetime import timedelta

import pyotp
import pytest

from procurement.accounts.sign_in.counted_attempts import PAIR_LIMIT
from procurement.accounts.sign_in.second_factor import enable_second_factor, new_secret
from procurement.accounts.sign_in.service import (
    SESSION_IDLE,
    SESSION_LIFE,
    SecondFactorNeededError,
    SignInRefusedError,
    resolve,
    resolve_actor,
    sign_in,
    sign_out,
    touch,
)
from procurement.accounts.sign_in.throttle import TooManyAttemptsError
from procurement.database import transaction
from procurement.permissions import Actor
from tests.procurement.world import MOMENT, PASSWORD, actor_of, new_organisation, new_person

KEY = bytes(range(32))
USER = "officer@example.org"
WRONG = PASSWORD[::-1]


@pytest.fixture
def world(engine):
    """An engine on a database with one officer."""
    with transaction(engine) as session:
        bureau = new_organisation(session, "bureau", region="000000")
        person = new_person(session, bureau, user=USER, password=PASSWORD)
    return engine, person


def enter(engine, *, password=PASSWORD, code="", moment=MOMENT, address="192.0.2.1", user=USER):
    """Sign in as the page does it: a refusal is caught inside the transaction."""
    with transaction(engine) as session:
        try:
            return sign_in(
                session,
                user=user,
                password=password,
                code=code,
                address=address,
                moment=moment,
                secret_key=KEY,
            )
        except (SignInRefusedError, SecondFactorNeededError, TooManyAttemptsError) as refusal:
            return refusal


def who(engine, token, moment=MOMENT):
    with transaction(engine) as session:
        return resolve_actor(session, session_token=token, api_token=None, moment=moment)


def test_a_person_who_signs_in_is_known_until_signing_out(world):
    engine, person = world
    signed_in = enter(engine)
    expected = actor_of(person)
    assert who(engine, signed_in.token).person_id == expected.person_id
    assert who(engine, signed_in.token).roles == expected.roles
    with transaction(engine) as session:
        sign_out(session, session_token=signed_in.token, moment=MOMENT)
    assert who(engine, signed_in.token) == Actor()


@pytest.mark.parametrize("token", ["", "unknown", None])
def test_an_unknown_cookie_is_nobodys(world, token):
    assert who(world[0], token) == Actor()


def test_a_sign_in_ends_when_idle_and_at_the_latest_after_half_a_day(world):
    engine, _ = world
    token = enter(engine).token
    assert who(engine, token, MOMENT + SESSION_IDLE - timedelta(seconds=1)).is_signed_in
    assert not who(engine, token, MOMENT + SESSION_IDLE).is_signed_in
    moment = MOMENT
    while moment + SESSION_IDLE / 2 < MOMENT + SESSION_LIFE:
        moment += SESSION_IDLE / 2
        with transaction(engine) as session:
            found = resolve(session, session_token=token, api_token=None, moment=moment)
            assert found.touch_due
            touch(session, resolved=found, moment=moment)
    assert not who(engine, token, MOMENT + SESSION_LIFE).is_signed_in


def test_the_wrong_password_and_the_wrong_name_are_refused_alike(world):
    engine, _ = world
    refusals = [enter(engine, password=WRONG), enter(engine, user="nobody@example.org")]
    assert [type(each) for each in refusals] == [SignInRefusedError] * 2
    assert len({str(each) for each in refusals}) == 1


def test_after_too_many_failures_even_the_right_password_waits(world):
    engine, _ = world
    for _ in range(PAIR_LIMIT.failures_max):
        assert isinstance(enter(engine, password=WRONG), SignInRefusedError)
    assert isinstance(enter(engine), TooManyAttemptsError)
    assert enter(engine, moment=MOMENT + PAIR_LIMIT.block).token


def test_somebody_elses_failures_from_another_address_do_not_lock_a_person_out(world):
    engine, _ = world
    for _ in range(PAIR_LIMIT.failures_max + 1):
        enter(engine, password=WRONG, address="198.51.100.7")
    assert isinstance(enter(engine, address="198.51.100.7"), TooManyAttemptsError)
    assert enter(engine).token


def test_a_second_factor_is_asked_for_and_each_code_counts_once(world):
    engine, person = world
    secret = new_secret()
    totp = pyotp.TOTP(secret)
    with transaction(engine) as session:
        session.add(person)
        codes = enable_second_factor(
            session,
            person=person,
            secret=secret,
            code=totp.at(MOMENT),
            moment=MOMENT,
            secret_key=KEY,
        )
    assert isinstance(enter(engine), SecondFactorNeededError)
    assert isinstance(enter(engine, code=totp.at(MOMENT)), SignInRefusedError)
    later = MOMENT + timedelta(seconds=30)
    token = enter(engine, code=totp.at(later), moment=later).token
    assert who(engine, token, later).has_second_factor
    assert isinstance(enter(engine, code=totp.at(later), moment=later), SignInRefusedError)
    assert enter(engine, code=codes[0].lower(), moment=later).token
    assert isinstance(enter(engine, code=codes[0], moment=later), SignInRefusedError)
