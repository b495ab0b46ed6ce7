"""How registration and prescription stood when a drug was given out; bills may be recorded late."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from procurement.china_days import day_in_china
from procurement.pharmacies.patients.deciding import review_due
from procurement.pharmacies.patients.reviewing import is_protected
from procurement.pharmacies.patients.states import (
    RegistrationStatus,
    RegistrationStep,
    RequestStatus,
    ReviewOutcome,
)
from procurement.pharmacies.patients.subjects import former_pharmacies
from procurement.pharmacies.patients.tables import (
    BenefitRecord,
    Prescription,
    PrescriptionReport,
    Registration,
    RegistrationEvent,
    RegistrationReview,
)
from procurement.pharmacies.rules.dispensing import Use
from procurement.pharmacies.rules.following import OPEN, PrescriptionStatus

_ONCE_APPROVED = (
    RegistrationStatus.APPROVED,
    RegistrationStatus.SUSPENDED,
    RegistrationStatus.ENDED,
)
_OVER = (PrescriptionStatus.CLOSED, PrescriptionStatus.EXPIRED)
_SPANS = (RegistrationStep.SUSPENDED, RegistrationStep.RESUMED, RegistrationStep.ENDED)


def pharmacy_at(session: Session, *, registration: Registration, at: datetime) -> int:
    """Return the place that was the patient's pharmacy at a time, by id."""
    for change in former_pharmacies(session, registration_id=registration.id):
        if change.decided_at is not None and at < change.decided_at:
            return change.from_place_id
    return registration.pharmacy_place_id


def was_in_force(session: Session, *, registration: Registration, at: datetime) -> bool:
    """Whether a registration was approved, and neither suspended nor ended, at a time.

    From which day on it covers is another question: see `Registration.starts_on`.
    """
    if registration.status not in _ONCE_APPROVED:
        return False
    rows = session.execute(
        select(RegistrationEvent.step, RegistrationEvent.happened_at)
        .where(
            RegistrationEvent.registration_id == registration.id, RegistrationEvent.step.in_(_SPANS)
        )
        .order_by(RegistrationEvent.id)
    ).all()
    day, is_in_force = day_in_china(at), True
    for step, happened_at in rows:
        if step == RegistrationStep.SUSPENDED:
            # By the daily work: the whole day is suspended, as the review was due the day before.
            is_in_force = is_in_force and day < day_in_china(happened_at)
        elif step == RegistrationStep.RESUMED:
            is_in_force = is_in_force or at >= happened_at
        else:
            is_in_force = is_in_force and at < happened_at
    steps = {step for step, _at in rows}
    # Without the step's time nothing says since when.
    if registration.status == RegistrationStatus.SUSPENDED:
        return is_in_force and RegistrationStep.SUSPENDED in steps
    if registration.status == RegistrationStatus.ENDED:
        return is_in_force and RegistrationStep.ENDED in steps
    return is_in_force


def due_on_day(session: Session, *, registration: Registration, day: date) -> date | None:
    """Return until when the last review before a day counted; None where nothing limits it.

    A review that was accepted late does not cover the days before the doctor made it.
    """
    made = session.scalars(
        select(RegistrationReview.made_on).where(
            RegistrationReview.registration_id == registration.id,
            RegistrationReview.status == RequestStatus.ACCEPTED,
            RegistrationReview.outcome == ReviewOutcome.CONTINUE,
            RegistrationReview.made_on <= day,
        )
    ).all()
    begun = [] if registration.starts_on is None else [registration.starts_on]
    reviewed_on = max((*made, *begun), default=None)
    if reviewed_on is None or reviewed_on == registration.reviewed_on:
        is_waiting = is_protected(session, registration=registration)
        return None if is_waiting else registration.review_due_on
    return review_due(session, registration=registration, reviewed_on=reviewed_on)


def was_open(session: Session, *, prescription: Prescription, at: datetime) -> bool:
    """Whether the centre's state let a prescription be dispensed at a time.

    One that is over since counts while the centre reported it dispensed more often than bills came.
    """
    if prescription.status in OPEN:
        return True
    if prescription.status not in _OVER or at > prescription.status_at:
        return False
    return len(_billed(session, prescription)) < prescription.times_reported


def use_of(session: Session, *, prescription: Prescription, place_id: int, at: datetime) -> Use:
    """Return what was used of a prescription: by reports or our bills, whichever is more.

    Args:
        session: Any session.
        prescription: Which.
        place_id: Where it is to be dispensed.
        at: When, aware: the nearest uses before and after that are those that the interval asks.
    """
    billed = _billed(session, prescription)
    reported = session.execute(
        select(PrescriptionReport.happened_at, PrescriptionReport.place_id).where(
            PrescriptionReport.prescription_id == prescription.id,
            PrescriptionReport.status == PrescriptionStatus.DISPENSED,
        )
    ).all()
    elsewhere = [one for one, at_place in reported if at_place not in (None, place_id)]
    here = [one for one, at_place in reported if at_place in (None, place_id)]
    # The nearest report from here may be of what is being settled now: it came before the bill.
    here.sort(key=lambda one: abs(one - at))
    day = day_in_china(at)
    days = {day_in_china(one) for one in billed}
    days |= {day_in_china(one) for one in (*elsewhere, *here[1:])} - {day}
    return Use(
        prescription.is_reusable,
        prescription.times_max,
        prescription.interval_days_min,
        max(len(billed), len(elsewhere) + len(here[1:])),
        max((one for one in days if one <= day), default=None),
        min((one for one in days if one > day), default=None),
    )


def is_reversed(session: Session, *, record_id: int) -> bool:
    """Whether a bill was taken back."""
    wanted = select(func.count(BenefitRecord.id)).where(BenefitRecord.reverses_id == record_id)
    return bool(session.scalar(wanted))


def _billed(session: Session, prescription: Prescription) -> Sequence[datetime]:
    reversal = aliased(BenefitRecord)
    return session.scalars(
        select(BenefitRecord.dispensed_at).where(
            BenefitRecord.prescription_id == prescription.id,
            BenefitRecord.is_reversal.is_(False),
            ~select(reversal.id).where(reversal.reverses_id == BenefitRecord.id).exists(),
        )
    ).all()
