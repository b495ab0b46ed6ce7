"""Opening an envelope by its quorum when the session runs, for the negotiators of it only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from bidding.sealing import Envelope as Sealed
from bidding.sealing import (
    SealingError,
    SharePosting,
    Verdict,
    canonical_bytes,
    check_posting,
    open_envelope,
    read_posting,
    shares_of,
)
from procurement.audit import record
from procurement.bids.subjects import signed_in
from procurement.bids.submission.at_rest import AtRest
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.campaigns.keys import own_seat
from procurement.negotiations.dossiers.steps import subject_of
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import SessionStatus
from procurement.negotiations.sessions.scheduling import locked_session, manifest_of
from procurement.negotiations.sessions.sealing import find_envelope, sealed_of
from procurement.negotiations.sessions.tables import Envelope, Opening, Session, SharePost
from procurement.permissions import Actor

SHARE_PURPOSE = "negotiation-share"
OPENED_PURPOSE = "maximum-price"


@dataclass(frozen=True, slots=True)
class OpenedPrice:
    """What came out of an envelope."""

    price: Decimal
    content_key: bytes

    def __repr__(self) -> str:
        """Without the price and the key, so that no log can hold them."""
        return "OpenedPrice(...)"


def is_opening_time(talk: Session, moment: datetime) -> bool:
    """Tell whether shares may be posted: the session has begun, and its time has come."""
    return talk.status != SessionStatus.SCHEDULED and moment >= talk.starts_at


def envelope_to_unseal(session: Database, *, talk: Session, moment: datetime) -> Envelope:
    """Return the envelope that the keyholders unseal, once the session runs.

    Raises:
        NotReadyError: The session has not begun, nothing is sealed, or it is open already.
    """
    envelope = find_envelope(session, talk=talk)
    is_open = find_opening(session, talk=talk) is not None
    if envelope is None or is_open or not is_opening_time(talk, moment):
        raise NotReadyError(
            zh="现在不接收密钥份额：须在谈判开始之后、信封开启之前。",
            en="Shares are taken after the session has begun and until the envelope is open.",
        )
    return envelope


def post_share(
    session: Database,
    *,
    talk: Session,
    actor: Actor,
    body: bytes,
    secret_key: bytes,
    moment: datetime,
) -> SharePost:
    """Record the share that a keyholder unsealed; with the quorum's last one the envelope opens.

    Raises:
        NotReadyError: It is not the time for it.
        InvalidInputError: Malformed, badly signed, of another seat, or of another envelope.
        NotFoundForActorError: The actor's organisation has no seat.
    """
    organisation_id, person_id = signed_in(actor)
    seat = own_seat(session, campaign_id=talk.dossier.campaign_id, organisation_id=organisation_id)
    talk = locked_session(session, talk)
    envelope = envelope_to_unseal(session, talk=talk, moment=moment)
    sealed = sealed_of(envelope)
    posting = _checked(body, talk, sealed, seat.seat)
    share_hashes = {one.seat: one.share_hash for one in sealed.shares}
    post = SharePost(
        session_id=talk.id,
        organisation_id=organisation_id,
        person_id=person_id,
        seat=seat.seat,
        sealed=AtRest(secret_key).seal(posting.to_bytes(), purpose=_purpose(talk)),
        fits=posting.hashes.get(sealed.digest) == share_hashes.get(seat.seat),
        posted_at=moment,
    )
    session.add(post)
    session.flush()
    record(
        session,
        actor=actor,
        action="post-envelope-share",
        subject=f"{subject_of(talk.dossier)}/seat/{seat.seat}",
        facts={"fits": "yes" if post.fits else "no"},
        moment=moment,
    )
    _open_if_enough(session, talk, sealed, secret_key, moment)
    return post


def posted_seats(session: Database, *, talk: Session) -> dict[int, bool]:
    """Return which seats have posted, and whether their newest share fits."""
    rows = session.scalars(
        select(SharePost).where(SharePost.session_id == talk.id).order_by(SharePost.id)
    )
    return {row.seat: row.fits for row in rows}


def find_opening(session: Database, *, talk: Session) -> Opening | None:
    """Return the opening of a session's envelope."""
    return session.scalars(select(Opening).where(Opening.session_id == talk.id)).one_or_none()


def opened_price(session: Database, *, talk: Session, secret_key: bytes) -> OpenedPrice | None:
    """Return what came out of the envelope; never hand it to a page without an audit entry."""
    opening = find_opening(session, talk=talk)
    if opening is None:
        return None
    text = AtRest(secret_key).open(opening.sealed, purpose=f"{OPENED_PURPOSE} {talk.id}")
    content = json.loads(text)
    return OpenedPrice(Decimal(content["price"]), bytes.fromhex(content["content_key"]))


def _checked(body: bytes, talk: Session, sealed: Sealed, seat: int) -> SharePosting:
    try:
        posting = read_posting(body)
        check_posting(posting, manifest_of(talk))
    except (SealingError, KeyError, LookupError) as refusal:
        raise _malformed(str(refusal)) from refusal
    if posting.seat != seat:
        raise _malformed("posting.seat: expected your own seat")
    if set(posting.hashes) - {sealed.digest}:
        raise _malformed("posting.hashes: expected the envelope of this session")
    return posting


def _malformed(cause: str) -> InvalidInputError:
    return InvalidInputError(
        [
            FieldFault(
                "posting",
                f"份额未被接受：格式、签名或席位不符（{cause}）。",
                f"The share was not accepted: {cause}.",
            )
        ]
    )


def _open_if_enough(
    session: Database, talk: Session, sealed: Sealed, secret_key: bytes, moment: datetime
) -> None:
    postings = _postings(session, talk, secret_key)
    result = open_envelope(manifest_of(talk), sealed, shares=shares_of(sealed, postings))
    if result.verdict is Verdict.QUORUM_MISSING:
        return
    if result.bid is None or result.content_key is None:
        raise NotReadyError(
            zh=f"信封内容与其摘要不符（{result.fault}），须由监督人员处理。",
            en=f"The envelope does not hold what it says ({result.fault}): the supervisors decide.",
        )
    price = result.bid.lines[0].declared_price
    content = {"price": str(price), "content_key": result.content_key.hex()}
    seats = sorted(set(shares_of(sealed, postings)) - set(result.wrong_seats))
    session.add(
        Opening(
            session_id=talk.id,
            seats=" ".join(map(str, seats)),
            sealed=AtRest(secret_key).seal(
                canonical_bytes(content), purpose=f"{OPENED_PURPOSE} {talk.id}"
            ),
            opened_at=moment,
        )
    )
    session.flush()
    record(
        session,
        actor=Actor(),
        action="open-envelope",
        subject=subject_of(talk.dossier),
        facts={"envelope": sealed.digest, "seats": " ".join(map(str, seats))},
        moment=moment,
    )


def _postings(session: Database, talk: Session, secret_key: bytes) -> Sequence[SharePosting]:
    at_rest = AtRest(secret_key)
    rows = session.scalars(
        select(SharePost).where(SharePost.session_id == talk.id).order_by(SharePost.id)
    )
    newest = {row.seat: at_rest.open(row.sealed, purpose=_purpose(talk)) for row in rows}
    return [read_posting(body) for body in newest.values()]


def _purpose(talk: Session) -> str:
    return f"{SHARE_PURPOSE} {talk.id}"
