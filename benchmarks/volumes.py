"""Volume reporting: a province's file of 100,000 rows, beside bare inserts.

``python -m benchmarks.volumes 0.1`` takes a tenth of the rows. Its lists are in `benchmarks.pages`.
"""

import io
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.volume_world import (
    HOSPITALS,
    PRODUCTS,
    Row,
    add_history,
    bulk_insert,
    code_of,
    databases,
    make_round,
)
from procurement.database import database_moment, snapshot, transaction
from procurement.permissions import Actor
from procurement.rounds.tables import Round
from procurement.volumes.bulk.service import work_on_upload
from procurement.volumes.bulk.uploads import SentFile, receive_upload
from procurement.volumes.rules import past_years
from procurement.volumes.states import UploadKind
from procurement.volumes.tables import VolumeLine, VolumeUpload

ROWS = 100_000
UPLOAD_LIMIT_SECONDS = 10


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


def upload(engine: Engine, round_: Round, actor: Actor, *, rows_sent: int) -> None:
    """A file of many rows: received, read, stored, checked against past use and submitted."""
    hospitals = -(-rows_sent // PRODUCTS)
    opens_at = round_.volume_opens_at or datetime.now(UTC)  # noqa: TID251 - only for the type
    add_history(engine, hospitals=hospitals, years=past_years(opens_at.date(), 2))
    rows = [
        (code_of(1 + place // PRODUCTS), f"L{1 + place % PRODUCTS:02}", 900 + place % 200)
        for place in range(rows_sent)
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
        f"  {engine.dialect.name:10} {rows_sent:,} rows {seconds:6.2f} s"
        f" ({busy:.2f} s of this process)"
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


def main(scale: float = 1.0) -> None:
    """Print how long a province's file takes on each database."""
    print(f"A province's file (aim: {UPLOAD_LIMIT_SECONDS} s)")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as engines:
        for engine in engines:
            hospitals = round(HOSPITALS * scale)
            round_, actor = make_round(engine, hospitals=hospitals)
            upload(engine, round_, actor, rows_sent=round(ROWS * scale))
    print()


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
