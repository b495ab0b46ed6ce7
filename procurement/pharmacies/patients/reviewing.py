"""Re-evaluation: the doctor reviews the use of a drug, the agency decides; overdue is suspended."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.patients.deciding import (
    check_note,
    close_registration,
    keep_registered,
    review_due,
)
from procurement.pharmacies.patients.holding import hold_registration, note_step
from procurement.pharmacies.patients.states import REGISTRATION_NAMES as NAMES
from procurement.pharmacies.patients.states import (
    RegistrationStatus,
    RegistrationStep,
    RequestStatus,
    ReviewOutcome,
    WrongStateError,
    check_registration,
    check_request,
)
from procurement.pharmacies.patients.tables import (
    NOTE_LENGTH_MAX,
    Registration,
    RegistrationReview,
)

IN_USE = (RegistrationStatus.APPROVED, RegistrationStatus.SUSPENDED)


def make_review(
    session: Session,
    *,
    registration: Registration,
    version: int,
    outcome: ReviewOutcome,
    finding: str,
    actor: Actor,
    moment: datetime,
) -> RegistrationReview:
    """Hand in the review of the use of a drug.

    Args:
        session: Session of the caller's transaction.
        registration: In use, perhaps suspended.
        version: As the page showed it.
        outcome: Whether the patient goes on with the drug.
        finding: What the doctor found.
        actor: The responsible doctor.
        moment: When, aware.

    Raises:
        WrongStateError: The registration is not in use.
        InvalidInputError: Without a finding; or a review waits already.
        StaleError: Somebody changed it since.
    """
    held = hold_registration(session, registration_id=registration.id, version=version)
    if held.status not in IN_USE:
        raise WrongStateError(NAMES[held.status], ("评估", "reviewed"))
    if not 0 < len(finding) <= NOTE_LENGTH_MAX:
        zh, en = "须写明评估意见，至多 500 字。", "Expected a finding of 1 to 500 characters."
        raise InvalidInputError([FieldFault("finding", zh, en)])
    if waiting_review(session, registration_id=held.id) is not None:
        zh, en = "已有一份评估待审核。", "A review waits for its decision."
        raise InvalidInputError([FieldFault("finding", zh, en)])
    day = day_in_china(moment)
    review = RegistrationReview(
        registration_id=held.id,
        outcome=outcome,
        status=RequestStatus.REQUESTED,
        made_by=actor.person_id,
        made_on=day,
        made_at=moment,
        finding=finding,
    )
    session.add(review)
    _note(session, held, RegistrationStep.REVIEW_MADE, actor, moment)
    keep_registered(session, registration=held, day=day)
    return review


def decide_review(
    session: Session,
    *,
    review: RegistrationReview,
    version: int,
    is_accepted: bool,
    note: str,
    actor: Actor,
    moment: datetime,
) -> RegistrationReview:
    """Accept a review, or refuse it: the doctor then makes another.

    An accepted one counts from the day on which the doctor made it. With the outcome *stop* it
    ends the registration; otherwise it lifts a suspension.

    Raises:
        WrongStateError: It was decided.
        InvalidInputError: A refusal without a reason.
        StaleError: Somebody changed the registration since it was read.
    """
    held = hold_registration(session, registration_id=review.registration_id, version=version)
    session.refresh(review, with_for_update=True)
    wanted = RequestStatus.ACCEPTED if is_accepted else RequestStatus.REFUSED
    check_request(review.status, wanted)
    check_note(note, is_needed=not is_accepted)
    review.status, review.decided_by, review.decided_at = wanted, actor.person_id, moment
    review.decision_note = note or None
    day = day_in_china(moment)
    if not is_accepted:
        _note(session, held, RegistrationStep.REVIEW_REFUSED, actor, moment)
        return review
    _note(session, held, RegistrationStep.REVIEW_ACCEPTED, actor, moment)
    if review.outcome == ReviewOutcome.STOP:
        close_registration(session, registration=held, moment=moment)
        _note(session, held, RegistrationStep.ENDED, actor, moment)
    else:
        _go_on(session, held, review, actor, moment)
    keep_registered(session, registration=held, day=day)
    return review


def waiting_review(session: Session, *, registration_id: int) -> RegistrationReview | None:
    """Return the review of a registration that waits for the agency."""
    return session.scalars(
        select(RegistrationReview).where(
            RegistrationReview.registration_id == registration_id,
            RegistrationReview.status == RequestStatus.REQUESTED,
        )
    ).one_or_none()


def reviews_of(session: Session, *, registration_id: int) -> Sequence[RegistrationReview]:
    """Return the reviews of a registration, the newest first."""
    return session.scalars(
        select(RegistrationReview)
        .where(RegistrationReview.registration_id == registration_id)
        .order_by(RegistrationReview.id.desc())
    ).all()


def overdue_registrations(session: Session, *, day: date) -> list[int]:
    """Return the approved registrations whose review is overdue, by id.

    A review that was made in time and waits for the agency protects: the delay is not the
    patient's.
    """
    return list(session.scalars(_overdue(day).order_by(Registration.id)))


def _overdue(day: date) -> Select[int]:
    in_time = (
        select(RegistrationReview.id)
        .where(
            RegistrationReview.registration_id == Registration.id,
            RegistrationReview.status == RequestStatus.REQUESTED,
            RegistrationReview.made_on <= Registration.review_due_on,
        )
        .exists()
    )
    wanted: Select[Any] = select(Registration.id).where(
        Registration.status == RegistrationStatus.APPROVED,
        Registration.review_due_on < day,
        Registration.patient_id.is_not(None),
        ~in_time,
    )
    return wanted


def suspend_overdue(session: Session, *, registration_id: int, moment: datetime) -> bool:
    """Suspend a registration whose review is overdue; tells whether it still was."""
    held = hold_registration(session, registration_id=registration_id)
    if session.scalar(_overdue(day_in_china(moment)).where(Registration.id == held.id)) is None:
        return False
    check_registration(held.status, RegistrationStatus.SUSPENDED)
    held.status = RegistrationStatus.SUSPENDED
    _note(session, held, RegistrationStep.SUSPENDED, Actor(), moment)
    return True


def is_protected(session: Session, *, registration: Registration) -> bool:
    """Whether a review that was made in time waits for the agency."""
    waiting = waiting_review(session, registration_id=registration.id)
    due = registration.review_due_on
    return waiting is not None and due is not None and waiting.made_on <= due


def _go_on(
    session: Session,
    registration: Registration,
    review: RegistrationReview,
    actor: Actor,
    moment: datetime,
) -> None:
    registration.reviewed_on = review.made_on
    registration.review_due_on = review_due(
        session, registration=registration, reviewed_on=review.made_on
    )
    if registration.status == RegistrationStatus.SUSPENDED:
        registration.status = RegistrationStatus.APPROVED
        _note(session, registration, RegistrationStep.RESUMED, actor, moment)


def _note(
    session: Session,
    registration: Registration,
    step: RegistrationStep,
    actor: Actor,
    moment: datetime,
) -> None:
    note_step(session, registration=registration, step=step, actor=actor, moment=moment)
    record(
        session,
        actor=actor,
        action=f"registration-{step.value}",
        subject=f"registration/{registration.number}",
        facts={"status": registration.status},
        moment=moment,
    )
