"""The steps against bad fulfilment, one after another: remind, talk, warn, set a deadline."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.fulfilment.changing import lock_notice, note, require_text
from procurement.orders.fulfilment.errors import LadderEndedError
from procurement.orders.fulfilment.issuing import Demanded, decide, issue
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.rules.crossings import LADDER
from procurement.orders.fulfilment.states import (
    KIND_NAMES,
    NoticeKind,
    NoticeStatus,
)
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.permissions import Actor


def escalate_notice(
    session: Session,
    *,
    notice: FulfilmentNotice,
    decision: str,
    demanded: Demanded,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> FulfilmentNotice:
    """Go on to a later step of the ladder, whether the notice was answered or not.

    Args:
        session: Session of the caller's transaction.
        notice: The step that was taken.
        decision: Why it was not enough.
        demanded: The step that follows, behind the present one in the ladder.
        actor: The officer.
        moment: When, aware.
        version: The version that a page showed.

    Returns:
        The new notice, issued.

    Raises:
        LadderEndedError: The present step is the last one.
        InvalidInputError: The step lies not behind the present one, or something is missing.
        WrongNoticeStateError: The notice is over already, or was not issued.
        StaleError: It was changed since the page was loaded.
    """
    text = require_text("decision", decision)
    lock_notice(session, notice=notice, version=version, wanted=NoticeStatus.ESCALATED)
    _check_step(session, notice, demanded.kind, moment)
    decide(notice, NoticeStatus.ESCALATED, text, actor, moment)
    note(session, notice, actor=actor, action="escalate-fulfilment-notice", moment=moment)
    following = _copy(notice, moment)
    session.add(following)
    session.flush()
    issue(session, following, demanded, actor, moment)
    return following


def steps_after(session: Session, *, notice: FulfilmentNotice, day: date) -> tuple[NoticeKind, ...]:
    """Return the steps that may follow a notice, by the ladder of its region."""
    present = NoticeKind(notice.kind)
    stated = rules_of(session, region=notice.region, day=day).words(LADDER)
    return later_steps(present, [NoticeKind(word) for word in stated])


def later_steps(present: NoticeKind, ladder: Sequence[NoticeKind]) -> tuple[NoticeKind, ...]:
    """The steps behind one; of the whole order of steps where a region states no ladder of its own.

    Examples:
        >>> [step.value for step in later_steps(NoticeKind.INTERVIEW, [])]
        ['warn', 'deadline']
        >>> later_steps(NoticeKind.WARN, [NoticeKind.REMIND, NoticeKind.WARN])
        ()
    """
    order = list(NoticeKind)
    steps = ladder or order
    return tuple(step for step in steps if order.index(step) > order.index(present))


def chain_of(session: Session, *, notice: FulfilmentNotice) -> list[FulfilmentNotice]:
    """Return all steps about the same finding, from the first."""
    chain = [notice]
    while chain[0].follows_id is not None:
        chain.insert(0, session.get_one(FulfilmentNotice, chain[0].follows_id))
    while (after := _following(session, chain[-1])) is not None:
        chain.append(after)
    return chain


def _following(session: Session, notice: FulfilmentNotice) -> FulfilmentNotice | None:
    wanted = select(FulfilmentNotice).where(FulfilmentNotice.follows_id == notice.id)
    return session.scalars(wanted).one_or_none()


def _check_step(
    session: Session, notice: FulfilmentNotice, wanted: NoticeKind, moment: datetime
) -> None:
    later = steps_after(session, notice=notice, day=day_in_china(moment))
    if not later:
        raise LadderEndedError
    if wanted not in later:
        zh = "、".join(KIND_NAMES[kind][0] for kind in later)
        en = ", ".join(KIND_NAMES[kind][1] for kind in later)
        raise InvalidInputError(
            [FieldFault("kind", f"下一步应为：{zh}。", f"The steps that may follow: {en}.")]
        )


def _copy(notice: FulfilmentNotice, moment: datetime) -> FulfilmentNotice:
    """The next step about the same finding."""
    same = (
        "about",
        "organisation_id",
        "region",
        "round_id",
        "term_id",
        "supply_id",
        "lot_id",
        "measure",
        "measured",
        "threshold",
        "measured_on",
        "rulebook",
        "clause",
        "is_verified",
        "zh",
        "en",
    )
    return FulfilmentNotice(
        **{name: getattr(notice, name) for name in same},
        kind=notice.kind,
        key=f"follows:{notice.id}",
        follows_id=notice.id,
        status=NoticeStatus.FOUND,
        found_at=moment,
    )
