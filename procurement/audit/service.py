"""Recording what was done, and checking that nothing was changed since."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, select, text, type_coerce
from sqlalchemy.orm import Session

from procurement.audit.chain import FIRST, Link, follow, link_digest, moment_text
from procurement.audit.tables import AuditEntry
from procurement.permissions import Actor

ROWS_AT_ONCE = 5000
"""Read from the database in one piece while the whole record is followed."""

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
    entry.digest = link_digest(
        entry.previous_digest,
        moment_text(moment),
        entry.person_id,
        entry.organisation_id,
        action,
        subject,
        entry.facts,
    )
    session.add(entry)
    session.flush()
    return entry


def entries_about(session: Session, *, subject: str) -> Sequence[AuditEntry]:
    """Return what was done to one thing, oldest first."""
    about = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
    return session.scalars(about).all()


def links(session: Session, *, before: datetime | None = None) -> Iterator[Link]:
    """Yield the entries of the record in their order, without holding them all.

    Args:
        session: Any session.
        before: Only those that happened before this moment, up to the first that did not.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    columns: list[Any] = [getattr(AuditEntry, name) for name in Link._fields]
    if is_sqlite:
        # As it stands in the file: making moments of it takes longer than all the hashing.
        columns[1] = type_coerce(AuditEntry.happened_at, String)
    written = _written_by_sqlite if is_sqlite else moment_text
    until = None if before is None else moment_text(before.astimezone(UTC))
    wanted = select(*columns).order_by(AuditEntry.id).execution_options(yield_per=ROWS_AT_ONCE)
    # Closed also where the reader stops at an entry that does not fit.
    with session.connection().execute(wanted) as rows:
        for number, happened_at, *rest in rows:
            moment = written(happened_at)
            if until is not None and moment >= until:
                return
            yield Link(number, moment, *rest)


def _written_by_sqlite(stored: str) -> str:
    """A moment as `moment_text` writes it, from the text in SQLite's file.

    Examples:
        >>> _written_by_sqlite("2026-11-22 01:02:03.000000")
        '2026-11-22T01:02:03+00:00'
    """
    return f"{stored[:10]}T{stored[11:].removesuffix('.000000')}+00:00"


def broken_link(session: Session) -> int | None:
    """Return the id of the first entry that does not fit the one before, or None.

    The whole chain is read, in order.
    """
    return follow(links(session)).broken
