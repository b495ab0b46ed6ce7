"""The agency decides on a registration; doctor or agency end one."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.listed.service import DUAL, in_lines, state_on
from procurement.pharmacies.listed.tables import ListPeriod
from procurement.pharmacies.patients.area_rules import REVIEW_MONTHS, AreaRules, read_rules
from procurement.pharmacies.patients.holding import hold_registration, keep_for, note_step
from procurement.pharmacies.patients.registering import pharmacy_fault
from procurement.pharmacies.patients.states import (
    REGISTRATION_NAMES,
    RegistrationStatus,
    RegistrationStep,
    RequestStatus,
    WrongStateError,
    check_registration,
)
from procurement.pharmacies.patients.tables import (
    NOTE_LENGTH_MAX,
    PatientRules,
    PharmacyChange,
    Registration,
    RegistrationReview,
)
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.eligibility import is_covered_indication
from procurement.pharmacies.rules.registration import months_after


def decide_registration(
    session: Session,
    *,
    registration: Registration,
    version: int,
    is_approved: bool,
    note: str,
    actor: Actor,
    moment: datetime,
) -> Registration:
    """Approve or refuse a registration.

    Args:
        session: Session of the caller's transaction.
        registration: Applied for.
        version: As the page showed it.
        is_approved: Otherwise refused.
        note: Why; needed for a refusal.
        actor: Of the agency.
        moment: When, aware.

    Raises:
        WrongStateError: It was decided, or is a draft.
        InvalidInputError: A refusal without a reason; an approval of what is no longer possible.
        StaleError: Somebody changed it since.
    """
    held = hold_registration(session, registration_id=registration.id, version=version)
    wanted = RegistrationStatus.APPROVED if is_approved else RegistrationStatus.REFUSED
    if held.status != RegistrationStatus.APPLIED:
        # From a suspension one comes back by a review only.
        raise WrongStateError(REGISTRATION_NAMES[held.status], REGISTRATION_NAMES[wanted])
    day = day_in_china(moment)
    check_note(note, is_needed=not is_approved)
    held.status, held.decided_by, held.decided_at = wanted, actor.person_id, moment
    held.decision_note = note or None
    if is_approved:
        _begin(session, held, day)
    else:
        held.live_patient_id, held.ended_on = None, day
    is_late = held.due_on is not None and day > held.due_on
    step = RegistrationStep(wanted.value)
    note_step(session, registration=held, step=step, actor=actor, moment=moment, is_late=is_late)
    keep_registered(session, registration=held, day=day)
    _audit(session, held, actor, moment, {"late": str(is_late).lower()})
    return held


def end_registration(
    session: Session, *, registration: Registration, version: int, actor: Actor, moment: datetime
) -> Registration:
    """End a registration: nothing is covered under it any more.

    Raises:
        WrongStateError: It is not in force.
        StaleError: Somebody changed it since.
    """
    held = hold_registration(session, registration_id=registration.id, version=version)
    check_registration(held.status, RegistrationStatus.ENDED)
    close_registration(session, registration=held, moment=moment)
    step = RegistrationStep.ENDED
    note_step(session, registration=held, step=step, actor=actor, moment=moment)
    _audit(session, held, actor, moment, {})
    return held


def close_registration(session: Session, *, registration: Registration, moment: datetime) -> None:
    """Close a registration in force, and let what waits for a decision lapse."""
    registration.status, registration.live_patient_id = RegistrationStatus.ENDED, None
    registration.ended_on = day_in_china(moment)
    reviews = session.scalars(
        select(RegistrationReview).where(
            RegistrationReview.registration_id == registration.id,
            RegistrationReview.status == RequestStatus.REQUESTED,
        )
    )
    changes = session.scalars(
        select(PharmacyChange).where(
            PharmacyChange.registration_id == registration.id,
            PharmacyChange.status == RequestStatus.REQUESTED,
        )
    )
    for one in (*reviews, *changes):
        one.status, one.decided_at = RequestStatus.LAPSED, moment


def review_due(session: Session, *, registration: Registration, reviewed_on: date) -> date | None:
    """Return the last day of the time until the next review; None where nothing limits it.

    The list's months for the drug and the document's for all: the shorter of both.
    """
    rules = rules_of(session, registration=registration)
    period = state_on(session, listed_drug_id=registration.listed_drug_id, day=reviewed_on)
    of_drug = None if period is None else period.reevaluation_months
    months = [one for one in (of_drug, rules.count(REVIEW_MONTHS)) if one is not None]
    return months_after(reviewed_on, min(months)) if months else None


def rules_of(session: Session, *, registration: Registration) -> AreaRules:
    """Return the rules under which a registration was applied for."""
    return read_rules(session.get_one(PatientRules, registration.rules_id))


def keep_registered(session: Session, *, registration: Registration, day: date) -> None:
    """Begin the retention of the patient's facts anew."""
    if registration.patient_id is not None:
        rules = rules_of(session, registration=registration)
        keep_for(session, patient_id=registration.patient_id, rules=rules, day=day)


def check_note(note: str, *, is_needed: bool) -> None:
    """Refuse a reason that is missing or too long.

    Raises:
        InvalidInputError: It is.
    """
    if len(note) > NOTE_LENGTH_MAX or (is_needed and not note):
        zh, en = "请写明理由，至多 500 字。", "Expected a reason of at most 500 characters."
        raise InvalidInputError([FieldFault("note", zh, en)])


def _begin(session: Session, registration: Registration, day: date) -> None:
    period = state_on(session, listed_drug_id=registration.listed_drug_id, day=day)
    faults = list(_hindrances(session, registration, period, day))
    if faults:
        raise InvalidInputError(faults)
    registration.starts_on = registration.reviewed_on = day
    registration.review_due_on = review_due(session, registration=registration, reviewed_on=day)


def _hindrances(
    session: Session, registration: Registration, period: ListPeriod | None, day: date
) -> list[FieldFault]:
    faults = []
    if period is None or period.state not in DUAL:
        zh, en = "该药已不在双通道药品名单内。", "The drug is no longer on the dual list."
        faults.append(FieldFault("listed_drug_id", zh, en))
    elif not is_covered_indication(
        registration.indication or "", in_lines(period.indication_codes)
    ):
        zh, en = "诊断不在该药的支付范围内。", "The drug is not paid for the diagnosis."
        faults.append(FieldFault("indication", zh, en))
    pharmacy = session.get_one(Place, registration.pharmacy_place_id)
    fault = pharmacy_fault(session, pharmacy=pharmacy, region=registration.region, day=day)
    return [*faults, fault] if fault else faults


def _audit(
    session: Session,
    registration: Registration,
    actor: Actor,
    moment: datetime,
    facts: dict[str, str],
) -> None:
    # The reason stays in the row, which is deleted with the patient's facts: the record is not.
    record(
        session,
        actor=actor,
        action="decide-registration",
        subject=f"registration/{registration.number}",
        facts={"status": registration.status, **facts},
        moment=moment,
    )
