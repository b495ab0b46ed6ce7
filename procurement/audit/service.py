"""Recording what was done, and checking that nothing was changed since."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from procurement.audit.tables import AuditEntry
from procurement.database import text_digest
from procurement.permissions import Actor

FIRST = "0" * 64
"""What the first entry is chained to."""

# Any number that no other lock of the database takes.
_CHAIN_LOCK = 20_261_123


def record(
    session: Session,
    *,
    actor: Actor,
    action: str,
    subject: str,
    facts: Mapping[str, str],
    moment: datetime,
) -> AuditEntry:
    """Record that somebody did something, in the transaction in which it is done.

    Args:
        session: Session of the caller's transaction.
        actor: Who did it; `Actor()` for the timetable.
        action: What was done, as ``publish-round``.
        subject: To what, as ``round/national-12``.
        facts: What a reader must know; never a price, key, share or password.
        moment: When, aware.

    Returns:
        The stored entry.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, transaction, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> with transaction(engine) as session:
        ...     entry = record(
        ...         session, actor=Actor(), action="close-round", subject="round/pilot",
        ...         facts={}, moment=datetime(2026, 11, 22, tzinfo=UTC),
        ...     )
        >>> entry.previous_digest == FIRST
        True
        >>> engine.dispose()
    """
    if session.get_bind().dialect.name == "postgresql":
        # Entries are chained one after the other; SQLite has one writer anyway.
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    newest = select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
    entry = AuditEntry(
        happened_at=moment,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        action=action,
        subject=subject,
        facts=json.dumps(dict(facts), ensure_ascii=False, sort_keys=True),
        previous_digest=session.scalar(newest) or FIRST,
    )
    entry.digest = _digest(entry)
    session.add(entry)
    session.flush()
    return entry


def entries_about(session: Session, *, subject: str) -> Sequence[AuditEntry]:
    """Return what was done to one thing, oldest first."""
    about = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
    return session.scalars(about).all()


def broken_link(session: Session) -> int | None:
    """Return the id of the first entry that does not fit the one before, or None.

    The whole chain is read, in order.
    """
    previous = FIRST
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(1000):
        if entry.previous_digest != previous or entry.digest != _digest(entry):
            return entry.id
        previous = entry.digest
    return None


def _digest(entry: AuditEntry) -> str:
    return text_digest(
        json.dumps(
            [
                entry.previous_digest,
                entry.happened_at.isoformat(),
                entry.person_id,
                entry.organisation_id,
                entry.action,
                entry.subject,
                entry.facts,
            ],
            ensure_ascii=False,
        )
    )
