"""Volume reporting: a file of 100,000 rows, and lists over 46,000 hospitals, beside bare SQL."""

import io
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
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
from procurement.accounts.people.service import add_person
from procurement.database import database_moment, snapshot, transaction
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round
from procurement.volumes.bulk.service import work_on_upload
from procurement.volumes.bulk.uploads import SentFile, receive_upload
from procurement.volumes.place import write_place
from procurement.volumes.rules import past_years
from procurement.volumes.states import UploadKind
from procurement.volumes.tables import VolumeLine, VolumeReport, VolumeUpload
from tests.procurement.platform import running_platform

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


def lists(engine: Engine, round_: Round, actor: Actor, folder: Path) -> None:
    """The list pages of a round with 46,000 reports and 2.8 million lines, by whole requests."""
    with transaction(engine) as session:
        person = add_person(
            session,
            organisation_id=actor.organisation_id or 0,
            user="officer@example.org",
            name="officer",
            roles=frozenset({Role.OFFICER}),
            password=None,
            moment=database_moment(session),
        )
        ids = session.scalars(text("SELECT id FROM volume_report ORDER BY id")).all()
        places = [session.get_one(VolumeReport, ids[at]) for at in range(0, len(ids), 997)]
    with running_platform(engine, folder) as platform:
        officer = platform.signed_in(person)
        for name, path, bare in _views(round_):
            taken = []
            for turn in range(VIEWS):
                place = places[turn % len(places)]
                after = write_place(place.changed_at, place.id)
                address = path.format(after=after, id=place.id, turn=4000 + turn)
                start = time.perf_counter()
                answer = officer.get(f"/rounds/{round_.name}/volumes{address}")
                taken.append((time.perf_counter() - start) * 1e3)
                if answer.status_code != 200:
                    raise RuntimeError(f"{address} answered {answer.status_code}")
            floor = _bare(engine, bare, round_, places)
            print(
                f"  {engine.dialect.name:10} {name:32} p95 {_p95(taken):7.1f} ms"
                f"  bare SQL {_p95(floor):6.1f} ms  x {_p95(taken) / _p95(floor):.1f}"
            )


def _views(round_: Round) -> list[tuple[str, str, str]]:
    """Name, address below the round's volumes, and the least that a database must do for it."""
    return [
        (
            "reports, page in the middle",
            "/reports?after={after}",
            "SELECT v.*, o.name FROM volume_report v JOIN organisation o ON o.id = v.hospital_id "
            "WHERE v.round_id = :round AND v.changed_at >= :changed_at "
            "ORDER BY v.changed_at, v.id LIMIT 51",
        ),
        (
            "submitted reports of a region",
            "/reports?region=340000&status=submitted",
            "SELECT v.*, o.name FROM volume_report v JOIN organisation o ON o.id = v.hospital_id "
            "WHERE v.round_id = :round AND v.region = '340000' AND v.status = 'submitted' "
            "ORDER BY v.changed_at, v.id LIMIT 51",
        ),
        (
            "hospitals found by name",
            "/reports?hospital=第{turn}人民",
            "SELECT v.*, o.name FROM volume_report v JOIN organisation o ON o.id = v.hospital_id "
            "WHERE v.round_id = :round AND o.name LIKE '%第45999人民%' "
            "ORDER BY v.changed_at, v.id LIMIT 51",
        ),
        (
            "hospitals that have not reported",
            "/missing",
            "SELECT o.* FROM organisation o LEFT JOIN volume_report v ON v.hospital_id = o.id "
            "AND v.round_id = :round AND v.status IN ('submitted', 'accepted') "
            "WHERE o.kind = 'hospital' AND v.id IS NULL ORDER BY o.id LIMIT 51",
        ),
        (
            "progress by region",
            "",
            "SELECT o.region, v.status, count(*) FROM organisation o "
            "LEFT JOIN volume_report v ON v.hospital_id = o.id AND v.round_id = :round "
            "WHERE o.kind = 'hospital' GROUP BY o.region, v.status",
        ),
        (
            "one report with all its lines",
            "/reports/{id}",
            "SELECT * FROM volume_line WHERE report_id = :id",
        ),
    ]


def _bare(
    engine: Engine, statement: str, round_: Round, places: Sequence[VolumeReport]
) -> list[float]:
    """The floor: the rows of the page and nothing else."""
    taken = []
    for turn in range(VIEWS):
        place = places[turn % len(places)]
        changed_at: object = place.changed_at
        if engine.dialect.name == "sqlite":
            changed_at = f"{place.changed_at:%Y-%m-%d %H:%M:%S}.000000"
        values = {"round": round_.id, "id": place.id, "changed_at": changed_at}
        start = time.perf_counter()
        with snapshot(engine) as session:
            session.execute(text(statement), values).all()
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
            round_, actor = make_round(engine)
            add_reports(engine, round_)
            lists(engine, round_, actor, Path(folder))
    print()


if __name__ == "__main__":
    main()
