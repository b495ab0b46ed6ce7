"""Submitting a sealed bid, a better one in its place, or its withdrawal."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bidding.sealing import (
    Envelope,
    MismatchError,
    SigningKey,
    Submission,
    check_succession,
    issue_receipt,
    issue_refusal,
)
from procurement.bids.at_rest import AtRest
from procurement.bids.leaves import (
    PURPOSE,
    Leaf,
    chain_tag,
    opened_rows,
    pack_leaf,
    request_tag,
)
from procurement.bids.platform_keys import SERVER, platform_key
from procurement.bids.subjects import signed_in
from procurement.bids.submission_check import Checked, Desk, check
from procurement.bids.submission_errors import (
    BrokenChainError,
    KeyReusedError,
    MissingKeyError,
    NotBiddingError,
)
from procurement.bids.tables import LogLeaf, Refusal
from procurement.database import database_moment
from procurement.errors import RefusedError
from procurement.permissions import Actor
from procurement.rounds.tables import Round, RoundStatus

REFUSAL_PURPOSE = "refusal"
KEY_LENGTH_MAX = 100


class SignedRefusal(StrEnum):
    """Reasons of a signed refusal, as the receipt's format spells them."""

    LATE = "late"
    WITHDRAWN_ROUND = "withdrawn-round"
    STALE_MANIFEST = "stale-manifest"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a submission was answered.

    Attributes:
        document: The signed receipt, or the signed refusal.
        is_receipt: Which of the two.
    """

    document: str
    is_receipt: bool


def submit_bid(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    body: bytes,
    key: str,
    secret_key: bytes,
) -> Acknowledgement:
    """Take an envelope or a withdrawal into the round's log, and promise so in a signed receipt.

    The server sees shape and signature only. The round's row is locked first and the database's
    clock is asked after it, so that whatever is acknowledged stands in the log before it is
    closed, and whatever comes later is refused in writing.

    Args:
        session: Session of the caller's transaction, which must be committed before the answer is
            sent, also where it is a refusal.
        round_: The round.
        actor: Who submits, for the own organisation.
        body: The envelope or withdrawal, as sent.
        key: The idempotency key: the same key and body give the same answer, byte for byte.
        secret_key: `Settings.secret_key`.

    Returns:
        The signed receipt or the signed refusal.

    Raises:
        InvalidInputError: The body is malformed, badly signed, or in somebody else's name.
        KeyReusedError: The key was used for another body.
        NotBiddingError: Bidding has not begun.
        NotEligibleError: Papers or credit rating stand in the way.
        BrokenChainError: The bidder's last envelope is another than the one that this replaces.
    """
    organisation_id, person_id = signed_in(actor)
    if not 0 < len(key) <= KEY_LENGTH_MAX:
        raise MissingKeyError
    desk = Desk(session, round_, organisation_id, person_id, AtRest(secret_key), secret_key)
    tag = request_tag(desk.at_rest, round_id=round_.id, organisation_id=organisation_id, key=key)
    request = _Request(tag, hashlib.sha256(body).hexdigest())
    checked = check(desk, body)
    window = _locked_window(session, round_)
    known = _answered_before(desk, request)
    if known is not None:
        return known
    if isinstance(checked, RefusedError):
        raise checked
    moment = database_moment(session)
    reason = _refusal_reason(window, checked, moment)
    if reason is not None:
        return _refuse(desk, request, checked, reason, moment)
    return _accept(desk, request, checked, moment)


@dataclass(frozen=True, slots=True)
class _Request:
    """What came in, by its digests."""

    tag: str
    body_digest: str


@dataclass(frozen=True, slots=True)
class _Window:
    """Status and times of a round, read under its lock."""

    status: RoundStatus
    opens_at: datetime | None
    closes_at: datetime | None


def _locked_window(session: Session, round_: Round) -> _Window:
    # SQLite's writer holds the whole file already and ignores FOR UPDATE.
    status, opens_at, closes_at = session.execute(
        select(Round.status, Round.bidding_opens_at, Round.closes_at)
        .where(Round.id == round_.id)
        .with_for_update()
    ).one()
    return _Window(RoundStatus(status), opens_at, closes_at)


def _answered_before(desk: Desk, request: _Request) -> Acknowledgement | None:
    at_rest = desk.at_rest
    row = desk.session.scalars(
        select(LogLeaf).where(LogLeaf.request_tag == request.tag)
    ).one_or_none()
    if row is not None:
        (leaf,) = opened_rows(at_rest, [row])
        return _same(request, leaf.body_digest, Acknowledgement(leaf.receipt, is_receipt=True))
    sealed = desk.session.scalar(select(Refusal.sealed).where(Refusal.request_tag == request.tag))
    if sealed is None:
        return None
    _, body_digest, document = json.loads(at_rest.open(sealed, purpose=REFUSAL_PURPOSE))
    return _same(request, body_digest, Acknowledgement(document, is_receipt=False))


def _same(request: _Request, body_digest: str, answer: Acknowledgement) -> Acknowledgement:
    if body_digest != request.body_digest:
        raise KeyReusedError
    return answer


def _refusal_reason(window: _Window, checked: Checked, moment: datetime) -> SignedRefusal | None:
    if window.status == RoundStatus.CANCELLED:
        return SignedRefusal.WITHDRAWN_ROUND
    begun = window.opens_at is not None and moment >= window.opens_at
    if window.status == RoundStatus.PUBLISHED or not begun:
        raise NotBiddingError
    ended = window.closes_at is None or moment >= window.closes_at
    if window.status != RoundStatus.BIDDING or ended:
        return SignedRefusal.LATE
    if checked.manifest.digest != checked.current.digest:
        return SignedRefusal.STALE_MANIFEST
    return None


def _refuse(
    desk: Desk, request: _Request, checked: Checked, reason: SignedRefusal, moment: datetime
) -> Acknowledgement:
    refusal = issue_refusal(
        checked.current,
        envelope=checked.submission.digest,
        reason=reason,
        refused_at=moment,
        key=_server_key(desk, checked, moment),
        random_bytes=secrets.token_bytes,
    )
    document = refusal.to_bytes().decode()
    content = json.dumps([desk.organisation_id, request.body_digest, document]).encode()
    desk.session.add(
        Refusal(
            round_id=desk.round_.id,
            request_tag=request.tag,
            sealed=desk.at_rest.seal(content, purpose=REFUSAL_PURPOSE),
        )
    )
    desk.session.flush()
    return Acknowledgement(document, is_receipt=False)


def _accept(desk: Desk, request: _Request, checked: Checked, moment: datetime) -> Acknowledgement:
    submission = checked.submission
    _require_follows(desk, submission)
    receipt = issue_receipt(
        checked.current,
        envelope=submission.digest,
        received_at=moment,
        key=_server_key(desk, checked, moment),
        random_bytes=secrets.token_bytes,
    )
    leaf = Leaf(
        organisation_id=desk.organisation_id,
        person_id=desk.person_id,
        version=submission.version,
        digest=submission.digest,
        body_digest=request.body_digest,
        receipt=receipt.to_bytes().decode(),
        body=submission.to_bytes().decode(),
        is_bid=isinstance(submission, Envelope),
    )
    desk.session.execute(
        insert(LogLeaf).values(
            round_id=desk.round_.id,
            chain_tag=_chain_tag(desk, submission.version),
            request_tag=request.tag,
            sealed=desk.at_rest.seal(pack_leaf(leaf), purpose=PURPOSE),
        )
    )
    return Acknowledgement(leaf.receipt, is_receipt=True)


def _require_follows(desk: Desk, submission: Submission) -> None:
    tags = [_chain_tag(desk, version) for version in (submission.version - 1, submission.version)]
    rows = desk.session.scalars(
        select(LogLeaf).where(LogLeaf.chain_tag.in_(tags)).order_by(LogLeaf.id)
    )
    newest = next(reversed(opened_rows(desk.at_rest, rows)), None)
    try:
        check_succession(submission, previous=None if newest is None else newest.submission)
    except MismatchError as refusal:
        raise BrokenChainError from refusal


def _chain_tag(desk: Desk, version: int) -> str:
    return chain_tag(
        desk.at_rest,
        round_id=desk.round_.id,
        organisation_id=desk.organisation_id,
        version=version,
    )


def _server_key(desk: Desk, checked: Checked, moment: datetime) -> SigningKey:
    return platform_key(
        desk.session,
        owner=SERVER,
        suite=checked.current.suite_name,
        secret_key=desk.secret_key,
        moment=moment,
    )
