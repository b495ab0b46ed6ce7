"""Holding rows of a patient's way until the transaction ends, always in the same order.

The patient first, then the registration, then the prescription: who follows that order never waits
in a circle.
"""

from datetime import date, datetime
from secrets import choice

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import StaleError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.patients.area_rules import AreaRules
from procurement.pharmacies.patients.states import RegistrationStep
from procurement.pharmacies.patients.tables import (
    Patient,
    Prescription,
    Registration,
    RegistrationEvent,
)
from procurement.pharmacies.rules.registration import years_after

# Without signs that look alike on paper.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NUMBER_SIGNS = 12


def new_number(letter: str) -> str:
    """Make a number of 60 random bits that tells nothing of whom it belongs to.

    Examples:
        >>> len(new_number("R"))
        13
    """
    return letter + "".join(choice(_SIGNS) for _ in range(_NUMBER_SIGNS))


def hold_patient(session: Session, *, patient_id: int) -> Patient:
    """Hold a patient until the transaction ends.

    Raises:
        NotFoundForActorError: The patient's facts were deleted meanwhile.
    """
    held = select(Patient).where(Patient.id == patient_id).with_for_update()
    found = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def hold_registration(
    session: Session, *, registration_id: int, version: int | None = None
) -> Registration:
    """Hold a registration, and its patient before it.

    Args:
        session: Session of the caller's transaction.
        registration_id: Which.
        version: As the page showed it; None where nothing was shown.

    Raises:
        NotFoundForActorError: The patient's facts were deleted.
        StaleError: Somebody changed it since.
    """
    patient_id = session.scalar(
        select(Registration.patient_id).where(Registration.id == registration_id)
    )
    if patient_id is None:
        raise NotFoundForActorError
    hold_patient(session, patient_id=patient_id)
    held = select(Registration).where(Registration.id == registration_id).with_for_update()
    found = session.scalars(held.execution_options(populate_existing=True)).one()
    if version is not None and found.version != version:
        raise StaleError
    return found


def hold_prescription(session: Session, *, prescription_id: int) -> Prescription:
    """Hold a prescription; its registration, where it is needed, is held before."""
    held = select(Prescription).where(Prescription.id == prescription_id).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one()


def note_step(
    session: Session,
    *,
    registration: Registration,
    step: RegistrationStep,
    actor: Actor,
    moment: datetime,
    is_late: bool = False,
) -> None:
    """Note a step in a registration's history, and that its row changed."""
    registration.version += 1
    session.add(
        RegistrationEvent(
            registration_id=registration.id,
            step=step,
            person_id=actor.person_id,
            happened_at=moment,
            is_late=is_late,
        )
    )
    session.flush()


def keep_for(session: Session, *, patient_id: int, rules: AreaRules, day: date) -> None:
    """Keep a patient's facts for the retention that starts anew with each step.

    Raises:
        RuleMissingError: Nobody says how long.
    """
    patient = session.get_one(Patient, patient_id)
    patient.retain_until = max(patient.retain_until, years_after(day, rules.retained_years))
