"""Carrying out what is due, by the database's clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.accounts.jobs import FORGET_EXPIRED
from procurement.audit import record
from procurement.bids.keyholders.postponements import announce_postponement
from procurement.bids.submission.close import close_round
from procurement.database import database_moment, snapshot, transaction
from procurement.jobs import enqueue
from procurement.permissions import Actor
from procurement.rounds.outages import apply_outage
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.rules import OUTAGE_WINDOW, Failure, due_transitions
from procurement.rounds.scheduling import timetable_of
from procurement.rounds.tables import Round, RoundStatus
from procurement.timetable.heartbeat import BEAT, beat, outages_since
from procurement.timetable.remind import send_reminders

BY_THE_CLOCK = (RoundStatus.PUBLISHED, RoundStatus.BIDDING)
REMIND_EVERY = timedelta(minutes=1)


@dataclass
class Ticker:
    """Carries out what is due; workers call it again and again.

    Attributes:
        engine: The database.
        secret_key: The installation's key, for signing the final log.
    """

    engine: Engine
    secret_key: bytes
    _beaten_at: datetime | None = field(default=None, init=False)
    _reminded_at: datetime | None = field(default=None, init=False)

    def tick(self) -> None:
        """Beat, open and close the bidding of rounds whose time has come, remind, tidy up."""
        with snapshot(self.engine) as session:
            moment = database_moment(session)
            due = due_rounds(session, moment=moment)
        # Before anything is closed: an outage until now may have moved the closing.
        if due or _is_over(self._beaten_at, BEAT, moment):
            with transaction(self.engine) as session:
                beat(session, moment=moment)
            self._beaten_at = moment
        for round_id in due:
            with transaction(self.engine) as session:
                advance(session, round_id=round_id, secret_key=self.secret_key)
        if _is_over(self._reminded_at, REMIND_EVERY, moment):
            with transaction(self.engine) as session:
                send_reminders(session, moment=moment)
                _tidy_daily(session, moment)
            self._reminded_at = moment


def _tidy_daily(session: Session, moment: datetime) -> None:
    key = f"{FORGET_EXPIRED} {moment:%Y-%m-%d}"
    enqueue(session, kind=FORGET_EXPIRED, payload={}, moment=moment, key=key)


def _is_over(last: datetime | None, every: timedelta, moment: datetime) -> bool:
    return last is None or moment - last >= every


def due_rounds(session: Session, *, moment: datetime) -> Sequence[int]:
    """Return the rounds for which time brings another status.

    Args:
        session: Any session.
        moment: By the database's clock.

    Returns:
        Their ids.
    """
    watched = session.scalars(
        select(Round).where(Round.status.in_(BY_THE_CLOCK)).order_by(Round.id)
    )
    return [
        round_.id
        for round_ in watched
        if due_transitions(RoundStatus(round_.status), timetable_of(round_), moment=moment)
    ]


def advance(session: Session, *, round_id: int, secret_key: bytes) -> None:
    """Bring one round to where the clock wants it; the outage rule comes before the closing.

    The round's row is locked before the clock is asked, as by a submission: no bid falls between
    the two.

    Args:
        session: Session of the caller's transaction.
        round_id: The round.
        secret_key: The installation's key.
    """
    round_ = session.get_one(Round, round_id)
    lock_round(session, round_=round_)
    moment = database_moment(session)
    failures = [
        Failure(outage.since, outage.until)
        for outage in outages_since(session, (round_.closes_at or moment) - OUTAGE_WINDOW)
    ]
    if apply_outage(session, round_=round_, failures=failures, moment=moment) is not None:
        announce_postponement(session, round_=round_, secret_key=secret_key)
    for due in due_transitions(RoundStatus(round_.status), timetable_of(round_), moment=moment):
        if due.status == RoundStatus.CLOSED:
            close_round(session, round_=round_, secret_key=secret_key)
            continue
        set_status(session, round_=round_, status=due.status, moment=moment)
        record(
            session,
            actor=Actor(),
            action="open-bidding",
            subject=f"round/{round_.name}",
            facts={"due": due.due_at.isoformat()},
            moment=moment,
        )
