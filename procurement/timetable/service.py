"""Carrying out what is due, by the database's clock."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.accounts import jobs as accounts_jobs
from procurement.audit import record
from procurement.bids.keyholders.postponements import announce_postponement
from procurement.bids.sittings import close_sitting, sittings_to_close
from procurement.bids.submission.close import close_round
from procurement.database import database_moment, snapshot, transaction
from procurement.errors import said_safely
from procurement.jobs import enqueue
from procurement.payments import jobs as payments_jobs
from procurement.permissions import Actor
from procurement.pharmacies.complaints import jobs as complaints_jobs
from procurement.pharmacies.designation import jobs as designation_jobs
from procurement.pharmacies.patients import jobs as patients_jobs
from procurement.publication.ocds import jobs as ocds_jobs
from procurement.rounds.outages import apply_outage
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.rules import OUTAGE_WINDOW, Failure, due_transitions, outage_shift
from procurement.rounds.scheduling import timetable_of
from procurement.rounds.tables import Round, RoundStatus
from procurement.timetable.heartbeat import BEAT, beat, outages_since
from procurement.timetable.remind import send_reminders

BY_THE_CLOCK = (RoundStatus.PUBLISHED, RoundStatus.BIDDING)
REMIND_EVERY = timedelta(minutes=1)

_log = logging.getLogger(__name__)


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
    _causes: dict[int, str] = field(default_factory=dict, init=False)

    def tick(self) -> None:
        """Beat, open and close the bidding of rounds whose time has come, remind, tidy up."""
        with snapshot(self.engine) as session:
            moment = database_moment(session)
            due = due_rounds(session, moment=moment)
            sittings = sittings_to_close(session, moment=moment)
        # Before anything is closed: an outage until now may have moved the closing.
        if due or _is_over(self._beaten_at, BEAT, moment):
            with transaction(self.engine) as session:
                beat(session, moment=moment)
            self._beaten_at = moment
        for round_id in due:
            self._advance(round_id)
        for round_id, sitting in sittings:
            self._close_sitting(round_id, sitting)
        if _is_over(self._reminded_at, REMIND_EVERY, moment):
            with transaction(self.engine) as session:
                send_reminders(session, moment=moment)
                _tidy_daily(session, moment)
                ocds_jobs.ask_for_publication(session, moment=moment)
            self._reminded_at = moment

    def _advance(self, round_id: int) -> None:
        try:
            with transaction(self.engine) as session:
                advance(session, round_id=round_id, secret_key=self.secret_key)
        except Exception as error:
            # One round that cannot be closed yet (its manifest is not signed) must not keep the
            # others, the reminders and the jobs waiting. It is tried again at the next tick, and
            # said once.
            cause = said_safely(error)
            if self._causes.get(round_id) != cause:
                _log.error("round %s waits: %s", round_id, cause)
            self._causes[round_id] = cause
        else:
            self._causes.pop(round_id, None)

    def _close_sitting(self, round_id: int, sitting: int) -> None:
        try:
            with transaction(self.engine) as session:
                round_ = session.get_one(Round, round_id)
                close_sitting(session, round_=round_, sitting=sitting, secret_key=self.secret_key)
        except Exception as error:
            _log.error("sitting %s of round %s waits: %s", sitting, round_id, said_safely(error))


def _tidy_daily(session: Session, moment: datetime) -> None:
    for kind in (
        *accounts_jobs.DAILY,
        *payments_jobs.DAILY,
        *ocds_jobs.DAILY,
        *designation_jobs.DAILY,
        *patients_jobs.DAILY,
        *complaints_jobs.DAILY,
    ):
        key = f"{kind} {moment:%Y-%m-%d}"
        enqueue(session, kind=kind, payload={}, moment=moment, key=key)


def _is_over(last: datetime | None, every: timedelta, moment: datetime) -> bool:
    return last is None or moment - last >= every


def due_rounds(session: Session, *, moment: datetime) -> Sequence[int]:
    """Return the rounds for which time brings another status, or an outage another closing.

    An outage moves the closing as soon as it is over: whoever waited for the old closing would
    refuse bids as late that are not.

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
        or _is_hit(session, round_)
    ]


def _is_hit(session: Session, round_: Round) -> bool:
    """Whether `apply_outage` would move the round."""
    if round_.status != RoundStatus.BIDDING or round_.closes_at is None:
        return False
    shift = outage_shift(
        _failures(session, round_),
        closes_at=round_.closes_at,
        shift_minutes=round_.outage_shift_minutes,
        already_shifted=round_.outage_shifted_at is not None,
    )
    return shift is not None


def _failures(session: Session, round_: Round) -> Sequence[Failure]:
    if round_.closes_at is None or round_.outage_shifted_at is not None:
        return ()
    outages = outages_since(session, round_.closes_at - OUTAGE_WINDOW)
    return [Failure(outage.since, outage.until) for outage in outages]


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
    _open_bidding(session, round_, moment)
    failures = _failures(session, round_)
    if apply_outage(session, round_=round_, failures=failures, moment=moment) is not None:
        announce_postponement(session, round_=round_, secret_key=secret_key)
    if RoundStatus.CLOSED in _due(round_, moment):
        close_round(session, round_=round_, secret_key=secret_key)


def _due(round_: Round, moment: datetime) -> dict[RoundStatus, datetime]:
    found = due_transitions(RoundStatus(round_.status), timetable_of(round_), moment=moment)
    return {due.status: due.due_at for due in found}


def _open_bidding(session: Session, round_: Round, moment: datetime) -> None:
    due_at = _due(round_, moment).get(RoundStatus.BIDDING)
    if due_at is None:
        return
    set_status(session, round_=round_, status=RoundStatus.BIDDING, moment=moment)
    record(
        session,
        actor=Actor(),
        action="open-bidding",
        subject=f"round/{round_.name}",
        facts={"due": due_at.isoformat()},
        moment=moment,
    )
