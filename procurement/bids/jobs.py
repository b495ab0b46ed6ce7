"""Durable work of this stage: manifests, cover rows, closing, opening."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.bids.keyholders.checks import SIGN_MANIFEST_JOB
from procurement.bids.keyholders.manifests import write_manifest
from procurement.bids.opening.readiness import readiness
from procurement.bids.opening.reveal import reveal_is_over
from procurement.bids.opening.service import confirmed_proposal, open_bids
from procurement.bids.opening.shares import OPEN_BIDS_JOB
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.close import close_round
from procurement.bids.submission.leaves import cover_row
from procurement.errors import JicaiError
from procurement.jobs import Handler, JobRun, enqueue
from procurement.permissions import Actor
from procurement.rounds.tables import Round, RoundStatus

COVER_LOG = "cover-log"
CLOSE_ROUND = "close-round"

COVER_EVERY = timedelta(hours=1)
FIRST_COVER_MAX = 128
LATER_COVER_MAX = 8
"""Exclusive limits of how many cover rows are added: at first, and every hour of bidding."""


class NoSecretKeyError(JicaiError):
    """The installation has no key: it was started without `with_installation_key`."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("the installation has no secret key")


def secret_key_of(key: bytes | None) -> bytes:
    """Return the installation's key.

    Raises:
        NoSecretKeyError: There is none.
    """
    if key is None:
        raise NoSecretKeyError
    return key


def _round(session: Session, run: JobRun) -> Round:
    return session.get_one(Round, int(str(run.payload["round_id"])))


def sign_manifest(run: JobRun) -> None:
    """Sign the manifest of a round that was published or amended, and start covering its log."""
    key = secret_key_of(run.settings.secret_key)
    with run.transaction() as session:
        round_ = _round(session, run)
        write_manifest(session, round_=round_, actor=Actor(), secret_key=key, moment=run.moment())
        _cover_later(session, round_id=round_.id, moment=run.moment(), at=run.moment(), nth=0)


def cover_log(run: JobRun) -> None:
    """Add a random number of cover rows, and come again until bidding is over."""
    key = secret_key_of(run.settings.secret_key)
    nth = int(str(run.payload["nth"]))
    with run.transaction() as session:
        round_ = _round(session, run)
        if round_.status not in (RoundStatus.PUBLISHED, RoundStatus.BIDDING):
            return
        number = secrets.randbelow(LATER_COVER_MAX if nth else FIRST_COVER_MAX)
        at_rest = AtRest(key)
        session.add_all(cover_row(round_id=round_.id, at_rest=at_rest) for _ in range(number))
        _cover_later(
            session,
            round_id=round_.id,
            moment=run.moment(),
            at=run.moment() + COVER_EVERY,
            nth=nth + 1,
        )


def _cover_later(
    session: Session, *, round_id: int, moment: datetime, at: datetime, nth: int
) -> None:
    enqueue(
        session,
        kind=COVER_LOG,
        payload={"round_id": round_id, "nth": nth},
        moment=moment,
        run_at=at,
        key=f"cover-log {round_id} {nth}",
    )


def close(run: JobRun) -> None:
    """Close a round whose closing time has come."""
    key = secret_key_of(run.settings.secret_key)
    with run.transaction() as session:
        close_round(session, round_=_round(session, run), secret_key=key)


def open_when_ready(run: JobRun) -> None:
    """Open a round's bids if two officers decided it and the shares suffice; else do nothing.

    Each posting of shares queues this again.
    """
    key = secret_key_of(run.settings.secret_key)
    with run.transaction() as session:
        round_ = _round(session, run)
        if round_.status != RoundStatus.CLOSED:
            return
        if confirmed_proposal(session, round_id=round_.id) is None:
            return
        state = readiness(session, round_=round_, secret_key=key)
        if state.shares_suffice or reveal_is_over(session, round_=round_):
            open_bids(session, round_=round_, secret_key=key)


HANDLERS: Mapping[str, Handler] = {
    SIGN_MANIFEST_JOB: sign_manifest,
    COVER_LOG: cover_log,
    CLOSE_ROUND: close,
    OPEN_BIDS_JOB: open_when_ready,
}
"""Who carries out which kind of job."""
