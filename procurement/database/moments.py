"""The database's own clock: the one that deadlines are measured by."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

# Not `now()`, which PostgreSQL fixes at the start of the transaction: a deadline is measured
# after the lock was granted. SQLite's clock has milliseconds.
_CLOCK = {
    "postgresql": text("SELECT clock_timestamp()"),
    "sqlite": text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"),
}


def database_moment(session: Session) -> datetime:
    """Ask the database for the present moment.

    Several servers of one platform have several clocks; the database has one.

    Args:
        session: Any session.

    Returns:
        The moment, aware and in UTC.

    Examples:
        >>> from procurement.database import make_engine, snapshot
        >>> engine = make_engine("sqlite://")
        >>> with snapshot(engine) as session:
        ...     database_moment(session).tzinfo == UTC
        True
        >>> engine.dispose()
    """
    answer = session.execute(_CLOCK[session.get_bind().dialect.name]).scalar_one()
    if isinstance(answer, str):
        return datetime.fromisoformat(answer).replace(tzinfo=UTC)
    moment: datetime = answer
    return moment.astimezone(UTC)
