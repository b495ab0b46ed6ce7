"""Opening: all bids in one transaction, before any price can be read by anyone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bidding.sealing import Opened, Verdict, canonical_bytes, open_all
from bidding.sealing.bid import bid_document
from procurement.audit import record
from procurement.bids.keyholders.manifests import manifest_by_digest
from procurement.bids.kinds import BidVerdict, OpeningWay
from procurement.bids.opening.reveal import reveal_is_over, reveals_of
from procurement.bids.opening.shares import postings_of, standing_leaves
from procurement.bids.periods import BIDS, is_opening_time
from procurement.bids.submission.leaves import Leaf
from procurement.bids.tables import OpenedBid, Opening, SharePost
from procurement.database import database_moment
from procurement.errors import RefusedError
from procurement.jobs import enqueue
from procurement.notices import notify_all
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.tables import ProposalStatus, Round, RoundStatus, Step, StepProposal

EVALUATE_ROUND = "evaluate-round"
"""Job of the next stage: what was opened is evaluated."""

_VERDICTS = {
    Verdict.OPENED: BidVerdict.OPENED,
    Verdict.BIDDER_FAULT: BidVerdict.INCONSISTENT,
    Verdict.QUORUM_MISSING: BidVerdict.NOT_REVEALED,
}


class NotReadyToOpenError(RefusedError):
    """Shares are missing, two officers have not decided it, or the time has not come."""

    def __init__(self) -> None:
        """Say what is needed."""
        super().__init__(
            zh="还不能公开：须到开标时间、经两名经办人确认（二次答复无需确认），"
            "并且每份信封都有足够的正确份额。",
            en="Not yet: the opening time must have come, two officers must have confirmed (not "
            "for second answers), and every envelope needs enough right shares.",
        )


def _found(
    session: Session, round_: Round, sitting: int, secret_key: bytes, *, with_reveals: bool
) -> tuple[Sequence[Leaf], Sequence[Opened]]:
    about: dict[str, int] = {"round_id": round_.id, "sitting": sitting}
    leaves = standing_leaves(session, secret_key=secret_key, **about)
    reveals = reveals_of(session, secret_key=secret_key, **about)
    results = open_all(
        tuple(manifest_by_digest(session, **about).values()),
        submissions=[leaf.submission for leaf in leaves],
        postings=postings_of(session, secret_key=secret_key, **about),
        reveals=reveals if with_reveals else (),
    )
    return leaves, results


def confirmed_proposal(session: Session, *, round_id: int) -> StepProposal | None:
    """Return the decision of two officers to open a round's bids, if it was taken."""
    confirmed = (
        select(StepProposal)
        .where(StepProposal.round_id == round_id)
        .where(StepProposal.step == Step.OPEN_BIDS)
        .where(StepProposal.status == ProposalStatus.CONFIRMED)
        .order_by(StepProposal.id.desc())
        .limit(1)
    )
    return session.scalars(confirmed).one_or_none()


def open_bids(session: Session, *, round_: Round, secret_key: bytes) -> Opening:
    """Open all bids of a round that stand, in this one transaction.

    Nothing is written unless every bid is decided: opened, the bidder's fault, or, after the
    deadline of the fallback, not revealed. An opened round is left as it is.

    Args:
        session: Session of the caller's transaction.
        round_: A closed round.
        secret_key: `Settings.secret_key`.

    Raises:
        NotReadyToOpenError: Shares, the officers' decision or the time are missing.
    """
    lock_round(session, round_=round_)
    known = find_opening(session, round_id=round_.id)
    if known is not None:
        return known
    moment = database_moment(session)
    proposal = confirmed_proposal(session, round_id=round_.id)
    if proposal is None:
        raise NotReadyToOpenError
    opening, leaves = open_envelopes(
        session, round_=round_, sitting=BIDS, secret_key=secret_key, moment=moment
    )
    _tell_bidders(session, round_, leaves, moment)
    set_status(
        session,
        round_=round_,
        status=RoundStatus.OPENED,
        moment=moment,
        person_id=proposal.decided_by,
        second_person_id=proposal.proposed_by,
    )
    record(
        session,
        actor=Actor(person_id=proposal.decided_by, organisation_id=round_.bureau_id),
        action="open-bids",
        subject=f"round/{round_.name}",
        facts={"bids": str(len(leaves)), "way": opening.way, "seats": opening.seats},
        moment=moment,
    )
    enqueue(
        session,
        kind=EVALUATE_ROUND,
        payload={"round_id": round_.id},
        moment=moment,
        key=f"{EVALUATE_ROUND} {round_.id} bids",
    )
    return opening


