"""Sending a report: what is asked before, what is kept, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.database import text_digest
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.rounds.tables import Round
from procurement.volumes.lots import asked_lots
from procurement.volumes.reporting.checks import (
    CheckedProduct,
    check_products,
    conversion_faults,
    demands_of,
    product_faults,
)
from procurement.volumes.reporting.papers import papers_of
from procurement.volumes.reporting.service import (
    explanations_of,
    lines_of,
    lock_report,
    note_event,
    report_uses,
    set_status,
)
from procurement.volumes.reporting.splits import split_faults
from procurement.volumes.reporting.submissions import submission_content
from procurement.volumes.rules import receipt_number
from procurement.volumes.states import EventKind, ReportStatus, WrongReportStatusError
from procurement.volumes.tables import (
    PaperKind,
    VolumeEvent,
    VolumeExplanation,
    VolumeLine,
    VolumeReport,
    VolumeUpload,
    VolumeUploadFault,
)
from procurement.volumes.window import check_window, rule_of


@dataclass(frozen=True, slots=True)
class Answers:
    """A report as it would be sent.

    Attributes:
        products: Every product beside its past use.
        lines: Its lines.
        explanations: By lot.
        faults: What is missing; with any of them it cannot be sent.
        prefilled: Lines that are still as proposed from past purchases.
    """

    products: Sequence[CheckedProduct]
    lines: Sequence[VolumeLine]
    explanations: dict[int, VolumeExplanation]
    faults: Sequence[FieldFault]
    prefilled: int


def check_answers(
    session: Session, *, round_: Round, report: VolumeReport, moment: datetime
) -> Answers:
    """Read a report over: what it says, what it lacks, what looks odd."""
    lots = asked_lots(session, round_id=round_.id)
    lines = lines_of(session, report_id=report.id)
    explanations = explanations_of(session, report_id=report.id)
    products = check_products(
        lots,
        demands=demands_of(lines),
        explained={lot for lot, row in explanations.items() if row.reason_code and row.reason_text},
        uses=report_uses(session, round_=round_, report=report, moment=moment),
        rule=rule_of(round_),
    )
    faults = [
        *product_faults(products),
        *conversion_faults(lots, lines),
        *split_faults(session, lines=lines),
        *_file_faults(session, report_id=report.id),
        *_paper_faults(session, report_id=report.id),
    ]
    prefilled = sum(line.is_prefilled for line in lines)
    return Answers(products, lines, explanations, faults, prefilled)


def _file_faults(session: Session, *, report_id: int) -> list[FieldFault]:
    unmended = session.scalar(
        select(func.count())
        .select_from(VolumeUploadFault)
        .join(VolumeUpload, VolumeUpload.id == VolumeUploadFault.upload_id)
        .where(VolumeUpload.report_id == report_id, VolumeUploadFault.mended_at.is_(None))
    )
    if not unmended:
        return []
    return [
        FieldFault(
            "upload",
            f"上传的表格中还有 {unmended} 行未更正，请更正或舍弃。",
            f"{unmended} rows of the uploaded form are still faulty; mend or drop them.",
        )
    ]


def _paper_faults(session: Session, *, report_id: int) -> list[FieldFault]:
    if PaperKind.COMMITMENT in papers_of(session, report_id=report_id):
        return []
    return [
        FieldFault(
            PaperKind.COMMITMENT.value,
            "请上传加盖公章的承诺书。",
            "Upload the stamped commitment letter.",
        )
    ]


def submit_report(
    session: Session,
    *,
    round_: Round,
    report: VolumeReport,
    version: int,
    actor: Actor,
    moment: datetime,
) -> VolumeEvent:
    """Send a report to the bureau.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        report: The report.
        version: The version that the page showed.
        actor: Who sends it.
        moment: When the request arrived; what counts is the database's clock.

    Returns:
        The submission, with its content and digest.

    Raises:
        StaleError: Somebody else changed it since.
        WrongReportStatusError: It is submitted already.
        ReportingClosedError: The round does not take reports now.
        LateReportError: The window is over.
        InvalidInputError: With everything that is missing.
    """
    lock_report(session, report=report, version=version)
    if report.status == ReportStatus.SUBMITTED:
        raise WrongReportStatusError(ReportStatus.SUBMITTED, ReportStatus.SUBMITTED)
    taken_at = check_window(session, round_=round_, report=report)
    answers = check_answers(session, round_=round_, report=report, moment=moment)
    if answers.faults:
        raise InvalidInputError(answers.faults)
    event = record_submission(
        session,
        report=report,
        content=submission_content(answers.lines, answers.explanations.values()),
        actor=actor,
        moment=taken_at,
    )
    audit.record(
        session,
        actor=actor,
        action="submit-report",
        subject=f"volume-report/{report.id}",
        facts={"round": round_.name, "digest": report.digest or ""},
        moment=taken_at,
    )
    return event


def record_submission(
    session: Session, *, report: VolumeReport, content: str, actor: Actor, moment: datetime
) -> VolumeEvent:
    """Turn a locked report, which was checked, into a submitted one."""
    set_status(session, report=report, status=ReportStatus.SUBMITTED, moment=moment)
    report.submissions += 1
    report.digest = text_digest(content)
    report.return_reason = None
    return note_event(
        session,
        report=report,
        kind=EventKind.SUBMITTED,
        actor=actor,
        moment=moment,
        content=content,
    )


def withdraw_report(
    session: Session,
    *,
    round_: Round,
    report: VolumeReport,
    version: int,
    actor: Actor,
    moment: datetime,
) -> None:
    """Take a submitted report back to change it, while the window is open.

    Raises:
        StaleError: Somebody else changed it since.
        WrongReportStatusError: It is not submitted, or already accepted.
        ReportingClosedError: The round does not take reports now.
        LateReportError: The window is over: it could not be sent again.
    """
    lock_report(session, report=report, version=version)
    taken_at = check_window(session, round_=round_, report=report)
    if report.status != ReportStatus.SUBMITTED:
        raise WrongReportStatusError(ReportStatus(report.status), ReportStatus.DRAFT)
    set_status(session, report=report, status=ReportStatus.DRAFT, moment=taken_at)
    note_event(session, report=report, kind=EventKind.WITHDRAWN, actor=actor, moment=taken_at)


def number_of(round_: Round, report: VolumeReport) -> str | None:
    """The number of a report's last submission, or None where it was never sent."""
    if not report.submissions:
        return None
    return receipt_number(round_.name, report.id, report.submissions)
