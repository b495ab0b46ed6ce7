"""Writing purchase lines as Parquet by machine: starting a run, and what it wrote."""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post
from litestar.params import JSONBody

from procurement.orders.partitions.runs import find_run, manifest_of, runs_of, start_run
from procurement.orders.partitions.tables import PartitionRun
from procurement.permissions import Action, Subject
from procurement.web import RowId, Visit, reads, writes

TAGS = ["orders"]
PATH = "/api/v1/purchase-partitions"


@dataclass(frozen=True, slots=True)
class RunBody:
    """What is to be written.

    Attributes:
        years: Calendar years; all where there are none.
    """

    years: list[int]


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run.

    Attributes:
        id: Names it in addresses.
        region: Division whose hospitals are written.
        years: Calendar years; empty for all.
        status: running, done or failed.
        partitions: How many were written.
        rows: Purchase lines.
        quantity: Minimal units, returns deducted.
        amount: Yuan, returns deducted.
        fault: Why it failed.
        asked_at: When.
        ended_at: Null until it is over.
    """

    id: int
    region: str
    years: str
    status: str
    partitions: int
    rows: int
    quantity: str
    amount: str
    fault: str | None
    asked_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with what it wrote.

    Attributes:
        run: As in the list.
        partitions: By year and region: counts, sums, and files with their digests.
    """

    run: RunEntry
    partitions: list[dict[str, object]]


def _entry(row: PartitionRun) -> RunEntry:
    return RunEntry(
        row.id,
        row.region,
        row.years,
        row.status,
        row.partitions,
        row.rows,
        row.quantity,
        row.amount,
        row.fault,
        row.asked_at,
        row.ended_at,
    )


def _own(visit: Visit) -> None:
    visit.require(Action.WRITE_PARTITIONS, Subject(regions=(visit.actor.region,)))


@post(PATH, tags=TAGS, status_code=202)
@writes
def start(visit: Visit, data: JSONBody[RunBody]) -> RunEntry:
    """Write the purchase lines of the hospitals of the own division as Parquet, in a job."""
    _own(visit)
    row = start_run(
        visit.session,
        region=visit.actor.region,
        years=data.years,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(row)


@get(PATH, tags=TAGS)
@reads
def list_runs(visit: Visit) -> list[RunEntry]:
    """List the newest runs of the own division."""
    _own(visit)
    return [_entry(row) for row in runs_of(visit.session, region=visit.actor.region)]


@get(PATH + "/{run_id:int}", tags=TAGS)
@reads
def read_run(visit: Visit, run_id: RowId) -> RunDetail:
    """Read what a run wrote."""
    visit.require_ever(Action.WRITE_PARTITIONS)
    row = find_run(visit.session, run_id=run_id)
    visit.require(Action.WRITE_PARTITIONS, Subject(regions=(row.region,)))
    return RunDetail(_entry(row), manifest_of(row))


ROUTES = (start, list_runs, read_run)
"""Handlers of the interface."""
