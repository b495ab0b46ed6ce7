"""Rehearsals (演练): a database that is marked as one, and a clock that runs faster.

A database is for a rehearsal or for real business from its first opening on, and for ever; neither
is ever opened as the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from procurement.database.engine import snapshot, transaction
from procurement.database.moments import Pace, database_moment, pace_of, real_moment
from procurement.database.tables import ClockSegment, Installation, InstallationKind
from procurement.errors import JicaiError, RefusedError

SPEED_MAX = 100_000
THE_ONE = 1
REFRESH_SECONDS = 1.0

_TRACES = ("organisation", "round", "audit_entry", "heartbeat")
"""Tables in which any use leaves a row; they are those of stages above."""


class OtherInstallationError(JicaiError):
    """The database is not what the process was started for."""

    def __init__(self, found: InstallationKind, *, wanted: InstallationKind) -> None:
        """Keep both kinds."""
        way = (
            "start with --sandbox or JICAI_SANDBOX=1"
            if found is InstallationKind.SANDBOX
            else "a rehearsal needs a database and a data folder of its own"
        )
        super().__init__(
            f"this database is for {_WORDS[found]}, not for {_WORDS[wanted]}: {way}; "
            "nothing was changed"
        )
        self.found = found


_WORDS = {InstallationKind.LIVE: "real business", InstallationKind.SANDBOX: "rehearsals"}


class BadSpeedError(RefusedError):
    """The clock of a rehearsal cannot run so."""

    def __init__(self) -> None:
        """Say what was expected."""
        super().__init__(
            zh=f"演练时钟的倍速须为 1 至 {SPEED_MAX} 的整数，起始时刻不得早于现在。",
            en=f"A rehearsal's clock: expected a whole speed from 1 to {SPEED_MAX}, and no start "
            "before now.",
        )


def mark_installation(engine: Engine, *, sandbox: bool) -> None:
    """Check what a database is for; the first time, write it down.

    Args:
        engine: On a database with the newest schema.
        sandbox: Whether the process is for a rehearsal.

    Raises:
        OtherInstallationError: The database is for the other.

    Examples:
        >>> from procurement.database import make_engine, upgrade
        >>> engine = make_engine("sqlite://", sandbox=True)
        >>> upgrade(engine)
        >>> mark_installation(engine, sandbox=True)
        >>> mark_installation(engine, sandbox=False)
        Traceback (most recent call last):
        ...
        procurement.database.sandbox.OtherInstallationError: this database is for rehearsals, not \
for real business: start with --sandbox or JICAI_SANDBOX=1; nothing was changed
        >>> engine.dispose()
    """
    wanted = InstallationKind.SANDBOX if sandbox else InstallationKind.LIVE
    found = _kind(engine)
    if found is None:
        try:
            with transaction(engine) as session:
                _mark(session, wanted)
        except IntegrityError:
            # Another process was faster; what it wrote counts.
            pass
        found = _kind(engine)
    if found is not wanted and found is not None:
        raise OtherInstallationError(found, wanted=wanted)


def check_installation(engine: Engine, *, sandbox: bool) -> None:
    """Refuse a database that is for the other, and write nothing.

    Raises:
        OtherInstallationError: It is.
    """
    wanted = InstallationKind.SANDBOX if sandbox else InstallationKind.LIVE
    found = _kind(engine)
    if found is not None and found is not wanted:
        raise OtherInstallationError(found, wanted=wanted)


def _kind(engine: Engine) -> InstallationKind | None:
    with snapshot(engine) as session:
        row = session.get(Installation, THE_ONE)
    return None if row is None else InstallationKind(row.kind)


def _mark(session: Session, wanted: InstallationKind) -> None:
    if wanted is InstallationKind.SANDBOX and _is_used(session):
        raise OtherInstallationError(InstallationKind.LIVE, wanted=wanted)
    moment = real_moment(session)
    session.add(Installation(id=THE_ONE, kind=wanted, marked_at=moment))
    if wanted is InstallationKind.SANDBOX:
        session.add(ClockSegment(since=moment, shown=moment, speed=1))
    session.flush()


def _is_used(session: Session) -> bool:
    """Whether it was ever served or filled: what is older than the marks is for real."""
    return any(
        session.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first()  # noqa: S608 - names of ours
        for table in _TRACES
    )


def set_pace(session: Session, *, speed: int, shown: datetime | None = None) -> Pace:
    """Let the clock of a rehearsal run at another speed from now on; it never goes back.

    Args:
        session: Session of the caller's transaction, on a rehearsal's database.
        speed: How many seconds pass in each real second.
        shown: Put the clock forward to this moment; it goes on from where it is unless given.

    Returns:
        How it runs now.

    Raises:
        BadSpeedError: The speed is out of range, or the clock would go back.
    """
    present = database_moment(session)
    if not 1 <= speed <= SPEED_MAX or (shown is not None and shown < present):
        raise BadSpeedError
    real = real_moment(session)
    # Not `present`: the two questions are some microseconds apart, which a high speed magnifies.
    before = pace_of(session)
    segment = ClockSegment(
        since=real, shown=shown or (before.at(real) if before else real), speed=speed
    )
    session.add(segment)
    session.flush()
    return Pace(segment.since, segment.shown, segment.speed)


@dataclass
class SandboxClock:
    """The clock of a rehearsal for one process; all processes agree, since the database decides.

    Attributes:
        engine: On the rehearsal's database.
        timer: Counts seconds.
    """

    engine: Engine
    timer: Callable[[], float] = monotonic
    _pace: Pace | None = field(default=None, init=False)
    _asked: tuple[float, datetime] | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __call__(self) -> datetime:
        """Return the moment that it shows."""
        pace, real = self._now()
        return pace.at(real) if pace else real

    @property
    def speed(self) -> int:
        """How many seconds pass in each real second."""
        pace, _real = self._now()
        return pace.speed if pace else 1

    @property
    def known_speed(self) -> int:
        """The speed as it was last asked for: for those who must not wait for the database."""
        return self._pace.speed if self._pace else 1

    def _now(self) -> tuple[Pace | None, datetime]:
        with self._lock:
            asked = self._asked
            if asked is None or self.timer() - asked[0] >= REFRESH_SECONDS:
                asked = self._asked = self._ask()
            asked_at, real = asked
            return self._pace, real + timedelta(seconds=self.timer() - asked_at)

    def _ask(self) -> tuple[float, datetime]:
        try:
            with snapshot(self.engine) as session:
                real, self._pace = real_moment(session), pace_of(session)
        except SQLAlchemyError:
            # While the database is away the clock goes on as it went: the page that says so has a
            # time on it.
            if self._asked is None:
                raise
            return self._asked
        # After the answer: the real moment is then never ahead of the database's.
        return self.timer(), real
