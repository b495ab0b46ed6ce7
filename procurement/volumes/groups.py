"""Medical groups: which hospital reports for which."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationRelation, RelationKind
from procurement.china_days import day_in_china
from procurement.rounds.tables import Round


def membership_day(round_: Round, *, moment: datetime) -> date:
    """The day whose groups count: today while reporting is open, later the day it closed."""
    closes_at = round_.volume_closes_at
    return day_in_china(min(moment, closes_at) if closes_at else moment)


def is_member_on(day: date) -> ColumnElement[bool]:
    """Condition: the relation is a membership of a group that holds on a day."""
    return and_(
        OrganisationRelation.kind == RelationKind.MEMBER_OF_GROUP,
        OrganisationRelation.since_date <= day,
        or_(OrganisationRelation.until_date.is_(None), OrganisationRelation.until_date >= day),
    )


def lead_of(session: Session, *, hospital_id: int, day: date) -> int | None:
    """Return the lead hospital that reports for a hospital, or None where it reports itself."""
    lead = (
        select(OrganisationRelation.related_id)
        .where(is_member_on(day), OrganisationRelation.subject_id == hospital_id)
        .order_by(OrganisationRelation.since_date.desc(), OrganisationRelation.id.desc())
        .limit(1)
    )
    return session.scalar(lead)


def members_of(session: Session, *, lead_id: int, day: date) -> Sequence[Organisation]:
    """Return the members of a group without its lead hospital, in the order of their ids."""
    members = (
        select(Organisation)
        .join(OrganisationRelation, OrganisationRelation.subject_id == Organisation.id)
        .where(is_member_on(day), OrganisationRelation.related_id == lead_id)
        .where(Organisation.id != lead_id)
        .order_by(Organisation.id)
    )
    return session.scalars(members).unique().all()


def members_by_lead(
    session: Session, *, lead_ids: Collection[int], day: date
) -> Mapping[int, list[int]]:
    """Return the ids of the members of several groups; who leads none is not in the answer."""
    relation = OrganisationRelation
    rows = session.execute(
        select(relation.related_id, relation.subject_id)
        .where(is_member_on(day), relation.related_id.in_(lead_ids))
        .where(relation.subject_id != relation.related_id)
        .order_by(relation.related_id, relation.subject_id)
        .distinct()
    )
    members: dict[int, list[int]] = {}
    for lead, member in rows:
        members.setdefault(lead, []).append(member)
    return members
