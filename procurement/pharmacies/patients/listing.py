"""Which registrations and prescriptions somebody sees, and finding one by number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.permissions import Actor, NotFoundForActorError, Role
from procurement.pharmacies.listed.tables import ListedDrug
from procurement.pharmacies.patients.errors import OtherPharmacyError, UnknownPrescriptionError
from procurement.pharmacies.patients.pseudonyms import pseudonym_of
from procurement.pharmacies.patients.states import RegistrationStatus, RequestStatus
from procurement.pharmacies.patients.subjects import SEEN_BY_PHARMACY, SEEN_PRESCRIPTIONS
from procurement.pharmacies.patients.tables import (
    Patient,
    PharmacyChange,
    Prescription,
    Registration,
    RegistrationReview,
)
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.following import OPEN
from procurement.volumes.rules import region_prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFilter:
    """What a list of registrations is narrowed to; empty narrows nothing.

    Attributes:
        status: Only registrations in this status.
        review_in_days: Only those whose review is due in so many days; below 0 narrows nothing.
        listed_drug_id: Only for this drug.
        is_waiting: Only those with a review or a change of pharmacy to be decided.
    """

    status: str = ""
    review_in_days: int = -1
    listed_drug_id: int | None = None
    is_waiting: bool = False


NO_FILTER = RegistrationFilter()


def registrations_seen(
    *, actor: Actor, moment: datetime, wanted: RegistrationFilter = NO_FILTER
) -> Select[Registration]:
    """Select the registrations that somebody sees, without an order.

    Args:
        actor: Who looks: doctor, pharmacy or agency.
        moment: Now, aware.
        wanted: The filter.
    """
    found: Select[Any] = select(Registration).where(
        Registration.patient_id.is_not(None), _sees(actor)
    )
    if wanted.status:
        found = found.where(Registration.status == wanted.status)
    if wanted.listed_drug_id is not None:
        found = found.where(Registration.listed_drug_id == wanted.listed_drug_id)
    if wanted.is_waiting:
        found = found.where(or_(_waits(RegistrationReview), _waits(PharmacyChange)))
    if wanted.review_in_days >= 0:
        until = day_in_china(moment) + timedelta(days=wanted.review_in_days)
        in_use = (RegistrationStatus.APPROVED, RegistrationStatus.SUSPENDED)
        found = found.where(Registration.review_due_on <= until, Registration.status.in_(in_use))
    return found


def prescriptions_seen(*, actor: Actor, status: str = "") -> Select[Prescription]:
    """Select the prescriptions that somebody sees, without an order.

    A pharmacy sees those of its patients once they were uploaded, and keeps those that were written
    before a patient changed to another one.

    Args:
        actor: Who looks.
        status: Only those in this state of the centre; empty for all.
    """
    of_registration = and_(_sees(actor), Registration.patient_id.is_not(None))
    seen: ColumnElement[bool] = Prescription.registration_id.in_(
        select(Registration.id).where(of_registration)
    )
    if Role.PHARMACY in actor.roles and not actor.roles & {Role.DOCTOR, Role.FUND_AGENCY}:
        seen = and_(or_(seen, _was_sent_to(actor)), Prescription.status.in_(SEEN_PRESCRIPTIONS))
    if Role.FUND_AGENCY in actor.roles:
        agencies = select(Organisation.id).where(
            Organisation.region.startswith(region_prefix(actor.region), autoescape=True)
        )
        headless = Prescription.registration_id.is_(None)
        seen = or_(seen, and_(headless, Prescription.reported_by_id.in_(agencies)))
    found: Select[Any] = select(Prescription).where(seen)
    return found.where(Prescription.status == status) if status else found


def registrations_in_order(
    *, actor: Actor, moment: datetime, wanted: RegistrationFilter = NO_FILTER
) -> Select[Registration]:
    """Select the registrations that somebody sees, what waits longest first, then the newest."""
    applied = Registration.status == RegistrationStatus.APPLIED
    seen = registrations_seen(actor=actor, moment=moment, wanted=wanted)
    return seen.order_by(applied.desc(), Registration.due_on, Registration.id.desc())


def prescriptions_in_order(*, actor: Actor, status: str = "") -> Select[Prescription]:
    """Select the prescriptions that somebody sees, the one that changed last first."""
    seen = prescriptions_seen(actor=actor, status=status)
    return seen.order_by(Prescription.status_at.desc(), Prescription.id.desc())


def registration_by_id(session: Session, *, registration_id: int | None) -> Registration:
    """Return a registration by its id.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = None if registration_id is None else session.get(Registration, registration_id)
    if found is None:
        raise NotFoundForActorError
    return found


