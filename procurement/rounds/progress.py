"""Changing the status of a round, and the record of its events."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Action, Actor
from procurement.rounds.rules import (
    Part,
    check_transition,
    check_two_officers,
    needs_two_officers,
)
from procurement.rounds.tables import Round, RoundEvent, RoundEventKind, RoundStatus

REASON_LENGTH_MAX = 500


def lock_round(session: Session, *, round_: Round, version: int | None = None) -> Round:
    """Read a round anew and keep others from changing it until the transaction ends.

    Args:
        session: Session of the caller's transaction.
        round_: A round of this session; what was not flushed yet is flushed first.
        version: The version that a page showed, if a page asks.

    Returns:
        The same object, as the database has it now.

    Raises:
        StaleError: The round has another version by now.
    """
    session.flush()
    # SQLite's writer holds the whole file already and ignores FOR UPDATE.
    session.refresh(round_, with_for_update=True)
    if version is not None and round_.version != version:
        raise StaleError
    return round_


def lock_version(session: Session, *, round_: Round, version: int) -> Round:
    """Lock a round for a change of its draft, and count the change.

    Raises:
        StaleError: Somebody else changed it since the page was loaded.
    """
    lock_round(session, round_=round_, version=version)
    round_.version += 1
    return round_


def record_change(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    action: Action,
    facts: Mapping[str, str],
    moment: datetime,
) -> None:
    """Put into the audit trail who did what to a round.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: Who did it.
        action: What was done.
        facts: What a reader must know, such as the part that was changed; never a price.
        moment: When.
    """
    record(
        session,
        actor=actor,
        action=action,
        subject=f"round/{round_.name}",
        facts=facts,
        moment=moment,
    )


def record_part(
    session: Session, *, round_: Round, actor: Actor, part: Part, moment: datetime
) -> None:
    """Put into the audit trail that somebody changed a part of a round."""
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.CHANGE_ROUND,
        facts={"part": part},
        moment=moment,
    )


def set_status(
    session: Session,
    *,
    round_: Round,
    status: RoundStatus,
    moment: datetime,
    reason: str | None = None,
    person_id: int | None = None,
    second_person_id: int | None = None,
) -> RoundEvent:
    """Bring a round to another status; the only function that does.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        status: The wanted status.
        moment: When it happens.
        reason: Why; needed for cancelling.
        person_id: Who did it, or confirmed it; None for the timetable.
        second_person_id: Who had proposed it, where two officers are needed.

    Returns:
        The event that was recorded.

    Raises:
        InvalidTransitionError: `procurement.rounds.rules.TRANSITIONS` does not allow it.
        FourEyesError: It takes two different officers, and these are not.
        InvalidInputError: Cancelling without a reason, or the reason is too long.
    """
    lock_round(session, round_=round_)
    present = RoundStatus(round_.status)
    check_transition(present, status)
    if needs_two_officers(present, status):
        check_two_officers(person_id, second_person_id)
    reason = _checked_reason(reason, needed=status == RoundStatus.CANCELLED)
    round_.status = status
    round_.version += 1
    if status == RoundStatus.PUBLISHED:
        round_.published_at = moment
    event = RoundEvent(
        round_id=round_.id,
        kind=RoundEventKind.STATUS,
        status_from=present,
        status_to=status,
        reason=reason,
        person_id=person_id,
        second_person_id=second_person_id,
        happened_at=moment,
    )
    session.add(event)
    session.flush()
    return event


def _checked_reason(reason: str | None, *, needed: bool) -> str | None:
    reason = (reason or "").strip()
    if needed and not reason:
        fault = FieldFault(
            "reason", "请说明原因，原因将公布。", "Give the reason; it is published."
        )
        raise InvalidInputError([fault])
    if len(reason) > REASON_LENGTH_MAX:
        most = REASON_LENGTH_MAX
        fault = FieldFault("reason", f"最多 {most} 字。", f"At most {most} characters.")
        raise InvalidInputError([fault])
    return reason or None


def events_of(session: Session, *, round_id: int) -> Sequence[RoundEvent]:
    """Return the events of a round, the oldest first."""
    in_order = select(RoundEvent).where(RoundEvent.round_id == round_id).order_by(RoundEvent.id)
    return session.scalars(in_order).all()


def was_public(session: Session, *, round_id: int) -> bool:
    """Tell whether a round ever left its draft: then its lots were seen by others."""
    left = (
        select(RoundEvent.id)
        .where(RoundEvent.round_id == round_id)
        .where(RoundEvent.status_from == RoundStatus.DRAFT)
        .where(RoundEvent.status_to.in_((RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)))
        .limit(1)
    )
    return session.scalars(left).first() is not None
