"""The job that writes partitions: it goes on behind what is whole, however often it is killed."""

import json
from collections.abc import Mapping
from decimal import Decimal

from procurement.database import snapshot
from procurement.errors import JicaiError
from procurement.jobs import Handler, JobRun
from procurement.orders.partitions.runs import WRITE_PARTITIONS_JOB, run_folder, years_of
from procurement.orders.partitions.sums import Sums
from procurement.orders.partitions.tables import PartitionRun, RunStatus
from procurement.orders.partitions.writing import (
    Partition,
    partitions_there_are,
    write_partition,
)
from procurement.volumes.rules import region_prefix


def write_partitions(run: JobRun) -> None:
    """Write every partition of a run, one after the other, and keep their manifest.

    A partition that is whole is found again and not written twice. One that differs from the
    table afterwards fails the run, in words.
    """
    run_id = int(str(run.payload["run"]))
    with run.transaction() as session:
        row = session.get_one(PartitionRun, run_id)
        if row.status != RunStatus.RUNNING:
            return
        region, years = region_prefix(row.region), years_of(row)
        folder = run_folder(run.settings.data, row)
    with snapshot(run.engine) as session:
        wanted = partitions_there_are(session, region=region, years=years)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Partition] = []
    try:
        for number, (year, place) in enumerate(wanted):
            run.progress(number, len(wanted))
            written.append(
                write_partition(
                    run.engine,
                    folder=folder,
                    year=year,
                    region=place,
                    # A large partition takes longer than a worker is believed to be alive.
                    beat=lambda _rows, at=number: run.progress(at, len(wanted)),  # type: ignore[misc]
                )
            )
    except JicaiError as error:
        _end(run, run_id, fault=str(error), written=[])
        return
    _end(run, run_id, fault=None, written=written)


def _end(run: JobRun, run_id: int, *, fault: str | None, written: list[Partition]) -> None:
    with run.transaction() as session:
        row = session.get_one(PartitionRun, run_id)
        total = sum((one.sums for one in written), Sums())
        row.status = RunStatus.DONE if fault is None else RunStatus.FAILED
        row.fault = None if fault is None else fault[:500]
        row.partitions, row.rows = len(written), total.rows
        row.quantity = str(total.quantity)
        row.amount = str(sum((Decimal(one.amount) for one in written), Decimal(0)))
        row.manifest = json.dumps([one.as_json() for one in written])
        row.ended_at = run.moment()
        run.progress(len(written), len(written), session=session)


HANDLERS: Mapping[str, Handler] = {WRITE_PARTITIONS_JOB: write_partitions}
"""Who carries out which kind of job."""
