"""Durable work of this stage: manifests, cover rows, closing, opening."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from procurement.bids.keyholders.checks import SIGN_MANIFEST_JOB
from procurement.bids.keyholders.manifests import write_manifest
from procurement.bids.opening.readiness import readiness
from procurement.bids.opening.reveal import reveal_is_over
from procurement.bids.opening.service import confirmed_proposal, open_bids
from procurement.bids.opening.shares import OPEN_BIDS_JOB
from procurement.bids.periods import BIDS, is_opening_time
from procurement.bids.sittings.service import open_sitting
from procurement.bids.submission.close import close_round
from procurement.bids.submission.covers import (
    COVER_EVERY,
    COVER_LOG,
    add_covers,
    cover_later,
    is_covered,
)
from procurement.database import database_moment
from procurement.errors import JicaiError
from procurement.jobs import Handler, JobRun
from procurement.permissions import Actor
from procurement.rounds.tables import Round

CLOSE_ROUND = "close-round"


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
        cover_later(session, round_=round_, moment=run.moment(), at=run.moment(), nth=0)


def cover_log(run: JobRun) -> None:
    """Add a random number of cover rows, and come again until no envelope can come any more."""
    key = secret_key_of(run.settings.secret_key)
    nth = int(str(run.payload["nth"]))
    sitting = int(str(run.payload.get("sitting", BIDS)))
    with run.transaction() as session:
        round_ = _round(session, run)
        if not is_covered(session, round_=round_, sitting=sitting):
            return
        add_covers(session, round_=round_, secret_key=key, nth=nth, sitting=sitting)
        cover_later(
            session,
            round_=round_,
            moment=run.moment(),
            at=run.moment() + COVER_EVERY,
            nth=nth + 1,
            sitting=sitting,
        )


def close(run: JobRun) -> None:
    """Close a round whose closing time has come."""
    key = secret_key_of(run.settings.secret_key)
    with run.transaction() as session:
        close_round(session, round_=_round(session, run), secret_key=key)


def open_when_ready(run: JobRun) -> None:
    """Open what awaits it if the shares suffice; bids only if two officers decided it.

    Each posting of shares queues this again.
    """
    key = secret_key_of(run.settings.secret_key)
    sitting = int(str(run.payload.get("sitting", BIDS)))
    with run.transaction() as session:
        round_ = _round(session, run)
        moment = database_moment(session)
        if not is_opening_time(session, round_=round_, sitting=sitting, moment=moment):
            return
        if sitting == BIDS and confirmed_proposal(session, round_id=round_.id) is None:
            return
        state = readiness(session, round_=round_, secret_key=key, sitting=sitting)
        if not (state.shares_suffice or reveal_is_over(session, round_=round_, sitting=sitting)):
            return
        if sitting == BIDS:
            open_bids(session, round_=round_, secret_key=key)
        else:
            open_sitting(session, round_=round_, sitting=sitting, secret_key=key)


HANDLERS: Mapping[str, Handler] = {
    SIGN_MANIFEST_JOB: sign_manifest,
    COVER_LOG: cover_log,
    CLOSE_ROUND: close,
    OPEN_BIDS_JOB: open_when_ready,
}
"""Who carries out which kind of job."""
