"""The Excel form: taken out, filled in, taken over, and its faults mended on the page."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import SHEET, ReportVisit, file_answer, report_in_view
from procurement.volumes.filling.columns import FORM_COLUMNS
from procurement.volumes.filling.faulty_rows import drop_rows, faulty_rows, upload_of
from procurement.volumes.filling.form_sheet import FormHead, write_form
from procurement.volumes.filling.form_upload import SIZE_MAX, FormFile, mend_rows, upload_form
from procurement.volumes.filling.grid import read_grid
from procurement.volumes.filling.sheets import ENCODINGS, SheetRow
from procurement.volumes.reasons import REASONS
from procurement.volumes.states import OPEN_STATUSES
from procurement.volumes.strengths import CONVERSION_NAMES
from procurement.volumes.tables import VolumeUpload
from procurement.web import RowId, Visit, reads, redirect, render, writes

_NUMBER = re.compile(r"-?[0-9]{1,9}")
_CELL = re.compile(r"cell-(-?[0-9]{1,9})-([a-z_]{1,20})")


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/form.xlsx", include_in_schema=False)
@reads
def take_form(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Give the form, by brand or by generic name, with all that is known filled in."""
    seen = report_in_view(visit, name, report_id, Action.READ_REPORT)
    grid = read_grid(visit.session, round_=seen.round, report=seen.report, moment=visit.moment)
    head = FormHead(
        title=seen.round.title,
        round_name=seen.round.name,
        hospital=seen.hospital.name,
        report_id=seen.report.id,
        by_brand=visit.query.get("by") != "generic",
        language=visit.language,
    )
    name_of_file = f"{seen.round.name}-{seen.hospital.short_name}.xlsx"
    return file_answer(write_form(head, grid), name=name_of_file, media_type=SHEET)


@get("/rounds/{name:str}/volumes/reports/{report_id:int}/upload", include_in_schema=False)
@reads
def ask_for_form(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Offer the form for download, and ask for the one that was filled in."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    if seen.report.status not in OPEN_STATUSES:
        return redirect(seen.address)
    return _upload_page(visit, seen, None)


@post(
    "/rounds/{name:str}/volumes/reports/{report_id:int}/upload",
    include_in_schema=False,
    request_max_body_size=SIZE_MAX + 2**20,
)
@writes
def take_over_form(visit: Visit, name: FromPath[str], report_id: RowId) -> Response[Any]:
    """Take over the good rows of a form, and go to where the others are mended."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    done: list[VolumeUpload] = []

    def take_over() -> None:
        done.append(
            upload_form(
                visit.session,
                report=seen.report,
                file=_posted_file(visit),
                version=FormReader(visit.form).version,
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, take_over)
    if refusal is not None:
        return _upload_page(visit, seen, refusal)
    return redirect(f"{seen.address}/uploads/{done[0].id}")


def _posted_file(visit: Visit) -> FormFile:
    upload = visit.form.files.get("file")
    encoding = visit.form.get("encoding", ENCODINGS[0])
    if upload is None or encoding not in ENCODINGS:
        zh, en = "请选择文件。", "Choose a file."
        raise InvalidInputError([FieldFault("file", zh, en)])
    return FormFile(upload.filename, upload.file.read(SIZE_MAX + 1), encoding)


def _upload_page(visit: Visit, seen: ReportVisit, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "volumes/upload.html",
        status=200 if refusal is None else status_of(refusal),
        round=seen.round,
        report=seen.report,
        # A refused form still is about the report that its page showed.
        version=visit.form.get("version") if faults_of(refusal) else seen.report.version,
        here=seen.address,
        values=visit.form or {"encoding": ENCODINGS[0]},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        columns=[(c.zh, c.en, c.is_needed) for c in FORM_COLUMNS],
    )


@get(
    "/rounds/{name:str}/volumes/reports/{report_id:int}/uploads/{upload_id:int}",
    include_in_schema=False,
)
@reads
def show_upload(
    visit: Visit, name: FromPath[str], report_id: RowId, upload_id: RowId
) -> Response[Any]:
    """Show what became of a form, and its faulty rows to be mended."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    return _mend_page(visit, seen, _own_upload(visit, seen, upload_id), None)


@post(
    "/rounds/{name:str}/volumes/reports/{report_id:int}/uploads/{upload_id:int}",
    include_in_schema=False,
)
@writes
def mend(visit: Visit, name: FromPath[str], report_id: RowId, upload_id: RowId) -> Response[Any]:
    """Take over the rows that were mended; those still wrong stay on the page."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    upload = _own_upload(visit, seen, upload_id)
    dropped = [int(number) for number in visit.form.all("drop") if _NUMBER.fullmatch(number)]
    rows = [row for row in _posted_rows(visit) if row.number not in dropped]

    def take_over() -> None:
        mend_rows(
            visit.session,
            report=seen.report,
            upload=upload,
            rows=rows,
            version=FormReader(visit.form).version,
            moment=visit.moment,
        )
        drop_rows(visit.session, upload=upload, numbers=dropped, moment=visit.moment)

    refusal = attempt(visit, take_over)
    left = faulty_rows(visit.session, upload_id=upload.id, size=1)
    if refusal is None and not left:
        return redirect(f"{seen.address}/check")
    return _mend_page(visit, seen, upload, refusal)


def _own_upload(visit: Visit, seen: ReportVisit, upload_id: int) -> VolumeUpload:
    upload = upload_of(visit.session, upload_id=upload_id)
    if upload.report_id != seen.report.id:
        raise NotFoundForActorError
    return upload


def _posted_rows(visit: Visit) -> list[SheetRow]:
    known = {column.key for column in FORM_COLUMNS}
    rows: dict[int, dict[str, object]] = {}
    for field, value in visit.form.items():
        found = _CELL.fullmatch(field)
        if found is not None and found[2] in known:
            rows.setdefault(int(found[1]), {})[found[2]] = value
    return [SheetRow(number, cells) for number, cells in sorted(rows.items())]


def _mend_page(
    visit: Visit, seen: ReportVisit, upload: VolumeUpload, refusal: RefusedError | None
) -> Response[Any]:
    rows = faulty_rows(visit.session, upload_id=upload.id)
    typed = {row.number: row.cells for row in _posted_rows(visit)} if refusal else {}
    status = 200
    if visit.form:
        status = 422 if refusal is None else status_of(refusal)
    return render(
        visit,
        "volumes/mend.html",
        status=status,
        round=seen.round,
        report=seen.report,
        here=seen.address,
        upload=upload,
        rows=rows,
        typed=typed,
        columns=FORM_COLUMNS,
        version=visit.form.get("version") if whole_of(refusal) else seen.report.version,
        faults=[
            FieldFault(
                f"cell-{row.number}-{fault.column}",
                f"第 {row.number} 行：{fault.zh}",
                f"Row {row.number}: {fault.en}",
            )
            for row in rows
            for fault in row.faults
        ],
        refusal=refusal,
        choices={
            "reason": [visit.text(reason.zh, reason.en) for reason in REASONS],
            "kind": [visit.text(*names) for names in CONVERSION_NAMES.values()],
        },
    )


ROUTES = (take_form, ask_for_form, take_over_form, show_upload, mend)
"""Handlers of these pages."""
