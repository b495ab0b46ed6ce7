"""Taking over a hospital's Excel form: good rows at once, faulty ones to be mended on the page."""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.database import database_moment
from procurement.permissions import Actor, NotFoundForActorError
from procurement.volumes.cells import storable
from procurement.volumes.errors import FileRefusedError
from procurement.volumes.filling.columns import DEMAND, FORM_COLUMNS, WHY
from procurement.volumes.filling.faulty_rows import fault_values
from procurement.volumes.filling.fill import Entry, Explanation, save_entries
from procurement.volumes.filling.rows import CellFault, Manufacturer, RowRead, RowReader
from procurement.volumes.filling.sheets import SheetRow, read_sheet
from procurement.volumes.lots import asked_lots
from procurement.volumes.reporting.service import lock_report, note_event
from procurement.volumes.states import EventKind, UploadKind, UploadStatus
from procurement.volumes.tables import VolumeReport, VolumeUpload, VolumeUploadFault

SIZE_MAX = 10 * 1024 * 1024
ROWS_MAX = 5_000
"""A hospital's form has a few hundred rows; more is another file."""


def manufacturers_of(session: Session) -> list[Manufacturer]:
    """Return every manufacturer that a brand may name."""
    rows = session.execute(
        select(
            Organisation.id, Organisation.name, Organisation.short_name, Organisation.credit_code
        )
        .where(Organisation.kind == OrganisationKind.MANUFACTURER)
        .order_by(Organisation.id)
    )
    return [Manufacturer(*row) for row in rows]


def row_reader(session: Session, *, round_id: int) -> RowReader:
    """Prepare the reading of a round's rows."""
    return RowReader(asked_lots(session, round_id=round_id), manufacturers_of(session))


@dataclass(frozen=True, slots=True)
class FormFile:
    """A form as it was sent."""

    filename: str
    content: bytes
    encoding: str = "utf-8"


def _upload_of(
    report: VolumeReport, file: FormFile, *, actor: Actor, received_at: datetime
) -> VolumeUpload:
    return VolumeUpload(
        kind=UploadKind.FORM,
        round_id=report.round_id,
        report_id=report.id,
        organisation_id=report.hospital_id,
        person_id=actor.person_id,
        filename=storable(file.filename)[-200:],
        sha256=hashlib.sha256(file.content).hexdigest(),
        size=len(file.content),
        encoding=file.encoding,
        submits=False,
        status=UploadStatus.DONE,
        received_at=received_at,
    )


def upload_form(
    session: Session,
    *,
    report: VolumeReport,
    file: FormFile,
    version: int | None,
    actor: Actor,
    moment: datetime,
) -> VolumeUpload:
    """Take over a form: good rows go into the draft, faulty ones wait on the page.

    The same form again has the same result. Rows of earlier forms that were still to be mended
    are done with: the new form replaces them.

    Args:
        session: Session of the caller's transaction.
        report: A draft, or a returned report.
        file: The form, Excel or CSV.
        version: The version that the page showed.
        actor: Who uploads it.
        moment: When.

    Returns:
        The upload, with the number of rows that were taken over and of those with faults.

    Raises:
        FileRefusedError: The file as a whole cannot be read.
        StaleError: Somebody else changed the report since.
        ReportNotOpenError: The report is submitted.
    """
    lock_report(session, report=report, version=version)
    if len(file.content) > SIZE_MAX:
        raise FileRefusedError(
            zh="文件超过 10 MB：请上传本机构的报量表。",
            en="The file is larger than 10 MB; upload your own form.",
        )
    rows = _rows(file)
    reader = row_reader(session, round_id=report.round_id)
    read = {row.number: reader.read(row.cells) for row in rows}
    _refuse_doubles(read)
    upload = _upload_of(report, file, actor=actor, received_at=database_moment(session))
    upload.ended_at = moment
    _close_earlier(session, report=report, moment=moment)
    session.add(upload)
    _store(session, report=report, read=read.values(), moment=moment)
    upload.total = upload.done = len(rows)
    upload.faults = sum(bool(row.faults) for row in read.values())
    upload.stored = upload.total - upload.faults
    session.flush()
    keep_faults(session, upload=upload, rows={row.number: row.cells for row in rows}, read=read)
    note_event(
        session,
        report=report,
        kind=EventKind.UPLOADED,
        actor=actor,
        moment=moment,
        reason=upload.filename,
    )
    return upload


