"""One chunk of a bureau's file: rows to lines of reports, all in bulk statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.rounds.tables import Round
from procurement.volumes.bulk.hospitals import BulkHospital, Hospitals, hospitals_of_round
from procurement.volumes.bulk.staging import (
    Staged,
    fill_stage,
    merge_stage,
    present_lines,
    values_of,
)
from procurement.volumes.bulk.upserts import insert_or_leave, insert_or_update
from procurement.volumes.cells import Fault
from procurement.volumes.filling.columns import DEMAND, HOSPITAL
from procurement.volumes.filling.faulty_rows import fault_values
from procurement.volumes.filling.fill import Entry, Explanation
from procurement.volumes.filling.form_upload import row_reader
from procurement.volumes.filling.rows import CellFault, RowReader
from procurement.volumes.filling.sheets import SheetRow
from procurement.volumes.rules import QUANTITY_MAX, converted_units
from procurement.volumes.states import OPEN_STATUSES, EventKind, ReportStatus
from procurement.volumes.subjects import ALL
from procurement.volumes.tables import (
    VolumeEvent,
    VolumeExplanation,
    VolumeReport,
    VolumeUpload,
    VolumeUploadFault,
)

BATCH = 5_000
"""Values of one IN list: SQLite takes 32,766 in a statement."""


@dataclass(frozen=True, slots=True)
class BulkContext:
    """What every row of a file is read against."""

    round_id: int
    reader: RowReader
    hospitals: Hospitals


def load_context(session: Session, upload: VolumeUpload) -> BulkContext:
    """Load the round's strengths, the manufacturers and the hospitals, once for a file."""
    round_ = session.get_one(Round, upload.round_id)
    sender = session.get_one(Organisation, upload.organisation_id)
    division = ALL if round_.bureau_id == sender.id else sender.region
    return BulkContext(
        round_.id,
        row_reader(session, round_id=round_.id),
        hospitals_of_round(session, round_=round_, division=division, moment=upload.received_at),
    )


class _Good(NamedTuple):
    """A row that can be understood."""

    row: SheetRow
    hospital: BulkHospital
    entry: Entry | None
    explanation: Explanation | None


@dataclass(slots=True)
class _Chunk:
    """The rows of a chunk on their way."""

    good: list[_Good] = field(default_factory=list)
    faults: list[dict[str, object]] = field(default_factory=list)

    def refuse(
        self,
        upload: VolumeUpload,
        row: SheetRow,
        faults: Sequence[CellFault],
        hospital_id: int | None,
    ) -> None:
        """List a row with what is wrong."""
        self.faults.append(
            fault_values(
                upload_id=upload.id,
                number=row.number,
                cells=row.cells,
                faults=faults,
                hospital_id=hospital_id,
            )
        )


def take_chunk(
    session: Session,
    *,
    upload: VolumeUpload,
    context: BulkContext,
    rows: Sequence[SheetRow],
    moment: datetime,
) -> None:
    """Take over a chunk of rows and note the progress, in the caller's transaction.

    A row that comes twice is one line; a row that contradicts an earlier one, or a report that
    was submitted already, is listed with its fault.

    Args:
        session: Session of the step's transaction.
        upload: The file, locked.
        context: See `load_context`.
        rows: The next rows of the file.
        moment: Now.
    """
    chunk = _Chunk()
    for row in rows:
        _read(chunk, upload, context, row)
    _refuse_contradictions(chunk, upload)
    reports = _reports(session, context, chunk, upload, moment)
    staged = _stage(session, chunk, upload, reports)
    _merge(session, upload, staged)
    _explain(session, chunk, reports)
    _touch(session, chunk, upload, reports, moment)
    if chunk.faults:
        session.execute(insert_or_leave(session, VolumeUploadFault), chunk.faults)
    upload.faults += len(chunk.faults)
    upload.stored += len(rows) - len(chunk.faults)
    upload.done = rows[-1].number


def _read(chunk: _Chunk, upload: VolumeUpload, context: BulkContext, row: SheetRow) -> None:
    found = context.hospitals.find(row.cells.get(HOSPITAL.key))
    fault = found if isinstance(found, Fault) else found.fault
    read = context.reader.read(row.cells)
    if fault is not None:
        read.faults.insert(0, CellFault(HOSPITAL.key, fault.zh, fault.en))
    hospital_id = None if isinstance(found, Fault) else found.id
    if read.faults or isinstance(found, Fault):
        chunk.refuse(upload, row, read.faults, hospital_id)
    elif _is_too_large(read.entry):
        zh, en = "数量过大，请核对。", "The quantity is too large; check it."
        chunk.refuse(upload, row, [CellFault(DEMAND.key, zh, en)], hospital_id)
    else:
        chunk.good.append(_Good(row, found, read.entry, read.explanation))


def _is_too_large(entry: Entry | None) -> bool:
    if entry is None or entry.conversion is None:
        return False
    made = entry.conversion
    return (entry.quantity or 0) + converted_units(made.quantity, made.ratio) > QUANTITY_MAX


def _refuse_contradictions(chunk: _Chunk, upload: VolumeUpload) -> None:
    """Within the chunk: the same line twice is one, or the second row is at fault."""
    first: dict[tuple[int, int, int | None], _Good] = {}
    kept = []
    for good in chunk.good:
        earlier = good
        entry = good.entry
        if entry is not None:
            place = (good.hospital.id, entry.lot_strength_id, entry.brand_id)
            earlier = first.setdefault(place, good)
        if earlier is good:
            kept.append(good)
        elif earlier.entry != entry:
            chunk.refuse(upload, good.row, [_contradiction(earlier.row.number)], good.hospital.id)
    chunk.good = kept


