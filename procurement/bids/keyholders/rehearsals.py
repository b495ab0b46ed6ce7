"""The rehearsal: before a round goes live, its keyholders open an envelope without a bid."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import (
    Envelope,
    FormatError,
    Manifest,
    SealingError,
    SharePosting,
    Verdict,
    as_rehearsal,
    check_posting,
    open_envelope,
    read_manifest,
    read_posting,
    read_submission,
    seal_rehearsal,
    shares_of,
    sign_manifest,
)
from procurement.audit import record
from procurement.bids.keyholders.keys import MADE_IN, KeysFrozenError, Seat, own_seat, seats_of
from procurement.bids.keyholders.manifests import draft_manifest
from procurement.bids.keyholders.platform_keys import bureau_owner, platform_key
from procurement.bids.subjects import signed_in
from procurement.bids.tables import Rehearsal, RehearsalShare
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.tables import Round


class RehearsalImpossibleError(RefusedError):
    """Keys, quorum or dates are missing or do not fit together."""

    def __init__(self, cause: str) -> None:
        """Keep what is missing, as sealing says it."""
        super().__init__(
            zh="还不能演练：须至少三名持有人都已提交密钥，且开启人数（k）不少于 2、少于持有人数；"
            "申报截止时间不晚于开标时间。",
            en=f"A rehearsal is not possible yet: {cause}.",
        )


class NoRehearsalError(RefusedError):
    """There is no rehearsal, or the keys have changed since."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="没有进行中的演练，或密钥在演练后已更换；请由经办人重新发起演练。",
            en="There is no rehearsal, or keys have changed since; an officer starts a new one.",
        )


@dataclass(frozen=True, slots=True)
class RehearsalState:
    """A rehearsal and what became of it.

    Attributes:
        rehearsal: As stored; None where there was none.
        is_current: Sealed to the keys and quorum that the round has now.
        fitting: Seats whose share fits.
        wrong: Seats that posted a share that does not fit.
        has_opened: The envelope opened with the shares posted.
    """

    rehearsal: Rehearsal | None = None
    is_current: bool = False
    fitting: tuple[int, ...] = ()
    wrong: tuple[int, ...] = ()
    has_opened: bool = False


def start_rehearsal(
    session: Session, *, round_: Round, actor: Actor, secret_key: bytes, moment: datetime
) -> Rehearsal:
    """Seal an envelope without a bid to the keys that the round has now.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: The officer.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        KeysFrozenError: The round is published.
        RehearsalImpossibleError: Keys, quorum or dates are missing.
    """
    if round_.status not in MADE_IN:
        raise KeysFrozenError
    _, person_id = signed_in(actor)
    try:
        if any(seat.key is None for seat in seats_of(session, round_id=round_.id)):
            raise FormatError("keys", "a key of every keyholder")
        manifest, envelope = _sealed(session, round_, secret_key, moment)
    except SealingError as refusal:
        raise RehearsalImpossibleError(str(refusal)) from refusal
    rehearsal = Rehearsal(
        round_id=round_.id,
        manifest=manifest.to_bytes().decode(),
        envelope=envelope.to_bytes().decode(),
        sealed_by=person_id,
        sealed_at=moment,
    )
    session.add(rehearsal)
    session.flush()
    record(
        session,
        actor=actor,
        action="start-rehearsal",
        subject=f"round/{round_.name}",
        facts={"envelope": envelope.digest},
        moment=moment,
    )
    return rehearsal


def _sealed(
    session: Session, round_: Round, secret_key: bytes, moment: datetime
) -> tuple[Manifest, Envelope]:
    draft = draft_manifest(
        session, round_=round_, supersedes=None, secret_key=secret_key, moment=moment
    )
    key = platform_key(
        session,
        owner=bureau_owner(round_.bureau_id or 0),
        suite=draft.suite_name,
        secret_key=secret_key,
        moment=moment,
    )
    trial = sign_manifest(as_rehearsal(draft), key=key, random_bytes=secrets.token_bytes)
    envelope, _ = seal_rehearsal(trial, signing_key=key, random_bytes=secrets.token_bytes)
    return trial, envelope


