"""Deleting what is known of patients once the retention ends.

What stays are rows that name nobody: that somebody was registered for a drug, and what was paid.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.audit.holds import is_held
from procurement.china_days import day_in_china
from procurement.permissions import Actor
from procurement.pharmacies.errors import RuleMissingError
from procurement.pharmacies.patients.area_rules import read_rules, rules_on
from procurement.pharmacies.patients.deciding import close_registration
from procurement.pharmacies.patients.errors import NoRulesError
from procurement.pharmacies.patients.holding import hold_patient, hold_prescription, note_step
from procurement.pharmacies.patients.states import LIVING, RegistrationStatus, RegistrationStep
from procurement.pharmacies.patients.tables import (
    Patient,
    PharmacyChange,
    Prescription,
    Registration,
    RegistrationPaper,
    RegistrationReview,
)
from procurement.pharmacies.rules.registration import years_after

_HEADLESS = and_(Prescription.registration_id.is_(None), Prescription.rx_number.is_not(None))

IN_FORCE = (RegistrationStatus.APPROVED, RegistrationStatus.SUSPENDED)


EVERY_PATIENT = "patient"
"""As the audit record names those who were forgotten: a hold on it keeps every patient's facts."""


def patients_to_forget(session: Session, *, day: date, limit: int, after: int = 0) -> list[int]:
    """Return the patients whose retention ended before a day, by id; none with an approval.

    Args:
        session: Any session.
        day: Today.
        limit: How many at most.
        after: Only those with a higher id: who is held stays among them.
    """
    wanted = select(Patient.id).where(_is_over(day), Patient.id > after)
    return list(session.scalars(wanted.order_by(Patient.id).limit(limit)))


def _is_over(day: date) -> ColumnElement[bool]:
    """That a retention ended, and nothing is covered under a registration of the patient any more.

    One that was suspended so long ago covers nothing: its patient is forgotten.
    """
    approved = select(Registration.id).where(
        Registration.patient_id == Patient.id, Registration.status == RegistrationStatus.APPROVED
    )
    return and_(Patient.retain_until < day, ~approved.exists())


def count_to_forget(session: Session, *, day: date) -> int:
    """Count the patients whose retention ended before a day."""
    wanted = select(func.count()).select_from(Patient).where(_is_over(day))
    return session.scalar(wanted) or 0


def forget_patient(session: Session, *, patient_id: int, moment: datetime) -> bool:
    """Delete what is known of a patient; tells whether it was to be deleted.

    It is not before the retention ended, nor while a registration is approved or a legal hold
    covers one.
    Registrations that still live are closed first. Pseudonym, diagnosis, papers, findings and
    reasons are deleted, and the centre's numbers of the prescriptions.
    """
    patient = hold_patient(session, patient_id=patient_id)
    if patient.retain_until >= day_in_china(moment):
        return False
    held = (
        select(Registration)
        .where(Registration.patient_id == patient_id)
        .order_by(Registration.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    registrations = session.scalars(held).all()
    is_covered = any(one.status == RegistrationStatus.APPROVED for one in registrations)
    if is_covered or _is_kept(session, registrations):
        return False
    for registration in registrations:
        _forget_registration(session, registration, moment)
    session.execute(delete(Patient).where(Patient.id == patient_id))
    record(
        session,
        actor=Actor(),
        action="forget-patient",
        subject=EVERY_PATIENT,
        facts={},
        moment=moment,
    )
    return True


def forget_headless(session: Session, *, moment: datetime) -> int:
    """Delete the centre's numbers of prescriptions that never came to a registration.

    They are kept as long as the rules of the agency that handed them on say; where nobody gave
    rules they stay. Tells how many were emptied.
    """
    day = day_in_china(moment)
    regions = session.scalars(
        select(Organisation.region)
        .join(Prescription, Prescription.reported_by_id == Organisation.id)
        .where(_HEADLESS)
        .distinct()
    ).all()
    emptied = 0
    for region in regions:
        try:
            years = read_rules(rules_on(session, region=region, day=day)).retained_years
        except (NoRulesError, RuleMissingError):
            continue
        rows = session.execute(
            select(Prescription.id, Prescription.status_at)
            .join(Organisation, Organisation.id == Prescription.reported_by_id)
            .where(_HEADLESS, Organisation.region == region)
            .order_by(Prescription.id)
        ).all()
        over = [
            row_id
            for row_id, status_at in rows
            if years_after(day_in_china(status_at), years) < day
        ]
        for row_id in over:
            row = hold_prescription(session, prescription_id=row_id)
            if row.registration_id is None:
                row.rx_number = None
                emptied += 1
    session.flush()
    return emptied


def _is_kept(session: Session, registrations: Sequence[Registration]) -> bool:
    subjects = (EVERY_PATIENT, *(f"registration/{one.number}" for one in registrations))
    return any(is_held(session, subject=subject) for subject in subjects)


def _forget_registration(session: Session, registration: Registration, moment: datetime) -> None:
    if registration.status in IN_FORCE:
        close_registration(session, registration=registration, moment=moment)
    elif registration.status in LIVING:
        registration.status = RegistrationStatus.WITHDRAWN
        registration.ended_on = day_in_china(moment)
    registration.patient_id = registration.live_patient_id = None
    registration.indication = registration.decision_note = None
    note_step(
        session,
        registration=registration,
        step=RegistrationStep.PURGED,
        actor=Actor(),
        moment=moment,
    )
    _empty(session, registration.id, moment)


def _empty(session: Session, registration_id: int, moment: datetime) -> None:
    session.execute(
        update(RegistrationPaper)
        .where(
            RegistrationPaper.registration_id == registration_id,
            RegistrationPaper.sealed.is_not(None),
        )
        .values(sealed=None, deleted_at=moment)
    )
    session.execute(
        update(RegistrationReview)
        .where(RegistrationReview.registration_id == registration_id)
        .values(finding=None, decision_note=None)
    )
    session.execute(
        update(PharmacyChange)
        .where(PharmacyChange.registration_id == registration_id)
        .values(reason=None, decision_note=None)
    )
    session.execute(
        update(Prescription)
        .where(Prescription.registration_id == registration_id)
        .values(rx_number=None, doctor_code=None, indication=None)
    )
