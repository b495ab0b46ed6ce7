"""How far a closed round is from being opened, told without opening anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import read_posting
from procurement.bids.keyholders.keys import seats_of
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.opening.shares import PURPOSE
from procurement.bids.periods import BIDS
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.close import final_log
from procurement.bids.tables import SharePost
from procurement.rounds.tables import Round


@dataclass(frozen=True, slots=True)
class SeatProgress:
    """What one keyholder has posted.

    Attributes:
        seat: From 1.
        organisation: Its name.
        right: Bids for which the newest share posted is right.
        wrong: Bids for which it is wrong: the holder's fault.
    """

    seat: int
    organisation: str
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the shares suffice.

    Attributes:
        bids: How many are to be opened.
        threshold: How many right shares each needs.
        seats: What each holder has posted.
        short: Bids that still lack right shares.
    """

    bids: int
    threshold: int
    seats: Sequence[SeatProgress]
    short: int

    @property
    def shares_suffice(self) -> bool:
        """Whether every bid has enough right shares."""
        return self.short == 0


def readiness(
    session: Session, *, round_: Round, secret_key: bytes, sitting: int = BIDS
) -> Readiness:
    """Count the right shares of each envelope of a closed sitting.

    Args:
        session: Any session.
        round_: The round.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        LogNotFinalError: The sitting is not closed.
    """
    bids = final_log(session, round_id=round_.id, sitting=sitting).standing
    threshold = require_manifest(session, round_id=round_.id, sitting=sitting).threshold
    right, wrong = _posted(session, round_, sitting, secret_key)
    seats = [
        SeatProgress(
            seat.seat,
            seat.organisation.name,
            len(right.get(seat.seat, ())),
            len(wrong.get(seat.seat, ())),
        )
        for seat in seats_of(session, round_id=round_.id)
    ]
    short = sum(sum(bid in have for have in right.values()) < threshold for bid in bids)
    return Readiness(len(bids), threshold, seats, short)


def _posted(
    session: Session, round_: Round, sitting: int, secret_key: bytes
) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Bids with a right and with a wrong share, by seat; the newest posting decides."""
    at_rest = AtRest(secret_key)
    right: dict[int, set[str]] = {}
    wrong: dict[int, set[str]] = {}
    posts = (
        select(SharePost)
        .where(SharePost.round_id == round_.id, SharePost.sitting == sitting)
        .order_by(SharePost.id)
    )
    for post in session.scalars(posts):
        posted = set(read_posting(at_rest.open(post.sealed, purpose=PURPOSE)).shares)
        faulty = set(post.faults.split()) & posted
        right[post.seat] = (right.get(post.seat, set()) - faulty) | (posted - faulty)
        wrong[post.seat] = (wrong.get(post.seat, set()) - posted) | faulty
    return right, wrong
