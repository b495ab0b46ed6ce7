"""Receiving files of many rows: kept in the database, worked on by a job."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.database import database_moment
from procurement.jobs import Job, JobStatus, enqueue
from procurement.permissions import Actor
from procurement.rounds.tables import Round
from procurement.volumes.cells import storable
from procurement.volumes.errors import FileRefusedError
from procurement.volumes.states import UNFINISHED, UploadKind, UploadStatus
from procurement.volumes.tables import VolumeUpload, VolumeUploadPart
from procurement.volumes.window import check_window

PART_SIZE = 1024 * 1024
SIZE_MAX = 512 * PART_SIZE
IN_MEMORY_MAX = 32 * PART_SIZE

JOB_KIND = "volume-upload"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that is being received.

    Attributes:
        kind: What is in it.
        filename: As the browser named it.
        source: Its bytes, at their beginning.
        encoding: Of a CSV file, as the user said.
        submits: Reports without faults are submitted on the hospitals' behalf; the bureau holds
            their stamped papers.
        again: Work on it even where the same file was worked on before.
    """

    kind: UploadKind
    filename: str
    source: BinaryIO
    encoding: str = "utf-8"
    submits: bool = False
    again: bool = False


def receive_upload(
    session: Session, *, round_: Round | None, file: SentFile, actor: Actor, moment: datetime
) -> VolumeUpload:
    """Receive a file and queue the work on it.

    The same file of the same organisation is worked on once; sending it again gives the upload
    that exists, unless it is asked for again.

    Args:
        session: Session of the caller's transaction.
        round_: The round; None for past purchases.
        file: The file. It is read in pieces.
        actor: The bureau's officer.
        moment: When.

    Returns:
        The upload.

    Raises:
        ReportingClosedError: The round does not take reports now.
        LateReportError: The window is over.
        FileRefusedError: The file is empty or too large.
    """
    received_at = database_moment(session)
    if round_ is not None:
        received_at = check_window(session, round_=round_)
    sha256, size = _measure(file.source)
    round_id = None if round_ is None else round_.id
    known = _same_file(session, round_id=round_id, file=file, sha256=sha256, actor=actor)
    if known is not None and (known.status in UNFINISHED or not file.again):
        return known
    _keep_parts(session, source=file.source, sha256=sha256)
    upload = VolumeUpload(
        kind=file.kind,
        round_id=round_id,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        filename=storable(file.filename)[-200:],
        sha256=sha256,
        size=size,
        encoding=file.encoding,
        submits=file.submits,
        status=UploadStatus.QUEUED,
        received_at=received_at,
    )
    session.add(upload)
    session.flush()
    enqueue(
        session,
        kind=JOB_KIND,
        payload={"upload": upload.id},
        moment=moment,
        key=_job_key(upload.id),
    )
    audit.record(
        session,
        actor=actor,
        action="upload-volumes",
        subject=f"volume-upload/{upload.id}",
        facts={"sha256": sha256, "kind": file.kind, "round": round_.name if round_ else ""},
        moment=moment,
    )
    return upload


def _measure(source: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PART_SIZE):
        digest.update(piece)
        size += len(piece)
        if size > SIZE_MAX:
            raise FileRefusedError(
                zh="文件超过 512 MB，请拆分后上传。",
                en="The file is larger than 512 MB; split it.",
            )
    source.seek(0)
    if size == 0:
        raise FileRefusedError(zh="文件是空的。", en="The file is empty.")
    return digest.hexdigest(), size


def _same_file(
    session: Session, *, round_id: int | None, file: SentFile, sha256: str, actor: Actor
) -> VolumeUpload | None:
    known = (
        select(VolumeUpload)
        .where(
            VolumeUpload.sha256 == sha256,
            VolumeUpload.kind == file.kind,
            VolumeUpload.round_id.is_not_distinct_from(round_id),
            VolumeUpload.organisation_id == actor.organisation_id,
            VolumeUpload.encoding == file.encoding,
            VolumeUpload.submits == file.submits,
        )
        .order_by(VolumeUpload.id.desc())
        .limit(1)
    )
    return session.scalars(known).one_or_none()


def _keep_parts(session: Session, *, source: BinaryIO, sha256: str) -> None:
    stored = select(VolumeUploadPart.id).where(VolumeUploadPart.sha256 == sha256).limit(1)
    if session.scalar(stored) is not None:
        return
    number = 0
    while piece := source.read(PART_SIZE):
        number += 1
        part = VolumeUploadPart(sha256=sha256, number=number, content=piece)
        session.add(part)
        session.flush()
        # Written, so that the memory does not grow with the file.
        session.expunge(part)


@contextmanager
def stored_file(session: Session, *, sha256: str) -> Iterator[BinaryIO]:
    """Put a stored file together again, at its beginning.

    Yields:
        The file; it is gone after the block.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_MAX) as whole:
        numbers = session.scalars(
            select(VolumeUploadPart.number)
            .where(VolumeUploadPart.sha256 == sha256)
            .order_by(VolumeUploadPart.number)
        ).all()
        for number in numbers:
            piece = session.scalar(
                select(VolumeUploadPart.content).where(
                    VolumeUploadPart.sha256 == sha256, VolumeUploadPart.number == number
                )
            )
            whole.write(piece or b"")
        whole.seek(0)
        yield cast(BinaryIO, whole)


def uploads_of(
    session: Session, *, round_id: int | None, organisation_id: int | None, limit: int = 50
) -> Sequence[VolumeUpload]:
    """Return the newest files of a round (or of past purchases), of one organisation or of all."""
    kinds = (UploadKind.HISTORY,) if round_id is None else (UploadKind.BULK,)
    statement = select(VolumeUpload).where(
        VolumeUpload.kind.in_(kinds), VolumeUpload.round_id.is_not_distinct_from(round_id)
    )
    if organisation_id is not None:
        statement = statement.where(VolumeUpload.organisation_id == organisation_id)
    return session.scalars(statement.order_by(VolumeUpload.id.desc()).limit(limit)).all()


def has_stopped(session: Session, *, upload: VolumeUpload) -> bool:
    """Tell whether the work on a file was given up after several attempts."""
    if upload.status not in UNFINISHED:
        return False
    jobs = session.scalars(
        select(Job.status).where(Job.key.startswith(_job_key(upload.id), autoescape=True))
    ).all()
    return all(status in (JobStatus.FAILED, JobStatus.DONE) for status in jobs)


def resume_upload(session: Session, *, upload: VolumeUpload, moment: datetime) -> None:
    """Queue the work on a file anew, where it was given up; it goes on behind the last row."""
    if not has_stopped(session, upload=upload):
        return
    enqueue(
        session,
        kind=JOB_KIND,
        payload={"upload": upload.id},
        moment=moment,
        key=f"{_job_key(upload.id)}{moment.timestamp():.0f}",
    )


def _job_key(upload_id: int) -> str:
    return f"{JOB_KIND}-{upload_id}-"
