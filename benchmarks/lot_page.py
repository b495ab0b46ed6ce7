"""A lot with 40 bids as a page over HTTP, in a round of 60 lots and 800 bids, beside bare SQL.

``python -m benchmarks.lot_page 0.2`` takes a fifth of the lots and views.
"""

import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine, select, text

from benchmarks.bid_world import lasting_databases
from benchmarks.senders import Connection, request_bytes
from bidding.sealing import BidLine
from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.tables import Person
from procurement.awards.evaluation import require_report
from procurement.database import database_moment, snapshot, transaction
from procurement.rounds.tables import Lot, LotStrength
from procurement.volumes.tables import BaseVolume
from procurement.web import SESSION_COOKIE
from tests.procurement.awards.world import OPTIONS, AwardWorld, line
from tests.procurement.rounds.world import REGIONS, _add_lot
from tests.server import running_server

LIMIT_MS = 100
BIDS, LOTS, OTHERS = 40, 60, 13
"""Bids in the lot, lots of the round, and bids in each other lot: some 800 in all."""

VIEWS, WARM_UP = 100, 5
CEILING, VOLUME = "12.5", 9000
LOT = "L01"

BARE = (
    "SELECT l.*, s.*, r.report, e.owners, e.left_out FROM lot l "
    "JOIN lot_strength s ON s.lot_id = l.id "
    "JOIN evaluation_report r ON r.round_id = l.round_id "
    "JOIN evaluated_sheet e ON e.report_id = r.id "
    "WHERE l.round_id = :round AND l.code = :lot ORDER BY r.id DESC LIMIT 1"
)
"""The rows of the page: the lot, and what was decided."""


class ManyLots(AwardWorld):
    """A round of many lots, each with one strength, evaluated by the national rules.

    Args:
        engine: A migrated database.
        lots: How many.
    """

    def __init__(self, engine: Engine, *, lots: int) -> None:
        """Store the round before anybody bids."""
        super().__init__(engine, name="bench", options=OPTIONS, bids=bids_of(lots))
        with transaction(engine) as session:
            round_ = self.round(session)
            for code in codes_of(lots)[1:]:
                product = (f"药品{code}", "口服常释剂型", "片")
                _add_lot(session, round_, code, product, (("10mg", "1", CEILING),))
            session.flush()
            run_id = session.scalar(text("SELECT max(id) FROM aggregation_run"))
            strengths = session.scalars(
                select(LotStrength.id)
                .join(Lot, Lot.id == LotStrength.lot_id)
                .where(Lot.round_id == round_.id, Lot.code.in_(codes_of(lots)[1:]))
            )
            session.add_all(
                BaseVolume(
                    run_id=run_id,
                    region=region,
                    lot_strength_id=strength,
                    volume=VOLUME,
                    reports=1,
                )
                for strength in strengths
                for region in REGIONS
            )


def codes_of(lots: int) -> list[str]:
    """The measured lot, and those beside it; the other two of the tests' round get no bid."""
    return [LOT, *(f"L{number}" for number in range(101, 100 + lots))]


def bids_of(lots: int) -> Mapping[str, tuple[BidLine, ...]]:
    """What each manufacturer declares: all bid in the measured lot, at prices of their own."""
    others = codes_of(lots)[1:]
    bids = {}
    for number in range(BIDS):
        own = [
            line(code, "10mg", _price(number + place))
            for place, code in enumerate(others)
            if (number + place) % BIDS < OTHERS
        ]
        bids[f"M{number}"] = (line(LOT, "1mg", _price(number)), *own)
    return bids


def _price(number: int) -> str:
    return str(Decimal(400 + 17 * (number % BIDS)) / 100)


def main(scale: float = 1.0) -> None:
    """Print the figures for each database."""
    lots, views = max(1, round(LOTS * scale)), max(2 * WARM_UP, round(VIEWS * scale))
    print(f"A lot with {BIDS} bids over HTTP, of {lots} lots (aim: p95 {LIMIT_MS} ms)")
    with tempfile.TemporaryDirectory() as folder, lasting_databases(Path(folder)) as engines:
        for engine in engines:
            measure(engine, Path(folder), lots=lots, views=views)
    print("  floor: one statement with the rows of the page, in this process\n")


def measure(engine: Engine, folder: Path, *, lots: int, views: int) -> None:
    """Measure one database, as an officer and as a bidder see the lot."""
    world = ManyLots(engine, lots=lots)
    world.bring_to_opening().evaluate()
    with snapshot(engine) as session:
        report = require_report(session, round_id=world.round_id)
        shown = len(report.lot(LOT)["outcomes"])
        bids = sum(len(lot["outcomes"]) for lot in report.lots)
    floor = _p95(_bare(engine, world.round_id, views))
    with running_server(engine, folder) as server:
        connection = Connection(server.address)
        for who, person_id in (
            ("officer", world.officers[0].id),
            ("bidder", world.makers[0].person_id),
        ):
            cookie = _signed_in(engine, person_id)
            ours = _p95([_page(connection, world.name, cookie) for _ in range(views)])
            print(
                f"  {engine.dialect.name:10} {who:8} p95 {ours:6.1f} ms  floor {floor:5.1f} ms"
                f"  x {ours / floor:.1f}  ({shown} of {bids} bids)",
                flush=True,
            )
        connection.close()


def _signed_in(engine: Engine, person_id: int) -> str:
    with transaction(engine) as session:
        sign_in = begin_session(
            session,
            person=session.get_one(Person, person_id),
            address="127.0.0.1",
            moment=database_moment(session),
            has_second_factor=True,
        )
    return f"{SESSION_COOKIE}={sign_in.token}"


def _page(connection: Connection, name: str, cookie: str) -> float:
    request = request_bytes("GET", f"/rounds/{name}/result/{LOT}", {"cookie": cookie})
    start = perf_counter()
    status, body = connection.ask(request)
    seconds = perf_counter() - start
    if status != 200:
        raise RuntimeError(f"{status}: {body[:500]!r}")
    return seconds * 1e3


def _bare(engine: Engine, round_id: int, views: int) -> list[float]:
    taken = []
    for _ in range(views):
        start = perf_counter()
        with snapshot(engine) as session:
            session.execute(text(BARE), {"round": round_id, "lot": LOT}).all()
        taken.append((perf_counter() - start) * 1e3)
    return taken


def _p95(values: Sequence[float]) -> float:
    # The first ones fill caches, of statements and of pages.
    return statistics.quantiles(values[WARM_UP:], n=20)[-1]


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