def post_rehearsal_share(
    session: Session, *, round_: Round, actor: Actor, post: bytes, moment: datetime
) -> RehearsalShare:
    """Record what a keyholder unsealed; a share that does not fit is recorded as such.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: The keyholder.
        post: The signed posting.
        moment: When.

    Raises:
        NoRehearsalError: There is no rehearsal to the present keys.
        InvalidInputError: The posting is malformed or not signed with the seat's key.
    """
    organisation_id, person_id = signed_in(actor)
    seat = own_seat(session, round_=round_, organisation_id=organisation_id)
    state = rehearsal_state(session, round_=round_)
    if state.rehearsal is None or not state.is_current:
        raise NoRehearsalError
    manifest, envelope = rehearsal_documents(state.rehearsal)
    posting = _checked(post, manifest, seat)
    result = open_envelope(manifest, envelope, shares=shares_of(envelope, [posting]))
    share = RehearsalShare(
        rehearsal_id=state.rehearsal.id,
        person_id=person_id,
        seat=seat.seat,
        post=post.decode(),
        fits=envelope.digest in posting.shares and not result.wrong_seats,
        posted_at=moment,
    )
    session.add(share)
    session.flush()
    return share


def _checked(post: bytes, manifest: Manifest, seat: Seat) -> SharePosting:
    try:
        posting = read_posting(post)
        check_posting(posting, manifest)
    except SealingError as refusal:
        raise InvalidInputError([_fault(str(refusal))]) from refusal
    if posting.seat != seat.seat:
        raise InvalidInputError([_fault("the posting is of another seat")])
    return posting


def _fault(cause: str) -> FieldFault:
    return FieldFault(
        "posting",
        f"提交的份额不符合格式，或不是由本席位的密钥签名（{cause}）。",
        f"The posting is malformed or not signed with this seat's key ({cause}).",
    )


def rehearsal_documents(rehearsal: Rehearsal) -> tuple[Manifest, Envelope]:
    """Return the trial manifest and the envelope of a rehearsal."""
    envelope = read_submission(rehearsal.envelope)
    if not isinstance(envelope, Envelope):
        raise FormatError("rehearsal", "an envelope")
    return read_manifest(rehearsal.manifest), envelope


def rehearsal_state(session: Session, *, round_: Round) -> RehearsalState:
    """Tell how the newest rehearsal of a round stands."""
    newest = (
        select(Rehearsal)
        .where(Rehearsal.round_id == round_.id)
        .order_by(Rehearsal.id.desc())
        .limit(1)
    )
    rehearsal = session.scalars(newest).one_or_none()
    if rehearsal is None:
        return RehearsalState()
    manifest, envelope = rehearsal_documents(rehearsal)
    posted = session.scalars(
        select(RehearsalShare)
        .where(RehearsalShare.rehearsal_id == rehearsal.id)
        .order_by(RehearsalShare.id)
    ).all()
    # Of several postings of a seat the newest counts: who took the wrong file tries again.
    newest_of = {one.seat: one for one in posted}
    fitting = [one for one in newest_of.values() if one.fits]
    postings = [read_posting(one.post) for one in fitting]
    result = open_envelope(manifest, envelope, shares=shares_of(envelope, postings))
    return RehearsalState(
        rehearsal=rehearsal,
        is_current=_is_current(session, round_, manifest),
        fitting=tuple(sorted(one.seat for one in fitting)),
        wrong=tuple(sorted(one.seat for one in newest_of.values() if not one.fits)),
        has_opened=result.verdict is Verdict.OPENED,
    )


def _is_current(session: Session, round_: Round, manifest: Manifest) -> bool:
    keys = {
        seat.seat: seat.key and (seat.key.public_key, seat.key.signing_key)
        for seat in seats_of(session, round_id=round_.id)
    }
    sealed_to = {
        one.seat: (one.sealing_key.hex(), one.signing_key.hex()) for one in manifest.holders
    }
    return round_.quorum == manifest.threshold and keys == sealed_to


def rehearsal_json(found: Rehearsal | None) -> str:
    """Return the documents of a rehearsal as one document.

    Raises:
        NotFoundForActorError: There is no rehearsal.
    """
    if found is None:
        raise NotFoundForActorError
    return f'{{"manifest":{found.manifest},"envelope":{found.envelope}}}'
