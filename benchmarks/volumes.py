"""Volume reporting: a file of 100,000 rows, and lists over 46,000 hospitals, beside bare SQL."""

import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.volume_world import (
    PRODUCTS,
    Row,
    add_history,
    add_reports,
    bulk_insert,
    code_of,
    databases,
    make_round,
)
from procurement.database import database_moment, snapshot, transaction
from procurement.permissions import Actor
from procurement.rounds.tables import Round
from procurement.volumes.bulk import work_on_upload
from procurement.volumes.grid import read_grid
from procurement.volumes.listing import ReportFilter, list_reports, progress_by_region
from procurement.volumes.rules import past_years
from procurement.volumes.states import ReportStatus, UploadKind
from procurement.volumes.tables import VolumeLine, VolumeReport, VolumeUpload
from procurement.volumes.uploads import SentFile, receive_upload

ROWS = 100_000
UPLOAD_LIMIT_SECONDS = 10
LIST_LIMIT_MS = 100
VIEWS = 100


@dataclass(frozen=True, slots=True)
class Steps:
    """A job's run without a queue."""

    engine: Engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """The transaction of a step."""
        with transaction(self.engine) as session:
            yield session

    def moment(self) -> datetime:
        """The present moment."""
        with snapshot(self.engine) as session:
            return database_moment(session)

    def progress(self, done: int, total: int, *, session: Session | None = None) -> None:
        """Nobody asks."""


def upload(engine: Engine, round_: Round, actor: Actor) -> None:
    """A file of 100,000 rows: received, read, stored, checked against past use and submitted."""
    hospitals = -(-ROWS // PRODUCTS)
    opens_at = round_.volume_opens_at or datetime.now(UTC)  # noqa: TID251 - only for the type
    add_history(engine, hospitals=hospitals, years=past_years(opens_at.date(), 2))
    rows = [
        (code_of(1 + place // PRODUCTS), f"L{1 + place % PRODUCTS:02}", 900 + place % 200)
        for place in range(ROWS)
    ]
    content = "统一社会信用代码,品种编号,规格,需求量\n" + "".join(
        f"{code},{lot},10mg,{need}\n" for code, lot, need in rows
    )
    start, busy = time.perf_counter(), time.process_time()
    with transaction(engine) as session:
        file = SentFile(UploadKind.BULK, "province.csv", io.BytesIO(content.encode()), submits=True)
        sent = receive_upload(
            session,
            round_=session.get_one(Round, round_.id),
            file=file,
            actor=actor,
            moment=database_moment(session),
        )
    work_on_upload(Steps(engine), upload_id=sent.id)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    with snapshot(engine) as session:
        done = session.get_one(VolumeUpload, sent.id)
    bare = _bare_insert(engine)
    print(
        f"  {engine.dialect.name:10} {ROWS:,} rows {seconds:6.2f} s ({busy:.2f} s of this process)"
        f"  bare insert {bare:5.2f} s  x {seconds / bare:.1f}"
        f"  ({done.stored:,} stored, {done.faults:,} faulty, {done.submitted:,} submitted)"
    )


def _bare_insert(engine: Engine) -> float:
    """The floor: the same rows with the same indexes into an empty table, nothing else."""
    with transaction(engine) as session:
        rows: list[Row] = [
            tuple(row)
            for row in session.execute(
                text("SELECT report_id, lot_strength_id, quantity, demand FROM volume_line")
            )
        ]
        is_prefilled = False if engine.dialect.name == "postgresql" else 0
        session.execute(text("DELETE FROM volume_line"))
        names = ("report_id", "lot_strength_id", "quantity", "demand", "is_prefilled")
        start = time.perf_counter()
        table = VolumeLine.__table__
        bulk_insert(session.connection(), table, names, ((*row, is_prefilled) for row in rows))  # type: ignore[arg-type]
        return time.perf_counter() - start


def lists(engine: Engine, round_: Round) -> None:
    """The lists of a round with 46,000 reports and 2.8 million lines."""
    with snapshot(engine) as session:
        ids = session.scalars(text("SELECT id FROM volume_report ORDER BY id")).all()
        places = [session.get_one(VolumeReport, ids[at]) for at in range(0, len(ids), 997)]
    for name, (view, bare) in _views(round_, places).items():
        ours = _milliseconds(engine, view)
        floor = _milliseconds(
            engine,
            lambda session, turn, bare=bare: session.execute(  # type: ignore[misc]
                text(bare), {"round": round_.id, "id": places[turn % len(places)].id}
            ).all(),
        )
        print(
            f"  {engine.dialect.name:10} {name:32} p95 {_p95(ours):7.1f} ms"
            f"  bare SQL {_p95(floor):6.1f} ms  x {_p95(ours) / _p95(floor):.1f}"
        )


def _views(
    round_: Round, places: Sequence[VolumeReport]
) -> dict[str, tuple[Callable[[Session, int], object], str]]:
    """Each list by its name: how the platform reads it, and the bare SQL beside it."""
    return {
        "reports, page in the middle": (
            lambda session, turn: list_reports(
                session,
                round_=round_,
                wanted=ReportFilter(),
                after=(places[turn % len(places)].changed_at, places[turn % len(places)].id),
            ),
            "SELECT * FROM volume_report WHERE round_id = :round AND id > :id ORDER BY id LIMIT 51",
        ),
        "submitted reports of a region": (
            lambda session, turn: list_reports(
                session,
                round_=round_,
                wanted=ReportFilter(division="340000", status=ReportStatus.SUBMITTED),
            ),
            "SELECT * FROM volume_report WHERE round_id = :round AND region = '340000' "
            "AND status = 'submitted' ORDER BY changed_at LIMIT 51",
        ),
        "hospitals found by name": (
            lambda session, turn: list_reports(
                session, round_=round_, wanted=ReportFilter(text=f"第{4000 + turn}人民")
            ),
            "SELECT v.* FROM volume_report v JOIN organisation o ON o.id = v.hospital_id "
            "WHERE v.round_id = :round AND o.name LIKE '%00人民%' LIMIT 51",
        ),
        "progress by region": (
            lambda session, turn: progress_by_region(
                session, round_=round_, moment=database_moment(session)
            ),
            "SELECT region, status, count(*) FROM volume_report WHERE round_id = :round "
            "GROUP BY region, status",
        ),
        "one report with all its lines": (
            lambda session, turn: read_grid(
                session,
                round_=session.get_one(Round, round_.id),
                report=session.get_one(VolumeReport, places[turn % len(places)].id),
                moment=database_moment(session),
            ),
            "SELECT * FROM volume_line WHERE report_id = :id",
        ),
    }


def _milliseconds(engine: Engine, view: Callable[[Session, int], object]) -> list[float]:
    taken = []
    for turn in range(VIEWS):
        start = time.perf_counter()
        with snapshot(engine) as session:
            view(session, turn)
        taken.append((time.perf_counter() - start) * 1e3)
    return taken


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    """Print the figures of volume reporting."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"A province's file (aim: {UPLOAD_LIMIT_SECONDS} s)")
        with databases(Path(folder)) as engines:
            for engine in engines:
                upload(engine, *make_round(engine))
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as engines:
        print(f"\nLists over 46,000 hospitals and 2.8 million lines (aim: p95 {LIST_LIMIT_MS} ms)")
        for engine in engines:
            round_, _actor = make_round(engine)
            add_reports(engine, round_)
            lists(engine, round_)
    print()


if __name__ == "__main__":
    main()
