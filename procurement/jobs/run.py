"""What a handler is given: its payload, its transactions, and a way to tell its progress."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from procurement.clock import now
from procurement.database import clock_speed, transaction
from procurement.jobs.tables import Job
from procurement.settings import Settings

LEASE = timedelta(seconds=60)
"""How long a worker that tells nothing is believed to be alive."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job.

    Attributes:
        job_id: The job.
        payload: As it was queued.
        engine: The database.
        settings: The installation.
        clock: Tells the time.
    """

    job_id: int
    payload: Mapping[str, object]
    engine: Engine
    settings: Settings
    clock: Callable[[], datetime]

    def moment(self) -> datetime:
        """Return the present moment, aware."""
        return self.clock()

    def wall_moment(self) -> datetime:
        """Return the moment by which sign-ins and second factors are measured.

        It is the real one in a rehearsal too, whose clock `moment` follows.
        """
        return now() if self.settings.is_sandbox else self.clock()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open the transaction of one step; each also renews the lease."""
        with transaction(self.engine) as session:
            self._renew(session)
            yield session

    def progress(self, done: int, total: int, *, session: Session | None = None) -> None:
        """Tell how far the work is; within a step, together with what the step did."""
        if session is not None:
            self._renew(session, done=done, total=total)
            return
        with transaction(self.engine) as own:
            self._renew(own, done=done, total=total)

    def _renew(self, session: Session, **values: int) -> None:
        session.execute(
            update(Job)
            .where(Job.id == self.job_id)
            .values(leased_until=self.clock() + LEASE * clock_speed(session), **values)
        )


Handler = Callable[[JobRun], None]
"""Carries out one kind of job; it may be started again after any of its steps."""
