"""What goes wrong in a simulated round, drawn from its seed, and the hand that does it."""

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random  # noqa: TID251 - seeded, so that every run can be repeated
from typing import Any

from sqlalchemy import Connection, Engine, event

from tests.simulation.clock import Clock


class Kind(StrEnum):
    """What goes wrong with one request, or one piece of queued work."""

    CRASH_AT_STATEMENT = "crash-at-statement"
    """The process dies, and what it wrote is not committed."""
    CRASH_BEFORE_COMMIT = "crash-before-commit"
    CRASH_AFTER_COMMIT = "crash-after-commit"
    """It dies, and nobody is told of what is committed."""
    LOST_AFTER_COMMIT = "lost-after-commit"
    """The connection ends before the answer to COMMIT; the process lives on and knows nothing."""
    DATABASE_FAILS = "database-fails"
    """One statement fails."""
    DATABASE_SLOW = "database-slow"
    """One statement takes up to five minutes."""


CRASHES = frozenset({Kind.CRASH_AT_STATEMENT, Kind.CRASH_BEFORE_COMMIT, Kind.CRASH_AFTER_COMMIT})
AT_STATEMENT = frozenset({Kind.CRASH_AT_STATEMENT, Kind.DATABASE_FAILS, Kind.DATABASE_SLOW})
STATEMENTS_MAX = 25
SLOW_SECONDS_MAX = 300
COMMITS_MAX = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        kind: What goes wrong.
        nth: At which statement, or at which commit, from 1.
        seconds: How long a slow statement takes.
    """

    kind: Kind
    nth: int
    seconds: float = 0.0


def draw_fault(random: Random) -> Fault:
    """Draw what goes wrong next."""
    kind = random.choice(list(Kind))
    nth = random.randint(1, STATEMENTS_MAX if kind in AT_STATEMENT else COMMITS_MAX)
    return Fault(kind, nth, random.uniform(1, SLOW_SECONDS_MAX))


@dataclass
class Saboteur:
    """Lets one fault at a time happen to what an engine does.

    Attributes:
        engine: The platform's own.
        clock: Runs on while a statement is slow.
        struck: How often each kind has happened.
        is_dead: The process has died: nothing reaches the database until it is started again.
    """

    engine: Engine
    clock: Clock
    struck: dict[Kind, int] = field(default_factory=dict)
    is_dead: bool = False
    _waiting: Fault | None = None
    _seen: int = 0

    def __post_init__(self) -> None:
        """Stand between the platform and its database."""
        dialect: Any = self.engine.dialect
        self._error = dialect.loaded_dbapi.OperationalError
        self._commit = dialect.do_commit
        dialect.do_commit = self._commits
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            event.listen(self.engine, name, self._executes)

    def arm(self, fault: Fault) -> None:
        """Let a fault happen as soon as its time comes."""
        self._waiting, self._seen = fault, 0

    def disarm(self) -> bool:
        """Take back the fault that waits; False where it has happened."""
        was_waiting, self._waiting = self._waiting is not None, None
        return was_waiting

    def revive(self) -> None:
        """The process is started again."""
        self.is_dead = False

    def forget(self) -> None:
        """Nothing has happened yet, and nothing waits to happen."""
        self.struck, self.is_dead, self._waiting = {}, False, None

    def _executes(self, *_: Any) -> None:
        self._refuse_dead()
        fault = self._due(AT_STATEMENT)
        if fault is None:
            return
        if fault.kind is Kind.DATABASE_SLOW:
            self.clock.let_pass(fault.seconds)
            return
        self._fail(fault)

    def _commits(self, connection: Connection) -> None:
        self._refuse_dead()
        fault = self._due(frozenset(Kind) - AT_STATEMENT)
        if fault is not None and fault.kind is Kind.CRASH_BEFORE_COMMIT:
            self._fail(fault)
        self._commit(connection)
        if fault is not None:
            self._fail(fault)

    def _due(self, kinds: frozenset[Kind]) -> Fault | None:
        fault = self._waiting
        if fault is None or fault.kind not in kinds:
            return None
        self._seen += 1
        if self._seen < fault.nth:
            return None
        self._waiting = None
        self.struck[fault.kind] = self.struck.get(fault.kind, 0) + 1
        return fault

    def _fail(self, fault: Fault) -> None:
        self.is_dead = fault.kind in CRASHES
        raise self._error(f"simulated: {fault.kind}")

    def _refuse_dead(self) -> None:
        if self.is_dead:
            raise self._error("simulated: the process is dead")
