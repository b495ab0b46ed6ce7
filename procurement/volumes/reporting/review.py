"""The bureau's side: accepting reports, returning them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Actor
from procurement.rounds.tables import Round
from procurement.volumes.cells import read_text
from procurement.volumes.errors import VolumesFrozenError
from procurement.volumes.reporting.service import lock_report, note_event, set_status
from procurement.volumes.states import EventKind, ReportStatus
from procurement.volumes.tables import REASON_LENGTH_MAX, VolumeReport


def accept_report(
    session: Session,
    *,
    round_: Round,
    report: VolumeReport,
    version: int | None,
    actor: Actor,
    moment: datetime,
) -> None:
    """Accept a submitted report: it will count in the base volumes.

    Raises:
        StaleError: Somebody else changed it since.
        WrongReportStatusError: It is not submitted.
        VolumesFrozenError: The round is published.
    """
    _refuse_frozen(session, round_)
    lock_report(session, report=report, version=version)
    set_status(session, report=report, status=ReportStatus.ACCEPTED, moment=moment)
    note_event(session, report=report, kind=EventKind.ACCEPTED, actor=actor, moment=moment)


def accept_reports(
    session: Session,
    *,
    round_: Round,
    report_ids: Iterable[int],
    actor: Actor,
    moment: datetime,
) -> int:
    """Accept several reports of a list; those that are no longer submitted stay as they are.

    Returns:
        How many were accepted.

    Raises:
        VolumesFrozenError: The round is published.
    """
    _refuse_frozen(session, round_)
    # In the order of ids, so that two officers at once do not wait for each other.
    waiting = session.scalars(
        select(VolumeReport)
        .where(VolumeReport.round_id == round_.id, VolumeReport.id.in_(sorted(report_ids)))
        .where(VolumeReport.status == ReportStatus.SUBMITTED)
        .order_by(VolumeReport.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for report in waiting:
        set_status(session, report=report, status=ReportStatus.ACCEPTED, moment=moment)
        note_event(session, report=report, kind=EventKind.ACCEPTED, actor=actor, moment=moment)
    return len(waiting)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a hospital is to correct.

    Attributes:
        reason: What is wrong; the hospital reads it.
        until: Until when it may be sent again, where that is after the window; the bureau's own
            decision, on record.
    """

    reason: str
    until: datetime | None = None


def return_report(
    session: Session,
    *,
    round_: Round,
    report: VolumeReport,
    version: int,
    correction: Correction,
    actor: Actor,
    moment: datetime,
) -> None:
    """Send a report back with a reason; accepted ones too, until the round is published.

    Raises:
        StaleError: Somebody else changed it since.
        WrongReportStatusError: It is not submitted or accepted.
        VolumesFrozenError: The round is published.
        InvalidInputError: There is no reason, or it is too long, or the day is past.
    """
    _refuse_frozen(session, round_)
    lock_report(session, report=report, version=version)
    faults = _correction_faults(correction, database_moment(session))
    if faults:
        raise InvalidInputError(faults)
    set_status(session, report=report, status=ReportStatus.RETURNED, moment=moment)
    reason = correction.reason.strip()
    report.return_reason = reason
    report.correct_until = correction.until
    note_event(
        session,
        report=report,
        kind=EventKind.RETURNED,
        actor=actor,
        moment=moment,
        reason=reason,
    )
    notify(
        session,
        organisation_id=report.hospital_id,
        zh=f"报量被退回：{reason}"[:500],
        en=f"Your volume report was returned: {reason}"[:500],
        link=f"/rounds/{round_.name}/volumes/reports/{report.id}",
        moment=moment,
    )
    audit.record(
        session,
        actor=actor,
        action="return-report",
        subject=f"volume-report/{report.id}",
        facts={"round": round_.name, "reason": reason},
        moment=moment,
    )


def _correction_faults(correction: Correction, present: datetime) -> list[FieldFault]:
    faults = []
    if not read_text(correction.reason, length_max=REASON_LENGTH_MAX).value:
        faults.append(
            FieldFault(
                "reason",
                f"请写明需要修改之处，最多 {REASON_LENGTH_MAX} 个字。",
                f"Say what is to be corrected, in at most {REASON_LENGTH_MAX} characters.",
            )
        )
    if correction.until is not None and correction.until <= present:
        zh, en = "补正期限须晚于现在。", "The moment must lie ahead."
        faults.append(FieldFault("correct_until", zh, en))
    return faults


def _refuse_frozen(session: Session, round_: Round) -> None:
    session.flush()
    session.refresh(round_, with_for_update={"read": True})
    if round_.published_at is not None:
        raise VolumesFrozenError
