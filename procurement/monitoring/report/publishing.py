"""Publishing a report, and finding those that are there."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.errors import StaleError
from procurement.monitoring.errors import SourcesUnknownError
from procurement.monitoring.states import ReportStatus, check_report
from procurement.monitoring.tables import (
    MonitoringParameters,
    QuarterlyReport,
    QuarterlyReportFile,
)
from procurement.monitoring.thresholds import thresholds_in
from procurement.permissions import Actor
from procurement.volumes.rules import region_prefix


def publish_report(
    session: Session, *, report_id: int, version: int, actor: Actor, moment: datetime
) -> QuarterlyReport:
    """Publish a report that is made.

    Args:
        session: Session of the caller's transaction.
        report_id: Which.
        version: That the page showed.
        actor: Another officer than who asked for it: the permission asks.
        moment: Now.

    Raises:
        WrongStateError: It is not made, or is public.
        StaleError: Somebody changed it since.
        SourcesUnknownError: Nobody had said how many sources a public figure needs.
    """
    report = session.get_one(
        QuarterlyReport, report_id, with_for_update=True, populate_existing=True
    )
    check_report(report.status, ReportStatus.PUBLISHED)
    if version != report.version:
        raise StaleError
    parameters = (
        None
        if report.parameters_id is None
        else session.get_one(MonitoringParameters, report.parameters_id)
    )
    if thresholds_in(parameters).sources_min is None:
        raise SourcesUnknownError
    report.status = ReportStatus.PUBLISHED
    report.published_by = actor.person_id
    report.published_at = moment
    report.version += 1
    audit.record(
        session,
        actor=actor,
        action="publish-quarterly-report",
        subject=f"quarterly-report/{report.id}",
        facts={"quarter": f"{report.year}Q{report.quarter}", "digest": report.digest or ""},
        moment=moment,
    )
    return report


def reports_seen(*, actor: Actor, sees_drafts: bool) -> Select[QuarterlyReport]:
    """Select the reports that somebody may see, newest first.

    Args:
        actor: Who asks.
        sees_drafts: He may read what his bureau, or a bureau of its region, has not published.
    """
    reports = select(QuarterlyReport)
    public = QuarterlyReport.status == ReportStatus.PUBLISHED
    if sees_drafts:
        within = QuarterlyReport.region.startswith(region_prefix(actor.region), autoescape=True)
        own = QuarterlyReport.bureau_id == actor.organisation_id
        reports = reports.where(public | within | own)
    else:
        reports = reports.where(public)
    return reports.order_by(
        QuarterlyReport.year.desc(), QuarterlyReport.quarter.desc(), QuarterlyReport.id.desc()
    )


def content_of(report: QuarterlyReport) -> Mapping[str, Any] | None:
    """Return the content of a report; None until it is made."""
    return None if report.content is None else json.loads(report.content)


def file_of(session: Session, *, report_id: int, language: str) -> QuarterlyReportFile | None:
    """Return a report as PDF; None where it could not be printed."""
    return session.scalars(
        select(QuarterlyReportFile).filter_by(report_id=report_id, language=language)
    ).one_or_none()
