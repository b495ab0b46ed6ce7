"""What waits for hospitals, officers and agencies about retained savings."""

from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.china_days import CHINA, day_in_china
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.savings.paying.paying import unpaid
from procurement.savings.publishing.publishing import standing_publication
from procurement.savings.publishing.reporting import latest_report
from procurement.savings.settlements.reading import settlements_for
from procurement.savings.statements.answering import unanswered, undecided
from procurement.savings.states import (
    AssessmentStatus,
    SettlementStatus,
    StatementStatus,
)
from procurement.savings.tables import HospitalStatement, SavingsAssessment, SavingsSettlement

_S = SettlementStatus

_NEXT: dict[SettlementStatus, tuple[str, str]] = {
    _S.DRAFTED: ("给出系数并提取采购数据", "give the factors and extract the purchases"),
    _S.EXTRACTED: ("考核医疗机构", "assess the hospitals"),
    _S.ASSESSED: ("测算", "compute the statements"),
    _S.COMPUTED: ("核对后送医疗机构确认", "check the statements and send them to hospitals"),
    _S.REPORTED: ("公示", "publish the table"),
}


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    if actor.organisation_id is None:
        return []
    tasks: list[Task] = []
    for settlement in settlements_for(session, actor=actor):
        if Role.HOSPITAL in actor.roles:
            tasks += _of_hospital(session, settlement, actor.organisation_id)
        if Role.OFFICER in actor.roles:
            tasks += _of_officer(session, settlement, actor.organisation_id)
        if Role.FUND_AGENCY in actor.roles and settlement.agency_id == actor.organisation_id:
            tasks += _of_agency(session, settlement, moment)
    return tasks


def _of_hospital(
    session: Session, settlement: SavingsSettlement, hospital_id: int
) -> Iterator[Task]:
    if settlement.status == _S.EXTRACTED:
        open_ = session.scalar(
            select(SavingsAssessment.id)
            .where(SavingsAssessment.settlement_id == settlement.id)
            .where(SavingsAssessment.hospital_id == hospital_id)
            .where(SavingsAssessment.status == AssessmentStatus.OPEN)
            .limit(1)
        )
        if open_ is not None:
            yield Task(
                zh=f"“{settlement.title}”：自评",
                en=f"“{settlement.title}”: assess yourself",
                link=f"/savings/{settlement.name}/assessments/{hospital_id}",
                urgent=True,
            )
    if settlement.status == _S.WITH_HOSPITALS:
        waits = session.scalar(
            select(HospitalStatement.id)
            .where(HospitalStatement.settlement_id == settlement.id)
            .where(HospitalStatement.hospital_id == hospital_id)
            .where(HospitalStatement.status == StatementStatus.OPEN)
        )
        if waits is not None:
            answer_by = settlement.answer_by
            due = None if answer_by is None else datetime.combine(answer_by, time(23, 59), CHINA)
            yield Task(
                zh=f"“{settlement.title}”：确认测算表或提出异议",
                en=f"“{settlement.title}”: confirm your statement or object",
                link=f"/savings/{settlement.name}/statements/{hospital_id}",
                due_at=due,
                urgent=True,
            )


def _of_officer(session: Session, settlement: SavingsSettlement, bureau_id: int) -> Iterator[Task]:
    status, link = SettlementStatus(settlement.status), f"/savings/{settlement.name}"
    if settlement.bureau_id == bureau_id:
        yield from _of_own(session, settlement, status, link)
    elif status == _S.REPORTED:
        report = latest_report(session, settlement=settlement)
        if report.to_bureau_id == bureau_id and report.answered_at is None:
            yield Task(
                zh=f"“{settlement.title}”：处理上报的留用金额",
                en=f"“{settlement.title}”: answer the report",
                link=link,
                urgent=True,
            )


def _of_own(
    session: Session, settlement: SavingsSettlement, status: SettlementStatus, link: str
) -> Iterator[Task]:
    if status in _NEXT:
        zh, en = _NEXT[status]
        yield Task(f"“{settlement.title}”：{zh}", f"“{settlement.title}”: {en}", link)
    if status != _S.WITH_HOSPITALS:
        return
    objections = len(undecided(session, settlement=settlement))
    if objections:
        yield Task(
            zh=f"“{settlement.title}”：处理异议 {objections} 件",
            en=f"“{settlement.title}”: decide objections: {objections}",
            link=link,
            urgent=True,
        )
    elif not unanswered(session, settlement=settlement):
        yield Task(
            zh=f"“{settlement.title}”：上报留用金额",
            en=f"“{settlement.title}”: report the amounts",
            link=link,
            urgent=True,
        )


def _of_agency(session: Session, settlement: SavingsSettlement, moment: datetime) -> Iterator[Task]:
    link = f"/savings/{settlement.name}"
    if settlement.status == _S.PUBLISHED:
        until = standing_publication(session, settlement=settlement).until
        if day_in_china(moment) > until:
            yield Task(
                zh=f"“{settlement.title}”：公示期满，下达拨付",
                en=f"“{settlement.title}”: the term of publicity is over, instruct the payments",
                link=link,
                urgent=True,
            )
    if settlement.status == _S.PAYING and not unpaid(session, settlement=settlement):
        yield Task(
            zh=f"“{settlement.title}”：已全部到账，办结清算",
            en=f"“{settlement.title}”: all is paid, close the settlement",
            link=link,
        )