def registrations_by_id(
    session: Session, *, prescriptions: list[Prescription]
) -> dict[int, Registration]:
    """Return the registrations under which prescriptions were written, by id."""
    ids = {one.registration_id for one in prescriptions if one.registration_id is not None}
    rows = session.scalars(select(Registration).where(Registration.id.in_(ids)))
    return {one.id: one for one in rows}


def registration_of(session: Session, *, number: str) -> Registration:
    """Return the registration with a number.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.scalars(select(Registration).where(Registration.number == number)).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def prescription_of(session: Session, *, number: str) -> Prescription:
    """Return the prescription with a number of this platform.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.scalars(select(Prescription).where(Prescription.number == number)).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def find_registrations(
    session: Session, *, insured_number: str, secret_key: bytes, actor: Actor, moment: datetime
) -> list[Registration]:
    """Return a patient's registrations that somebody sees, by the number that the patient shows.

    Raises:
        InvalidInputError: It cannot be an insured number.
    """
    pseudonym = pseudonym_of(insured_number, secret_key=secret_key)
    patient_id = session.scalar(select(Patient.id).where(Patient.pseudonym == pseudonym))
    if patient_id is None:
        return []
    seen = registrations_seen(actor=actor, moment=moment)
    own = seen.where(Registration.patient_id == patient_id)
    return list(session.scalars(own.order_by(Registration.id.desc())))


def find_prescription(session: Session, *, rx_number: str, actor: Actor) -> Prescription:
    """Return a prescription by the centre's number, which the patient shows.

    Raises:
        UnknownPrescriptionError: There is none, or it is not the actor's to see.
        OtherPharmacyError: A pharmacy asks, and the patient chose another one.
    """
    found = session.scalars(
        select(Prescription).where(Prescription.rx_number == rx_number)
    ).one_or_none()
    if found is None:
        raise UnknownPrescriptionError
    seen = prescriptions_seen(actor=actor).where(Prescription.id == found.id)
    if session.scalars(seen).one_or_none() is None:
        if Role.PHARMACY in actor.roles and found.status in OPEN:
            raise OtherPharmacyError
        raise UnknownPrescriptionError
    return found


def names_of(
    session: Session, *, registrations: list[Registration]
) -> tuple[dict[int, ListedDrug], dict[int, Place]]:
    """Return the drugs and places that registrations name, by id."""
    drug_ids = {one.listed_drug_id for one in registrations}
    drugs = session.scalars(select(ListedDrug).where(ListedDrug.id.in_(drug_ids)))
    return {one.id: one for one in drugs}, places_by_id(session, registrations=registrations)


def places_by_id(session: Session, *, registrations: list[Registration]) -> dict[int, Place]:
    """Return the places that registrations name, by id."""
    ids = {
        place_id
        for one in registrations
        for place_id in (one.hospital_place_id, one.pharmacy_place_id)
    }
    places = session.scalars(select(Place).where(Place.id.in_(ids)))
    return {one.id: one for one in places}


def _waits(table: type[RegistrationReview] | type[PharmacyChange]) -> ColumnElement[bool]:
    requested = select(table.id).where(
        table.registration_id == Registration.id, table.status == RequestStatus.REQUESTED
    )
    return requested.exists()


def _was_sent_to(actor: Actor) -> ColumnElement[bool]:
    """The condition that a prescription was written while the pharmacy was the patient's."""
    own = select(Place.id).where(Place.organisation_id == actor.organisation_id)
    return (
        select(PharmacyChange.id)
        .join(Registration, Registration.id == PharmacyChange.registration_id)
        .where(
            PharmacyChange.registration_id == Prescription.registration_id,
            PharmacyChange.status == RequestStatus.ACCEPTED,
            PharmacyChange.from_place_id.in_(own),
            PharmacyChange.decided_at > Prescription.prescribed_at,
            Registration.patient_id.is_not(None),
            Registration.status.in_(SEEN_BY_PHARMACY),
        )
        .exists()
    )


def _sees(actor: Actor) -> ColumnElement[bool]:
    """The condition that somebody sees a registration; each role adds its own."""
    seen: list[ColumnElement[bool]] = []
    if Role.DOCTOR in actor.roles:
        seen.append(Registration.doctor_id == actor.person_id)
    if Role.PHARMACY in actor.roles:
        own = select(Place.id).where(Place.organisation_id == actor.organisation_id)
        seen.append(
            and_(
                Registration.pharmacy_place_id.in_(own),
                Registration.status.in_(SEEN_BY_PHARMACY),
            )
        )
    if Role.FUND_AGENCY in actor.roles:
        prefix = region_prefix(actor.region)
        seen.append(
            and_(
                Registration.region.startswith(prefix, autoescape=True),
                Registration.status != RegistrationStatus.DRAFTED,
            )
        )
    return or_(*seen) if seen else false()
