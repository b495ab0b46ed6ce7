"""Scanned papers that go with a report: the stamped commitment letter, the stamped form."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.volumes.cells import storable
from procurement.volumes.reporting.service import lock_report
from procurement.volumes.tables import PaperKind, VolumePaper, VolumeReport

SIZE_MAX = 5 * 1024 * 1024

# What a file is, by its first bytes: its name proves nothing, and it is sent to browsers again.
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


def keep_paper(
    session: Session,
    *,
    report: VolumeReport,
    kind: PaperKind,
    filename: str,
    content: bytes,
    actor: Actor,
    moment: datetime,
) -> VolumePaper:
    """Keep a scanned paper; an earlier one of the same kind stays on record.

    Raises:
        InvalidInputError: Not a PDF, JPEG or PNG, empty, or too large.
    """
    media_type = next((kind for start, kind in _SIGNATURES if content.startswith(start)), None)
    if media_type is None or len(content) > SIZE_MAX:
        fault = FieldFault(
            kind.value,
            "请上传 5 MB 以内的 PDF、JPG 或 PNG 扫描件。",
            "Expected a scan as PDF, JPG or PNG of at most 5 MB.",
        )
        raise InvalidInputError([fault])
    lock_report(session, report=report)
    paper = VolumePaper(
        report_id=report.id,
        kind=kind,
        filename=storable(filename)[-200:],
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        uploaded_by=actor.person_id,
        uploaded_at=moment,
    )
    session.add(paper)
    session.flush()
    return paper


def papers_of(session: Session, *, report_id: int) -> dict[PaperKind, VolumePaper]:
    """Return the newest paper of each kind, without reading the scans themselves."""
    rows = session.scalars(
        select(VolumePaper)
        .where(VolumePaper.report_id == report_id)
        .options(defer(VolumePaper.content))
        .order_by(VolumePaper.id)
    )
    return {PaperKind(row.kind): row for row in rows}


def paper_of(session: Session, *, report_id: int, paper_id: int) -> VolumePaper:
    """Return a paper with its scan.

    Raises:
        NotFoundForActorError: The report has none of this id.
    """
    paper = session.get(VolumePaper, paper_id)
    if paper is None or paper.report_id != report_id:
        raise NotFoundForActorError
    return paper
