"""What waits for bureaus and agencies about complaints."""

from datetime import UTC, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.china_days import CHINA
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.pharmacies.complaints.listing import complaints_seen
from procurement.pharmacies.complaints.states import ComplaintStatus
from procurement.pharmacies.complaints.tables import Complaint

_OPEN = (ComplaintStatus.RECEIVED, ComplaintStatus.GRADED)


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks = []
    if Role.OFFICER in actor.roles:
        tasks += _to_assign(session, actor)
    if {Role.OFFICER, Role.FUND_AGENCY} & actor.roles:
        tasks += _to_answer(session, actor, moment)
    return tasks


def _to_assign(session: Session, actor: Actor) -> list[Task]:
    waiting = complaints_seen(actor=actor).where(Complaint.status.in_(_OPEN))
    number = _count(session, waiting.order_by(None).subquery())
    if not number:
        return []
    return [
        Task(
            zh=f"给投诉分级、交办：{number:,} 件",
            en=f"Grade and assign complaints: {number:,}",
            link="/complaints",
        )
    ]


def _to_answer(session: Session, actor: Actor, moment: datetime) -> list[Task]:
    own = select(func.count(), func.min(Complaint.due_on)).where(
        Complaint.assigned_to == actor.organisation_id,
        Complaint.status == ComplaintStatus.ASSIGNED,
    )
    number, due_on = session.execute(own).one()
    if not number:
        return []
    end = None if due_on is None else datetime.combine(due_on, time(23, 59), CHINA)
    return [
        Task(
            zh=f"答复投诉：{number:,} 件",
            en=f"Answer complaints: {number:,}",
            link="/complaints?status=assigned",
            due_at=None if end is None else end.astimezone(UTC),
            urgent=end is not None and end < moment,
        )
    ]


def _count(session: Session, listed: object) -> int:
    return session.scalar(select(func.count()).select_from(listed)) or 0  # type: ignore[arg-type]
