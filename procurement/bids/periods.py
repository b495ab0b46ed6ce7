"""When a sitting of a round takes envelopes and when it is opened.

Everything that is sealed, logged and opened belongs to a sitting of a round: 0 = the bids, whose
times are the round's; from 1 on second answers, each with times of its own.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.bids.tables import Checkpoint, Opening, Sitting
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Round, RoundStatus

BIDS = 0
"""The sitting of the bids themselves."""


@dataclass(frozen=True, slots=True)
class Period:
    """The times of a sitting.

    Attributes:
        closes_at: Envelopes are acknowledged before.
        opens_at: Shares are unsealed from then on.
        taken_in: Status of the round while envelopes are taken.
        opened_in: Status of the round from closing until the opening.
    """

    closes_at: datetime | None
    opens_at: datetime | None
    taken_in: RoundStatus
    opened_in: RoundStatus


def period_of(session: Session, *, round_: Round, sitting: int) -> Period:
    """Return the times of a sitting.

    Raises:
        NotFoundForActorError: The round has no such sitting.
    """
    if sitting == BIDS:
        return Period(round_.closes_at, round_.opens_at, RoundStatus.BIDDING, RoundStatus.CLOSED)
    called = require_sitting(session, round_id=round_.id, number=sitting)
    status = RoundStatus.SECOND_ANSWERS
    return Period(called.closes_at, called.opens_at, status, status)


def address_of(round_: Round, sitting: int) -> str:
    """Return where the pages of a sitting are."""
    base = f"/rounds/{round_.name}"
    return base if sitting == BIDS else f"{base}/answers/{sitting}"


def key_of(round_: Round, sitting: int) -> str:
    """Name a sitting in the keys of jobs and notices."""
    return f"{round_.id}" if sitting == BIDS else f"{round_.id}/{sitting}"


def subject_name(round_: Round, sitting: int) -> str:
    """Name a sitting in the audit trail."""
    base = f"round/{round_.name}"
    return base if sitting == BIDS else f"{base}/answers/{sitting}"


def require_sitting(session: Session, *, round_id: int, number: int) -> Sitting:
    """Return a sitting of second answers.

    Raises:
        NotFoundForActorError: The round has no such sitting.
    """
    found = session.scalars(
        select(Sitting).where(Sitting.round_id == round_id, Sitting.number == number)
    ).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def is_closed(session: Session, *, round_id: int, sitting: int) -> bool:
    """Tell whether the log of a sitting is final."""
    final = select(Checkpoint.id).where(
        Checkpoint.round_id == round_id, Checkpoint.sitting == sitting
    )
    return session.scalar(final) is not None


def awaits_opening(session: Session, *, round_: Round, sitting: int) -> bool:
    """Tell whether a sitting is closed and not opened yet, and the round goes on."""
    period = period_of(session, round_=round_, sitting=sitting)
    if round_.status != period.opened_in:
        return False
    opened = select(Opening.id).where(Opening.round_id == round_.id, Opening.sitting == sitting)
    is_final = is_closed(session, round_id=round_.id, sitting=sitting)
    return is_final and session.scalar(opened) is None


def is_opening_time(session: Session, *, round_: Round, sitting: int, moment: datetime) -> bool:
    """Tell whether a sitting awaits its opening and the time for it has come."""
    period = period_of(session, round_=round_, sitting=sitting)
    is_time = period.opens_at is not None and moment >= period.opens_at
    return is_time and awaits_opening(session, round_=round_, sitting=sitting)
