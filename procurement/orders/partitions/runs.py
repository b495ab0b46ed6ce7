"""Runs that write partitions, each into a folder of its own that nobody changes afterwards."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.errors import FieldFault, InvalidInputError
from procurement.jobs import enqueue
from procurement.orders.partitions.tables import PartitionRun, RunStatus
from procurement.permissions import Actor, NotFoundForActorError

WRITE_PARTITIONS_JOB = "write-partitions"
FOLDER = "purchases"
YEAR_MIN, YEAR_MAX = 2000, 2100
YEARS_MAX = 20


def start_run(
    session: Session,
    *,
    region: str,
    years: Sequence[int],
    actor: Actor,
    moment: datetime,
) -> PartitionRun:
    """Queue the writing of the purchase lines of a division.

    Args:
        session: Session of the caller's transaction.
        region: Division whose hospitals are written; ``000000`` = all.
        years: Calendar years; all where there are none.
        actor: Who asks.
        moment: Now.

    Raises:
        InvalidInputError: A year or the division cannot be.
    """
    faults = []
    if len(years) > YEARS_MAX or not all(YEAR_MIN <= year <= YEAR_MAX for year in years):
        faults.append(
            FieldFault(
                "years", f"须为 {YEAR_MIN} 至 {YEAR_MAX} 的年份。", "Expected calendar years."
            )
        )
    if len(region) != 6 or not (region.isascii() and region.isdigit()):
        faults.append(FieldFault("region", "须为六位区划代码。", "Expected six digits."))
    if faults:
        raise InvalidInputError(faults)
    run = PartitionRun(
        region=region,
        years=" ".join(str(year) for year in sorted(set(years))),
        status=RunStatus.RUNNING,
        partitions=0,
        rows=0,
        quantity="0",
        amount="0",
        asked_by=actor.person_id,
        asked_at=moment,
    )
    session.add(run)
    session.flush()
    run.job_id = enqueue(
        session,
        kind=WRITE_PARTITIONS_JOB,
        payload={"run": run.id},
        moment=moment,
        key=f"{WRITE_PARTITIONS_JOB}-{run.id}",
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action=WRITE_PARTITIONS_JOB,
        subject=f"partition-run/{run.id}",
        facts={"region": region, "years": run.years},
        moment=moment,
    )
    return run


def find_run(session: Session, *, run_id: int) -> PartitionRun:
    """Return a run.

    Raises:
        NotFoundForActorError: There is none.
    """
    run = session.get(PartitionRun, run_id)
    if run is None:
        raise NotFoundForActorError
    return run


def runs_of(session: Session, *, region: str, limit: int = 50) -> Sequence[PartitionRun]:
    """Return the newest runs of a division."""
    runs = select(PartitionRun).where(PartitionRun.region == region)
    return session.scalars(runs.order_by(PartitionRun.id.desc()).limit(limit)).all()


def run_folder(data: Path, run: PartitionRun) -> Path:
    """Return the folder of a run within the data folder of the installation."""
    return data / FOLDER / f"run-{run.id:06d}"


def years_of(run: PartitionRun) -> list[int]:
    """Return the calendar years of a run; none for all that there are."""
    return [int(year) for year in run.years.split()]


def manifest_of(run: PartitionRun) -> list[dict[str, Any]]:
    """Return what was written, by partition; empty until the run is done."""
    found: list[dict[str, Any]] = json.loads(run.manifest or "[]")
    return found
