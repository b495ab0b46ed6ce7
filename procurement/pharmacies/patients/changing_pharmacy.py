"""A patient asks for another pharmacy: the doctor hands it in, the agency decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.patients.deciding import check_note, keep_registered
from procurement.pharmacies.patients.holding import hold_registration, note_step
from procurement.pharmacies.patients.registering import pharmacy_fault
from procurement.pharmacies.patients.reviewing import IN_USE
from procurement.pharmacies.patients.states import REGISTRATION_NAMES as NAMES
from procurement.pharmacies.patients.states import (
    RegistrationStep,
    RequestStatus,
    WrongStateError,
    check_request,
)
from procurement.pharmacies.patients.tables import NOTE_LENGTH_MAX, PharmacyChange, Registration
from procurement.pharmacies.places.service import place_of_code
from procurement.pharmacies.places.tables import Place


def request_change(
    session: Session,
    *,
    registration: Registration,
    version: int,
    pharmacy_code: str,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> PharmacyChange:
    """Ask for another pharmacy; until it is decided the present one stays.

    Raises:
        WrongStateError: The registration is not in use.
        InvalidInputError: It is not a pharmacy that can be chosen, is the present one, or a change
            waits already.
        StaleError: Somebody changed it since.
    """
    held = hold_registration(session, registration_id=registration.id, version=version)
    if held.status not in IN_USE:
        raise WrongStateError(NAMES[held.status], ("变更药店", "given another pharmacy"))
    day = day_in_china(moment)
    pharmacy = place_of_code(session, code=pharmacy_code)
    fault = pharmacy_fault(session, pharmacy=pharmacy, region=held.region, day=day)
    if pharmacy is not None and pharmacy.id == held.pharmacy_place_id:
        zh, en = "与现在的药店相同。", "That is the present pharmacy."
        fault = FieldFault("pharmacy_code", zh, en)
    elif waiting_change(session, registration_id=held.id) is not None:
        zh, en = "已有一份变更申请待审核。", "A change waits for its decision."
        fault = FieldFault("pharmacy_code", zh, en)
    elif not 0 < len(reason) <= NOTE_LENGTH_MAX:
        fault = FieldFault("reason", "须写明理由，至多 500 字。", "Expected a reason.")
    if fault is not None or pharmacy is None:
        raise InvalidInputError([fault] if fault else [])
    change = PharmacyChange(
        registration_id=held.id,
        from_place_id=held.pharmacy_place_id,
        to_place_id=pharmacy.id,
        status=RequestStatus.REQUESTED,
        reason=reason,
        requested_by=actor.person_id,
        requested_at=moment,
    )
    session.add(change)
    _note(session, held, RegistrationStep.PHARMACY_REQUESTED, (actor, moment), {})
    return change


def decide_change(
    session: Session,
    *,
    change: PharmacyChange,
    version: int,
    is_accepted: bool,
    note: str,
    actor: Actor,
    moment: datetime,
) -> PharmacyChange:
    """Accept or refuse a change of pharmacy.

    Raises:
        WrongStateError: It was decided.
        InvalidInputError: A refusal without a reason; the pharmacy's designation ended meanwhile.
        StaleError: Somebody changed the registration since it was read.
    """
    held = hold_registration(session, registration_id=change.registration_id, version=version)
    session.refresh(change, with_for_update=True)
    wanted = RequestStatus.ACCEPTED if is_accepted else RequestStatus.REFUSED
    check_request(change.status, wanted)
    check_note(note, is_needed=not is_accepted)
    change.status, change.decided_by, change.decided_at = wanted, actor.person_id, moment
    change.decision_note = note or None
    day = day_in_china(moment)
    before = session.get_one(Place, change.from_place_id).institution_code
    to_place = session.get_one(Place, change.to_place_id)
    step = RegistrationStep.PHARMACY_KEPT
    if is_accepted:
        fault = pharmacy_fault(session, pharmacy=to_place, region=held.region, day=day)
        if fault is not None:
            raise InvalidInputError([fault])
        held.pharmacy_place_id = to_place.id
        step = RegistrationStep.PHARMACY_CHANGED
    facts = {"before": before, "asked": to_place.institution_code}
    _note(session, held, step, (actor, moment), facts)
    keep_registered(session, registration=held, day=day)
    return change


def waiting_change(session: Session, *, registration_id: int) -> PharmacyChange | None:
    """Return the change of a registration that waits for the agency."""
    return session.scalars(
        select(PharmacyChange).where(
            PharmacyChange.registration_id == registration_id,
            PharmacyChange.status == RequestStatus.REQUESTED,
        )
    ).one_or_none()


def changes_of(session: Session, *, registration_id: int) -> Sequence[PharmacyChange]:
    """Return the changes of pharmacy of a registration, the newest first."""
    return session.scalars(
        select(PharmacyChange)
        .where(PharmacyChange.registration_id == registration_id)
        .order_by(PharmacyChange.id.desc())
    ).all()


def _note(
    session: Session,
    registration: Registration,
    step: RegistrationStep,
    by: tuple[Actor, datetime],
    facts: dict[str, str],
) -> None:
    actor, moment = by
    note_step(session, registration=registration, step=step, actor=actor, moment=moment)
    record(
        session,
        actor=actor,
        action=f"registration-{step.value}",
        subject=f"registration/{registration.number}",
        facts=facts,
        moment=moment,
    )
