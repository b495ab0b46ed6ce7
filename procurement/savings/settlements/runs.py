"""Runs of durable jobs: asked for, told apart, ended."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.jobs import enqueue
from procurement.permissions import Actor
from procurement.savings.settlements.changing import UNDER_WAY, require_idle
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
