"""Shares that keyholders post after the opening time; kept sealed until all bids are opened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import Manifest, SealingError, SharePosting, check_posting, read_posting
from procurement.audit import record
from procurement.bids.keyholders.keys import own_seat
from procurement.bids.keyholders.manifests import manifest_by_digest
from procurement.bids.periods import (
    BIDS,
    is_opening_time,
    key_of,
    subject_name,
)
from procurement.bids.subjects import signed_in
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.leaves import Leaf, leaves_of_round, standing
from procurement.bids.tables import SharePost
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.jobs import enqueue
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round
from procurement.rounds.tables import Round

PURPOSE = "shares"
OPEN_BIDS_JOB = "open-bids"


class NotOpeningError(RefusedError):
    """Shares are taken from the opening time on, and until the bids are opened."""

    def __init__(self) -> None:
        """Say when."""
        super().__init__(
            zh="现在不接收密钥份额：须在申报截止并到开标时间之后、申报信息公开之前。",
            en="Shares are not taken now: only after closing, from the opening time on, and until "
            "the bids are opened.",
        )


def standing_leaves(
    session: Session, *, round_id: int, secret_key: bytes, sitting: int = BIDS
) -> list[Leaf]:
    """Return the envelopes of a closed sitting that are to be opened, in the order of the log."""
    leaves = leaves_of_round(
        session, round_id=round_id, at_rest=AtRest(secret_key), sitting=sitting
    )
    return standing(leaves)


def envelopes_to_unseal(
    session: Session,
    *,
    round_: Round,
    after: int,
    limit: int,
    secret_key: bytes,
    sitting: int = BIDS,
) -> Sequence[Leaf]:
    """Return some of the envelopes that a keyholder has to unseal, from the opening time on.

    Holders who conspire could read prices as soon as they have the envelopes: they get them no
    earlier than they are needed.

    Args:
        session: Any session.
        round_: The round.
        after: How many to skip.
        limit: How many at most.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        NotOpeningError: The sitting is not closed, its opening time has not come, or it is already
            opened.
        NotFoundForActorError: The round has no such sitting.
    """
    _require_opening(session, round_, sitting, database_moment(session))
    bids = standing_leaves(session, round_id=round_.id, secret_key=secret_key, sitting=sitting)
    return bids[after : after + limit]


def _require_opening(session: Session, round_: Round, sitting: int, moment: datetime) -> None:
    if not is_opening_time(session, round_=round_, sitting=sitting, moment=moment):
        raise NotOpeningError


def post_shares(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    body: bytes,
    secret_key: bytes,
    sitting: int = BIDS,
) -> SharePost:
    """Record the shares that a keyholder unsealed; wrong ones are recorded as such.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: The keyholder.
        body: The signed posting; of several the newest share for a bid counts.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        NotOpeningError: The opening time has not come, or the sitting is open already.
        InvalidInputError: The posting is malformed, badly signed, or of another seat, round or
            sitting.
        NotFoundForActorError: The round has no such sitting.
    """
    organisation_id, person_id = signed_in(actor)
    seat = own_seat(session, round_=round_, organisation_id=organisation_id)
    # What is posted while the bids are being opened would stand in the record without effect.
    lock_round(session, round_=round_)
    moment = database_moment(session)
    _require_opening(session, round_, sitting, moment)
    manifests = manifest_by_digest(session, round_id=round_.id, sitting=sitting)
    posting = _checked(body, manifests, seat.seat)
    bids = {
        leaf.digest: leaf
        for leaf in standing_leaves(
            session, round_id=round_.id, secret_key=secret_key, sitting=sitting
        )
    }
    _require_known(posting, bids)
    wrong = wrong_shares(posting, bids)
    post = SharePost(
        round_id=round_.id,
        sitting=sitting,
        organisation_id=organisation_id,
        person_id=person_id,
        seat=seat.seat,
        sealed=AtRest(secret_key).seal(posting.to_bytes(), purpose=PURPOSE),
        shares=len(posting.shares),
        faults=" ".join(wrong),
        posted_at=moment,
    )
    session.add(post)
    session.flush()
    open_when_ready(session, round_=round_, sitting=sitting, moment=moment, cause=f"post {post.id}")
    record(
        session,
        actor=actor,
        action="post-shares",
        subject=f"{subject_name(round_, sitting)}/seat/{seat.seat}",
        facts={"shares": str(post.shares), "wrong": str(len(wrong))},
        moment=moment,
    )
    return post


def open_when_ready(
    session: Session,
    *,
    round_: Round,
    sitting: int,
    moment: datetime,
    cause: str,
    run_at: datetime | None = None,
) -> None:
    """Queue the job that opens a sitting if it can be opened by then, and else does nothing.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        sitting: 0 = the bids, from 1 on second answers.
        moment: Now.
        cause: What may make it ready; once for each.
        run_at: When to look; None = at once.
    """
    enqueue(
        session,
        kind=OPEN_BIDS_JOB,
        payload={"round_id": round_.id, "sitting": sitting},
        moment=moment,
        run_at=run_at,
        key=f"{OPEN_BIDS_JOB} {key_of(round_, sitting)} {cause}",
    )


def _checked(body: bytes, manifests: dict[str, Manifest], seat: int) -> SharePosting:
    try:
        posting = read_posting(body)
        if posting.manifest not in manifests:
            raise _malformed("posting.manifest: expected one of this round and sitting")
        check_posting(posting, manifests[posting.manifest])
    except SealingError as refusal:
        raise _malformed(str(refusal)) from refusal
    if posting.seat != seat:
        raise _malformed("posting.seat: expected your own seat")
    return posting


def _require_known(posting: SharePosting, bids: dict[str, Leaf]) -> None:
    if not set(posting.hashes) <= set(bids):
        raise _malformed("posting.hashes: expected envelopes that stand in this log")


def _malformed(cause: str) -> InvalidInputError:
    return InvalidInputError(
        [
            FieldFault(
                "posting",
                f"份额未被接受：格式、签名或席位不符（{cause}）。",
                f"The shares were not accepted: {cause}.",
            )
        ]
    )


def wrong_shares(posting: SharePosting, bids: dict[str, Leaf]) -> list[str]:
    """Return the digests of bids for which a posting holds another share than was sealed."""
    wrong = []
    for digest, share_hash in posting.hashes.items():
        sealed = {one.seat: one.share_hash for one in bids[digest].envelope.shares}
        if sealed.get(posting.seat) != share_hash:
            wrong.append(digest)
    return sorted(wrong)


def postings_of(
    session: Session, *, round_id: int, secret_key: bytes, sitting: int = BIDS
) -> list[SharePosting]:
    """Return what the keyholders posted, oldest first."""
    at_rest = AtRest(secret_key)
    rows = session.scalars(
        select(SharePost.sealed)
        .where(SharePost.round_id == round_id, SharePost.sitting == sitting)
        .order_by(SharePost.id)
    )
    return [read_posting(at_rest.open(sealed, purpose=PURPOSE)) for sealed in rows]
