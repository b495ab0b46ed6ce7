"""Registering organisations and people: the first bureau by ``jicai invite``, the rest by it."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from bidding.bid_sheet import Round as Sheet
from procurement.accounts.divisions import province_of
from procurement.accounts.events import PLATFORM
from procurement.accounts.organisations.relations import RelationFacts, record_relation
from procurement.accounts.organisations.service import OrganisationFacts, register_organisation
from procurement.accounts.people.invitations import Invited, accept_invitation, invite_person
from procurement.accounts.people.service import actor_for
from procurement.accounts.tables import Organisation, Person, RelationKind
from procurement.cli.demo_platform.account import Account, draw_password
from procurement.cli.demo_platform.cast import (
    AGENCY,
    BUREAU,
    DISTRIBUTORS,
    GROUP_LEAD,
    GROUP_MEMBERS,
    HOSPITALS,
    KEYHOLDERS,
    OBSERVERS,
    PHARMACIES,
    PROVINCE,
    WITH_ACCOUNT,
    Institution,
    Member,
    credit_code,
    hospital_in,
    maker,
    silent_maker,
)
from procurement.cli.demo_platform.progress import Progress
from procurement.cli.demo_platform.regions import region_codes
from procurement.database import database_moment
from procurement.permissions import Actor, Role

SINCE = date(2020, 1, 1)
"""From when the relations hold: before everything that the demo does."""


def register_everybody(
    session: Session, example: Sheet, progress: Progress
) -> tuple[dict[str, Organisation], list[Account]]:
    """Register all organisations with their people.

    Args:
        session: Session of the caller's transaction.
        example: Whose firms and regions are registered, too.
        progress: Told how far it is.

    Returns:
        The organisations by name, and the accounts that are to be printed, in the order of their
        registration. For each other firm of the example somebody acts whose password, like those
        of the others, is drawn, and kept nowhere.
    """
    bureau = _register(session, BUREAU, number=1, actor=PLATFORM)
    people = _join(session, bureau, BUREAU.people, invited_by=PLATFORM)
    officer = actor_for(session, person=people[0][0])
    organisations = {BUREAU.name: bureau}
    accounts = [account for _person, account in people]
    others = _others(example)
    for number, (institution, members) in enumerate(others, start=2):
        joined = _register(session, institution, number=number, actor=officer)
        organisations[institution.name] = joined
        added = _join(session, joined, members, invited_by=officer)
        if institution.people:
            accounts += [account for _person, account in added]
        progress.part(number, len(others) + 1)
    for facts in _relations(organisations, example):
        record_relation(session, facts=facts, moment=database_moment(session), actor=officer)
    return organisations, accounts


def _others(example: Sheet) -> list[tuple[Institution, tuple[Member, ...]]]:
    """Everybody but the bureau, with those who act."""
    shown = (PROVINCE, *HOSPITALS, *KEYHOLDERS, *OBSERVERS, *map(maker, WITH_ACCOUNT))
    others = [(one, one.people) for one in (*shown, *DISTRIBUTORS, AGENCY, PHARMACIES)]
    bidders = dict.fromkeys(bid.manufacturer for bid in example.bids)
    silent = [firm for firm in bidders if firm not in WITH_ACCOUNT]
    for number, firm in enumerate(silent, start=len(WITH_ACCOUNT) + 1):
        others.append((maker(firm), (silent_maker(number),)))
    known = {province_of(hospital.region) for hospital in HOSPITALS}
    for name, region in region_codes(example).items():
        if region not in known:
            others.append((hospital_in(region, name), ()))
    return others


def _relations(organisations: dict[str, Organisation], example: Sheet) -> Iterator[RelationFacts]:
    pairs = [(PROVINCE, RelationKind.PART_OF_ALLIANCE, BUREAU)]
    pairs += [(member, RelationKind.MEMBER_OF_GROUP, GROUP_LEAD) for member in GROUP_MEMBERS]
    pairs += [
        (maker(bid.manufacturer), RelationKind.CONTROLLED_BY, maker(bid.control_group))
        for bid in example.bids
        if bid.control_group not in (None, bid.manufacturer) and bid.control_group in organisations
    ]
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


def _join(
    session: Session,
    organisation: Organisation,
    members: Sequence[Member],
    *,
    invited_by: Actor,
) -> list[tuple[Person, Account]]:
    """Let everybody of an organisation join: its administrator first, who invites the others."""
    joined = [
        _add(session, organisation, one, actor=invited_by, is_first=True) for one in members[:1]
    ]
    for one in members[1:]:
        administrator = actor_for(session, person=joined[0][0])
        joined.append(_add(session, organisation, one, actor=administrator))
    return joined


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
