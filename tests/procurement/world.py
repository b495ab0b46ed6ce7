"""Builders of organisations and people for the tests of every stage."""

import itertools
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from procurement.accounts.organisations.credit_codes import check_character
from procurement.accounts.organisations.service import OrganisationFacts, register_organisation
from procurement.accounts.people.service import add_person
from procurement.accounts.rules import ROLES_OF_KIND, roles_from
from procurement.accounts.tables import (
    Organisation,
    OrganisationKind,
    OrganisationRelation,
    Person,
    RelationKind,
)
from procurement.permissions import Actor, Role

MOMENT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
"""Nine o'clock in China, on a Sunday."""

PASSWORD = "a long enough sentence"  # noqa: S105 - of people who exist in tests only

_numbers = itertools.count(1)


def credit_code(number: int) -> str:
    """Return the number-th unified social credit code, with its check character."""
    body = f"91110000{number:09d}"
    return body + check_character(body)


def institution_code(number: int, *, letter: str = "H", region: str = "110000") -> str:
    """Return the number-th code of a hospital (H) or a pharmacy (P)."""
    return f"{letter}{region}{number:05d}"


def new_organisation(
    session: Session,
    kind: OrganisationKind | str = OrganisationKind.HOSPITAL,
    *,
    name: str = "",
    region: str = "110000",
    code: str | None = None,
    moment: datetime = MOMENT,
) -> Organisation:
    """Register an organisation; what is not given is made up and different each time."""
    number, known_kind = next(_numbers), OrganisationKind(kind)
    is_overseas = known_kind is OrganisationKind.MANUFACTURER and region == "000000"
    facts = OrganisationFacts(
        kind=known_kind,
        name=name or f"{known_kind.value} {number}",
        region=region,
        credit_code=code or (None if is_overseas else credit_code(number)),
        legal_representative="法定代表人",
        authorised_person="被授权人",
    )
    return register_organisation(session, facts=facts, moment=moment)


def new_person(
    session: Session,
    organisation: Organisation,
    *,
    roles: tuple[Role, ...] = (),
    user: str = "",
    name: str = "",
    password: str | None = None,
    moment: datetime = MOMENT,
) -> Person:
    """Add a person; without roles, with all that the organisation's kind allows.

    Give a password (`PASSWORD`) only to those who sign in: hashing takes its time.
    """
    number = next(_numbers)
    person = add_person(
        session,
        organisation_id=organisation.id,
        user=user or f"person{number}@example.org",
        name=name or f"Person {number}",
        roles=roles or ROLES_OF_KIND[organisation.kind],
        password=password,
        moment=moment,
    )
    # Loaded here, so that `actor_of` also works after the session is closed.
    assert person.organisation.id == organisation.id
    return person


def actor_of(person: Person, *, by_token: bool = False) -> Actor:
    """Return the actor that a person is after signing in with a second factor."""
    organisation = person.organisation
    return Actor(
        person_id=person.id,
        organisation_id=organisation.id,
        roles=roles_from(person.roles),
        region=organisation.region,
        name=person.name,
        organisation=organisation.name,
        has_second_factor=True,
        by_token=by_token,
    )


def relate(
    session: Session,
    subject: Organisation,
    kind: RelationKind,
    related: Organisation,
    *,
    since: date = date(2020, 1, 1),
    until: date | None = None,
    product: str = "",
) -> OrganisationRelation:
    """Relate two organisations; read subject, kind, related."""
    relation = OrganisationRelation(
        subject_id=subject.id,
        related_id=related.id,
        kind=kind,
        product=product,
        since_date=since,
        until_date=until,
        recorded_at=MOMENT,
    )
    session.add(relation)
    session.flush()
    return relation
