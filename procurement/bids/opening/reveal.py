"""The fallback: if too few keyholders come, all bidders are asked for their content keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import KeyReveal, SealingError, check_reveal, read_reveal
from procurement.audit import record
from procurement.bids.opening.shares import NotOpeningError, open_when_ready, standing_leaves
from procurement.bids.periods import (
    BIDS,
    address_of,
    awaits_opening,
    is_opening_time,
    key_of,
    subject_name,
)
from procurement.bids.subjects import signed_in
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.leaves import Leaf
from procurement.bids.tables import RevealCall, RevealedKey
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify_all
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round
from procurement.rounds.tables import Round

PURPOSE = "revealed-key"
NOTICE_LEAST = timedelta(minutes=10)
REASON_MAX = 1000


class NoRevealCallError(RefusedError):
    """Bidders are not asked for their keys, or the time for it is over."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="本批次未要求企业公开内容密钥，或期限已过。",
            en="Bidders are not asked for their content keys in this round, or the time is over.",
        )


class AlreadyCalledError(RefusedError):
    """Bidders have been asked already, with one deadline for all."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="已经要求企业公开内容密钥，期限不再变动。",
            en="Bidders have been asked already; the deadline does not change.",
        )


def call_for_keys(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    due_at: datetime,
    reason: str,
    secret_key: bytes,
    sitting: int = BIDS,
) -> RevealCall:
    """Ask all who sealed something in a sitting for their content keys by one deadline.

    Args:
        session: Session of the caller's transaction.
        round_: The round, whose sitting is closed and to be opened.
        actor: The officer.
        due_at: Nothing is opened before; who has not revealed by then has withdrawn.
        reason: Why the keyholders cannot open.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        NotOpeningError: It is not the time of the opening.
        AlreadyCalledError: They were asked before.
        InvalidInputError: The deadline is too near, or there is no reason.
    """
    _, person_id = signed_in(actor)
    lock_round(session, round_=round_)
    moment = database_moment(session)
    if not is_opening_time(session, round_=round_, sitting=sitting, moment=moment):
        raise NotOpeningError
    if find_reveal_call(session, round_id=round_.id, sitting=sitting) is not None:
        raise AlreadyCalledError
    faults = _call_faults(due_at, reason, moment)
    if faults:
        raise InvalidInputError(faults)
    call = RevealCall(
        round_id=round_.id,
        sitting=sitting,
        due_at=due_at,
        reason=reason,
        called_by=person_id,
        called_at=moment,
    )
    session.add(call)
    session.flush()
    open_when_ready(
        session,
        round_=round_,
        sitting=sitting,
        moment=moment,
        cause="revealed",
        run_at=due_at,
    )
    _tell_bidders(session, round_, sitting, secret_key, moment)
    record(
        session,
        actor=actor,
        action="call-for-keys",
        subject=subject_name(round_, sitting),
        facts={"due_at": due_at.isoformat(), "reason": reason},
        moment=moment,
    )
    return call


def _tell_bidders(
    session: Session, round_: Round, sitting: int, secret_key: bytes, moment: datetime
) -> None:
    leaves = standing_leaves(session, round_id=round_.id, secret_key=secret_key, sitting=sitting)
    notify_all(
        session,
        organisation_ids=[leaf.organisation_id for leaf in leaves],
        zh=f"{round_.title}：密钥持有人未达开启人数。"
        "请在期限前凭内容密钥文件公开密钥；逾期视为撤回。",
        en=f"{round_.title}: too few keyholders came. Reveal your content key with the secret "
        "that you kept, before the deadline; otherwise what you sealed counts as withdrawn.",
        link=f"{address_of(round_, sitting)}/reveal",
        moment=moment,
        key=f"reveal {key_of(round_, sitting)}",
    )


def _call_faults(due_at: datetime, reason: str, moment: datetime) -> list[FieldFault]:
    faults = []
    if due_at < moment + NOTICE_LEAST:
        faults.append(
            FieldFault(
                "due_at", "期限至少在十分钟之后。", "The deadline must be ten minutes away or more."
            )
        )
    if not 0 < len(reason) <= REASON_MAX:
        faults.append(FieldFault("reason", "请说明原因。", "Give the reason."))
    return faults


def find_reveal_call(session: Session, *, round_id: int, sitting: int = BIDS) -> RevealCall | None:
    """Return the call for content keys of a sitting, if there was one."""
    return session.scalars(
        select(RevealCall).where(RevealCall.round_id == round_id, RevealCall.sitting == sitting)
    ).one_or_none()


def reveal_is_over(session: Session, *, round_: Round, sitting: int = BIDS) -> bool:
    """Tell whether bidders were asked for their keys and the deadline has passed."""
    call = find_reveal_call(session, round_id=round_.id, sitting=sitting)
    return call is not None and database_moment(session) >= call.due_at


def own_standing_bid(
    session: Session, *, round_: Round, organisation_id: int, secret_key: bytes, sitting: int = BIDS
) -> Leaf:
    """Return a bidder's envelope that is to be opened.

    Raises:
        NotFoundForActorError: It has none.
    """
    for leaf in standing_leaves(
        session, round_id=round_.id, secret_key=secret_key, sitting=sitting
    ):
        if leaf.organisation_id == organisation_id:
            return leaf
    raise NotFoundForActorError


def reveal_content_key(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    body: bytes,
    secret_key: bytes,
    sitting: int = BIDS,
) -> RevealedKey:
    """Record the content key of the actor's own envelope, whose hash allows only one.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: For the bidder.
        body: The signed reveal.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        NoRevealCallError: Nobody asked, or the time is over.
        InvalidInputError: Not the key that was sealed, or not signed by the bidder.
        NotFoundForActorError: The actor's organisation has no bid to reveal.
    """
    organisation_id, person_id = signed_in(actor)
    lock_round(session, round_=round_)
    call = find_reveal_call(session, round_id=round_.id, sitting=sitting)
    moment = database_moment(session)
    is_open = awaits_opening(session, round_=round_, sitting=sitting)
    if call is None or moment >= call.due_at or not is_open:
        raise NoRevealCallError
    leaf = own_standing_bid(
        session,
        round_=round_,
        organisation_id=organisation_id,
        secret_key=secret_key,
        sitting=sitting,
    )
    known = session.scalars(select(RevealedKey).where(RevealedKey.leaf_id == leaf.id)).one_or_none()
    if known is not None:
        return known
    reveal = _checked(body, leaf)
    revealed = RevealedKey(
        round_id=round_.id,
        sitting=sitting,
        leaf_id=leaf.id,
        person_id=person_id,
        sealed=AtRest(secret_key).seal(reveal.to_bytes(), purpose=PURPOSE),
        revealed_at=moment,
    )
    session.add(revealed)
    session.flush()
    return revealed


def _checked(body: bytes, leaf: Leaf) -> KeyReveal:
    try:
        reveal = read_reveal(body)
        check_reveal(reveal, leaf.envelope)
    except SealingError as refusal:
        raise InvalidInputError(
            [
                FieldFault(
                    "reveal",
                    f"未被接受：不是封入信封的内容密钥，或签名不符（{refusal}）。",
                    f"Not accepted: {refusal}.",
                )
            ]
        ) from refusal
    return reveal


def reveals_of(
    session: Session, *, round_id: int, secret_key: bytes, sitting: int = BIDS
) -> Sequence[KeyReveal]:
    """Return the keys that bidders revealed."""
    at_rest = AtRest(secret_key)
    rows = session.scalars(
        select(RevealedKey.sealed)
        .where(RevealedKey.round_id == round_id, RevealedKey.sitting == sitting)
        .order_by(RevealedKey.id)
    )
    return [read_reveal(at_rest.open(sealed, purpose=PURPOSE)) for sealed in rows]
