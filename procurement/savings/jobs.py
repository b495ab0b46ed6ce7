"""Durable work of this stage: extracting purchases, computing statements, paying.

Every step is one transaction and is done once; after a crash a job goes on behind the last one.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from procurement.database import snapshot
from procurement.errors import InvalidInputError, JicaiError, RefusedError
from procurement.jobs import Handler, JobRun
from procurement.orders.partitions.writing import (
    Partition,
    partitions_there_are,
    write_partition,
)
from procurement.permissions import Actor
from procurement.savings.analytics import chosen_engine
from procurement.savings.assessments.opening import open_assessments
from procurement.savings.paying.paying import pay_step, prepare_paying
from procurement.savings.settlements.changing import set_status
from procurement.savings.settlements.extracting import (
    FOLDER,
    Wanted,
    keep_extract,
    purchase_files,
    sum_up,
    wanted_of,
)
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.settlements.runs import JOBS, fail_run, open_run
from procurement.savings.settlements.terms import terms_of, years_of
from procurement.savings.statements.computing import compute_step, prepare, start_recomputing
from procurement.savings.states import RunKind, RunStatus, SettlementStatus
from procurement.savings.tables import SavingsRun, SavingsSettlement
from procurement.volumes.rules import region_prefix


def extract_purchases(run: JobRun) -> None:
    """Write the purchases of a settlement as partitions, sum them, and keep the lines."""
    run_id = _run_id(run)
    try:
        plan = _plan(run, run_id)
        if plan is None:
            return
        wanted, folder, cells = plan
        written: list[Partition] = []
        for number, (year, region) in enumerate(cells):
            _tell(run, run_id, number, len(cells) + 1)
            written.append(
                write_partition(
                    run.engine,
                    folder=folder,
                    year=year,
                    region=region,
                    # A large partition takes longer than a worker is believed to be alive.
                    beat=lambda _rows, at=number: run.progress(at, len(cells) + 1),  # type: ignore[misc]
                )
            )
        _tell(run, run_id, len(cells), len(cells) + 1)
        matched = sum_up(purchase_files(folder, written), wanted, chosen_engine(os.environ))
        with run.transaction() as session:
            row = open_run(session, run_id=run_id)
            if row is None:
                return
            keep_extract(
                session,
                run=row,
                wanted=wanted,
                matched=matched,
                partitions=written,
                moment=run.moment(),
            )
            _after_extract(session, row, run)
    except JicaiError as error:
        _fail(run, run_id, error)


def compute_savings(run: JobRun) -> None:
    """Compute the statements of a settlement, some hospitals in each step."""
    _step_by_step(run, prepare, compute_step)


def pay_savings(run: JobRun) -> None:
    """Instruct the payments of a settlement, one hospital in each step."""
    _step_by_step(run, prepare_paying, pay_step)


def _step_by_step(run: JobRun, begin: Callable[..., None], step: Callable[..., bool]) -> None:
    run_id = _run_id(run)
    try:
        with run.transaction() as session:
            row = open_run(session, run_id=run_id)
            if row is None:
                return
            begin(session, run=row)
        while True:
            with run.transaction() as session:
                row = open_run(session, run_id=run_id)
                if row is None or not step(session, run=row, moment=run.moment()):
                    return
                run.progress(row.done, row.total, session=session)
    except JicaiError as error:
        _fail(run, run_id, error)


def _plan(run: JobRun, run_id: int) -> tuple[Wanted, Path, list[tuple[int, str]]] | None:
    """What an extract needs; None where it is done already."""
    with run.transaction() as session:
        row = open_run(session, run_id=run_id)
        if row is None:
            return None
        row.status = RunStatus.RUNNING
    folder = run.settings.data / FOLDER / f"extract-{run_id:06d}"
    folder.mkdir(parents=True, exist_ok=True)
    with snapshot(run.engine) as session:
        settlement = _settlement(session, run_id)
        years = years_of(terms_of(session, settlement=settlement))
        region = region_prefix(settlement.region)
        cells = partitions_there_are(session, region=region, years=years)
        return wanted_of(session, settlement=settlement), folder, cells


def _after_extract(session: Session, row: SavingsRun, run: JobRun) -> None:
    """Open what is to be assessed; for an objection, compute its statement anew."""
    settlement = session.get_one(SavingsSettlement, row.settlement_id, with_for_update=True)
    rules = rules_of(settlement)
    open_assessments(session, settlement=settlement, run_id=row.id, rules=rules)
    if row.hospital_id is None:
        status = SettlementStatus.EXTRACTED
        set_status(session, settlement=settlement, status=status, moment=run.moment())
        return
    start_recomputing(
        session,
        settlement=settlement,
        hospital_id=row.hospital_id,
        actor=Actor(person_id=row.asked_by),
        moment=run.moment(),
    )


def _settlement(session: Session, run_id: int) -> SavingsSettlement:
    row = session.get_one(SavingsRun, run_id)
    return session.get_one(SavingsSettlement, row.settlement_id)


def _tell(run: JobRun, run_id: int, done: int, total: int) -> None:
    with run.transaction() as session:
        row = session.get_one(SavingsRun, run_id)
        row.done, row.total = done, total
        run.progress(done, total, session=session)


def _fail(run: JobRun, run_id: int, error: JicaiError) -> None:
    """Keep why a run failed, in words; what the database refuses is tried again instead."""
    zh = en = str(error)
    if isinstance(error, InvalidInputError):
        zh = "\n".join(f"{fault.field}：{fault.zh}" for fault in error.faults)
        en = "\n".join(f"{fault.field}: {fault.en}" for fault in error.faults)
    elif isinstance(error, RefusedError):
        zh, en = error.zh, error.en
    with run.transaction() as session:
        row = open_run(session, run_id=run_id)
        if row is not None:
            fail_run(session, run=row, zh=zh, en=en, moment=run.moment())


def _run_id(run: JobRun) -> int:
    return int(str(run.payload["run_id"]))


HANDLERS: Mapping[str, Handler] = {
    JOBS[RunKind.EXTRACT]: extract_purchases,
    JOBS[RunKind.COMPUTE]: compute_savings,
    JOBS[RunKind.PAY]: pay_savings,
}
"""Who carries out which kind of job."""
