"""A bureau's files of many hospitals: sent, worked on in the background, faults to take home."""

import io
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.files import csv_writer
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round
from procurement.volumes.at_edge import CSV, file_answer, round_in_view
from procurement.volumes.bulk.upload_edge import own_upload, posted_file
from procurement.volumes.bulk.uploads import (
    SIZE_MAX,
    has_stopped,
    receive_upload,
    resume_upload,
    uploads_of,
)
from procurement.volumes.filling.columns import BULK_COLUMNS, HISTORY_COLUMNS
from procurement.volumes.filling.faulty_rows import faulty_rows
from procurement.volumes.filling.sheets import ENCODINGS
from procurement.volumes.states import UNFINISHED, UploadKind, UploadStatus
from procurement.volumes.tables import VolumeUpload
from procurement.web import RowId, Visit, reads, redirect, render, writes

SHOWN_FAULTS = 100


@get("/rounds/{name:str}/volumes/uploads", include_in_schema=False)
@reads
def show_uploads(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the files of a round, and ask for another."""
    round_ = round_in_view(visit, name, Action.UPLOAD_VOLUMES)
    return _page(visit, round_, None)


@post(
    "/rounds/{name:str}/volumes/uploads",
    include_in_schema=False,
    request_max_body_size=SIZE_MAX,
)
@writes
def send_file(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Receive a file; the work on it begins in the background."""
    round_ = round_in_view(visit, name, Action.UPLOAD_VOLUMES)
    done: list[VolumeUpload] = []
    refusal = attempt(visit, lambda: done.append(_receive(visit, round_, UploadKind.BULK)))
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/volumes/uploads/{done[0].id}")


def _receive(visit: Visit, round_: Round | None, kind: UploadKind) -> VolumeUpload:
    return receive_upload(
        visit.session,
        round_=round_,
        file=posted_file(visit, kind),
        actor=visit.actor,
        moment=visit.moment,
    )


def _page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "volumes/uploads.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        uploads=uploads_of(
            visit.session, round_id=round_.id, organisation_id=visit.actor.organisation_id
        ),
        columns=[(column.zh, column.en, column.is_needed) for column in BULK_COLUMNS],
        values=visit.form or {"encoding": ENCODINGS[0]},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


@get("/volumes/uploads/{upload_id:int}", include_in_schema=False)
@reads
def show_upload(visit: Visit, upload_id: RowId) -> Response[Any]:
    """Show how far the work on a file is, and its first faults."""
    upload, round_ = own_upload(visit, upload_id)
    columns = HISTORY_COLUMNS if upload.kind == UploadKind.HISTORY else BULK_COLUMNS
    return render(
        visit,
        "volumes/bulk.html",
        upload=upload,
        round=round_,
        is_over=upload.status not in UNFINISHED,
        has_stopped=has_stopped(visit.session, upload=upload),
        rows=faulty_rows(visit.session, upload_id=upload.id, after=-(2**31), size=SHOWN_FAULTS),
        columns=columns,
        words=progress_words(visit, upload),
    )


def progress_words(visit: Visit, upload: VolumeUpload) -> str:
    """Say what is being done with a file."""
    zh, en = _PROGRESS[UploadStatus(upload.status)]
    if upload.status == UploadStatus.RUNNING and upload.total and upload.done >= upload.total:
        zh, en = (
            f"正在核对并提交报量（已提交 {upload.submitted:,} 份）",
            (f"checking and submitting reports ({upload.submitted:,} submitted)"),
        )
    return visit.text(zh, en)


_PROGRESS = {
    UploadStatus.QUEUED: ("等待处理", "waiting"),
    UploadStatus.RUNNING: ("正在逐行读取", "reading row by row"),
    UploadStatus.DONE: ("处理完成", "done"),
    UploadStatus.REFUSED: ("文件未能读取", "the file could not be read"),
}


@get("/volumes/uploads/{upload_id:int}/progress", include_in_schema=False)
@reads
def progress(visit: Visit, upload_id: RowId) -> Response[Any]:
    """Tell the page's script how far the work is."""
    upload, _round = own_upload(visit, upload_id)
    is_over = upload.status not in UNFINISHED
    words = progress_words(visit, upload)
    return Response(
        {
            "done": upload.done,
            "total": upload.total,
            "state": "done" if is_over else "running",
            "zh": words,
            "en": words,
            "next": f"/volumes/uploads/{upload.id}" if is_over else None,
        }
    )


@post("/volumes/uploads/{upload_id:int}/resume", include_in_schema=False)
@writes
def resume(visit: Visit, upload_id: RowId) -> Response[Any]:
    """Go on with a file whose work was given up; it goes on behind the last row."""
    upload, _round = own_upload(visit, upload_id)
    resume_upload(visit.session, upload=upload, moment=visit.moment)
    return redirect(f"/volumes/uploads/{upload.id}")


@get("/volumes/uploads/{upload_id:int}/faults.csv", include_in_schema=False)
@reads
def faults_file(visit: Visit, upload_id: RowId) -> Response[Any]:
    """Give the faulty rows with their faults as a file: mended, it can be sent again as it is."""
    upload, _round = own_upload(visit, upload_id)
    columns = HISTORY_COLUMNS if upload.kind == UploadKind.HISTORY else BULK_COLUMNS
    memory = io.StringIO(newline="")
    writer = csv_writer(memory)
    heads = [visit.text(column.zh, column.en) for column in columns]
    writer.writerow([*heads, visit.text("行号", "row"), visit.text("问题", "faults")])
    names = {column.key: visit.text(column.zh, column.en) for column in columns}
    for row in faulty_rows(visit.session, upload_id=upload.id, after=-(2**31)):
        said = "; ".join(
            f"{names.get(fault.column, fault.column)}: {visit.text(fault.zh, fault.en)}"
            for fault in row.faults
        )
        cells = [row.cells.get(column.key, "") for column in columns]
        writer.writerow([*cells, row.number if row.number > 0 else "", said])
    content = memory.getvalue().encode("utf-8-sig")
    return file_answer(content, name=f"faults-{upload.id}.csv", media_type=CSV)


ROUTES = (show_uploads, send_file, show_upload, progress, resume, faults_file)
"""Handlers of these pages."""