def open_envelopes(
    session: Session, *, round_: Round, sitting: int, secret_key: bytes, moment: datetime
) -> tuple[Opening, Sequence[Leaf]]:
    """Open everything that stands in a sitting, or nothing.

    Args:
        session: Session of the caller's transaction, with the round's row locked.
        round_: The round.
        sitting: A closed one that was not opened: 0 = the bids, from 1 on second answers.
        secret_key: `Settings.secret_key`.
        moment: By the database's clock.

    Returns:
        The opening, and what stood in the log.

    Raises:
        NotReadyToOpenError: Shares or the time are missing.
    """
    if not is_opening_time(session, round_=round_, sitting=sitting, moment=moment):
        raise NotReadyToOpenError
    after_reveals = reveal_is_over(session, round_=round_, sitting=sitting)
    leaves, results = _found(session, round_, sitting, secret_key, with_reveals=after_reveals)
    missing = any(one.verdict is Verdict.QUORUM_MISSING for one in results)
    if missing and not after_reveals:
        raise NotReadyToOpenError
    opening = Opening(
        round_id=round_.id,
        sitting=sitting,
        way=OpeningWay.REVEALED_KEYS if after_reveals else OpeningWay.SHARES,
        seats=" ".join(map(str, _served(session, round_, sitting, results))),
        opened_at=moment,
    )
    session.add(opening)
    session.flush()
    _store(session, opening, leaves, results)
    return opening, leaves


def _tell_bidders(
    session: Session, round_: Round, leaves: Sequence[Leaf], moment: datetime
) -> None:
    notify_all(
        session,
        organisation_ids=sorted(leaf.organisation_id for leaf in leaves),
        zh=f"{round_.title}：申报信息已公开，可查看贵单位的申报并下载开标记录。",
        en=f"{round_.title}: the bids are open. See yours and download the record of the opening.",
        link=f"/rounds/{round_.name}/opening",
        moment=moment,
        key=f"opened {round_.id}",
    )


def _served(session: Session, round_: Round, sitting: int, results: Sequence[Opened]) -> list[int]:
    posted = session.scalars(
        select(SharePost.seat)
        .where(SharePost.round_id == round_.id, SharePost.sitting == sitting)
        .distinct()
    )
    short = {seat for one in results for seat in (*one.wrong_seats, *one.missing_seats)}
    return sorted(set(posted) - short)


def _store(
    session: Session, opening: Opening, leaves: Sequence[Leaf], results: Sequence[Opened]
) -> None:
    by_digest = {leaf.digest: leaf for leaf in leaves}
    rows = [_row(opening, by_digest[one.envelope], one) for one in results]
    if rows:
        session.execute(insert(OpenedBid), rows)


def _row(opening: Opening, leaf: Leaf, result: Opened) -> dict[str, object]:
    content = None if result.bid is None else canonical_bytes(bid_document(result.bid)).decode()
    return {
        "opening_id": opening.id,
        "round_id": opening.round_id,
        "sitting": opening.sitting,
        "leaf_id": leaf.id,
        "organisation_id": leaf.organisation_id,
        "verdict": _VERDICTS[result.verdict],
        "fault": None if result.fault is None else result.fault.value,
        "content": content,
        "content_key": None if result.content_key is None else result.content_key.hex(),
    }


def find_opening(session: Session, *, round_id: int, sitting: int = BIDS) -> Opening | None:
    """Return the opening of a sitting, or None before it."""
    return session.scalars(
        select(Opening).where(Opening.round_id == round_id, Opening.sitting == sitting)
    ).one_or_none()
