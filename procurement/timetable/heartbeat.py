"""Noticing that the platform was away: its heartbeat stopped.

Every process writes the one heartbeat. A gap means that no process could write to the database,
so that nobody could submit either, whether servers, network or database were the cause.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.database import clock_speed
from procurement.timetable.tables import Heartbeat, Outage

BEAT = timedelta(seconds=5)
GAP = timedelta(seconds=20)
"""Longer than a busy writer keeps others waiting; shorter than any outage that counts."""

THE_ONE = 1


def beat(session: Session, *, moment: datetime) -> Heartbeat:
    """Write the heartbeat; a gap since the last one is recorded as an outage.

    Args:
        session: Session of the caller's transaction.
        moment: By the database's clock.

    Returns:
        The heartbeat.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, transaction, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> start = datetime(2026, 11, 22, tzinfo=UTC)
        >>> with transaction(engine) as session:
        ...     for seconds in (0, 5, 10, 100):
        ...         _ = beat(session, moment=start + timedelta(seconds=seconds))
        ...     [(outage.until - outage.since).seconds for outage in outages_since(session, start)]
        [90]
        >>> engine.dispose()
    """
    row = session.get(Heartbeat, THE_ONE, with_for_update=True)
    if row is None:
        row = Heartbeat(id=THE_ONE, beat_at=moment, reminded_until=moment)
        session.add(row)
    if moment - row.beat_at > GAP * clock_speed(session):
        session.add(Outage(since=row.beat_at, until=moment))
    # Several processes beat; a slower one must not set the clock back.
    row.beat_at = max(row.beat_at, moment)
    session.flush()
    return row


def outages_since(session: Session, since: datetime) -> Sequence[Outage]:
    """Return the outages that ended after a moment, oldest first."""
    after = select(Outage).where(Outage.until > since).order_by(Outage.since)
    return session.scalars(after).all()
