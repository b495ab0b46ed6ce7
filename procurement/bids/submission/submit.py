"""Submitting a sealed bid, a better one in its place, or its withdrawal."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import (
    MismatchError,
    SigningKey,
    Submission,
    check_succession,
    issue_receipt,
    issue_refusal,
)
from procurement.bids.keyholders.platform_keys import SERVER, opened_key, platform_key
from procurement.bids.periods import BIDS
from procurement.bids.subjects import signed_in
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.check import Checked, check, read_body
from procurement.bids.submission.errors import (
    BrokenChainError,
    KeyReusedError,
    MissingKeyError,
    NotBiddingError,
)
from procurement.bids.submission.gate import Gate, Window, gate_of, window_of_sitting
from procurement.bids.submission.leaves import (
    PURPOSE,
    Chain,
    Leaf,
    pack_leaf,
    unpack_leaf,
)
from procurement.bids.submission.statements import (
    APPEND,
    BEFORE,
    CLAIM,
    REFUSAL_PURPOSE,
    WINDOW,
    WINDOW_AND_CLOCK,
)
from procurement.bids.tables import LogLeaf, Refusal
from procurement.database import database_moment, shown_moment
from procurement.errors import RefusedError
from procurement.permissions import Actor
from procurement.rounds.tables import RoundStatus

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


@dataclass(frozen=True, slots=True)
class _Request:
    """A submission on its way, for whom, and with which keys."""

    gate: Gate
    chain: Chain
    person_id: int
    submission: Submission
    body_digest: str
    tag: str
    at_rest: AtRest
    secret_key: bytes

    @property
    def claim(self) -> int:
        """Number of the lock that the same request sent again waits for."""
        return int(self.tag[:16], 16) - 2**63

    def chain_tag(self, version: int) -> str:
        return self.chain.tag(self.at_rest, version)


@dataclass(frozen=True, slots=True)
class _Before:
    """What was there before.

    Attributes:
        answer: What the same request was answered; None if it is new.
        body_digest: Digest of the body of that request.
        newest: The bidder's leaf at this version or at the one before.
    """

    answer: Acknowledgement | None = None
    body_digest: str = ""
    newest: Leaf | None = None


def submit_bid(
    session: Session,
    *,
    round_name: str,
    actor: Actor,
    body: bytes,
    key: str,
    secret_key: bytes,
    sitting: int = BIDS,
) -> Acknowledgement:
    """Take an envelope or a withdrawal into the sitting's log, and promise so in a signed receipt.

    The server sees shape and signature only. The round's row is locked before the database's clock
    is asked, so that whatever is acknowledged stands in the log before it is closed, and whatever
    comes later is refused in writing. That a bidder's versions follow one another, and that a
    request is taken once, is held by unique tags, however many arrive at once.

    Args:
        session: Session of the caller's transaction, which must be committed before the answer is
            sent, also where it is a refusal.
        round_name: The round.
        actor: Who submits, for the own organisation.
        body: The envelope or withdrawal, as sent.
        key: The idempotency key: the same key and body give the same answer, byte for byte.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Returns:
        The signed receipt or the signed refusal.

    Raises:
        NotFoundForActorError: There is no such round or sitting, or it is not public.
        NoManifestError: The manifest is not signed yet.
        MissingKeyError: No idempotency key, or too long a one.
        InvalidInputError: The body is malformed, badly signed, or in somebody else's name.
        KeyReusedError: The key was used for another body.
        NotBiddingError: Bidding has not begun.
        NotEligibleError: Papers or credit rating stand in the way.
        NotAskedError: The sitting has no question for the bidder.
        BrokenChainError: The bidder's last envelope is another than the one that this replaces.
    """
    organisation_id, person_id = signed_in(actor)
    if not 0 < len(key) <= KEY_LENGTH_MAX:
        raise MissingKeyError
    submission = read_body(body)
    gate = gate_of(
        session,
        round_name=round_name,
        organisation_id=organisation_id,
        suite=submission.suite_name,
        sitting=sitting,
    )
    at_rest = AtRest(secret_key)
    chain = Chain(gate.round_id, organisation_id, sitting)
    request = _Request(
        gate=gate,
        chain=chain,
        person_id=person_id,
        submission=submission,
        body_digest=hashlib.sha256(body).hexdigest(),
        tag=chain.request_tag(at_rest, key),
        at_rest=at_rest,
        secret_key=secret_key,
    )
    return _decide(session, request, _checked(session, request))


def _checked(session: Session, request: _Request) -> Checked | RefusedError:
    """Check before the lock, but keep a refusal back until nothing is known to have come before.

    A request that was answered once is answered so again, whatever has changed since.
    """
    try:
        return check(
            session,
            gate=request.gate,
            submission=request.submission,
        )
    except RefusedError as refusal:
        return refusal


def _decide(
    session: Session, request: _Request, checked: Checked | RefusedError
) -> Acknowledgement:
    before = _read_before(session, request)
    if before.answer is not None:
        return _same(request, before)
    if isinstance(checked, RefusedError):
        raise checked
    # What is late already needs no lock of the round, and does not keep the closing waiting.
    window = request.gate.window
    reason = _refusal_reason(window, checked)
    if reason is None:
        window = _locked_window(session, request)
        reason = _refusal_reason(window, checked)
    elif (twin := _after_its_twin(session, request)).answer is not None:
        return _same(request, twin)
    if reason is not None:
        return _refuse(session, request, checked, reason, window.moment)
    return _accept(session, request, checked, before.newest, window.moment)


def _same(request: _Request, before: _Before) -> Acknowledgement:
    if before.answer is None:
        # Somebody of the same organisation was faster with another envelope.
        raise BrokenChainError
    if before.body_digest != request.body_digest:
        raise KeyReusedError
    return before.answer


def _locked_window(session: Session, request: _Request) -> Window:
    about = {"round_id": request.gate.round_id, "claim": request.claim}
    if session.get_bind().dialect.name == "postgresql":
        status, opens_at, closes_at, real = session.execute(WINDOW_AND_CLOCK, about).one()
        moment = shown_moment(session, real)
        locked = Window(RoundStatus(status), opens_at, closes_at, moment)
    else:
        # SQLite's writer holds the whole file already and ignores FOR SHARE.
        status, opens_at, closes_at = session.execute(WINDOW, about).one()
        locked = Window(RoundStatus(status), opens_at, closes_at, database_moment(session))
    if request.chain.sitting == BIDS:
        return locked
    return window_of_sitting(session, locked, sitting=request.chain)


def _after_its_twin(session: Session, request: _Request) -> _Before:
    """What the same request was answered, once nobody else is deciding it any more."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(CLAIM), {"claim": request.claim})
        return _read_before(session, request)
    # SQLite's writers come one after the other.
    return _Before()


