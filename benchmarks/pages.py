"""Lists over HTTP, whole pages as a browser gets them: 46,000 hospitals, 2.8 million lines.

``python -m benchmarks.pages 0.1`` takes a tenth of the hospitals.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

from sqlalchemy import Engine, text

from benchmarks.senders import Connection, request_bytes
from benchmarks.volume_world import HOSPITALS, REGIONS, add_reports, databases, make_round
from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.sign_in.tokens import make_token
from procurement.accounts.tables import Organisation
from procurement.database import database_moment, snapshot, transaction
from procurement.permissions import Actor, Role
from procurement.volumes.place import write_place
from procurement.volumes.tables import VolumeReport
from procurement.web import SESSION_COOKIE
from tests.procurement.rounds.world import new_person
from tests.server import running_server

LIMIT_MS = 100
VIEWS, WARM_UP = 100, 5

_HOSPITALS = "SELECT * FROM organisation WHERE kind = 'hospital' "
_REPORTS = (
    "SELECT v.*, o.name, o.region FROM volume_report v JOIN organisation o ON o.id = v.hospital_id "
    "WHERE v.round_id = :round "
)
_MIDDLE = (
    _REPORTS + "AND v.changed_at >= (SELECT changed_at FROM volume_report WHERE id = :id) "  # noqa: S608 - our own
    "ORDER BY v.changed_at, v.id LIMIT 51"
)


@dataclass(frozen=True, slots=True)
class Places:
    """Some reports of the round, for addresses.

    Attributes:
        round_id: The round.
        ids: Of the reports.
        cursors: The places of these reports in the list.
    """

    round_id: int
    ids: Sequence[int]
    cursors: Sequence[str]


@dataclass(frozen=True, slots=True)
class View:
    """A page, and the least that the database must do for it.

    Attributes:
        name: What the page shows.
        path: Its address, another one each time.
        bare: The statement; it may use ``:round``, ``:id``, ``:turn`` and ``:words``.
    """

    name: str
    path: Callable[[Places, int], str]
    bare: str


def words(turn: int) -> str:
    """What somebody looks for."""
    return f"第{4000 + turn}人民"


VIEWS_MEASURED = (
    View(
        "organisations, another page each time",
        lambda at, turn: f"/organisations?page={1 + turn * 9}",
        "SELECT * FROM organisation ORDER BY region, id LIMIT 50 OFFSET :turn * 450",
    ),
    View(
        "organisations of a region",
        lambda at, turn: f"/organisations?kind=hospital&region={REGIONS[turn % len(REGIONS)]}",
        _HOSPITALS + "AND region LIKE '34%' ORDER BY region, id LIMIT 50",
    ),
    View(
        "organisations found by name",
        lambda at, turn: f"/organisations?words={words(turn)}",
        "SELECT * FROM organisation WHERE name LIKE :words ORDER BY region, id LIMIT 50",
    ),
    View(
        "progress by region",
        lambda at, turn: "/rounds/bench/volumes",
        "SELECT region, status, count(*) FROM volume_report WHERE round_id = :round "
        "GROUP BY region, status",
    ),
    View(
        "reports, a page in the middle",
        lambda at, turn: f"/rounds/bench/volumes/reports?after={at.cursors[turn % len(at.ids)]}",
        _MIDDLE,
    ),
    View(
        "submitted reports of a region",
        lambda at, turn: "/rounds/bench/volumes/reports?region=340000&status=submitted",
        _REPORTS + "AND v.region = '340000' AND v.status = 'submitted' "
        "ORDER BY v.changed_at, v.id LIMIT 51",
    ),
    View(
        "reports found by the hospital's name",
        lambda at, turn: f"/rounds/bench/volumes/reports?hospital={words(turn)}",
        _REPORTS + "AND o.name LIKE :words ORDER BY v.changed_at, v.id LIMIT 51",
    ),
    View(
        "hospitals that have not reported",
        lambda at, turn: "/rounds/bench/volumes/missing",
        "SELECT o.id FROM organisation o WHERE o.kind = 'hospital' AND NOT EXISTS (SELECT 1 FROM "
        "volume_report v WHERE v.hospital_id = o.id AND v.round_id = :round) LIMIT 51",
    ),
    View(
        "one report with all its lines",
        lambda at, turn: f"/rounds/bench/volumes/reports/{at.ids[turn % len(at.ids)]}",
        "SELECT * FROM volume_line WHERE report_id = :id",
    ),
    View(
        "by machine: reports, a page in the middle",
        lambda at, turn: (
            f"/api/v1/rounds/bench/volume-reports?cursor={at.cursors[turn % len(at.ids)]}"
        ),
        _MIDDLE,
    ),
)


def main(scale: float = 1.0) -> None:
    """Print the figures of lists for each database."""
    hospitals = round(HOSPITALS * scale)
    print(f"Lists over HTTP, {hospitals:,} hospitals with 60 lines each (aim: p95 {LIMIT_MS} ms)")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as engines:
        for engine in engines:
            measure(engine, Path(folder), hospitals=hospitals)
    print("  floor: one statement with the rows of the page, in this process\n")


def measure(engine: Engine, folder: Path, *, hospitals: int) -> None:
    """Measure every list on one database."""
    round_, actor = make_round(engine, hospitals=hospitals)
    add_reports(engine, round_)
    headers = _signed_in(engine, actor)
    places = _places(engine, round_.id)
    with running_server(engine, folder) as server:
        connection = Connection(server.address)
        for view in VIEWS_MEASURED:
            ours = [_page(connection, view.path(places, turn), headers) for turn in range(VIEWS)]
            floor = _bare(engine, view.bare, places)
            print(
                f"  {engine.dialect.name:10} {view.name:42} p95 {_p95(ours):7.1f} ms"
                f"  floor {_p95(floor):6.1f} ms  x {_p95(ours) / _p95(floor):.1f}"
            )
        connection.close()


def _signed_in(engine: Engine, actor: Actor) -> dict[str, str]:
    """An officer at a browser, whose machine has a token too."""
    with transaction(engine) as session:
        moment = database_moment(session)
        bureau = session.get_one(Organisation, actor.organisation_id)
        person = new_person(session, bureau, Role.OFFICER)
        sign_in = begin_session(
            session, person=person, address="127.0.0.1", moment=moment, has_second_factor=True
        )
        token, _row = make_token(
            session, person_id=person.id, name="bench", life_days=1, moment=moment
        )
    return {"cookie": f"{SESSION_COOKIE}={sign_in.token}", "authorization": f"Bearer {token}"}


def _places(engine: Engine, round_id: int) -> Places:
    with snapshot(engine) as session:
        ids = [
            int(one)
            for one in session.scalars(text("SELECT id FROM volume_report ORDER BY id")).all()
        ]
        some = [session.get_one(VolumeReport, one) for one in ids[:: max(1, len(ids) // 47)]]
    return Places(
        round_id,
        [report.id for report in some],
        [write_place(report.changed_at, report.id) for report in some],
    )


def _page(connection: Connection, path: str, headers: dict[str, str]) -> float:
    start = perf_counter()
    status, _body = connection.ask(request_bytes("GET", _encoded(path), headers))
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return (perf_counter() - start) * 1e3


def _encoded(path: str) -> str:
    return "".join(one if one.isascii() else quote(one) for one in path)


def _bare(engine: Engine, statement: str, places: Places) -> list[float]:
    taken = []
    for turn in range(VIEWS):
        given = {
            "round": places.round_id,
            "id": places.ids[turn % len(places.ids)],
            "turn": turn,
            "words": f"%{words(turn)}%",
        }
        start = perf_counter()
        with snapshot(engine) as session:
            session.execute(text(statement), given).all()
        taken.append((perf_counter() - start) * 1e3)
    return taken


def _p95(values: Sequence[float]) -> float:
    # The first ones fill caches, of statements and of pages.
    return statistics.quantiles(values[WARM_UP:], n=20)[-1]


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
