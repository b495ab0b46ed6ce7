"""Lists of convenience pharmacies, and how the last checks of their prices came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from procurement.pharmacies.convenience.tables import ConvenienceCheck, ConvenienceCounter
from procurement.pharmacies.designation.service import holds_on
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.zero_markup import BAD_OUTCOMES
from procurement.volumes.rules import region_prefix
from procurement.web import KeysetPage, Page, paginate, paginate_by_key


@dataclass(frozen=True, slots=True)
class ListedPharmacy:
    """A convenience pharmacy in a list.

    Attributes:
        place: The place.
        designation: What it rests on.
        packs: How many stand at its counter.
        checked_at: When its prices were last checked; None if never.
        too_dear: How many of them were too dear then.
    """

    place: Place
    designation: Designation
    packs: int
    checked_at: datetime | None
    too_dear: int


def pharmacies_in(session: Session, *, region: str, day: date) -> Sequence[ListedPharmacy]:
    """Return all convenience pharmacies of a region on a day, by code.

    Args:
        session: Any session.
        region: Division code.
        day: In China.
    """
    held = session.scalars(_in_order(_held(region, day))).all()
    return _listed(session, held)


def page_of_pharmacies(
    session: Session, *, region: str, day: date, number: int
) -> Page[ListedPharmacy]:
    """Return one page of the convenience pharmacies of a region on a day, by code.

    Args:
        session: Any session.
        region: Division code.
        day: In China.
        number: Of the page, from 1; beyond the end the last one.
    """
    page = paginate(session, _in_order(_held(region, day)), number=number)
    return Page(_listed(session, page.rows), page.number, page.size, page.total)


def pharmacies_after(
    session: Session, *, region: str, day: date, cursor: str | None, size: int
) -> KeysetPage[ListedPharmacy]:
    """Return the convenience pharmacies of a region on a day after a cursor.

    Args:
        session: Any session.
        region: Division code.
        day: In China.
        cursor: As an earlier page gave it, or None for the beginning.
        size: How many at most.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    page = paginate_by_key(
        session, _held(region, day), key=Designation.id.expression, cursor=cursor, size=size
    )
    return KeysetPage(_listed(session, page.rows), page.next_cursor)


def _held(region: str, day: date) -> Select[Designation]:
    return (
        select(Designation)
        .join(Place, Place.id == Designation.place_id)
        .where(Designation.scheme == DesignationScheme.CONVENIENCE, holds_on(day))
        .where(Place.county.startswith(region_prefix(region)))
    )


def _in_order(held: Select[Designation]) -> Select[Designation]:
    return held.order_by(Place.institution_code, Designation.id)


def _listed(session: Session, held: Sequence[Designation]) -> list[ListedPharmacy]:
    """Designations with their places, counters and last checks, in their order."""
    ids = [one.place_id for one in held]
    places = {one.id: one for one in session.scalars(select(Place).where(Place.id.in_(ids)))}
    counted = session.execute(
        select(ConvenienceCounter.place_id, func.count())
        .where(ConvenienceCounter.place_id.in_(ids))
        .group_by(ConvenienceCounter.place_id)
    )
    packs = {place_id: number for place_id, number in counted}
    checks = _last_checks(session, ids)
    return [
        ListedPharmacy(
            places[one.place_id],
            one,
            packs.get(one.place_id, 0),
            *checks.get(one.place_id, (None, 0)),
        )
        for one in held
    ]


def _last_checks(session: Session, ids: Sequence[int]) -> dict[int, tuple[datetime | None, int]]:
    last = (
        select(ConvenienceCheck.place_id, func.max(ConvenienceCheck.checked_at).label("moment"))
        .where(ConvenienceCheck.place_id.in_(ids))
        .group_by(ConvenienceCheck.place_id)
        .subquery()
    )
    bad = func.sum(case((ConvenienceCheck.outcome.in_(BAD_OUTCOMES), 1), else_=0))
    rows = session.execute(
        select(ConvenienceCheck.place_id, ConvenienceCheck.checked_at, bad)
        .join(
            last,
            and_(
                last.c.place_id == ConvenienceCheck.place_id,
                last.c.moment == ConvenienceCheck.checked_at,
            ),
        )
        .group_by(ConvenienceCheck.place_id, ConvenienceCheck.checked_at)
    )
    return {place_id: (checked_at, int(number)) for place_id, checked_at, number in rows}
