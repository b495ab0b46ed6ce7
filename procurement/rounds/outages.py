"""Moving closing and opening by the outage rule, and by an amendment."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import InvalidInputError
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round
from procurement.rounds.rules import (
    Failure,
    InvalidTransitionError,
    Timetable,
    check_two_officers,
    outage_shift,
    timetable_faults,
)
from procurement.rounds.scheduling import moved_dates, timetable_of, write_timetable
from procurement.rounds.tables import Round, RoundEvent, RoundEventKind, RoundStatus


def apply_outage(
    session: Session, *, round_: Round, failures: Iterable[Failure], moment: datetime
) -> timedelta | None:
    """Apply the outage rule to a round that takes bids: once, automatically, and on record.

    The caller holds the round's row from before it looks at the clock until it has closed the
    bidding, so that no bid falls between the old closing and the new one.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        failures: When submissions were failing.
        moment: By the database's clock.

    Returns:
        By how much closing and opening moved, or None.
    """
    lock_round(session, round_=round_)
    if round_.status != RoundStatus.BIDDING or round_.closes_at is None:
        return None
    shift = outage_shift(
        failures,
        closes_at=round_.closes_at,
        shift_minutes=round_.outage_shift_minutes,
        already_shifted=round_.outage_shifted_at is not None,
    )
    if shift is None:
        return None
    before = timetable_of(round_)
    round_.closes_at += shift
    if round_.opens_at is not None:
        round_.opens_at += shift
    write_timetable(round_, timetable_of(round_))
    round_.outage_shifted_at = moment
    round_.version += 1
    moved = moved_dates(before, timetable_of(round_))
    _note(session, round_, RoundEventKind.OUTAGE, moved, moment=moment)
    record(
        session,
        actor=Actor(),
        action="apply-outage-rule",
        subject=f"round/{round_.name}",
        facts={"minutes": str(round_.outage_shift_minutes), "moved": moved},
        moment=moment,
    )
    return shift


def amend_timetable(
    session: Session,
    *,
    round_: Round,
    timetable: Timetable,
    person_id: int | None,
    second_person_id: int | None,
    moment: datetime,
) -> Round:
    """Move dates of a published round, as a confirmed amendment says.

    Args:
        session: Session of the caller's transaction.
        round_: The round, published or taking bids.
        timetable: All its dates, as they are to be.
        person_id: The officer who confirmed the amendment.
        second_person_id: The officer who had proposed it.
        moment: When.

    Raises:
        InvalidTransitionError: The round is not published yet, or is closed.
        FourEyesError: The officers are not two different ones.
        InvalidInputError: Dates out of order, or past.
    """
    lock_round(session, round_=round_)
    check_two_officers(person_id, second_person_id)
    status = RoundStatus(round_.status)
    if status not in (RoundStatus.PUBLISHED, RoundStatus.BIDDING):
        raise InvalidTransitionError(status, RoundStatus.PUBLISHED)
    before = timetable_of(round_)
    faults = timetable_faults(timetable, moment=moment, unchanged=before)
    if faults:
        raise InvalidInputError(faults)
    write_timetable(round_, timetable)
    round_.version += 1
    _note(
        session,
        round_,
        RoundEventKind.TIMETABLE,
        moved_dates(before, timetable),
        moment=moment,
        people=(person_id, second_person_id),
    )
    return round_


def _note(
    session: Session,
    round_: Round,
    kind: RoundEventKind,
    moved: str,
    *,
    moment: datetime,
    people: tuple[int | None, int | None] = (None, None),
) -> None:
    session.add(
        RoundEvent(
            round_id=round_.id,
            kind=kind,
            status_from=round_.status,
            status_to=round_.status,
            reason=moved,
            person_id=people[0],
            second_person_id=people[1],
            happened_at=moment,
        )
    )
    session.flush()
