"""Jobs are done once, tried again after failures, and taken over after a crash."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from procurement.database import snapshot, transaction
from procurement.jobs import Job, JobRun, JobStatus, Worker, enqueue, find_job, run_due_jobs
from procurement.settings import Settings

START = datetime(2026, 11, 22, tzinfo=UTC)
SETTINGS = Settings(Path("x"), "")


class Clock:
    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


def queue(engine, **values) -> int:
    with transaction(engine) as session:
        return enqueue(session, kind="count", payload={"to": 3}, moment=START, **values)


def job(engine, job_id: int) -> Job:
    with snapshot(engine) as session:
        found = find_job(session, job_id=job_id)
        assert found is not None
        return found


def test_a_job_is_carried_out_once_and_tells_its_progress(engine, clock):
    seen = []

    def count(run: JobRun) -> None:
        for done in range(1, int(str(run.payload["to"])) + 1):
            with run.transaction() as session:
                run.progress(done, 3, session=session)
        seen.append(run.job_id)

    job_id = queue(engine)
    worker = Worker(engine, SETTINGS, {"count": count}, clock)
    assert run_due_jobs(worker) == 1
    assert run_due_jobs(worker) == 0
    ended = job(engine, job_id)
    assert (ended.status, ended.done, ended.total, seen) == (JobStatus.DONE, 3, 3, [job_id])


def test_a_job_is_not_taken_before_its_time(engine, clock):
    queue(engine, run_at=START + timedelta(hours=1))
    worker = Worker(engine, SETTINGS, {"count": lambda run: None}, clock)
    assert run_due_jobs(worker) == 0
    clock.moment += timedelta(hours=1)
    assert run_due_jobs(worker) == 1


def test_a_failed_job_is_tried_again_and_given_up_in_the_end(engine, clock, caplog):
    def fail(run: JobRun) -> None:
        raise RuntimeError("away at 7.654")

    job_id = queue(engine)
    worker = Worker(engine, SETTINGS, {"count": fail}, clock)
    runs = 0
    for _ in range(10):
        runs += run_due_jobs(worker)
        clock.moment += timedelta(minutes=1)
    ended = job(engine, job_id)
    # What a stranger's error says may be what somebody sealed: only its kind is kept.
    assert (runs, ended.status, ended.message) == (5, JobStatus.FAILED, "RuntimeError")
    assert "RuntimeError at " in caplog.text
    assert "7.654" not in caplog.text


def test_a_job_whose_worker_died_is_taken_over(engine, clock):
    class Killed(BaseException):
        """Nothing catches it, like a kill."""

    def die(run: JobRun) -> None:
        raise Killed

    job_id = queue(engine)
    with pytest.raises(Killed):
        run_due_jobs(Worker(engine, SETTINGS, {"count": die}, clock))
    healthy = Worker(engine, SETTINGS, {"count": lambda run: None}, clock)
    assert run_due_jobs(healthy) == 0  # the lease still runs
    clock.moment += timedelta(minutes=2)
    assert run_due_jobs(healthy) == 1
    assert job(engine, job_id).status is JobStatus.DONE or job(engine, job_id).status == "done"


def test_two_workers_never_take_the_same_job(engine, clock):
    done: list[int] = []
    for number in range(20):
        queue(engine, key=str(number))
    worker = Worker(engine, SETTINGS, {"count": lambda run: done.append(run.job_id)}, clock)
    threads = [Thread(target=run_due_jobs, args=(worker,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(set(done))
    assert len(done) == 20


def test_a_job_of_an_unknown_kind_fails_with_its_name(engine, clock):
    job_id = queue(engine)
    run_due_jobs(Worker(engine, SETTINGS, {}, clock))
    assert "count" in str(job(engine, job_id).message)


def test_a_timetable_that_fails_keeps_no_job_waiting(engine, clock):
    stop = Event()

    def tick() -> None:
        raise RuntimeError("a round cannot be closed yet")

    job_id = queue(engine)
    worker = Worker(engine, SETTINGS, {"count": lambda run: stop.set()}, clock, tick=tick)
    for thread in worker.start(stop):
        thread.join(timeout=20)
    assert job(engine, job_id).status == JobStatus.DONE


def test_a_closing_and_the_heart_wait_for_no_long_work(engine, clock):
    stop, is_closed = Event(), Event()
    beats: list[int] = []

    def report(run: JobRun) -> None:
        assert is_closed.wait(timeout=20)
        heard = len(beats)
        while len(beats) < heard + 2:
            sleep(0.01)
        stop.set()

    with transaction(engine) as session:
        for kind in ("report", "close"):
            enqueue(session, kind=kind, payload={}, moment=START)
    handlers = {"report": report, "close": lambda run: is_closed.set()}
    punctual = frozenset({"close"})
    worker = Worker(
        engine, SETTINGS, handlers, clock, tick=lambda: beats.append(1), punctual=punctual
    )
    for thread in worker.start(stop):
        thread.join(timeout=30)
        assert not thread.is_alive()


def test_each_thread_takes_its_own_kinds_only(engine, clock):
    done: list[str] = []
    handlers = {kind: lambda run, kind=kind: done.append(kind) for kind in ("report", "close")}
    worker = Worker(engine, SETTINGS, handlers, clock, punctual=frozenset({"close"}))
    with transaction(engine) as session:
        for kind in ("report", "close"):
            enqueue(session, kind=kind, payload={}, moment=START)
    assert run_due_jobs(worker, is_punctual=True) == 1
    assert done == ["close"]
    assert run_due_jobs(worker, is_punctual=False) == 1
    assert done == ["close", "report"]
