"""Counting failed attempts in the database, and blocking whoever has too many."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from procurement.accounts.tables import Throttle
from procurement.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures within a window lead to a block."""

    kind: str
    failures_max: int
    window: timedelta
    block: timedelta


class TooManyAttemptsError(RefusedError):
    """Too many failures; every further attempt is refused until a moment, right or wrong."""

    def __init__(self, until: datetime) -> None:
        """Keep the moment."""
        super().__init__(
            zh="失败次数过多，请稍后再试。",
            en="Too many failed attempts; try again later.",
        )
        self.until = until


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: a limit and the name, address or pair that it holds for."""

    limit: Limit
    name: str

    @property
    def key(self) -> str:
        """Kind and digest, as the table keeps it."""
        return f"{self.limit.kind}:{hashlib.sha256(self.name.encode()).hexdigest()}"


def lock_counters(
    session: Session, *, counted: Sequence[Counted], moment: datetime
) -> dict[Counted, Throttle]:
    """Return the counters, locked until the end of the transaction, windows over restarted.

    Locking before the attempt is checked lets nobody try many passwords at the same instant.

    Args:
        session: Session of the caller's transaction.
        counted: What is counted.
        moment: Now.

    Returns:
        The counter's row of each.
    """
    rows = {}
    # Always in the same order, so that two attempts never wait for each other.
    for one in sorted(counted, key=lambda each: each.key):
        fresh = {"key": one.key, "failures": 0, "window_ends_at": moment + one.limit.window}
        session.execute(insert(Throttle).values(fresh).on_conflict_do_nothing())
        row = session.execute(
            select(Throttle)
            .where(Throttle.key == one.key)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).scalar_one()
        if row.window_ends_at <= moment:
            row.failures, row.window_ends_at = 0, moment + one.limit.window
        rows[one] = row
    return rows


def refuse_blocked(counters: dict[Counted, Throttle], *, moment: datetime) -> None:
    """Raise if one of the counters is blocked.

    Raises:
        TooManyAttemptsError: Until the end of the longest block.
    """
    until = [row.blocked_until for row in counters.values() if row.blocked_until is not None]
    if any(end > moment for end in until):
        raise TooManyAttemptsError(max(until))


def count_failure(counters: dict[Counted, Throttle], *, moment: datetime) -> bool:
    """Add one failure to each counter; the one that reaches its limit is blocked.

    Returns:
        Whether one was blocked now.
    """
    blocks = False
    for counted, row in counters.items():
        row.failures += 1
        if row.failures >= counted.limit.failures_max:
            row.failures, row.blocked_until = 0, moment + counted.limit.block
            blocks = True
    return blocks


def forget_failures(counters: dict[Counted, Throttle], *, kinds: Sequence[str]) -> None:
    """Start again from nothing after a success, for the counters of these kinds."""
    for counted, row in counters.items():
        if counted.limit.kind in kinds:
            row.failures = 0


def delete_idle_counters(session: Session, *, moment: datetime) -> None:
    """Delete counters whose window and block are over."""
    over = Throttle.blocked_until.is_(None) | (Throttle.blocked_until <= moment)
    session.execute(delete(Throttle).where(Throttle.window_ends_at <= moment, over))
