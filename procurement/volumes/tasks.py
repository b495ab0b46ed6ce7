"""What waits for somebody in volume reporting, for the home page."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round, RoundStatus
from procurement.volumes.aggregate import latest_run
from procurement.volumes.calendar import Due, calendar_of
from procurement.volumes.rules import region_prefix
from procurement.volumes.states import ReportStatus
from procurement.volumes.subjects import visible_division
from procurement.volumes.tables import VolumeReport


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits: reports to send or correct, reports to review, volumes to aggregate.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    if not actor.roles & {Role.HOSPITAL, Role.OFFICER}:
        return []
    dues = calendar_of(session, actor=actor, moment=moment)
    if Role.HOSPITAL in actor.roles:
        return [_of_hospital(due) for due in dues if due.is_owed]
    return [task for due in dues for task in _of_officer(session, due, actor, moment)]


def _of_hospital(due: Due) -> Task:
    link = f"/rounds/{due.round.name}/volumes"
    if due.report is not None and due.report.status == ReportStatus.RETURNED:
        return Task(
            zh=f"“{due.round.title}”报量被退回，请修改后重新提交",
            en=f"Your report for “{due.round.title}” was returned: correct it and send it again",
            link=link,
            due_at=due.due_at,
            urgent=True,
        )
    return Task(
        zh=f"“{due.round.title}”需求量填报",
        en=f"Report your need for “{due.round.title}”",
        link=link,
        due_at=due.due_at,
    )


def _of_officer(session: Session, due: Due, actor: Actor, moment: datetime) -> Iterator[Task]:
    waiting = _submitted(session, due.round, actor)
    address = f"/rounds/{due.round.name}/volumes"
    if waiting:
        yield Task(
            zh=f"“{due.round.title}”有 {waiting:,} 份报量待审核",
            en=f"{waiting:,} reports for “{due.round.title}” wait for review",
            link=f"{address}/reports?status=submitted",
        )
    is_lead = due.round.bureau_id == actor.organisation_id
    is_over = due.due_at is not None and due.due_at <= moment
    if is_lead and is_over and latest_run(session, round_id=due.round.id) is None:
        yield Task(
            zh=f"“{due.round.title}”报量已截止，请汇总采购基数",
            en=f"Reporting for “{due.round.title}” is over: aggregate the base volumes",
            link=f"{address}/base",
        )


def _submitted(session: Session, round_: Round, actor: Actor) -> int:
    if round_.status not in (RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS):
        return 0
    statement = (
        select(func.count())
        .select_from(VolumeReport)
        .where(VolumeReport.round_id == round_.id, VolumeReport.status == ReportStatus.SUBMITTED)
    )
    prefix = region_prefix(visible_division(round_, actor))
    if prefix:
        statement = statement.join(Organisation, Organisation.id == VolumeReport.hospital_id)
        statement = statement.where(Organisation.region.startswith(prefix))
    return session.scalar(statement) or 0
