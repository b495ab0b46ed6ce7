"""What people wrote in a complaint: sealed at rest, since it may tell of somebody's illness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret, unseal_secret
from procurement.audit.holds import is_held
from procurement.pharmacies.complaints.states import TextKind
from procurement.pharmacies.complaints.tables import Complaint, ComplaintText


@dataclass(frozen=True, slots=True)
class Written:
    """A text, opened.

    Attributes:
        kind: What it is.
        text: What was written; empty once it is deleted.
        written_at: When.
        is_deleted: It was deleted since.
    """

    kind: TextKind
    text: str
    written_at: datetime
    is_deleted: bool


def write_text(
    session: Session,
    *,
    complaint: Complaint,
    kind: TextKind,
    text: str,
    key: bytes,
    moment: datetime,
    person_id: int | None = None,
) -> None:
    """Keep what somebody wrote.

    Args:
        session: Session of the caller's transaction.
        complaint: About what.
        kind: What it is.
        text: In clear.
        key: The installation's key.
        moment: Now.
        person_id: Who wrote it; None for the public.
    """
    session.add(
        ComplaintText(
            complaint_id=complaint.id,
            kind=kind,
            sealed=seal_secret(text, key=key, purpose=_purpose(complaint, kind)),
            person_id=person_id,
            written_at=moment,
        )
    )
    session.flush()


def texts_of(
    session: Session, *, complaint: Complaint, kinds: Sequence[TextKind], key: bytes
) -> list[Written]:
    """Open what was written of some kinds, oldest first.

    Args:
        session: Any session.
        complaint: Of which.
        kinds: What is wanted: the contact is nobody's but the handler's.
        key: The installation's key.
    """
    rows = session.scalars(
        select(ComplaintText)
        .where(ComplaintText.complaint_id == complaint.id, ComplaintText.kind.in_(kinds))
        .order_by(ComplaintText.id)
    )
    return [
        Written(
            kind=TextKind(row.kind),
            text=""
            if row.deleted_at is not None
            else unseal_secret(
                row.sealed, key=key, purpose=_purpose(complaint, TextKind(row.kind))
            ),
            written_at=row.written_at,
            is_deleted=row.deleted_at is not None,
        )
        for row in rows
    ]


def delete_contact(session: Session, *, complaint: Complaint, moment: datetime) -> bool:
    """Delete how somebody can be reached: nobody needs it any more.

    Returns:
        False where a legal hold keeps it: the daily work asks again.
    """
    if is_held(session, subject=f"complaint/{complaint.number}"):
        return False
    kept = select(ComplaintText).where(
        ComplaintText.complaint_id == complaint.id,
        ComplaintText.kind == TextKind.CONTACT,
        ComplaintText.deleted_at.is_(None),
    )
    for row in session.scalars(kept):
        row.sealed, row.deleted_at = "", moment
    session.flush()
    return True


def contacts_to_forget(session: Session) -> Sequence[str]:
    """Return the numbers of closed complaints of which it is still known who wrote."""
    contact = select(ComplaintText.complaint_id).where(
        ComplaintText.kind == TextKind.CONTACT, ComplaintText.deleted_at.is_(None)
    )
    closed = select(Complaint.number).where(
        Complaint.closed_at.is_not(None), Complaint.id.in_(contact)
    )
    return session.scalars(closed.order_by(Complaint.id)).all()


def _purpose(complaint: Complaint, kind: TextKind) -> str:
    return f"{kind.value} {complaint.number}"
