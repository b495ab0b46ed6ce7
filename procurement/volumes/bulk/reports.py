"""The end of a bureau's file: its reports are checked and submitted, many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.database import text_digest
from procurement.errors import FieldFault
from procurement.rounds.tables import Round
from procurement.volumes.bulk.upserts import insert_or_leave
from procurement.volumes.filling.columns import DEMAND, HOSPITAL, LOT, STRENGTH, WHY
from procurement.volumes.filling.faulty_rows import fault_values
from procurement.volumes.filling.rows import CellFault
from procurement.volumes.groups import members_by_lead, membership_day
from procurement.volumes.lots import AskedLot, AskedStrength, asked_lots
from procurement.volumes.reporting.checks import (
    check_products,
    conversion_faults,
    demands_of,
    line_key,
    product_faults,
)
from procurement.volumes.reporting.history import UseRow, Uses, known_years, use_rows
from procurement.volumes.reporting.plain_lines import PlainLine, plain_lines
from procurement.volumes.reporting.submissions import submission_content
from procurement.volumes.rules import ReportingRule
from procurement.volumes.states import OPEN_STATUSES, EventKind, ReportStatus
from procurement.volumes.tables import (
    VolumeEvent,
    VolumeExplanation,
    VolumeReport,
    VolumeUpload,
    VolumeUploadFault,
)
from procurement.volumes.window import rule_of, years_of

REPORTS = 400
"""Reports of one transaction."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Reports that are looked at together, with everything that counts for them."""

    reports: Sequence[VolumeReport]
    lines: Mapping[int, list[PlainLine]]
    explanations: Mapping[int, list[VolumeExplanation]]
    uses: Mapping[int, Uses]
    lots: Sequence[AskedLot]
    rule: ReportingRule


