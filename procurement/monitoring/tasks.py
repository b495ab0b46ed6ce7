"""What waits for those who are surveyed, and for the bureau that watches."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.monitoring.states import ProposalStatus, ReportStatus
from procurement.monitoring.surveys.listing import open_for
from procurement.monitoring.tables import LinkageProposal, QuarterlyReport
from procurement.notices import Task
from procurement.permissions import Actor, Role

_SURVEYED = {Role.MANUFACTURER, Role.DISTRIBUTOR, Role.HOSPITAL, Role.PHARMACY}


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    own = actor.organisation_id
    if own is None:
        return []
    tasks: list[Task] = []
    if _SURVEYED & actor.roles:
        tasks += _to_answer(session, own)
    if Role.OFFICER in actor.roles:
        tasks += _to_publish(session, actor)
        tasks += _to_decide(session, actor)
    return tasks


def _to_answer(session: Session, own: int) -> Iterator[Task]:
    for survey in open_for(session, organisation_id=own):
        yield Task(
            zh=f"填报 {survey.month:%Y-%m} 药品价格和供应调查",
            en=f"Answer the survey of prices and supply of {survey.month:%Y-%m}",
            link=f"/monitoring/surveys/{survey.id}/answer",
            due_at=survey.closes_at,
        )


def _to_publish(session: Session, actor: Actor) -> Iterator[Task]:
    """Reports that another officer of the bureau asked for."""
    made = (
        select(QuarterlyReport)
        .where(QuarterlyReport.bureau_id == actor.organisation_id)
        .where(QuarterlyReport.status == ReportStatus.MADE)
        .where(QuarterlyReport.asked_by.is_distinct_from(actor.person_id))
        .order_by(QuarterlyReport.id)
    )
    for report in session.scalars(made):
        yield Task(
            zh=f"复核并发布 {report.year}年第{report.quarter}季度监测报告",
            en=f"Check and publish the monitoring report of {report.year}Q{report.quarter}",
            link=f"/monitoring/reports/{report.id}",
        )


def _to_decide(session: Session, actor: Actor) -> Iterator[Task]:
    number = session.scalar(
        select(func.count())
        .select_from(LinkageProposal)
        .where(LinkageProposal.bureau_id == actor.organisation_id)
        .where(LinkageProposal.status == ProposalStatus.PROPOSED)
        .where(LinkageProposal.proposed_by.is_distinct_from(actor.person_id))
    )
    if number:
        yield Task(
            zh=f"复核价格联动建议：{number:,} 条",
            en=f"Decide proposals to link prices: {number:,}",
            link="/monitoring/linkage",
        )