def _read_before(session: Session, request: _Request) -> _Before:
    version = request.submission.version
    rows = session.execute(
        BEFORE,
        {
            "request": request.tag,
            "previous": request.chain_tag(version - 1),
            "own": request.chain_tag(version),
        },
    )
    newest: Leaf | None = None
    for purpose, tag, row_id, sealed in rows:
        content = request.at_rest.open(sealed, purpose=purpose)
        if purpose == REFUSAL_PURPOSE:
            _, body_digest, document = json.loads(content)
            return _Before(Acknowledgement(document, is_receipt=False), body_digest)
        leaf = unpack_leaf(content, row_id=row_id)
        if leaf is None:
            continue
        if tag == request.tag:
            return _Before(Acknowledgement(leaf.receipt, is_receipt=True), leaf.body_digest)
        if newest is None or leaf.id > newest.id:
            newest = leaf
    return _Before(newest=newest)


def _refusal_reason(window: Window, checked: Checked) -> SignedRefusal | None:
    if window.status == RoundStatus.CANCELLED:
        return SignedRefusal.WITHDRAWN_ROUND
    begun = window.opens_at is not None and window.moment >= window.opens_at
    if window.status == RoundStatus.PUBLISHED or not begun:
        raise NotBiddingError
    ended = window.closes_at is None or window.moment >= window.closes_at
    if window.status != window.taken_in or ended or window.is_final:
        return SignedRefusal.LATE
    return SignedRefusal.STALE_MANIFEST if checked.is_stale else None


def _refuse(
    session: Session,
    request: _Request,
    checked: Checked,
    reason: SignedRefusal,
    moment: datetime,
) -> Acknowledgement:
    refusal = issue_refusal(
        checked.current,
        envelope=request.submission.digest,
        reason=reason,
        refused_at=moment,
        key=_server_key(session, request, moment),
        random_bytes=secrets.token_bytes,
    )
    document = refusal.to_bytes().decode()
    content = [request.gate.organisation_id, request.body_digest, document]
    row = {
        "round_id": request.gate.round_id,
        "sitting": request.chain.sitting,
        "request_tag": request.tag,
        "sealed": request.at_rest.seal(json.dumps(content).encode(), purpose=REFUSAL_PURPOSE),
    }
    return _stored(session, request, Refusal, row, Acknowledgement(document, is_receipt=False))


def _accept(
    session: Session,
    request: _Request,
    checked: Checked,
    newest: Leaf | None,
    moment: datetime,
) -> Acknowledgement:
    submission = request.submission
    try:
        check_succession(submission, previous=newest)
    except MismatchError as refusal:
        raise BrokenChainError from refusal
    receipt = issue_receipt(
        checked.current,
        envelope=submission.digest,
        received_at=moment,
        key=_server_key(session, request, moment),
        random_bytes=secrets.token_bytes,
    )
    leaf = Leaf(
        organisation_id=request.gate.organisation_id,
        person_id=request.person_id,
        version=submission.version,
        digest=submission.digest,
        body_digest=request.body_digest,
        receipt=receipt.to_bytes().decode(),
        body=submission.to_bytes().decode(),
        is_bid=submission.is_bid,
        bidder=submission.bidder,
    )
    row = {
        "round_id": request.gate.round_id,
        "sitting": request.chain.sitting,
        "chain_tag": request.chain_tag(submission.version),
        "request_tag": request.tag,
        "sealed": request.at_rest.seal(pack_leaf(leaf), purpose=PURPOSE),
    }
    return _stored(session, request, LogLeaf, row, Acknowledgement(leaf.receipt, is_receipt=True))


def _stored(
    session: Session,
    request: _Request,
    table: type[LogLeaf | Refusal],
    row: dict[str, object],
    answer: Acknowledgement,
) -> Acknowledgement:
    """Append a row; where its tags are taken meanwhile, answer as whoever was faster was."""
    statement = APPEND[session.get_bind().dialect.name, table]
    if session.execute(statement, row).first() is not None:
        return answer
    return _same(request, _read_before(session, request))


def _server_key(session: Session, request: _Request, moment: datetime) -> SigningKey:
    suite = request.submission.suite_name
    sealed = request.gate.sealed_key
    if sealed is not None:
        return opened_key(sealed, owner=SERVER, suite=suite, secret_key=request.secret_key)
    return platform_key(
        session, owner=SERVER, suite=suite, secret_key=request.secret_key, moment=moment
    )
