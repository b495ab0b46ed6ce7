"""Files that prove what a place states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.bids.rules import PAPER_BYTES_MAX
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.files import media_type_of, store_file
from procurement.permissions import Actor
from procurement.pharmacies.designation.applying import criteria_for, require_drafted
from procurement.pharmacies.designation.changing import lock_application
from procurement.pharmacies.designation.tables import DesignationApplication, DesignationEvidence

EVIDENCE_MAX = 60
"""Files of one application."""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A file that proves a statement.

    Attributes:
        criterion: Name of the criterion.
        file_name: As the browser named the file.
        content: The file.
    """

    criterion: str
    file_name: str
    content: bytes


def add_evidence(
    session: Session,
    *,
    application_id: int,
    evidence: NewEvidence,
    data: Path,
    actor: Actor,
    moment: datetime,
) -> DesignationEvidence:
    """Store a file that proves a statement.

    Raises:
        InvalidInputError: It is of another kind, too large, or belongs to no criterion.
    """
    application = lock_application(session, application_id=application_id)
    require_drafted(application)
    faults = _evidence_faults(session, application, evidence)
    if faults:
        raise InvalidInputError(faults)
    row = DesignationEvidence(
        application_id=application.id,
        criterion=evidence.criterion,
        file_name=evidence.file_name[-200:],
        file_digest=store_file(data, evidence.content),
        file_bytes=len(evidence.content),
        media_type=media_type_of(evidence.content) or "",
        handed_in_by=actor.person_id,
        handed_in_at=moment,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="add-designation-evidence",
        subject=f"designation-application/{application.id}",
        facts={"criterion": row.criterion, "digest": row.file_digest},
        moment=moment,
    )
    return row


def _evidence_faults(
    session: Session, application: DesignationApplication, evidence: NewEvidence
) -> list[FieldFault]:
    names = {criterion.name for criterion in criteria_for(session, application).wanted}
    faults = []
    if evidence.criterion not in names:
        zh, en = "请选择材料证明的条件。", "Choose the criterion that it proves."
        faults.append(FieldFault("criterion", zh, en))
    if not evidence.content:
        faults.append(FieldFault("file", "请选择文件。", "Choose a file."))
    elif len(evidence.content) > PAPER_BYTES_MAX:
        faults.append(FieldFault("file", "文件不得超过 20 MB。", "At most 20 MB."))
    elif media_type_of(evidence.content) is None:
        zh, en = "只接受 PDF、OFD、JPEG、PNG。", "Only PDF, OFD, JPEG and PNG files are taken."
        faults.append(FieldFault("file", zh, en))
    if len(evidence_of(session, application_id=application.id)) >= EVIDENCE_MAX:
        zh = f"一份申请最多 {EVIDENCE_MAX} 份材料。"
        faults.append(FieldFault("file", zh, f"At most {EVIDENCE_MAX} files."))
    return faults


def remove_evidence(
    session: Session,
    *,
    application_id: int,
    evidence_id: int,
    actor: Actor,
    moment: datetime,
) -> None:
    """Take a file out of a draft again.

    Raises:
        RefusedError: The application was handed in, or has no such file.
    """
    application = lock_application(session, application_id=application_id)
    require_drafted(application)
    row = session.get(DesignationEvidence, evidence_id)
    if row is None or row.application_id != application.id:
        raise RefusedError(zh="没有这份材料。", en="There is no such file.")
    session.delete(row)
    record(
        session,
        actor=actor,
        action="remove-designation-evidence",
        subject=f"designation-application/{application.id}",
        facts={"criterion": row.criterion, "digest": row.file_digest},
        moment=moment,
    )


def evidence_of(session: Session, *, application_id: int) -> Sequence[DesignationEvidence]:
    """Return the files of an application in the order of handing in."""
    own = select(DesignationEvidence).where(DesignationEvidence.application_id == application_id)
    return session.scalars(own.order_by(DesignationEvidence.id)).all()
