"""The work on a file with the need of many hospitals, in steps that a crash cannot tear.

Each chunk of rows is one transaction, which also notes how far the file was read: after a kill
the work goes on behind the last chunk that was committed, and a row that comes twice is one line.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from procurement.jobs import JobRun
from procurement.notices import notify
from procurement.volumes.bulk.history import load_history_context, take_history
from procurement.volumes.bulk.reports import submit_touched
from procurement.volumes.bulk.rows import BulkContext, load_context, take_chunk
from procurement.volumes.bulk.uploads import stored_file
from procurement.volumes.errors import FileRefusedError
from procurement.volumes.filling.columns import BULK_COLUMNS, HISTORY_COLUMNS, Column
from procurement.volumes.filling.sheets import SheetRow, count_rows, read_sheet
from procurement.volumes.states import UNFINISHED, UploadKind, UploadStatus
from procurement.volumes.tables import VolumeUpload

Context = TypeVar("Context")

CHUNK = 10_000
"""Rows of one transaction: large enough for bulk statements, small enough to lose little."""


class Steps(Protocol):
    """What the work needs of a job's run."""

    def transaction(self) -> AbstractContextManager[Session]:
        """Open the transaction of one step."""

    def moment(self) -> datetime:
        """Return the present moment."""

    def progress(self, done: int, total: int, *, session: Session | None = None) -> None:
        """Tell how far the work is."""


def work_on_upload(run: Steps, *, upload_id: int, chunk: int = CHUNK) -> None:
    """Work on a file until every row is taken over or listed with its faults.

    Args:
        run: Gives transactions and the time.
        upload_id: The file.
        chunk: Rows of one transaction.
    """
    with run.transaction() as session:
        upload = session.get_one(VolumeUpload, upload_id)
        if upload.status not in UNFINISHED:
            return
        upload.status = UploadStatus.RUNNING
        sha256, kind = upload.sha256, UploadKind(upload.kind)
    try:
        if kind == UploadKind.HISTORY:
            _read_file(run, upload_id, sha256, chunk, _HISTORY)
        else:
            _read_file(run, upload_id, sha256, chunk, _NEED)
            _submit_reports(run, upload_id)
    except FileRefusedError as refusal:
        _end(run, upload_id, UploadStatus.REFUSED, refusal)
        return
    _end(run, upload_id, UploadStatus.DONE, None)


@dataclass(frozen=True, slots=True)
class _Content(Generic[Context]):
    """How one kind of file is read."""

    columns: Sequence[Column]
    load: Callable[[Session, VolumeUpload], Context]
    take: Callable[[Session, VolumeUpload, Context, Sequence[SheetRow], datetime], None]


def _take_need(
    session: Session,
    upload: VolumeUpload,
    context: BulkContext,
    rows: Sequence[SheetRow],
    moment: datetime,
) -> None:
    take_chunk(session, upload=upload, context=context, rows=rows, moment=moment)


_NEED = _Content(BULK_COLUMNS, load_context, _take_need)
_HISTORY = _Content(HISTORY_COLUMNS, load_history_context, take_history)


def _read_file(
    run: Steps, upload_id: int, sha256: str, chunk: int, content: _Content[Context]
) -> None:
    with ExitStack() as stack:
        with run.transaction() as session:
            upload = session.get_one(VolumeUpload, upload_id)
            context = content.load(session, upload)
            file = stack.enter_context(stored_file(session, sha256=sha256))
            done, encoding = upload.done, upload.encoding
            upload.total = max(upload.total, count_rows(file))
        rows = stack.enter_context(
            closing(read_sheet(file, columns=content.columns, encoding=encoding))
        )
        left = (row for row in rows if row.number > done)
        while some := list(islice(left, chunk)):
            with run.transaction() as session:
                upload = _locked(session, upload_id)
                if upload.done >= some[0].number:
                    # Another worker took over because this one was too slow: it is not alone.
                    return
                content.take(session, upload, context, some, run.moment())
                run.progress(upload.done, upload.total, session=session)


def _submit_reports(run: Steps, upload_id: int) -> None:
    is_more = True
    while is_more:
        with run.transaction() as session:
            upload = _locked(session, upload_id)
            is_more = upload.submits and submit_touched(session, upload=upload, moment=run.moment())
            run.progress(upload.done, upload.total, session=session)


def _locked(session: Session, upload_id: int) -> VolumeUpload:
    return session.get_one(VolumeUpload, upload_id, with_for_update=True)


def _end(
    run: Steps, upload_id: int, status: UploadStatus, refusal: FileRefusedError | None
) -> None:
    with run.transaction() as session:
        upload = _locked(session, upload_id)
        if upload.status not in UNFINISHED:
            return
        upload.status = status
        upload.ended_at = run.moment()
        upload.total = max(upload.done, 0) if refusal is None else upload.total
        if refusal is not None:
            upload.refusal_zh, upload.refusal_en = refusal.zh[:500], refusal.en[:500]
        _tell(session, upload, run.moment())


def _tell(session: Session, upload: VolumeUpload, moment: datetime) -> None:
    if upload.status == UploadStatus.REFUSED:
        zh, en = "未能读取", "could not be read"
    else:
        zh = f"处理完成：{upload.stored:,} 行已导入，{upload.faults:,} 行有误"
        en = f"is done: {upload.stored:,} rows taken over, {upload.faults:,} with faults"
    notify(
        session,
        organisation_id=upload.organisation_id,
        zh=f"文件“{upload.filename}”{zh}。",
        en=f"The file {upload.filename} {en}.",
        link=f"/volumes/uploads/{upload.id}",
        moment=moment,
        key=f"volume-upload-{upload.id}",
    )


def carry_out(run: JobRun) -> None:
    """The job's handler."""
    work_on_upload(run, upload_id=int(str(run.payload["upload"])))
