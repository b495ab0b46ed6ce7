"""What waits for those who are warned, and for the officers who warn."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china, first_moment
from procurement.notices import Task
from procurement.orders.fulfilment.listing import notices_seen
from procurement.orders.fulfilment.states import KIND_NAMES, NoticeKind, NoticeStatus
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.permissions import Actor, Role

PAGE = "/fulfilment/notices"
_WARNED = frozenset({Role.HOSPITAL, Role.MANUFACTURER, Role.DISTRIBUTOR})
_SHOWN_MAX = 20


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody about fulfilment.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks: list[Task] = []
    if actor.organisation_id is None:
        return tasks
    if _WARNED & actor.roles:
        tasks += _to_answer(session, actor, moment)
    if Role.OFFICER in actor.roles:
        tasks += _to_decide(session, actor, moment)
    return tasks


def _to_answer(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    open_ones = notices_seen(
        session, actor=actor, day=day_in_china(moment), status=NoticeStatus.OPEN
    )
    wanted = open_ones.order_by(FulfilmentNotice.due_on, FulfilmentNotice.id).limit(_SHOWN_MAX)
    for notice in session.scalars(wanted):
        zh, en = KIND_NAMES[NoticeKind(notice.kind)]
        due_on = notice.due_on
        yield Task(
            zh=f"答复履约{zh}",
            en=f"Answer a notice about fulfilment: {en}",
            link=f"{PAGE}/{notice.id}",
            due_at=None if due_on is None else first_moment(due_on + timedelta(days=1)),
            urgent=True,
        )


def _to_decide(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    day = day_in_china(moment)
    for status, zh, en in (
        (NoticeStatus.FOUND, "处理履约检查发现：{} 项", "Look at findings about fulfilment: {}"),
        (NoticeStatus.ANSWERED, "处理履约通知的答复：{} 份", "Decide on answered notices: {}"),
    ):
        seen = notices_seen(session, actor=actor, day=day, status=status)
        number = session.scalar(select(func.count()).select_from(seen.subquery()))
        if number:
            yield Task(zh=zh.format(number), en=en.format(number), link=f"{PAGE}?status={status}")
    overdue = notices_seen(session, actor=actor, day=day, status=NoticeStatus.OPEN).where(
        FulfilmentNotice.due_on < day
    )
    number = session.scalar(select(func.count()).select_from(overdue.subquery()))
    if number:
        yield Task(
            zh=f"履约通知逾期未答复：{number} 份",
            en=f"Notices that nobody answered in time: {number}",
            link=f"{PAGE}?status={NoticeStatus.OPEN}",
            urgent=True,
        )
