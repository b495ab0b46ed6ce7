"""Files of many rows by machine: sent, asked for their progress and their faults."""

from litestar import get, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.volumes.api.reports import TAGS
from procurement.volumes.api.shapes import FaultEntry, FaultPage, UploadAnswer, UploadPage
from procurement.volumes.at_edge import round_in_view
from procurement.volumes.bulk.upload_edge import own_upload, posted_file
from procurement.volumes.bulk.uploads import SIZE_MAX, receive_upload, uploads_of
from procurement.volumes.filling.faulty_rows import faulty_rows
from procurement.volumes.states import UploadKind
from procurement.volumes.tables import VolumeUpload
from procurement.web import Cursor, PageSize, RowId, Visit, reads, writes

PATH = "/api/v1/rounds/{name:str}/volume-uploads"
UPLOAD = "/api/v1/volume-uploads/{upload_id:int}"


@post(PATH, tags=TAGS, status_code=202, request_max_body_size=SIZE_MAX)
@writes
def post_upload(visit: Visit, name: FromPath[str]) -> UploadAnswer:
    """Send a file with the need of many hospitals; the work on it goes on in the background.

    Multipart: ``file``, and if wanted ``encoding``, ``submits`` (yes), ``again`` (yes).
    """
    round_ = round_in_view(visit, name, Action.UPLOAD_VOLUMES)
    upload = receive_upload(
        visit.session,
        round_=round_,
        file=posted_file(visit, UploadKind.BULK),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(upload)


@get(PATH, tags=TAGS)
@reads
def list_uploads(visit: Visit, name: FromPath[str]) -> UploadPage:
    """List the newest files of the token's organisation."""
    round_ = round_in_view(visit, name, Action.UPLOAD_VOLUMES)
    uploads = uploads_of(
        visit.session, round_id=round_.id, organisation_id=visit.actor.organisation_id
    )
    return UploadPage([_answer(upload) for upload in uploads])


@post("/api/v1/purchase-history", tags=TAGS, status_code=202, request_max_body_size=SIZE_MAX)
@writes
def post_history(visit: Visit) -> UploadAnswer:
    """Send a file of past purchases (multipart: ``file``, ``encoding``, ``again``)."""
    visit.require(Action.IMPORT_HISTORY)
    upload = receive_upload(
        visit.session,
        round_=None,
        file=posted_file(visit, UploadKind.HISTORY),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(upload)


@get(UPLOAD, tags=TAGS)
@reads
def read_upload(visit: Visit, upload_id: RowId) -> UploadAnswer:
    """Ask how far the work on a file is."""
    upload, _round = own_upload(visit, upload_id)
    return _answer(upload)


@get(UPLOAD + "/faults", tags=TAGS)
@reads
def list_faults(
    visit: Visit, upload_id: RowId, page_size: PageSize = 50, cursor: Cursor = None
) -> FaultPage:
    """List the faulty rows of a file, in its order."""
    upload, _round = own_upload(visit, upload_id)
    rows = faulty_rows(visit.session, upload_id=upload.id, after=_after(cursor), size=page_size + 1)
    items = [
        FaultEntry(
            row=row.number if row.number > 0 else None,
            cells=row.cells,
            faults=[
                {"column": fault.column, "zh": fault.zh, "en": fault.en} for fault in row.faults
            ],
        )
        for row in rows[:page_size]
    ]
    more = len(rows) > page_size
    return FaultPage(items, str(rows[page_size - 1].number) if more else None)


def _after(cursor: str | None) -> int:
    if not cursor:
        return -(2**31)
    digits = cursor.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        zh, en = "不是本接口给出的游标。", "Expected a cursor given by this list."
        raise InvalidInputError([FieldFault("cursor", zh, en)])
    return int(cursor)


def _answer(upload: VolumeUpload) -> UploadAnswer:
    return UploadAnswer(
        id=upload.id,
        filename=upload.filename,
        sha256=upload.sha256,
        status=upload.status,
        done=upload.done,
        total=upload.total,
        stored=upload.stored,
        faults=upload.faults,
        submitted=upload.submitted,
        refusal=upload.refusal_en,
        received_at=upload.received_at,
    )


ROUTES = (post_upload, list_uploads, post_history, read_upload, list_faults)
"""Handlers of the interface."""
