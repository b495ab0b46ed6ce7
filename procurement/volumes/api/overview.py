"""What is due and how far it is, by machine: the calendar, progress, and who has not reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from litestar import get
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.volumes.api.reports import TAGS
from procurement.volumes.at_edge import round_in_view
from procurement.volumes.calendar import calendar_of
from procurement.volumes.reporting.listing import missing_hospitals, progress_by_region
from procurement.volumes.states import ReportStatus
from procurement.volumes.subjects import visible_division
from procurement.web import Cursor, PageSize, Visit, reads

ROUND = "/api/v1/rounds/{name:str}"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A round that takes reports, or will.

    Attributes:
        round: Name of the round.
        title: Title of its document.
        opens_at: From when reports are taken.
        due_at: Until when, for the caller's own report.
        report_id: The caller's report, if it has begun one.
        status: Of that report.
        lead: The hospital that reports for the caller, if it is another.
        is_open: Reports are taken now.
        is_owed: The caller still has to send its report.
    """

    round: str
    title: str
    opens_at: datetime | None
    due_at: datetime | None
    report_id: int | None
    status: str | None
    lead: str | None
    is_open: bool
    is_owed: bool


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """All that is due."""

    items: list[CalendarEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    """How far a region is.

    Attributes:
        region: Its division code.
        hospitals: Those that report themselves or as lead of a group.
        reports: Their number by status.
    """

    region: str
    hospitals: int
    reports: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Every region of the round that the caller sees."""

    items: list[ProgressEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """A hospital that has not sent its report.

    Attributes:
        organisation_id: The hospital.
        name: Its name.
        credit_code: Its unified social credit code.
        region: Its administrative division.
    """

    organisation_id: int
    name: str
    credit_code: str | None
    region: str


@dataclass(frozen=True, slots=True)
class MissingPage:
    """Some of them, and where to go on."""

    items: list[MissingEntry]
    next_cursor: str | None


@get("/api/v1/volume-calendar", tags=TAGS)
@reads
def read_calendar(visit: Visit) -> CalendarPage:
    """List the rounds that take reports and concern the caller, those due first at the top."""
    visit.require(Action.READ_CALENDAR)
    return CalendarPage(
        [
            CalendarEntry(
                round=due.round.name,
                title=due.round.title,
                opens_at=due.opens_at,
                due_at=due.due_at,
                report_id=None if due.report is None else due.report.id,
                status=None if due.report is None else due.report.status,
                lead=None if due.lead is None else due.lead.name,
                is_open=due.is_open,
                is_owed=due.is_owed,
            )
            for due in calendar_of(visit.session, actor=visit.actor, moment=visit.moment)
        ]
    )


@get(ROUND + "/volume-progress", tags=TAGS)
@reads
def read_progress(visit: Visit, name: FromPath[str]) -> ProgressPage:
    """Count the reports of each region that the bureau sees; members count with their lead."""
    round_ = round_in_view(visit, name, Action.READ_REPORT)
    rows = progress_by_region(
        visit.session,
        round_=round_,
        moment=visit.moment,
        division=visible_division(round_, visit.actor),
    )
    return ProgressPage(
        [
            ProgressEntry(
                region=row.region,
                hospitals=row.due,
                reports={status.value: count for status, count in sorted(row.by_status.items())},
            )
            for row in rows
        ]
    )


@get(ROUND + "/volume-missing", tags=TAGS)
@reads
def list_missing(
    visit: Visit, name: FromPath[str], page_size: PageSize = 50, cursor: Cursor = None
) -> MissingPage:
    """List the hospitals that have not sent a report."""
    round_ = round_in_view(visit, name, Action.READ_REPORT)
    rows = missing_hospitals(
        visit.session,
        round_=round_,
        moment=visit.moment,
        statuses=(ReportStatus.SUBMITTED, ReportStatus.ACCEPTED),
        division=visible_division(round_, visit.actor),
        after_id=_after(cursor),
        size=page_size + 1,
    )
    shown = rows[:page_size]
    items = [MissingEntry(row.id, row.name, row.credit_code, row.region) for row in shown]
    return MissingPage(items, str(shown[-1].id) if len(rows) > page_size else None)


def _after(cursor: str | None) -> int:
    if not cursor:
        return 0
    # Longer ones do not fit the column that they are compared with.
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        zh, en = "不是本接口给出的游标。", "Expected a cursor given by this list."
        raise InvalidInputError([FieldFault("cursor", zh, en)])
    return int(cursor)


ROUTES = (read_calendar, read_progress, list_missing)
"""Handlers of the interface."""
