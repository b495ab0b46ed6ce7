"""What relations mean on a day: firms that count as one, groups of hospitals, alliances."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.rules import control_group
from procurement.accounts.tables import Organisation, OrganisationRelation, RelationKind

RELATED_KINDS = (
    RelationKind.CONTROLLED_BY,
    RelationKind.LICENCE_FROM,
    RelationKind.MAKES_FOR,
    RelationKind.AGENT_OF,
)
"""Control, transfer of the licence and production on commission: such firms count as one bidder,
as reports on the eleventh national round say. An agent and its overseas holder are one bidder by
nature. A common source of the active ingredient relates nobody."""


def related_firms(
    session: Session, *, organisation_id: int, on_date: date, product: str | None = None
) -> frozenset[int]:
    """Return the firms that count as one bidder with a firm on a day, and itself.

    Control, licence transfer and commission are followed through any number of firms, in both
    directions.

    Args:
        session: Any session.
        organisation_id: The firm.
        on_date: The day.
        product: A generic name: relations limited to other products do not count. None counts
            every relation, whatever product it is limited to.

    Returns:
        Ids of the control group.
    """
    links = _reachable(session, organisation_id, RELATED_KINDS, on_date, product)
    return control_group(organisation_id, links)


def control_groups(
    session: Session,
    *,
    organisation_ids: Iterable[int],
    on_date: date,
    product: str | None = None,
) -> dict[int, frozenset[int]]:
    """Return `related_firms` of several firms at once.

    Args:
        session: Any session.
        organisation_ids: The firms, such as all bidders of a lot.
        on_date: The day.
        product: As in `related_firms`.

    Returns:
        The group of each firm; related firms have equal groups.
    """
    groups: dict[int, frozenset[int]] = {}
    for firm in organisation_ids:
        if firm not in groups:
            group = related_firms(session, organisation_id=firm, on_date=on_date, product=product)
            groups.update(dict.fromkeys(group, group))
    return groups


def group_lead_of(session: Session, *, hospital_id: int, on_date: date) -> int | None:
    """Return the hospital that reports for one on a day, or None where it reports itself."""
    return session.scalar(
        select(OrganisationRelation.related_id).where(
            OrganisationRelation.subject_id == hospital_id,
            OrganisationRelation.kind == RelationKind.MEMBER_OF_GROUP,
            _holds(on_date),
        )
    )


def group_leads(session: Session, *, on_date: date) -> dict[int, int]:
    """Return the lead of every hospital that is a member of a group on a day, by hospital."""
    pairs = select(OrganisationRelation.subject_id, OrganisationRelation.related_id).where(
        OrganisationRelation.kind == RelationKind.MEMBER_OF_GROUP, _holds(on_date)
    )
    return {member: lead for member, lead in session.execute(pairs)}


def reports_for(session: Session, *, hospital_id: int, on_date: date) -> list[int]:
    """Return the hospitals that one reports for on a day: itself, then its group's members.

    A member of a group reports for nobody: the list is empty.
    """
    if group_lead_of(session, hospital_id=hospital_id, on_date=on_date) is not None:
        return []
    members = session.scalars(
        select(OrganisationRelation.subject_id)
        .where(
            OrganisationRelation.related_id == hospital_id,
            OrganisationRelation.kind == RelationKind.MEMBER_OF_GROUP,
            _holds(on_date),
        )
        .order_by(OrganisationRelation.subject_id)
    )
    return [hospital_id, *members]


def alliance_of(session: Session, *, bureau_id: int, on_date: date) -> list[Organisation]:
    """Return the bureaus of the alliance that a bureau leads on a day, itself first."""
    members = session.scalars(
        select(Organisation)
        .join(OrganisationRelation, OrganisationRelation.subject_id == Organisation.id)
        .where(
            OrganisationRelation.related_id == bureau_id,
            OrganisationRelation.kind == RelationKind.PART_OF_ALLIANCE,
            _holds(on_date),
        )
        .order_by(Organisation.region, Organisation.id)
    )
    return [session.get_one(Organisation, bureau_id), *members]


def holders_of_agent(
    session: Session, *, organisation_id: int, on_date: date, product: str | None = None
) -> list[Organisation]:
    """Return the overseas holders whose domestic agent a firm is on a day."""
    found = session.scalars(
        select(Organisation)
        .join(OrganisationRelation, OrganisationRelation.related_id == Organisation.id)
        .where(
            OrganisationRelation.subject_id == organisation_id,
            OrganisationRelation.kind == RelationKind.AGENT_OF,
            _holds(on_date),
            _of_product(product),
        )
        .order_by(Organisation.id)
    )
    return list(found)


def _reachable(
    session: Session,
    firm: int,
    kinds: Iterable[RelationKind],
    on_date: date,
    product: str | None,
) -> list[tuple[int, int]]:
    """The links around a firm, read ring by ring: groups are small, the table is not."""
    links: set[tuple[int, int]] = set()
    known, frontier = {firm}, {firm}
    while frontier:
        touching = select(OrganisationRelation.subject_id, OrganisationRelation.related_id).where(
            OrganisationRelation.kind.in_(tuple(kinds)),
            _holds(on_date),
            _of_product(product),
            or_(
                OrganisationRelation.subject_id.in_(frontier),
                OrganisationRelation.related_id.in_(frontier),
            ),
        )
        found = {(subject, related) for subject, related in session.execute(touching)}
        frontier = {firm for link in found for firm in link} - known
        known |= frontier
        links |= found
    return sorted(links)


def _holds(on_date: date) -> ColumnElement[bool]:
    return (OrganisationRelation.since_date <= on_date) & (
        OrganisationRelation.until_date.is_(None) | (OrganisationRelation.until_date >= on_date)
    )


def _of_product(product: str | None) -> ColumnElement[bool]:
    if product is None:
        return OrganisationRelation.id.is_not(None)
    return OrganisationRelation.product.in_(("", product))
