"""Relations between organisations: control, agency, commission, groups and alliances."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.events import PLATFORM, note
from procurement.accounts.tables import (
    Organisation,
    OrganisationKind,
    OrganisationRelation,
    RelationKind,
)
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError

_KINDS: dict[RelationKind, tuple[tuple[OrganisationKind, ...], tuple[OrganisationKind, ...]]] = {
    RelationKind.AGENT_OF: ((OrganisationKind.MANUFACTURER,), (OrganisationKind.MANUFACTURER,)),
    RelationKind.MAKES_FOR: ((OrganisationKind.MANUFACTURER,), (OrganisationKind.MANUFACTURER,)),
    RelationKind.ACTIVE_INGREDIENT_FROM: (
        (OrganisationKind.MANUFACTURER,),
        (OrganisationKind.MANUFACTURER,),
    ),
    RelationKind.LICENCE_FROM: (
        (OrganisationKind.MANUFACTURER,),
        (OrganisationKind.MANUFACTURER,),
    ),
    RelationKind.CONTROLLED_BY: (
        (OrganisationKind.MANUFACTURER, OrganisationKind.DISTRIBUTOR, OrganisationKind.PHARMACY),
        (OrganisationKind.MANUFACTURER, OrganisationKind.DISTRIBUTOR, OrganisationKind.PHARMACY),
    ),
    RelationKind.MEMBER_OF_GROUP: ((OrganisationKind.HOSPITAL,), (OrganisationKind.HOSPITAL,)),
    RelationKind.PART_OF_ALLIANCE: ((OrganisationKind.BUREAU,), (OrganisationKind.BUREAU,)),
}
"""Between which kinds of organisations a relation is possible: subject, related."""

# A hospital belongs to one group at a time, and its group's lead to none.
_ONE_AT_A_TIME = (RelationKind.MEMBER_OF_GROUP,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationFacts:
    """A relation to be recorded; the columns of `OrganisationRelation` describe it."""

    subject_id: int
    kind: RelationKind
    related_id: int
    since_date: date
    until_date: date | None = None
    product: str = ""


def record_relation(
    session: Session, *, facts: RelationFacts, moment: datetime, actor: Actor = PLATFORM
) -> OrganisationRelation:
    """Record how one organisation is related to another.

    Args:
        session: Session of the caller's transaction.
        facts: The relation; a product limits it to one generic name.
        moment: Now.
        actor: Who records it.

    Returns:
        The stored relation.

    Raises:
        NotFoundForActorError: One of the two does not exist.
        InvalidInputError: The relation is not possible.
    """
    # Both rows are locked, lower id first: two group leads cannot take one hospital at once.
    found = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_((facts.subject_id, facts.related_id)))
        .order_by(Organisation.id)
        .with_for_update()
    ).all()
    by_id = {organisation.id: organisation for organisation in found}
    if not {facts.subject_id, facts.related_id} <= by_id.keys():
        raise NotFoundForActorError
    subject, related = by_id[facts.subject_id], by_id[facts.related_id]
    faults = [*_pair_faults(facts, subject, related), *_overlap_faults(session, facts)]
    if faults:
        raise InvalidInputError(faults)
    relation = OrganisationRelation(
        subject_id=facts.subject_id,
        related_id=facts.related_id,
        kind=facts.kind,
        product=facts.product.strip(),
        since_date=facts.since_date,
        until_date=facts.until_date,
        recorded_at=moment,
    )
    session.add(relation)
    session.flush()
    _note(session, actor, "record-relation", relation, moment)
    return relation


def end_relation(
    session: Session,
    *,
    relation_id: int,
    organisation_id: int,
    until_date: date,
    moment: datetime,
    actor: Actor = PLATFORM,
) -> OrganisationRelation:
    """Say on which day a relation ends; it stays on record.

    Raises:
        NotFoundForActorError: The organisation has no such relation.
        InvalidInputError: The day lies before the relation's first.
    """
    relation = session.get(OrganisationRelation, relation_id, with_for_update=True)
    if relation is None or organisation_id not in (relation.subject_id, relation.related_id):
        raise NotFoundForActorError
    if until_date < relation.since_date:
        raise InvalidInputError([_days_fault()])
    relation.until_date = until_date
    session.flush()
    _note(session, actor, "end-relation", relation, moment)
    return relation


def possible_relations(kind: str) -> list[RelationKind]:
    """Return the relations that an organisation of a kind may be the subject of.

    Examples:
        >>> possible_relations("hospital")
        [<RelationKind.MEMBER_OF_GROUP: 'member-of-group'>]
    """
    return [relation for relation, (subjects, _related) in _KINDS.items() if kind in subjects]


def relations_of(session: Session, *, organisation_id: int) -> list[OrganisationRelation]:
    """Return all relations of an organisation, on either side, newest first."""
    found = session.scalars(
        select(OrganisationRelation)
        .where(
            or_(
                OrganisationRelation.subject_id == organisation_id,
                OrganisationRelation.related_id == organisation_id,
            )
        )
        .order_by(OrganisationRelation.since_date.desc(), OrganisationRelation.id.desc())
    )
    return list(found)


def _note(
    session: Session, actor: Actor, action: str, relation: OrganisationRelation, moment: datetime
) -> None:
    until = "" if relation.until_date is None else relation.until_date.isoformat()
    note(
        session,
        actor,
        action,
        f"organisation/{relation.subject_id}",
        moment,
        kind=relation.kind,
        related=f"organisation/{relation.related_id}",
        since=relation.since_date.isoformat(),
        until=until,
    )


def _pair_faults(
    facts: RelationFacts, subject: Organisation, related: Organisation
) -> Iterator[FieldFault]:
    if facts.subject_id == facts.related_id:
        yield FieldFault(
            "related_id",
            "机构不能与自身建立关系。",
            "An organisation cannot be related to itself.",
        )
    subjects, relatives = _KINDS[facts.kind]
    if subject.kind not in subjects or related.kind not in relatives:
        yield FieldFault(
            "kind",
            "两家机构的类型之间不存在此种关系。",
            "Organisations of these kinds cannot be related like this.",
        )
    if facts.until_date is not None and facts.until_date < facts.since_date:
        yield _days_fault()
    is_overseas = related.credit_code is None
    if facts.kind == RelationKind.AGENT_OF and not is_overseas:
        yield FieldFault(
            "related_id",
            "境内代理人所代理的须为境外上市许可持有人。",
            "A domestic agent acts for an overseas holder.",
        )


def _overlap_faults(session: Session, facts: RelationFacts) -> Iterator[FieldFault]:
    until = facts.until_date or date.max
    overlapping = (OrganisationRelation.since_date <= until) & (
        OrganisationRelation.until_date.is_(None)
        | (OrganisationRelation.until_date >= facts.since_date)
    )
    same = select(OrganisationRelation.id).where(
        OrganisationRelation.kind == facts.kind,
        OrganisationRelation.subject_id == facts.subject_id,
        overlapping,
    )
    if facts.kind not in _ONE_AT_A_TIME:
        same = same.where(
            OrganisationRelation.related_id == facts.related_id,
            OrganisationRelation.product == facts.product.strip(),
        )
    if session.scalar(same.limit(1)) is not None:
        yield FieldFault(
            "since_date",
            "在此期间已有同样的关系登记在案。",
            "Such a relation is already on record for these days.",
        )
    if facts.kind in _ONE_AT_A_TIME and _is_chained(session, facts, overlapping):
        yield FieldFault(
            "related_id",
            "牵头医院不能同时是其他医共体的成员，成员也不能再牵头。",
            "A lead hospital cannot be a member of another group at the same time.",
        )


def _is_chained(session: Session, facts: RelationFacts, overlapping: ColumnElement[bool]) -> bool:
    chained = select(OrganisationRelation.id).where(
        OrganisationRelation.kind == facts.kind,
        or_(
            OrganisationRelation.subject_id == facts.related_id,
            OrganisationRelation.related_id == facts.subject_id,
        ),
        overlapping,
    )
    return session.scalar(chained.limit(1)) is not None


def _days_fault() -> FieldFault:
    return FieldFault(
        "until_date",
        "结束日期不能早于开始日期。",
        "The last day cannot lie before the first.",
    )
