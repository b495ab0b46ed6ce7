"""Workers take jobs, one at a time, and try again what failed."""

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy import Engine, or_, select, update

from bidding.sealing import SealingError
from procurement.database import clock_speed, transaction
from procurement.errors import JicaiError, said_safely
from procurement.jobs.run import LEASE, Handler, JobRun
from procurement.jobs.tables import Job, JobStatus
from procurement.settings import Settings

ATTEMPTS_MAX = 5
POLL_SECONDS = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker works with.

    Attributes:
        engine: The database.
        settings: The installation.
        handlers: By kind of job.
        clock: Tells the time.
        tick: Called again and again: the timetable's events.
        punctual: Kinds that have a thread of their own beside `tick`, so that a closing waits for
            no report that takes minutes.
        told_of: Opened around each run, with the job's id and kind: what operators are told of it.
    """

    engine: Engine
    settings: Settings
    handlers: Mapping[str, Handler]
    clock: Callable[[], datetime]
    tick: Callable[[], None] = lambda: None
    punctual: frozenset[str] = frozenset()
    told_of: Callable[[int, str], AbstractContextManager[None]] = lambda job, kind: nullcontext()

    def start(self, stop: Event) -> tuple[Thread, ...]:
        """Work in threads of its own until `stop` is set."""
        threads = tuple(
            Thread(target=self._work, args=(stop, is_punctual), name=name, daemon=True)
            for is_punctual, name in ((True, "jicai-timetable"), (False, "jicai-jobs"))
        )
        for thread in threads:
            thread.start()
        return threads

    def _work(self, stop: Event, is_punctual: bool) -> None:
        while not stop.is_set():
            # Each by itself: what keeps the timetable waiting may wait for a job.
            if is_punctual:
                self._outlive("tick", self.tick)
            worked = self._outlive(
                "take a job", lambda: run_due_jobs(self, most=1, is_punctual=is_punctual)
            )
            if not worked:
                stop.wait(POLL_SECONDS)

    def _outlive(self, what: str, work: Callable[[], int | None]) -> int:
        try:
            return work() or 0
        except Exception as error:
            # The database may be away for a while: a worker outlives it.
            _log.error("the worker could not %s: %s", what, said_safely(error))
            return 0


def run_due_jobs(worker: Worker, *, most: int = 1000, is_punctual: bool | None = None) -> int:
    """Carry out the jobs that are due; returns how many were taken.

    Args:
        worker: What to work with.
        most: Stop after so many.
        is_punctual: Only the worker's punctual kinds, or only the others; None for all.
    """
    taken = 0
    while taken < most:
        run = _take(worker, is_punctual)
        if run is None:
            break
        taken += 1
        _carry_out(worker, run)
    return taken


def _take(worker: Worker, is_punctual: bool | None) -> tuple[str, JobRun] | None:
    """Lease the job that waits longest: a queued one, or one whose worker has died."""
    moment = worker.clock()
    due = (
        select(Job)
        .where(
            Job.run_at <= moment,
            or_(
                Job.status == JobStatus.QUEUED,
                (Job.status == JobStatus.RUNNING) & (Job.leased_until < moment),
            ),
        )
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if is_punctual is not None:
        due = due.where(Job.kind.in_(worker.punctual) == is_punctual)
    with transaction(worker.engine) as session:
        job = session.scalars(due).one_or_none()
        if job is None:
            return None
        job.status = JobStatus.RUNNING
        job.leased_until = moment + LEASE * clock_speed(session)
        job.attempts += 1
        payload = json.loads(job.payload)
        run = JobRun(job.id, payload, worker.engine, worker.settings, worker.clock)
        return job.kind, run


def _carry_out(worker: Worker, taken: tuple[str, JobRun]) -> None:
    kind, run = taken
    try:
        with worker.told_of(run.job_id, kind):
            handler = worker.handlers.get(kind)
            if handler is None:
                raise UnknownJobError(kind)
            handler(run)
    except Exception as error:
        # Whatever it was, the job must not stay "running": it is tried again, or given up.
        # The message of a stranger's error may hold what somebody sealed; our own hold none of it.
        _log.error("job %s (%s) failed: %s", run.job_id, kind, said_safely(error))
        said = str(error) if isinstance(error, JicaiError | SealingError) else ""
        _end(worker, run, message=said or type(error).__name__)
    else:
        _end(worker, run, message=None)


def _end(worker: Worker, run: JobRun, *, message: str | None) -> None:
    moment = worker.clock()
    with transaction(worker.engine) as session:
        job = session.get_one(Job, run.job_id)
        if message is None:
            status, run_at = JobStatus.DONE, job.run_at
        elif job.attempts >= ATTEMPTS_MAX:
            status, run_at = JobStatus.FAILED, job.run_at
        else:
            # 1, 2, 4 … seconds: what failed because something was away needs time.
            status = JobStatus.QUEUED
            pause = timedelta(seconds=2 ** (job.attempts - 1))
            run_at = moment + pause * clock_speed(session)
        session.execute(
            update(Job)
            .where(Job.id == run.job_id)
            .values(
                status=status,
                run_at=run_at,
                message=message and message[:500],
                leased_until=None,
                ended_at=None if status is JobStatus.QUEUED else moment,
            )
        )


class UnknownJobError(JicaiError):
    """No handler carries out jobs of this kind."""

    def __init__(self, kind: str) -> None:
        """Keep the kind."""
        super().__init__(f"no handler carries out jobs of the kind {kind!r}")
        self.kind = kind
