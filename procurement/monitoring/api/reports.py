"""Quarterly reports by machine: listing, reading, asking for one, publishing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import get, post
from litestar.params import JSONBody

from procurement.monitoring.report.making import start_report
from procurement.monitoring.report.publishing import (
    content_of,
    publish_report,
    reports_seen,
)
from procurement.monitoring.subjects import find_report, own_monitoring, report_subject
from procurement.monitoring.tables import QuarterlyReport
from procurement.permissions import Action, Subject
from procurement.web import PageNumber, RowId, Visit, paginate, reads, writes

TAGS = ["monitoring"]
PATH = "/api/v1/monitoring/reports"


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report.

    Attributes:
        id: Names it in addresses.
        region: Division code.
        quarter: Such as 2027Q1.
        status: making, made, published or failed.
        digest: SHA-256 of the content; null until it is made.
        published_at: Null until it is.
        version: Of what is shown; a change names it.
    """

    id: int
    region: str
    quarter: str
    status: str
    digest: str | None
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Some reports, newest first.

    Attributes:
        items: Reports of this page.
        page: From 1.
        pages: How many there are.
    """

    items: list[ReportEntry]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A report with what it says.

    Attributes:
        report: As in the list.
        content: Every figure and sentence; null until it is made. Its canonical form (keys in
            order, no blanks) has the digest.
    """

    report: ReportEntry
    content: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReportBody:
    """Which report is asked for.

    Attributes:
        year: Calendar year.
        quarter: 1 to 4.
        measures: What the bureau did and will do, in Chinese.
        measures_en: The same in English.
    """

    year: int
    quarter: int
    measures: str = ""
    measures_en: str = ""


@dataclass(frozen=True, slots=True)
class VersionBody:
    """What is changed.

    Attributes:
        version: That was read.
    """

    version: int


def _entry(one: QuarterlyReport) -> ReportEntry:
    return ReportEntry(
        one.id,
        one.region,
        f"{one.year}Q{one.quarter}",
        one.status,
        one.digest,
        one.published_at,
        one.version,
    )


@get(PATH, tags=TAGS)
@reads
def list_reports(visit: Visit, page: PageNumber = 1) -> ReportPage:
    """List the reports that may be read: what is published, and the own bureau's."""
    visit.require(Action.READ_MONITORING_REPORT, Subject(is_public=True))
    sees_drafts = visit.may(Action.READ_MONITORING, own_monitoring(visit.actor))
    seen = reports_seen(actor=visit.actor, sees_drafts=sees_drafts)
    found = paginate(visit.session, seen, number=page)
    return ReportPage([_entry(one) for one in found.rows], found.number, found.count)


@get(PATH + "/{report_id:int}", tags=TAGS)
@reads
def read_report(visit: Visit, report_id: RowId) -> ReportDetail:
    """Read a report with everything it says."""
    visit.require_ever(Action.READ_MONITORING_REPORT)
    report = find_report(visit.session, report_id=report_id)
    visit.require(Action.READ_MONITORING_REPORT, report_subject(report))
    content = content_of(report)
    return ReportDetail(_entry(report), None if content is None else dict(content))


@post(PATH, tags=TAGS, status_code=202)
@writes
def ask_report(visit: Visit, data: JSONBody[ReportBody]) -> ReportEntry:
    """Ask for the report of a quarter that is over; a job makes it."""
    visit.require(Action.RUN_MONITORING, own_monitoring(visit.actor))
    report = start_report(
        visit.session,
        year=data.year,
        quarter=data.quarter,
        measures=(data.measures, data.measures_en),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(report)


@post(PATH + "/{report_id:int}/publication", tags=TAGS)
@writes
def publish(visit: Visit, report_id: RowId, data: JSONBody[VersionBody]) -> ReportEntry:
    """Publish a report that another officer asked for."""
    visit.require_ever(Action.CONFIRM_MONITORING)
    report = find_report(visit.session, report_id=report_id)
    visit.require(Action.CONFIRM_MONITORING, report_subject(report))
    return _entry(
        publish_report(
            visit.session,
            report_id=report_id,
            version=data.version,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


ROUTES = (list_reports, read_report, ask_report, publish)
"""Handlers of the interface."""
