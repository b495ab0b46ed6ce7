"""What the home page asks people to do about their account, and what is forgotten in time."""

import pytest
from sqlalchemy import func, select

from procurement.accounts.certificates.service import begin_binding
from procurement.accounts.sign_in.service import SESSION_LIFE, begin_session
from procurement.accounts.sign_in.tidying import CHALLENGES_KEPT, SIGN_INS_KEPT, forget_expired
from procurement.accounts.tables import Certificate, KeyChallenge, SigningKey, SignInSession
from procurement.accounts.tasks import EXPIRES_SOON, waiting_for
from procurement.database import transaction
from procurement.permissions import Actor, Role
from tests.procurement.accounts.authority import DAY
from tests.procurement.world import MOMENT, actor_of, new_organisation, new_person


@pytest.fixture
def maker(engine):
    with transaction(engine) as session:
        organisation = new_organisation(session, "manufacturer")
        yield session, organisation, new_person(session, organisation)


def links(session, person, moment=MOMENT):
    return [task.link for task in waiting_for(session, actor=actor_of(person), moment=moment)]


def bind(session, person, *, until):
    """A bound key, without what made it so."""
    certificate = Certificate(
        organisation_id=person.organisation_id,
        fingerprint=str(until),
        suite="intl-1",
        certificate="",
        subject="",
        issuer="",
        valid_from=MOMENT,
        valid_until=until,
        bound_by=person.id,
        bound_at=MOMENT,
    )
    session.add(certificate)
    session.flush()
    session.add(
        SigningKey(
            organisation_id=person.organisation_id,
            certificate_id=certificate.id,
            suite="intl-1",
            public_key="ab" * 32,
            statement="",
            key_signature="",
            certificate_signature="",
            bound_by=person.id,
            bound_at=MOMENT,
        )
    )
    session.flush()


def test_nothing_waits_for_a_stranger(maker):
    session, _, _ = maker
    assert waiting_for(session, actor=Actor(), moment=MOMENT) == []


def test_an_unprotected_account_and_a_missing_key_are_pointed_out(maker):
    session, organisation, person = maker
    here = f"/organisations/{organisation.id}"
    assert links(session, person) == ["/account/second-factor", here]
    person.totp_secret = "sealed"  # noqa: S105
    clerk = new_person(session, organisation, roles=(Role.MANUFACTURER,))
    assert links(session, person) == [here]
    assert links(session, clerk) == ["/account/second-factor"]


def test_a_certificate_that_ends_soon_is_a_task_with_its_day(maker):
    session, _, person = maker
    person.totp_secret = "sealed"  # noqa: S105
    ends = MOMENT + EXPIRES_SOON + DAY
    bind(session, person, until=ends)
    assert links(session, person) == []
    soon = waiting_for(session, actor=actor_of(person), moment=MOMENT + DAY)
    assert [task.due_at for task in soon] == [ends]


def test_a_pharmacy_needs_no_key_and_no_second_factor(maker):
    session, _, _ = maker
    pharmacy = new_organisation(session, "pharmacy")
    assert links(session, new_person(session, pharmacy, roles=(Role.PHARMACY,))) == []


def test_what_is_long_over_is_forgotten(maker):
    session, organisation, person = maker

    def kept(table):
        return session.scalar(select(func.count()).select_from(table))

    begin_session(
        session, person=person, address="192.0.2.1", moment=MOMENT, has_second_factor=False
    )
    begin_binding(session, organisation_id=organisation.id, moment=MOMENT)
    forget_expired(session, moment=MOMENT + SESSION_LIFE + SIGN_INS_KEPT)
    assert kept(SignInSession) == 1
    later = MOMENT + SESSION_LIFE + SIGN_INS_KEPT + CHALLENGES_KEPT + DAY
    forget_expired(session, moment=later)
    assert (kept(SignInSession), kept(KeyChallenge)) == (0, 0)
