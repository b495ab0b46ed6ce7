"""What waits for somebody in designation."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.pharmacies.designation.noticing import notice_of
from procurement.pharmacies.designation.reading import (
    ApplicationRow,
    decides,
    own_applications,
    waiting_applications,
)
from procurement.pharmacies.designation.states import (
    APPLICATION_STATUS_NAMES,
    ApplicationStatus,
    DutyStatus,
)
from procurement.pharmacies.designation.tables import DrugDuty
from procurement.pharmacies.places.tables import Place

TASKS_MAX = 20


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits: drafts and duties of a place, steps of who called.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    if actor.organisation_id is None:
        return []
    tasks: list[Task] = []
    if decides(actor):
        rows = waiting_applications(session, caller_id=actor.organisation_id)
        tasks += [_step(row) for row in rows if _is_due(session, row, moment)]
    if {Role.PHARMACY, Role.HOSPITAL} & actor.roles:
        rows = own_applications(session, organisation_id=actor.organisation_id)
        tasks += [_draft(row) for row in rows if row.application.status == _DRAFTED]
    if Role.HOSPITAL in actor.roles:
        tasks += _duties(session, actor.organisation_id)
    return tasks[:TASKS_MAX]


_DRAFTED = ApplicationStatus.DRAFTED


def _is_due(session: Session, row: ApplicationRow, moment: datetime) -> bool:
    """While a notice runs there is nothing to do."""
    if row.application.status != ApplicationStatus.NOTICED:
        return True
    notice = notice_of(session, application_id=row.application.id)
    return notice is not None and notice.objections_until < day_in_china(moment)


def _step(row: ApplicationRow) -> Task:
    zh, en = APPLICATION_STATUS_NAMES[ApplicationStatus(row.application.status)]
    return Task(
        zh=f"{row.place.name}的定点申请：{zh}",
        en=f"Application of {row.place.name}: {en}",
        link=f"/designations/applications/{row.application.id}",
        due_at=None,
    )


def _draft(row: ApplicationRow) -> Task:
    return Task(
        zh=f"{row.place.name}的定点申请尚未提交，{row.call.closes_on} 截止",
        en=f"The application of {row.place.name} is not handed in; {row.call.closes_on} is the "
        "last day",
        link=f"/designations/applications/{row.application.id}",
        due_at=None,
    )


def _duties(session: Session, organisation_id: int) -> list[Task]:
    counted = (
        select(DrugDuty.status, func.count())
        .join(Place, Place.id == DrugDuty.place_id)
        .where(
            Place.organisation_id == organisation_id,
            DrugDuty.status.in_((DutyStatus.DUE, DutyStatus.OVERDUE)),
        )
        .group_by(DrugDuty.status)
    )
    counts = {status: count for status, count in session.execute(counted)}
    if not counts:
        return []
    overdue = counts.get(DutyStatus.OVERDUE, 0)
    return [
        Task(
            zh=f"{sum(counts.values())} 种药品待配备，其中 {overdue} 种逾期",
            en=f"{sum(counts.values())} drugs to bring in, {overdue} of them overdue",
            link="/designations/duties",
            due_at=None,
            urgent=overdue > 0,
        )
    ]
