"""Applications and designations as pages and interface list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from procurement.permissions import Actor, Role
from procurement.pharmacies.designation.service import holds_on
from procurement.pharmacies.designation.states import (
    ApplicationStatus,
    DesignationScheme,
    DesignationStatus,
)
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
)
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.volumes.rules import region_prefix

DECIDERS = frozenset({Role.OFFICER, Role.FUND_AGENCY})
"""Roles that call, check and decide."""

WAITING = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.CHECKED,
    ApplicationStatus.VISITED,
    ApplicationStatus.NOTICED,
)
"""Where whoever called has the next step."""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application with what it is about."""

    application: DesignationApplication
    place: Place
    call: DesignationCall


def applications_of_call(
    session: Session, *, call_id: int, with_drafts: bool = False
) -> Sequence[ApplicationRow]:
    """Return the applications under a call by the places' codes; drafts only where asked for."""
    wanted = _applications().where(DesignationApplication.call_id == call_id)
    if not with_drafts:
        wanted = wanted.where(DesignationApplication.submitted_at.is_not(None))
    rows = session.execute(wanted.order_by(Place.institution_code, DesignationApplication.id))
    return [ApplicationRow(*row) for row in rows]


def own_applications(session: Session, *, organisation_id: int) -> Sequence[ApplicationRow]:
    """Return an organisation's applications, the newest first."""
    wanted = _applications().where(DesignationApplication.organisation_id == organisation_id)
    rows = session.execute(wanted.order_by(DesignationApplication.id.desc()))
    return [ApplicationRow(*row) for row in rows]


def waiting_applications(session: Session, *, caller_id: int) -> Sequence[ApplicationRow]:
    """Return the applications under an organisation's calls that wait for its next step."""
    wanted = _applications().where(
        DesignationCall.caller_id == caller_id, DesignationApplication.status.in_(WAITING)
    )
    rows = session.execute(wanted.order_by(DesignationApplication.submitted_at))
    return [ApplicationRow(*row) for row in rows]


def _applications() -> Select[DesignationApplication, Place, DesignationCall]:
    return (
        select(DesignationApplication, Place, DesignationCall)
        .join(Place, Place.id == DesignationApplication.place_id)
        .join(DesignationCall, DesignationCall.id == DesignationApplication.call_id)
    )


@dataclass(frozen=True, slots=True)
class DesignatedScope:
    """Which designated places are looked at.

    Attributes:
        scheme: What for.
        day: On which day.
        region: Division code.
        kind: Hospitals or pharmacies; None for both.
        words: Part of the name, the chain or the code; empty for all.
    """

    scheme: DesignationScheme
    day: date
    region: str = "000000"
    kind: PlaceKind | None = None
    words: str = ""


def designated_query(scope: DesignatedScope) -> Select[Any]:
    """Return the query of designated places: place and designation, by code of the place."""
    wanted = (
        select(Place, Designation)
        .join(Designation, Designation.place_id == Place.id)
        .where(Designation.scheme == scope.scheme, holds_on(scope.day))
        .where(Place.county.startswith(region_prefix(scope.region)))
        .order_by(Place.institution_code)
    )
    if scope.kind is not None:
        wanted = wanted.where(Place.kind == scope.kind)
    if scope.words:
        part = scope.words.lower()
        wanted = wanted.where(
            func.lower(Place.name).contains(part, autoescape=True)
            | func.lower(Place.chain).contains(part, autoescape=True)
            | (Place.institution_code == scope.words.upper())
        )
    return cast(Select[Any], wanted)


def designated_keyed(scope: DesignatedScope) -> Select[Any]:
    """Return the query of designations that `designated_query` finds, without an order."""
    return designated_query(scope).with_only_columns(Designation).order_by(None)


def designated_rows(
    session: Session, *, scope: DesignatedScope
) -> Sequence[tuple[Place, Designation]]:
    """Return the designated places that `designated_query` finds."""
    return [(place, row) for place, row in session.execute(designated_query(scope))]


def designations_of(session: Session, *, place_id: int) -> Sequence[Designation]:
    """Return every designation of a place, the newest first."""
    own = select(Designation).where(Designation.place_id == place_id)
    return session.scalars(own.order_by(Designation.id.desc())).all()


def own_designations(
    session: Session, *, organisation_id: int
) -> Sequence[tuple[Place, Designation]]:
    """Return the designations of an organisation's places that have not ended."""
    wanted = (
        select(Place, Designation)
        .join(Designation, Designation.place_id == Place.id)
        .where(
            Place.organisation_id == organisation_id,
            Designation.status != DesignationStatus.ENDED,
        )
        .order_by(Place.institution_code)
    )
    return [(place, row) for place, row in session.execute(wanted)]


def decides(actor: Actor) -> bool:
    """Tell whether somebody calls, checks and decides."""
    return bool(DECIDERS & actor.roles)
