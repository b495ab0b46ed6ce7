"""Which rows of periods hold: those that no other row replaces and that are not void."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from procurement.pharmacies.listed.tables import ListDecision, ListPeriod

_BATCH = 500


def holds(*, known_on: date | None = None) -> ColumnElement[bool]:
    """The condition that a row of `ListPeriod` is what the list says.

    Args:
        known_on: As the public knows it on that day, by the notices published until then; None
            for what has been decided, published or not.
    """
    newer = aliased(ListPeriod)
    replaced = exists().where(newer.replaces_id == ListPeriod.id)
    if known_on is None:
        return and_(ListPeriod.is_void.is_(False), ~replaced)
    replaced = replaced.where(newer.decision_id.in_(_published(known_on)))
    return and_(
        ListPeriod.is_void.is_(False),
        ListPeriod.decision_id.in_(_published(known_on)),
        ~replaced,
    )


def covers_day(day: date) -> ColumnElement[bool]:
    """The condition that a row of `ListPeriod` covers a day."""
    return and_(
        ListPeriod.starts_on <= day, or_(ListPeriod.ends_on.is_(None), ListPeriod.ends_on >= day)
    )


def periods_of(
    session: Session, *, listed_drug_id: int, known_on: date | None = None
) -> Sequence[ListPeriod]:
    """Return the periods of a listed drug that hold, oldest first.

    Args:
        session: Any session.
        listed_drug_id: The drug.
        known_on: As for `holds`.
    """
    found = periods_by_drug(session, listed_drug_ids=[listed_drug_id], known_on=known_on)
    return found.get(listed_drug_id, [])


def periods_by_drug(
    session: Session, *, listed_drug_ids: Sequence[int], known_on: date | None = None
) -> Mapping[int, Sequence[ListPeriod]]:
    """Return by listed drug the periods that hold, oldest first; as `periods_of` for each."""
    found: dict[int, list[ListPeriod]] = {}
    for start in range(0, len(listed_drug_ids), _BATCH):
        periods = session.scalars(
            select(ListPeriod)
            .where(ListPeriod.listed_drug_id.in_(listed_drug_ids[start : start + _BATCH]))
            .where(holds(known_on=known_on))
            .order_by(ListPeriod.starts_on)
        )
        for period in periods:
            found.setdefault(period.listed_drug_id, []).append(period)
    return found


def rows_of(session: Session, *, listed_drug_id: int) -> Sequence[ListPeriod]:
    """Return every row about a listed drug as it was written, those replaced among them."""
    return session.scalars(
        select(ListPeriod)
        .where(ListPeriod.listed_drug_id == listed_drug_id)
        .order_by(ListPeriod.id)
    ).all()


def _published(day: date) -> Select[int]:
    return select(ListDecision.id).where(ListDecision.public_from <= day)
