"""Who is designated on a day: places under a scheme, and responsible doctors."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from procurement.pharmacies.designation.states import DesignationEventKind, DesignationScheme
from procurement.pharmacies.designation.tables import (
    DesignatedDoctor,
    Designation,
    DesignationEvent,
)
from procurement.pharmacies.places.tables import Place
from procurement.volumes.rules import region_prefix


def holds_on(day: date) -> ColumnElement[bool]:
    """Say, for a query of `Designation`, whether it holds on a day: begun, not ended or suspended.

    Args:
        day: Past, present or future; the future is read as if nothing more happened.
    """
    suspended, resumed = aliased(DesignationEvent), aliased(DesignationEvent)
    resumed_since = exists().where(
        resumed.designation_id == suspended.designation_id,
        resumed.kind == DesignationEventKind.RESUMED,
        resumed.id > suspended.id,
        resumed.happens_on <= day,
    )
    suspended_then = exists().where(
        suspended.designation_id == Designation.id,
        suspended.kind == DesignationEventKind.SUSPENDED,
        suspended.happens_on <= day,
        ~resumed_since,
    )
    return and_(runs_on(day), ~suspended_then)


def runs_on(day: date) -> ColumnElement[bool]:
    """Say, for a query of `Designation`, whether it has begun and not ended, suspended or not."""
    return and_(
        Designation.starts_on <= day,
        or_(Designation.ends_on.is_(None), Designation.ends_on >= day),
    )


def designated_on(
    session: Session, *, place_id: int, scheme: DesignationScheme, day: date
) -> Designation | None:
    """Return the designation of a place that holds on a day, or None.

    Args:
        session: Any session.
        place_id: The place.
        scheme: What for.
        day: In China.
    """
    wanted = select(Designation).where(
        Designation.place_id == place_id, Designation.scheme == scheme, holds_on(day)
    )
    return session.scalars(wanted.order_by(Designation.id.desc()).limit(1)).one_or_none()


def designated_places(
    session: Session, *, scheme: DesignationScheme, region: str, day: date
) -> Sequence[tuple[Place, Designation]]:
    """Return the places of a region that are designated on a day, by their code.

    Args:
        session: Any session.
        scheme: What for.
        region: Division code; places in all its counties.
        day: In China.
    """
    wanted = (
        select(Place, Designation)
        .join(Designation, Designation.place_id == Place.id)
        .where(Designation.scheme == scheme, holds_on(day))
        .where(Place.county.startswith(region_prefix(region)))
        .order_by(Place.institution_code)
    )
    return [(place, designation) for place, designation in session.execute(wanted)]


def doctors_of_person(session: Session, *, person_id: int, day: date) -> Sequence[DesignatedDoctor]:
    """Return as which responsible doctor somebody may act on a day, one for each hospital.

    The hospital must be designated for the dual channel on that day.
    """
    wanted = (
        select(DesignatedDoctor)
        .join(Designation, Designation.place_id == DesignatedDoctor.place_id)
        .where(
            DesignatedDoctor.person_id == person_id,
            DesignatedDoctor.starts_on <= day,
            or_(DesignatedDoctor.ends_on.is_(None), DesignatedDoctor.ends_on >= day),
            Designation.scheme == DesignationScheme.DUAL_CHANNEL,
            holds_on(day),
        )
        .order_by(DesignatedDoctor.id)
    )
    return session.scalars(wanted).unique().all()


def is_designated_doctor(session: Session, *, person_id: int, day: date) -> bool:
    """Tell whether somebody is a responsible doctor of a designated hospital on a day."""
    return bool(doctors_of_person(session, person_id=person_id, day=day))
