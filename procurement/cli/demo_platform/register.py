"""Registering organisations and people: the first bureau by ``jicai invite``, the rest by it."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy.orm import Session

from procurement.accounts.events import PLATFORM
from procurement.accounts.organisations.relations import RelationFacts, record_relation
from procurement.accounts.organisations.service import OrganisationFacts, register_organisation
from procurement.accounts.people.invitations import Invited, accept_invitation, invite_person
from procurement.accounts.people.service import actor_for
from procurement.accounts.tables import Organisation, Person, RelationKind
from procurement.cli.demo_platform.account import Account, draw_password
from procurement.cli.demo_platform.cast import (
    BUREAU,
    GROUP_LEAD,
    GROUP_MEMBERS,
    HOSPITALS,
    KEYHOLDERS,
    OBSERVERS,
    PROVINCE,
    Institution,
    Member,
    credit_code,
    maker,
)
from procurement.database import database_moment
from procurement.permissions import Actor, Role

SINCE = date(2020, 1, 1)
"""From when the relations hold: before everything that the demo does."""


def register_everybody(
    session: Session, *, firms: Iterable[str]
) -> tuple[dict[str, Organisation], list[Account]]:
    """Register all organisations with their people.

    Args:
        session: Session of the caller's transaction.
        firms: Manufacturers of the example.

    Returns:
        The organisations by name, and the accounts in the order of their registration.
    """
    bureau = _register(session, BUREAU, number=1, actor=PLATFORM)
    first, account = _add(session, bureau, BUREAU.people[0], actor=PLATFORM, is_first=True)
    officer = actor_for(session, person=first)
    organisations, accounts = {BUREAU.name: bureau}, [account]
    accounts += [_add(session, bureau, one, actor=officer)[1] for one in BUREAU.people[1:]]
    others = (PROVINCE, *HOSPITALS, *KEYHOLDERS, *OBSERVERS, *map(maker, firms))
    for number, institution in enumerate(others, start=2):
        joined = _register(session, institution, number=number, actor=officer)
        organisations[institution.name] = joined
        accounts += [
            _add(session, joined, member, actor=officer, is_first=True)[1]
            for member in institution.people
        ]
    for facts in _relations(organisations):
        record_relation(session, facts=facts, moment=database_moment(session), actor=officer)
    return organisations, accounts


def _relations(organisations: dict[str, Organisation]) -> Iterator[RelationFacts]:
    pairs = [(PROVINCE, RelationKind.PART_OF_ALLIANCE, BUREAU)]
    pairs += [(member, RelationKind.MEMBER_OF_GROUP, GROUP_LEAD) for member in GROUP_MEMBERS]
    for subject, kind, related in pairs:
        yield RelationFacts(
            subject_id=organisations[subject.name].id,
            kind=kind,
            related_id=organisations[related.name].id,
            since_date=SINCE,
        )


def _register(
    session: Session, institution: Institution, *, number: int, actor: Actor
) -> Organisation:
    facts = OrganisationFacts(
        kind=institution.kind,
        name=institution.full_name,
        short_name=institution.name,
        region=institution.region,
        credit_code=credit_code(number),
    )
    moment = database_moment(session)
    return register_organisation(session, facts=facts, moment=moment, actor=actor)


def _add(
    session: Session,
    organisation: Organisation,
    member: Member,
    *,
    actor: Actor,
    is_first: bool = False,
) -> tuple[Person, Account]:
    """Invite somebody and accept; the first of an organisation administers it."""
    roles = {member.role, Role.ADMINISTRATOR} if is_first else {member.role}
    token, _invitation = invite_person(
        session,
        organisation_id=organisation.id,
        invited=Invited(name=member.name, roles=frozenset(roles), user=member.user),
        moment=database_moment(session),
        actor=actor,
    )
    password = draw_password(member.user)
    person = accept_invitation(
        session,
        token=token,
        user=member.user,
        name=member.name,
        password=password,
        moment=database_moment(session),
    )
    account = Account(member.role.value, member.user, password, member.name, organisation.name)
    return person, account
