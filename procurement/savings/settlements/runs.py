"""Runs of durable jobs: asked for, told apart, ended."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.jobs import JobStatus, enqueue, find_job
from procurement.permissions import Actor
from procurement.savings.settlements.changing import UNDER_WAY, lock, noted, require_idle
from procurement.savings.settlements.errors import RunNotDeadError
from procurement.savings.states import RunKind, RunStatus
from procurement.savings.tables import SavingsRun, SavingsSettlement

JOBS: Mapping[RunKind, str] = {
    RunKind.EXTRACT: "extract-purchases",
    RunKind.COMPUTE: "compute-savings",
    RunKind.PAY: "pay-savings",
}
"""The kind of job that carries out a run."""


def start_run(
    session: Session,
    *,
    settlement: SavingsSettlement,
    kind: RunKind,
    actor: Actor,
    moment: datetime,
    hospital_id: int | None = None,
    extract_id: int | None = None,
) -> SavingsRun:
    """Ask for a run; a job carries it out, and goes on behind its last step after a crash.

    Args:
        session: Session of the caller's transaction, which has locked the settlement.
        settlement: The settlement.
        kind: What to do.
        actor: Who asks.
        moment: Now, aware.
        hospital_id: Compute anew for this hospital and its group only.
        extract_id: The extract that is computed from.

    Raises:
        RunUnderWayError: Another run is at work.
    """
    require_idle(session, settlement=settlement)
    before = session.scalar(
        select(func.max(SavingsRun.number)).where(
            SavingsRun.settlement_id == settlement.id, SavingsRun.kind == kind
        )
    )
    run = SavingsRun(
        settlement_id=settlement.id,
        kind=kind,
        number=(before or 0) + 1,
        hospital_id=hospital_id,
        extract_id=extract_id,
        status=RunStatus.WAITING,
        asked_by=actor.person_id,
        asked_at=moment,
    )
    session.add(run)
    session.flush()
    run.job_id = enqueue(
        session,
        kind=JOBS[kind],
        payload={"run_id": run.id},
        moment=moment,
        key=f"savings-run-{run.id}",
    )
    session.flush()
    return run


def latest_run(
    session: Session,
    *,
    settlement: SavingsSettlement,
    kind: RunKind | None = None,
    status: RunStatus | None = None,
) -> SavingsRun | None:
    """Return the newest run of a settlement, if any."""
    wanted = select(SavingsRun).where(SavingsRun.settlement_id == settlement.id)
    if kind is not None:
        wanted = wanted.where(SavingsRun.kind == kind)
    if status is not None:
        wanted = wanted.where(SavingsRun.status == status)
    return session.scalars(wanted.order_by(SavingsRun.id.desc()).limit(1)).one_or_none()


def fail_run(session: Session, *, run: SavingsRun, zh: str, en: str, moment: datetime) -> None:
    """Say why a run could not be carried out; nothing of it counts."""
    run.status = RunStatus.FAILED
    run.fault_zh, run.fault_en, run.ended_at = zh, en, moment
    session.flush()


def end_run(session: Session, *, run: SavingsRun, moment: datetime) -> None:
    """Say that a run is done."""
    run.status, run.ended_at = RunStatus.DONE, moment
    session.flush()


def open_run(session: Session, *, run_id: int) -> SavingsRun | None:
    """Return a run that waits or is at work, locked; None where it has ended."""
    run = session.get_one(SavingsRun, run_id, with_for_update=True)
    return run if run.status in UNDER_WAY else None


def dead_run(session: Session, *, settlement: SavingsSettlement) -> SavingsRun | None:
    """Return the run that waits or is at work although its job was given up, if there is one."""
    run = session.scalars(
        select(SavingsRun)
        .where(SavingsRun.settlement_id == settlement.id, SavingsRun.status.in_(UNDER_WAY))
        .limit(1)
    ).one_or_none()
    job = None if run is None or run.job_id is None else find_job(session, job_id=run.job_id)
    is_dead = job is not None and job.status in (JobStatus.FAILED, JobStatus.DONE)
    return run if is_dead else None


def give_up_dead_run(
    session: Session, *, settlement: SavingsSettlement, actor: Actor, moment: datetime
) -> SavingsRun | None:
    """Give a run up whose job will never be tried again; then it may be asked for anew.

    Args:
        session: Session of the caller's transaction, which has locked the settlement.
        settlement: The settlement.
        actor: Who gives it up.
        moment: Now, aware.

    Returns:
        The run; None where none is dead.
    """
    found = dead_run(session, settlement=settlement)
    run = None if found is None else open_run(session, run_id=found.id)
    if run is None or run.job_id is None:
        return None
    job = find_job(session, job_id=run.job_id)
    said = "" if job is None else job.message or ""
    zh = f"任务多次重试仍未完成，已放弃，可以重新进行。{said}"
    en = f"The job failed again and again and was given up; it may be started anew. {said}".strip()
    fail_run(session, run=run, zh=zh, en=en, moment=moment)
    facts = {"kind": run.kind, "run": str(run.number)}
    noted(
        session,
        settlement=settlement,
        action="give-run-up",
        actor=actor,
        moment=moment,
        facts=facts,
    )
    return run


def give_up_run(
    session: Session, *, settlement: SavingsSettlement, actor: Actor, moment: datetime
) -> SavingsRun:
    """Give up a run whose job failed for good; whatever it did stays, and it may be asked anew.

    Raises:
        RunNotDeadError: No run is under way, or its job is still tried.
    """
    locked = lock(session, settlement=settlement)
    run = give_up_dead_run(session, settlement=locked, actor=actor, moment=moment)
    if run is None:
        raise RunNotDeadError
    return run
