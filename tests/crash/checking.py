"""What holds of every round and every job, whatever was killed and when."""

from time import monotonic, sleep

from sqlalchemy import ColumnElement, Engine, func, select

from procurement.accounts.jobs import DAILY
from procurement.database import database_moment, snapshot
from procurement.jobs import Job, JobStatus
from procurement.rounds.progress import events_of
from procurement.rounds.rules import check_transition
from procurement.rounds.tables import Round, RoundEventKind, RoundStatus
from tests.crash.clients import Client
from tests.crash.site import Site

WORK_SECONDS = 90
STUCK_SECONDS = 3


def check_status(engine: Engine, name: str, expected: RoundStatus) -> None:
    """Its status is the expected one, and it came there by legal steps, each taken once."""
    with snapshot(engine) as session:
        round_ = session.scalars(select(Round).where(Round.name == name)).one()
        steps = [
            (RoundStatus(event.status_from or ""), RoundStatus(event.status_to or ""))
            for event in events_of(session, round_id=round_.id)
            if event.kind == RoundEventKind.STATUS
        ]
        assert round_.status == expected
    assert steps[-1][1] == expected
    for before, after in steps:
        check_transition(before, after)
    # One follows the other: nothing was done twice, and nothing is missing.
    assert [before for before, _ in steps[1:]] == [after for _, after in steps[:-1]]


def wait_for_status(engine: Engine, name: str, wanted: RoundStatus) -> None:
    """Wait until the timetable has brought a round to a status."""
    deadline = monotonic() + WORK_SECONDS
    while _status(engine, name) != wanted:
        assert monotonic() < deadline, f"{name} did not come to {wanted}"
        sleep(0.05)


def _status(engine: Engine, name: str) -> str:
    with snapshot(engine) as session:
        return session.scalars(select(Round.status).where(Round.name == name)).one()


def rows(engine: Engine, table: type, *where: ColumnElement[bool]) -> int:
    """Count the rows of a table."""
    with snapshot(engine) as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def check_answers_again(clients: list[Client]) -> None:
    """Whatever was acknowledged is acknowledged again, byte for byte."""
    for client in clients:
        for one in client.answered:
            again = client.repeat(one)
            assert (again.status_code, again.content) == (one.status, one.body), one.path


def wait_for_jobs(site: Site) -> None:
    """Wait until all work that is due is done; none of it was given up."""
    deadline = monotonic() + WORK_SECONDS
    looked_at = monotonic()
    while left := _unfinished(site):
        assert JobStatus.FAILED not in left.values(), left
        assert monotonic() < deadline, f"still to be done: {left}"
        if monotonic() - looked_at > STUCK_SECONDS:
            site.let_leases_run_out()
            looked_at = monotonic()
        sleep(0.05)


def wait_for_daily_jobs(site: Site) -> None:
    """Wait until the work of the day is done: it reads certificates, which tests leave empty."""
    deadline = monotonic() + WORK_SECONDS
    done = Job.kind.in_(DAILY), Job.status == JobStatus.DONE
    while rows(site.engine, Job, *done) < len(DAILY):
        assert monotonic() < deadline, "the work of the day was not done"
        sleep(0.05)


def _unfinished(site: Site) -> dict[str, str]:
    with snapshot(site.engine) as session:
        due = select(Job).where(Job.status != JobStatus.DONE)
        moment = database_moment(session)
        return {
            f"{job.kind} {job.key}": job.status
            for job in session.scalars(due)
            if job.run_at <= moment or job.status != JobStatus.QUEUED or job.attempts
        }
