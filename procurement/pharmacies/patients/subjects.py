"""What permissions ask about a patient's way."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.permissions import Subject
from procurement.pharmacies.patients.states import RegistrationStatus, RequestStatus
from procurement.pharmacies.patients.tables import PharmacyChange, Prescription, Registration
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.following import FINAL, OPEN

SEEN_BY_PHARMACY = (
    RegistrationStatus.APPROVED,
    RegistrationStatus.SUSPENDED,
    RegistrationStatus.ENDED,
)
"""A pharmacy sees registrations from the approval on."""

SEEN_PRESCRIPTIONS = OPEN | FINAL
"""A pharmacy sees prescriptions once they were uploaded."""


def area_subject(region: str) -> Subject:
    """Rules, benefits and reports of a pooling area: its agency's concern."""
    return Subject(regions=(region,))


def doctor_subject(person_id: int | None) -> Subject:
    """A registration that somebody is about to draft as a responsible doctor."""
    return Subject(appointed=frozenset() if person_id is None else frozenset({person_id}))


def registration_subject(session: Session, *, registration: Registration) -> Subject:
    """A registration: its doctor's, its pharmacy's from the approval on, its area's agency's.

    A draft is the doctor's alone.
    Once the patient's facts are deleted it is nobody's.
    """
    if registration.patient_id is None:
        return Subject()
    is_draft = registration.status == RegistrationStatus.DRAFTED
    pharmacy_owner = None
    if registration.status in SEEN_BY_PHARMACY:
        pharmacy_owner = session.get_one(Place, registration.pharmacy_place_id).organisation_id
    return Subject(
        organisation_id=pharmacy_owner,
        regions=() if is_draft else (registration.region,),
        appointed=frozenset({registration.doctor_id}),
    )


def former_pharmacies(session: Session, *, registration_id: int) -> Sequence[PharmacyChange]:
    """Return the accepted changes of pharmacy of a registration, the first one first."""
    return session.scalars(
        select(PharmacyChange)
        .where(
            PharmacyChange.registration_id == registration_id,
            PharmacyChange.status == RequestStatus.ACCEPTED,
        )
        .order_by(PharmacyChange.decided_at, PharmacyChange.id)
    ).all()


def prescription_subject(
    session: Session, *, prescription: Prescription, organisation_id: int | None
) -> Subject:
    """A prescription: as its registration; before its head arrived the reporting agency's.

    A pharmacy's only once it was uploaded. A former pharmacy keeps those that were written before
    the change: it may have to record what it dispensed then.

    Args:
        session: Any session.
        prescription: Which.
        organisation_id: The visitor's.
    """
    if prescription.registration_id is None:
        agency = session.get_one(Organisation, prescription.reported_by_id)
        return Subject(regions=(agency.region,))
    registration = session.get_one(Registration, prescription.registration_id)
    subject = registration_subject(session, registration=registration)
    if prescription.status not in SEEN_PRESCRIPTIONS:
        return replace(subject, organisation_id=None)
    if subject.organisation_id is None or subject.organisation_id == organisation_id:
        return subject
    written = prescription.prescribed_at
    ids = [
        one.from_place_id
        for one in former_pharmacies(session, registration_id=registration.id)
        if written is not None and one.decided_at is not None and written < one.decided_at
    ]
    owners = session.scalars(select(Place.organisation_id).where(Place.id.in_(ids))).all()
    is_former = organisation_id is not None and organisation_id in owners
    return replace(subject, organisation_id=organisation_id) if is_former else subject
