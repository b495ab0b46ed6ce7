"""The notice board: what was published of which round, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, and_, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from procurement.awards.tables import AwardNotice
from procurement.permissions import Actor
from procurement.rounds.document.tables import DocumentKind, RoundDocument
from procurement.rounds.reading import rounds_for
from procurement.rounds.tables import Lot, Round, RoundEvent, RoundEventKind, RoundStatus

_S = RoundStatus


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What a notice is about.

    Attributes:
        zh: In Chinese.
        en: In English.
        path: Where it can be read, below the round's address.
    """

    zh: str
    en: str
    path: str = ""


KINDS: Mapping[str, NoticeKind] = {
    _S.VOLUME_REPORTING: NoticeKind("开始报量", "volume reporting begins"),
    _S.COMMENTS: NoticeKind(
        "采购文件公开征求意见", "draft document open for comments", "/document"
    ),
    _S.PUBLISHED: NoticeKind("发布采购文件", "procurement document published", "/document"),
    _S.BIDDING: NoticeKind("开始申报", "bidding begins"),
    _S.CLOSED: NoticeKind("申报截止，公布日志", "bidding closed, log published", "/log"),
    _S.OPENED: NoticeKind("公开申报信息", "bids opened", "/opening"),
    _S.ANNOUNCED: NoticeKind(
        "拟中选结果公示", "notice of the provisional selection", "/announcement"
    ),
    _S.AWARDED: NoticeKind("公布中选结果", "award published", "/award"),
    _S.REGIONS_CHOSEN: NoticeKind("公布各地区供应企业", "suppliers of the regions published"),
    _S.AGREEMENTS: NoticeKind("开始签订协议", "agreements are signed"),
    _S.RUNNING: NoticeKind("采购周期开始执行", "the procurement cycle runs"),
    _S.FOLLOWED_ON: NoticeKind("期满接续", "followed on by another round"),
    _S.ENDED: NoticeKind("采购周期结束", "the procurement cycle is over"),
    _S.CANCELLED: NoticeKind("取消", "cancelled"),
    "amendment": NoticeKind("发布补充文件", "amendment published", "/document"),
    "timetable": NoticeKind("时间安排调整", "timetable moved"),
    "outage": NoticeKind("因系统故障顺延", "moved by the outage rule"),
    "lot-failed": NoticeKind("品种撤出或采购失败", "a lot was withdrawn or failed"),
}
"""By what happened: a status that a round took, or another kind of event."""

_STATUSES = tuple(kind for kind in KINDS if kind in tuple(_S))
_AFTER_DRAFT = (RoundEventKind.TIMETABLE, RoundEventKind.OUTAGE, RoundEventKind.LOT_FAILED)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice.

    Attributes:
        round_name: Name of the round.
        round_title: Its title.
        kind: A key of `KINDS`.
        published_at: When.
        reason: Why, in the officers' words; empty where none was given.
        number: Of an amendment.
        lot: Code of the lot it concerns; None where it is about the round.
    """

    round_name: str
    round_title: str
    kind: str
    published_at: datetime
    reason: str
    number: int | None
    lot: str | None

    @property
    def address(self) -> str:
        """Where it can be read."""
        return f"/rounds/{self.round_name}{KINDS[self.kind].path}"

    def said(self, language: str) -> str:
        """What it is, in a language."""
        kind = KINDS[self.kind]
        number = "" if self.number is None else f" {self.number}"
        lot = "" if self.lot is None else f" {self.lot}"
        return f"{kind.en if language == 'en' else kind.zh}{number}{lot}"


def board(*, actor: Actor, round_name: str = "", words: str = "") -> Select[Any]:
    """Select the notices that somebody may read, the newest first.

    Args:
        actor: Who reads: notices of rounds that are not his to see are not there.
        round_name: Only of this round.
        words: Only of rounds whose title or name contains this.
    """
    seen = rounds_for(actor, words=words).order_by(None).with_only_columns(Round.id)
    if round_name:
        seen = seen.where(Round.name == round_name)
    found = union_all(_events(), _amendments()).subquery()
    return (
        select(
            Round.name.label("round_name"),
            Round.title.label("round_title"),
            found.c.kind,
            found.c.published_at,
            found.c.reason,
            found.c.number,
            found.c.lot,
        )
        .join(Round, Round.id == found.c.round_id)
        .where(Round.id.in_(seen))
        .order_by(found.c.published_at.desc(), Round.name, found.c.kind)
    )


def _events() -> Select[Any]:
    is_status = and_(RoundEvent.kind == RoundEventKind.STATUS, RoundEvent.status_to.in_(_STATUSES))
    # Before its publication a round's dates move without notice.
    is_other = and_(
        RoundEvent.kind.in_(_AFTER_DRAFT),
        RoundEvent.status_from.not_in((_S.DRAFT, _S.IMPORTED)),
    )
    kind = func.coalesce(
        func.nullif(RoundEvent.kind, RoundEventKind.STATUS.value), RoundEvent.status_to
    )
    found = (
        select(
            RoundEvent.round_id.label("round_id"),
            kind.label("kind"),
            RoundEvent.happened_at.label("published_at"),
            func.coalesce(RoundEvent.reason, "").label("reason"),
            null().label("number"),
            Lot.code.label("lot"),
        )
        .join(Lot, Lot.id == RoundEvent.lot_id, isouter=True)
        .where(or_(is_status, is_other))
    )
    return cast("Select[Any]", found)


def _amendments() -> Select[Any]:
    found = select(
        RoundDocument.round_id.label("round_id"),
        literal("amendment").label("kind"),
        RoundDocument.made_at.label("published_at"),
        RoundDocument.reason.label("reason"),
        RoundDocument.number.label("number"),
        null().label("lot"),
    ).where(RoundDocument.kind == DocumentKind.AMENDMENT)
    return cast("Select[Any]", found)


def notice_of(row: Any) -> Notice:  # noqa: ANN401 - a row of `board`
    """Make a notice of a row of `board`."""
    return Notice(
        round_name=row.round_name,
        round_title=row.round_title,
        kind=str(row.kind),
        published_at=row.published_at,
        reason=row.reason,
        number=row.number,
        lot=row.lot,
    )


def notices_on(session: Session, *, actor: Actor, round_name: str) -> list[Notice]:
    """Return all notices of one round, the newest first."""
    return [notice_of(row) for row in session.execute(board(actor=actor, round_name=round_name))]


def objections_close_at(session: Session, *, round_id: int) -> datetime | None:
    """Return until when objections to the newest notice are received, or None before it."""
    newest = (
        select(AwardNotice.closes_at)
        .where(AwardNotice.round_id == round_id)
        .order_by(AwardNotice.number.desc())
        .limit(1)
    )
    return session.scalar(newest)