def _contradiction(earlier: int) -> CellFault:
    return CellFault(
        DEMAND.key,
        f"与第 {earlier} 行填写的不一致。",
        f"Row {earlier} of this file says something else.",
    )


@dataclass(frozen=True, slots=True)
class _Report:
    id: int
    is_open: bool


def _reports(
    session: Session,
    context: BulkContext,
    chunk: _Chunk,
    upload: VolumeUpload,
    moment: datetime,
) -> dict[int, _Report]:
    """Lock the reports of the chunk's hospitals, starting those that are missing."""
    wanted = {good.hospital.id: good.hospital for good in chunk.good}
    found = _locked(session, context.round_id, wanted)
    missing = [hospital for hospital in wanted.values() if hospital.id not in found]
    if missing:
        session.execute(
            insert_or_leave(session, VolumeReport),
            [_new_report(context.round_id, hospital, upload, moment) for hospital in missing],
        )
        begun = _locked(session, context.round_id, [hospital.id for hospital in missing])
        session.execute(
            insert(VolumeEvent),
            [_started(report.id, upload, moment) for report in begun.values()],
        )
        found.update(begun)
    return found


def _locked(session: Session, round_id: int, hospital_ids: Iterable[int]) -> dict[int, _Report]:
    ordered = sorted(hospital_ids)
    found: dict[int, _Report] = {}
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            select(VolumeReport.hospital_id, VolumeReport.id, VolumeReport.status)
            .where(VolumeReport.round_id == round_id)
            .where(VolumeReport.hospital_id.in_(ordered[start : start + BATCH]))
            .order_by(VolumeReport.id)
            .with_for_update()
        )
        for hospital_id, report_id, status in rows:
            found[hospital_id] = _Report(report_id, ReportStatus(status) in OPEN_STATUSES)
    return found


def _new_report(
    round_id: int, hospital: BulkHospital, upload: VolumeUpload, moment: datetime
) -> dict[str, object]:
    return {
        "round_id": round_id,
        "hospital_id": hospital.id,
        "region": hospital.region,
        "status": ReportStatus.DRAFT,
        "version": 1,
        "started_at": moment,
        "started_by": upload.person_id,
        "changed_at": moment,
        "submissions": 0,
    }


def _started(report_id: int, upload: VolumeUpload, moment: datetime) -> dict[str, object]:
    return {
        "report_id": report_id,
        "kind": EventKind.STARTED,
        "person_id": upload.person_id,
        "upload_id": upload.id,
        "happened_at": moment,
    }


def _stage(
    session: Session, chunk: _Chunk, upload: VolumeUpload, reports: Mapping[int, _Report]
) -> list[Staged]:
    """Compare the rows with the lines that exist; return those that are to be written."""
    staged = {
        good.row.number: (good, _staged(good.row, reports[good.hospital.id], good.entry))
        for good in chunk.good
        if good.entry is not None
    }
    fill_stage(session, [row for _good, row in staged.values()])
    present = present_lines(session)
    kept = []
    for number, (good, row) in staged.items():
        line = present.get(number)
        if line is not None and line.values == row.values:
            continue
        if not reports[good.hospital.id].is_open:
            chunk.refuse(upload, good.row, [_SUBMITTED], good.hospital.id)
        elif line is not None and line.upload_id == upload.id and line.upload_row != number:
            earlier = line.upload_row or 0
            chunk.refuse(upload, good.row, [_contradiction(earlier)], good.hospital.id)
        else:
            kept.append(row)
    if len(kept) < len(staged):
        fill_stage(session, kept)
    return kept


def _staged(row: SheetRow, report: _Report, entry: Entry) -> Staged:
    return Staged(row.number, report.id, entry.lot_strength_id, entry.brand_id, values_of(entry))


_SUBMITTED = CellFault(
    HOSPITAL.key,
    "该机构已提交报量，数量不同；如需改动，请先退回。",
    "The hospital has submitted another number; return its report first.",
)


def _merge(session: Session, upload: VolumeUpload, staged: Sequence[Staged]) -> None:
    if staged:
        merge_stage(session, upload_id=upload.id)


def _explain(session: Session, chunk: _Chunk, reports: Mapping[int, _Report]) -> None:
    """Keep the explanations of open reports; of several for one product the last counts."""
    said: dict[tuple[int, int], dict[str, object]] = {}
    for good in chunk.good:
        report, why = reports[good.hospital.id], good.explanation
        if why is not None and report.is_open:
            values = said.setdefault(
                (report.id, why.lot_id),
                {
                    "report_id": report.id,
                    "lot_id": why.lot_id,
                    "reason_code": "",
                    "reason_text": "",
                },
            )
            values["reason_code"] = why.reason_code or values["reason_code"]
            values["reason_text"] = why.reason_text or values["reason_text"]
    if said:
        statement = insert_or_update(
            session,
            VolumeExplanation,
            key=["report_id", "lot_id"],
            values=["reason_code", "reason_text"],
        )
        session.execute(statement, list(said.values()))


def _touch(
    session: Session,
    chunk: _Chunk,
    upload: VolumeUpload,
    reports: Mapping[int, _Report],
    moment: datetime,
) -> None:
    """Note on open reports that this file wrote them: its end looks at them again."""
    ids = sorted(
        {reports[good.hospital.id].id for good in chunk.good if reports[good.hospital.id].is_open}
    )
    for start in range(0, len(ids), BATCH):
        session.execute(
            update(VolumeReport)
            .where(VolumeReport.id.in_(ids[start : start + BATCH]))
            .values(
                upload_id=upload.id,
                changed_at=moment,
                version=VolumeReport.version + 1,
                draft_page=None,
            )
        )
