"""Legal holds: what a court or an inquiry still needs is kept beyond its retention."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from procurement.audit.service import record
from procurement.audit.tables import LegalHold
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError

SUBJECT_MAX = 200
REASON_MAX = 500
DOCUMENT_MAX = 300


class SamePersonError(RefusedError):
    """A hold is ended by somebody else than who placed it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="须由另一人解除保全。", en="Another person than who placed the hold must end it."
        )


class HoldEndedError(RefusedError):
    """The hold is over."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该保全已经解除。", en="This hold is over already.")


def place_hold(
    session: Session, *, subject: str, reason: str, document: str, actor: Actor, moment: datetime
) -> LegalHold:
    """Keep everything about a subject until another person ends it.

    Args:
        session: Session of the caller's transaction.
        subject: As the audit record names it, such as ``round/anhui-2026-1``.
        reason: Why.
        document: By which order.
        actor: Who places it.
        moment: When.

    Raises:
        InvalidInputError: With every fault.
    """
    given = (
        ("subject", subject, SUBJECT_MAX),
        ("reason", reason, REASON_MAX),
        ("document", document, DOCUMENT_MAX),
    )
    faults = [fault for name, text, most in given for fault in _faults(name, text, most)]
    if faults:
        raise InvalidInputError(faults)
    hold = LegalHold(
        subject=subject.strip().strip("/"),
        reason=reason.strip(),
        document=document.strip(),
        placed_by=actor.person_id,
        placed_at=moment,
    )
    session.add(hold)
    session.flush()
    record(
        session,
        actor=actor,
        action="place-legal-hold",
        subject=hold.subject,
        facts={"hold": str(hold.id), "reason": hold.reason, "document": hold.document},
        moment=moment,
    )
    return hold


def end_hold(
    session: Session, *, hold_id: int, reason: str, actor: Actor, moment: datetime
) -> LegalHold:
    """End a hold; what is past its retention is deleted by the next daily work.

    Raises:
        NotFoundForActorError: There is none.
        HoldEndedError: It is over.
        SamePersonError: The actor placed it.
        InvalidInputError: There is no reason.
    """
    hold = session.get(LegalHold, hold_id, with_for_update=True, populate_existing=True)
    if hold is None:
        raise NotFoundForActorError
    if hold.ended_at is not None:
        raise HoldEndedError
    if hold.placed_by == actor.person_id:
        raise SamePersonError
    faults = list(_faults("end_reason", reason, REASON_MAX))
    if faults:
        raise InvalidInputError(faults)
    hold.ended_by, hold.ended_at, hold.end_reason = actor.person_id, moment, reason.strip()
    session.flush()
    record(
        session,
        actor=actor,
        action="end-legal-hold",
        subject=hold.subject,
        facts={"hold": str(hold.id), "reason": hold.end_reason},
        moment=moment,
    )
    return hold


def holds(session: Session) -> Sequence[LegalHold]:
    """Return all holds: those in force first, then the newest."""
    order = (LegalHold.ended_at.is_not(None), LegalHold.id.desc())
    return session.scalars(select(LegalHold).order_by(*order)).all()


def is_held(session: Session, *, subject: str) -> bool:
    """Tell whether a subject, or what it belongs to, must be kept.

    Args:
        session: Any session.
        subject: As the audit record names it.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, transaction, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> with transaction(engine) as session:
        ...     _ = place_hold(
        ...         session, subject="round/x", reason="诉讼", document="（2026）皖01民初1号",
        ...         actor=Actor(), moment=datetime(2026, 11, 22, tzinfo=UTC),
        ...     )
        ...     [is_held(session, subject=one) for one in ("round/x", "round/x/lots/1", "round/xy")]
        [True, True, False]
        >>> engine.dispose()
    """
    asked = literal(subject)
    # No pattern, whose marks a subject may hold: plain texts are compared.
    beginning = func.substr(asked, 1, func.length(LegalHold.subject) + 1)
    covers = or_(asked == LegalHold.subject, beginning == LegalHold.subject + "/")
    found = select(LegalHold.id).where(LegalHold.ended_at.is_(None), covers).limit(1)
    return session.scalar(found) is not None


def _faults(field: str, text: str, most: int) -> Sequence[FieldFault]:
    if not text.strip():
        return [FieldFault(field, "必填，此处为空。", "Must be given, and is empty.")]
    if len(text.strip()) > most:
        return [FieldFault(field, f"最多 {most} 个字。", f"At most {most} characters.")]
    return []
