"""The database's own clock: the one that deadlines are measured by."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from procurement.database.tables import ClockSegment

# Not `now()`, which PostgreSQL fixes at the start of the transaction: a deadline is measured
# after the lock was granted. SQLite's clock has milliseconds.
_CLOCK = {
    "postgresql": text("SELECT clock_timestamp()"),
    "sqlite": text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"),
}

SANDBOX = "jicai_sandbox"
"""The execution option of an engine on a rehearsal's database."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the clock of a rehearsal runs.

    Attributes:
        since: A real moment.
        shown: What the rehearsal's clock showed then.
        speed: How many seconds pass on it in each real second.
    """

    since: datetime
    shown: datetime
    speed: int

    def at(self, moment: datetime) -> datetime:
        """Return what the rehearsal's clock shows at a real moment.

        Examples:
            >>> since = datetime(2026, 11, 22, tzinfo=UTC)
            >>> pace = Pace(since, datetime(2026, 12, 1, tzinfo=UTC), speed=60)
            >>> pace.at(datetime(2026, 11, 22, 0, 1, tzinfo=UTC)).isoformat()
            '2026-12-01T01:00:00+00:00'
        """
        return self.shown + (moment - self.since) * self.speed


def is_sandbox(session: Session) -> bool:
    """Tell whether what the session writes belongs to a rehearsal."""
    return bool(session.get_bind().get_execution_options().get(SANDBOX, False))


def database_moment(session: Session) -> datetime:
    """Ask the database for the present moment; in a rehearsal by the rehearsal's clock.

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
    return shown_moment(session, real_moment(session))


def shown_moment(session: Session, real: datetime) -> datetime:
    """Turn a real moment that another statement took from the database into `database_moment`'s."""
    pace = pace_of(session)
    return real if pace is None else pace.at(real)


def real_moment(session: Session) -> datetime:
    """Ask the database for the real moment, also in a rehearsal."""
    answer = session.execute(_CLOCK[session.get_bind().dialect.name]).scalar_one()
    if isinstance(answer, str):
        return datetime.fromisoformat(answer).replace(tzinfo=UTC)
    moment: datetime = answer
    return moment.astimezone(UTC)


def pace_of(session: Session) -> Pace | None:
    """Return how the clock of a rehearsal runs; None where this is none, or it has no clock yet."""
    if not is_sandbox(session):
        return None
    newest = select(ClockSegment).order_by(ClockSegment.id.desc()).limit(1)
    segment = session.scalars(newest).one_or_none()
    return None if segment is None else Pace(segment.since, segment.shown, segment.speed)


def clock_speed(session: Session) -> int:
    """Return how many seconds pass by `database_moment` in each real second: 1 but in rehearsals.

    What waits for machines and people, such as a lease, lasts so many times longer by that clock.
    """
    pace = pace_of(session)
    return 1 if pace is None else pace.speed
