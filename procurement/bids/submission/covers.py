"""Cover rows: rows of the log that are no leaves, added so that nobody can count the leaves."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.bids.periods import BIDS, is_closed, key_of, period_of
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.leaves import cover_row
from procurement.jobs import enqueue
from procurement.rounds.tables import Round, RoundStatus

COVER_LOG = "cover-log"

COVER_EVERY = timedelta(hours=1)
FIRST_COVER_MAX = 128
LATER_COVER_MAX = 8
"""Exclusive limits of how many rows are added: at first, and every hour while envelopes come."""


def add_covers(
    session: Session, *, round_: Round, secret_key: bytes, nth: int, sitting: int = BIDS
) -> None:
    """Add a random number of cover rows to the log of a sitting.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        secret_key: `Settings.secret_key`.
        nth: How many times they were added before.
        sitting: 0 = the bids, from 1 on second answers.
    """
    number = secrets.randbelow(LATER_COVER_MAX if nth else FIRST_COVER_MAX)
    at_rest = AtRest(secret_key)
    session.add_all(
        cover_row(round_id=round_.id, at_rest=at_rest, sitting=sitting) for _ in range(number)
    )
    session.flush()


def is_covered(session: Session, *, round_: Round, sitting: int = BIDS) -> bool:
    """Tell whether envelopes may come to a sitting, so that its log is to be covered."""
    if sitting == BIDS:
        return round_.status in (RoundStatus.PUBLISHED, RoundStatus.BIDDING)
    taken_in = period_of(session, round_=round_, sitting=sitting).taken_in
    is_open = not is_closed(session, round_id=round_.id, sitting=sitting)
    return round_.status == taken_in and is_open


def cover_later(
    session: Session,
    *,
    round_: Round,
    moment: datetime,
    at: datetime,
    nth: int,
    sitting: int = BIDS,
) -> None:
    """Have cover rows added.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        moment: Now.
        at: When they are to be added.
        nth: How many times they were added before.
        sitting: 0 = the bids, from 1 on second answers.
    """
    enqueue(
        session,
        kind=COVER_LOG,
        payload={"round_id": round_.id, "sitting": sitting, "nth": nth},
        moment=moment,
        run_at=at,
        key=f"{COVER_LOG} {key_of(round_, sitting)} {nth}",
    )