def submit_touched(session: Session, *, upload: VolumeUpload, moment: datetime) -> bool:
    """Submit the next reports that a file wrote, those without any fault.

    Args:
        session: Session of the step's transaction.
        upload: The file, locked; it notes how far the work is.
        moment: Now.

    Returns:
        Whether there may be more.
    """
    reports = session.scalars(
        select(VolumeReport)
        .where(VolumeReport.upload_id == upload.id, VolumeReport.id > upload.last_report_id)
        .where(VolumeReport.status.in_(OPEN_STATUSES))
        .order_by(VolumeReport.id)
        .limit(REPORTS)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not reports:
        return False
    batch = _load(session, upload, reports)
    faulty = _hospitals_with_faults(session, upload, reports)
    lacking = {report.id: _faults_of(batch, report) for report in reports}
    good = [
        report for report in reports if not lacking[report.id] and report.hospital_id not in faulty
    ]
    _submit(session, batch, good, upload, moment)
    _list(session, batch, lacking, upload)
    upload.submitted += len(good)
    upload.last_report_id = reports[-1].id
    session.flush()
    return True


def _load(session: Session, upload: VolumeUpload, reports: Sequence[VolumeReport]) -> _Batch:
    round_ = session.get_one(Round, upload.round_id)
    rule = rule_of(round_)
    ids = [report.id for report in reports]
    lines = plain_lines(session, report_ids=ids)
    explanations: dict[int, list[VolumeExplanation]] = {report_id: [] for report_id in ids}
    for row in session.scalars(
        select(VolumeExplanation).where(VolumeExplanation.report_id.in_(ids))
    ):
        explanations[row.report_id].append(row)
    uses = _uses(session, round_, reports, years_of(round_, rule), upload.received_at)
    return _Batch(reports, lines, explanations, uses, asked_lots(session, round_id=round_.id), rule)


def _uses(
    session: Session,
    round_: Round,
    reports: Sequence[VolumeReport],
    years: tuple[int, ...],
    moment: datetime,
) -> dict[int, Uses]:
    """Past use by report, of its hospital and of its members."""
    day = membership_day(round_, moment=moment)
    leads = [report.hospital_id for report in reports]
    members = members_by_lead(session, lead_ids=leads, day=day)
    report_of = {report.hospital_id: report.id for report in reports}
    for lead, led in members.items():
        report_of.update((member, report_of[lead]) for member in led)
    uses = {report.id: Uses(years) for report in reports}
    for hospital_id, known in known_years(session, hospital_ids=report_of, years=years).items():
        uses[report_of[hospital_id]].known |= known
    rows: list[UseRow] = use_rows(session, round_id=round_.id, hospital_ids=report_of, years=years)
    for row in rows:
        uses[report_of[row.hospital_id]].add(row)
    return uses


def _hospitals_with_faults(
    session: Session, upload: VolumeUpload, reports: Sequence[VolumeReport]
) -> set[int]:
    found = session.scalars(
        select(VolumeUploadFault.hospital_id)
        .where(VolumeUploadFault.upload_id == upload.id)
        .where(VolumeUploadFault.hospital_id.in_([report.hospital_id for report in reports]))
        .distinct()
    )
    return {hospital_id for hospital_id in found if hospital_id is not None}


def _faults_of(batch: _Batch, report: VolumeReport) -> list[FieldFault]:
    explained = {
        row.lot_id for row in batch.explanations[report.id] if row.reason_code and row.reason_text
    }
    lines = batch.lines[report.id]
    products = check_products(
        batch.lots,
        demands=demands_of(lines),
        explained=explained,
        uses=batch.uses[report.id],
        rule=batch.rule,
    )
    return [*product_faults(products), *conversion_faults(batch.lots, lines)]


def _submit(
    session: Session,
    batch: _Batch,
    reports: Sequence[VolumeReport],
    upload: VolumeUpload,
    moment: datetime,
) -> None:
    if not reports:
        return
    contents = {
        report.id: submission_content(batch.lines[report.id], batch.explanations[report.id])
        for report in reports
    }
    digests = {report_id: text_digest(content) for report_id, content in contents.items()}
    session.execute(
        insert(VolumeEvent),
        [
            {
                "report_id": report.id,
                "kind": EventKind.SUBMITTED,
                "person_id": upload.person_id,
                "submission": report.submissions + 1,
                "content": contents[report.id],
                "digest": digests[report.id],
                "upload_id": upload.id,
                "happened_at": moment,
            }
            for report in reports
        ],
    )
    # Every report is open: `submit_touched` asked for those, and holds them locked.
    session.execute(
        update(VolumeReport),
        [
            {
                "id": report.id,
                "status": ReportStatus.SUBMITTED,
                "version": report.version + 1,
                "changed_at": moment,
                "submissions": report.submissions + 1,
                "digest": digests[report.id],
                "return_reason": None,
                "draft_page": None,
            }
            for report in reports
        ],
    )


def _list(
    session: Session,
    batch: _Batch,
    lacking: Mapping[int, Sequence[FieldFault]],
    upload: VolumeUpload,
) -> None:
    """List what keeps reports from being submitted, each at a row of its hospital."""
    wanted = [report for report in batch.reports if lacking[report.id]]
    if not wanted:
        return
    hospitals = [report.hospital_id for report in wanted]
    rows = session.execute(
        select(Organisation.id, Organisation.credit_code).where(Organisation.id.in_(hospitals))
    )
    codes = {hospital_id: code for hospital_id, code in rows}
    values = [
        fault_values(
            upload_id=upload.id,
            number=number,
            cells={HOSPITAL.key: codes.get(report.hospital_id), **cells},
            faults=faults,
            hospital_id=report.hospital_id,
        )
        for report in wanted
        for number, cells, faults in _at_rows(batch, report, lacking[report.id], upload)
    ]
    session.execute(insert_or_leave(session, VolumeUploadFault), values)
    upload.faults += len(values)


_AtRow = tuple[int, dict[str, object], list[CellFault]]


def _at_rows(
    batch: _Batch, report: VolumeReport, faults: Sequence[FieldFault], upload: VolumeUpload
) -> list[_AtRow]:
    """Put each fault at the row of its product, or else at the hospital's first row."""
    own = [line for line in batch.lines[report.id] if line.upload_id == upload.id]
    own.sort(key=lambda line: line.upload_row or 0)
    places = {strength.id: (lot, strength) for lot in batch.lots for strength in lot.strengths}
    at: dict[int, _AtRow] = {}
    for fault in faults:
        about = [
            line
            for line in own
            if fault.field
            in (
                f"reason-{places[line.lot_strength_id][0].id}",
                f"ct-{line_key(line.lot_strength_id, line.brand_id)}",
            )
        ]
        line = next(iter(about or own), None)
        # A report of which the file has no row of its own gets a number that no row has.
        number = -report.id if line is None or line.upload_row is None else line.upload_row
        if number not in at:
            at[number] = (number, _cells(line, places), [])
        at[number][2].append(CellFault(WHY.key, fault.zh, fault.en))
    return list(at.values())


def _cells(
    line: PlainLine | None, places: Mapping[int, tuple[AskedLot, AskedStrength]]
) -> dict[str, object]:
    if line is None:
        return {}
    lot, strength = places[line.lot_strength_id]
    return {LOT.key: lot.code, STRENGTH.key: strength.strength, DEMAND.key: line.quantity}