def _rows(file: FormFile) -> list[SheetRow]:
    rows: list[SheetRow] = []
    for row in read_sheet(io.BytesIO(file.content), columns=FORM_COLUMNS, encoding=file.encoding):
        rows.append(row)
        if len(rows) > ROWS_MAX:
            raise FileRefusedError(
                zh=f"表格超过 {ROWS_MAX} 行：请上传本机构的报量表。",
                en=f"The table has more than {ROWS_MAX} rows; upload your own form.",
            )
    return rows


def _refuse_doubles(read: Mapping[int, RowRead]) -> None:
    """Two rows on the same line must say the same; the second is at fault."""
    first: dict[str, tuple[int, Entry]] = {}
    explained: dict[int, tuple[int, Explanation]] = {}
    for number, row in read.items():
        entry, explanation = row.entry, row.explanation
        if entry is not None:
            place, earlier = first.setdefault(entry.key, (number, entry))
            if earlier != entry:
                _refuse_double(row, DEMAND.key, place)
        if explanation is not None:
            place, said = explained.setdefault(explanation.lot_id, (number, explanation))
            if said != explanation:
                _refuse_double(row, WHY.key, place)


def _refuse_double(row: RowRead, column: str, earlier: int) -> None:
    row.faults.append(
        CellFault(
            column,
            f"与第 {earlier} 行填写的不一致，请只保留一处。",
            f"Row {earlier} says something else; keep one of them.",
        )
    )
    row.entry = row.explanation = None


def _store(
    session: Session,
    *,
    report: VolumeReport,
    read: Iterable[RowRead],
    moment: datetime,
) -> None:
    good = [row for row in read if not row.faults]
    save_entries(
        session,
        report=report,
        entries=[row.entry for row in good if row.entry is not None],
        explanations=[row.explanation for row in good if row.explanation is not None],
        seen=None,
        moment=moment,
    )


def keep_faults(
    session: Session,
    *,
    upload: VolumeUpload,
    rows: Mapping[int, Mapping[str, object]],
    read: Mapping[int, RowRead],
) -> None:
    """Keep the faulty rows of a form with their cells as typed."""
    values = [
        fault_values(upload_id=upload.id, number=number, cells=rows[number], faults=found.faults)
        for number, found in read.items()
        if found.faults
    ]
    if values:
        session.execute(insert(VolumeUploadFault), values)


def _close_earlier(session: Session, *, report: VolumeReport, moment: datetime) -> None:
    earlier = session.scalars(
        select(VolumeUploadFault)
        .join(VolumeUpload, VolumeUpload.id == VolumeUploadFault.upload_id)
        .where(VolumeUpload.report_id == report.id, VolumeUploadFault.mended_at.is_(None))
    )
    for row in earlier:
        row.mended_at = moment


def mend_rows(
    session: Session,
    *,
    report: VolumeReport,
    upload: VolumeUpload,
    rows: Sequence[SheetRow],
    version: int,
    moment: datetime,
) -> int:
    """Take over rows that were mended on the page; what is still wrong stays there as typed.

    Args:
        session: Session of the caller's transaction.
        report: The report of the form.
        upload: The form.
        rows: Faulty rows with their new cells.
        version: The version that the page showed.
        moment: When.

    Returns:
        How many rows of the form are still faulty.

    Raises:
        StaleError: Somebody else changed the report since.
        ReportNotOpenError: The report is submitted.
        NotFoundForActorError: The form has no such faulty row.
    """
    lock_report(session, report=report, version=version)
    kept = {
        row.row_number: row
        for row in session.scalars(
            select(VolumeUploadFault).where(
                VolumeUploadFault.upload_id == upload.id, VolumeUploadFault.mended_at.is_(None)
            )
        )
    }
    reader = row_reader(session, round_id=report.round_id)
    read = {row.number: reader.read(row.cells) for row in rows}
    if not set(read) <= set(kept):
        raise NotFoundForActorError
    _refuse_doubles(read)
    _store(session, report=report, read=read.values(), moment=moment)
    for row in rows:
        found, stored = read[row.number], kept[row.number]
        values = fault_values(
            upload_id=upload.id, number=row.number, cells=row.cells, faults=found.faults
        )
        stored.cells, stored.faults = str(values["cells"]), str(values["faults"])
        stored.mended_at = None if found.faults else moment
    session.flush()
    return sum(row.mended_at is None for row in kept.values())
