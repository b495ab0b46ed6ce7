"""Lists of reports: by status and region, how far each region is, who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind, OrganisationRelation
from procurement.rounds.tables import Round
from procurement.volumes.groups import is_member_on, membership_day
from procurement.volumes.rules import region_finder, region_prefix
from procurement.volumes.states import ReportStatus
from procurement.volumes.tables import VolumeReport
from procurement.volumes.window import regions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """Which reports a list shows.

    Attributes:
        division: Hospitals of this division only.
        status: Of this status only.
        text: Hospitals whose name contains it.
    """

    division: str = "000000"
    status: ReportStatus | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A report in a list."""

    report: VolumeReport
    hospital: str
    division: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Reports after a place in the list."""

    rows: Sequence[ListedReport]
    following: tuple[datetime, int] | None
    """Where to go on; None at the end."""


def list_reports(
    session: Session,
    *,
    round_: Round,
    wanted: ReportFilter,
    after: tuple[datetime, int] | None = None,
    size: int = 50,
) -> ReportPage:
    """Read a page of reports, those first that have waited longest.

    Args:
        session: Any session.
        round_: The round.
        wanted: Which reports.
        after: Place behind which to begin: time of the last change, and id.
        size: Most rows of the page.
    """
    report = VolumeReport
    statement = _filtered(session, round_, wanted).order_by(report.changed_at, report.id)
    if after is not None:
        moment, report_id = after
        key = tuple_(report.changed_at, report.id)
        statement = statement.where(
            key > tuple_(literal(moment, report.changed_at.type), literal(report_id))
        )
    rows = [
        ListedReport(found, name, division)
        for found, name, division in session.execute(statement.limit(size + 1))
    ]
    last = rows[size - 1].report if len(rows) > size else None
    return ReportPage(rows[:size], (last.changed_at, last.id) if last else None)


def _filtered(
    session: Session, round_: Round, wanted: ReportFilter
) -> Select[VolumeReport, str, str]:
    statement = (
        select(VolumeReport, Organisation.name, Organisation.region)
        .join(Organisation, Organisation.id == VolumeReport.hospital_id)
        .where(VolumeReport.round_id == round_.id)
    )
    if wanted.status is not None:
        statement = statement.where(VolumeReport.status == wanted.status)
    prefix = region_prefix(wanted.division)
    if prefix:
        # The first says which, the second lets the index of reports find them.
        statement = statement.where(Organisation.region.startswith(prefix))
        statement = statement.where(VolumeReport.region.in_(_touching(session, round_, prefix)))
    if wanted.text:
        statement = statement.where(Organisation.name.contains(wanted.text, autoescape=True))
    return statement


def _touching(session: Session, round_: Round, prefix: str) -> list[str]:
    return [
        region
        for region in regions_of(session, round_id=round_.id)
        if region.startswith(prefix) or prefix.startswith(region_prefix(region))
    ]


@dataclass(slots=True)
class RegionProgress:
    """How far a region is.

    Attributes:
        region: Code of the round's region.
        due: Hospitals that report themselves or as lead of a group.
        by_status: Reports by status.
    """

    region: str
    due: int
    by_status: dict[ReportStatus, int]

    @property
    def sent(self) -> int:
        """Reports that are submitted or accepted."""
        return self.by_status.get(ReportStatus.SUBMITTED, 0) + self.accepted

    @property
    def accepted(self) -> int:
        """Reports that are accepted."""
        return self.by_status.get(ReportStatus.ACCEPTED, 0)


def progress_by_region(
    session: Session, *, round_: Round, moment: datetime, division: str = "000000"
) -> list[RegionProgress]:
    """Count reports and hospitals by region of the round, those of one division only."""
    regions = regions_of(session, round_id=round_.id)
    found = {region: RegionProgress(region, 0, {}) for region in regions}
    region_at = region_finder(regions)
    for code, count in _due_by_division(session, round_, moment, division):
        region = region_at(code)
        if region is not None:
            found[region].due += count
    statement = select(VolumeReport.region, VolumeReport.status, func.count())
    prefix = region_prefix(division)
    if prefix:
        statement = statement.join(Organisation, Organisation.id == VolumeReport.hospital_id)
        statement = statement.where(Organisation.region.startswith(prefix))
    counted = statement.where(VolumeReport.round_id == round_.id).group_by(
        VolumeReport.region, VolumeReport.status
    )
    for region, status, count in session.execute(counted):
        found.setdefault(region, RegionProgress(region, 0, {})).by_status[ReportStatus(status)] = (
            count
        )
    return [row for row in found.values() if row.due or row.by_status or not prefix]


def _due_by_division(
    session: Session, round_: Round, moment: datetime, division: str
) -> Sequence[tuple[str, int]]:
    statement = (
        select(Organisation.region, func.count())
        .where(reports_itself(round_, moment=moment))
        .group_by(Organisation.region)
    )
    prefix = region_prefix(division)
    if prefix:
        statement = statement.where(Organisation.region.startswith(prefix))
    return [(code, count) for code, count in session.execute(statement)]


def reports_itself(round_: Round, *, moment: datetime) -> ColumnElement[bool]:
    """Condition: an active hospital that no lead hospital reports for."""
    day = membership_day(round_, moment=moment)
    led = exists().where(is_member_on(day), OrganisationRelation.subject_id == Organisation.id)
    return and_(Organisation.kind == OrganisationKind.HOSPITAL, Organisation.is_active, ~led)


def missing_hospitals(
    session: Session,
    *,
    round_: Round,
    moment: datetime,
    statuses: Sequence[ReportStatus] = (ReportStatus.ACCEPTED,),
    division: str = "000000",
    after_id: int = 0,
    size: int | None = None,
) -> Sequence[Organisation]:
    """Return the hospitals of the round's regions without a report of these statuses, by id."""
    reported = exists().where(
        VolumeReport.round_id == round_.id,
        VolumeReport.hospital_id == Organisation.id,
        VolumeReport.status.in_(statuses),
    )
    regions = [region_prefix(region) for region in regions_of(session, round_id=round_.id)]
    lies_within = [
        func.substr(Organisation.region, 1, length).in_(
            [prefix for prefix in regions if len(prefix) == length]
        )
        for length in sorted({len(prefix) for prefix in regions})
    ]
    statement = (
        select(Organisation)
        .where(reports_itself(round_, moment=moment), ~reported, or_(*lies_within))
        .where(Organisation.region.startswith(region_prefix(division)))
        .where(Organisation.id > after_id)
        .order_by(Organisation.id)
        .limit(size)
    )
    return session.scalars(statement).all()
