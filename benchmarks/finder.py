"""The public finder over HTTP: 400,000 places, 5,000,000 rows of stock, beside bare SQL.

``python -m benchmarks.finder 0.1`` takes a tenth of the places and of the stock.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

from sqlalchemy import Engine, text

from benchmarks.finder_world import (
    PLACES,
    STOCK,
    Size,
    code_at,
    county_at,
    drug_at,
    fill,
    name_at,
)
from benchmarks.senders import Connection, request_bytes
from benchmarks.volume_world import databases
from procurement.database import snapshot
from procurement.pharmacies.finder.counties import end_of
from tests.server import running_server

LIMITS_MS = {"postgresql": 50, "sqlite": 150}
VIEWS, WARM_UP = 200, 10

_CARD = "SELECT * FROM place WHERE id IN (SELECT place_id FROM ({inner}) t)"
_HOLDERS = (
    "SELECT s.place_id FROM place_stock s JOIN place p ON p.id = s.place_id "
    "WHERE s.generic_product_id = :drug AND s.county = :county AND p.status = 'open' "
    "GROUP BY s.place_id ORDER BY max(s.as_of) DESC, s.place_id LIMIT 21"
)
_WITHIN = "county >= :province AND county < :after"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one turn asks about.

    Attributes:
        turn: From 0.
        place: Number of the place.
        drug: One of its drugs: common ones are asked for more often.
    """

    turn: int
    place: int
    drug: int

    @property
    def county(self) -> str:
        """Where the place lies."""
        return county_at(self.place)

    @property
    def province(self) -> str:
        """Its province."""
        return f"{self.county[:2]}0000"

    @property
    def given(self) -> Mapping[str, object]:
        """What the bare statements take."""
        return {
            "drug": self.drug,
            "county": self.county,
            "code": code_at(self.place),
            "province": self.province,
            "after": end_of(self.province),
            "within": f"%{name_at(self.place)[2:]}%",
            "start": name_at(self.place),
            "words": f"%示例药品{self.drug}%",
        }


@dataclass(frozen=True, slots=True)
class View:
    """A page, and the least that the database must do for it."""

    name: str
    path: Callable[[Asked], str]
    bare: str


VIEWS_MEASURED = (
    View(
        "who has a drug in a county",
        lambda one: f"/find/drugs/{one.drug}?county={one.county}",
        _CARD.format(inner=_HOLDERS),
    ),
    View(
        "... places of the dual channel that have it",
        lambda one: f"/find/drugs/{one.drug}?county={one.county}&having=yes&dual=yes",
        _CARD.format(inner=_HOLDERS),
    ),
    View(
        "counties of a province that have a drug",
        lambda one: f"/find/drugs/{one.drug}?province={one.province}",
        "SELECT county, count(DISTINCT place_id) FROM place_stock WHERE generic_product_id = :drug "  # noqa: S608 - our own
        f"AND {_WITHIN} AND level IN ('in-stock', 'few') GROUP BY county",
    ),
    View(
        "provinces that have a drug",
        lambda one: f"/find/drugs/{one.drug}",
        "SELECT 1 FROM place_stock WHERE generic_product_id = :drug AND county >= :province "
        "AND county < :after AND level IN ('in-stock', 'few') LIMIT 1",
    ),
    View(
        "a place with all its stock",
        lambda one: f"/find/places/{code_at(one.place)}",
        "SELECT s.*, g.name FROM place_stock s JOIN place p ON p.id = s.place_id JOIN "
        "generic_product g ON g.id = s.generic_product_id WHERE p.institution_code = :code",
    ),
    View(
        "a county: its drugs and places",
        lambda one: f"/find/counties/{one.county}",
        "SELECT g.name, t.n FROM (SELECT generic_product_id, count(DISTINCT place_id) AS n FROM "
        "place_stock WHERE county = :county AND level IN ('in-stock', 'few') GROUP BY 1) t "
        "JOIN generic_product g ON g.id = t.generic_product_id ORDER BY g.name",
    ),
    View(
        "a drug by part of its name",
        lambda one: f"/find?q=药品{one.drug}",
        "SELECT * FROM generic_product WHERE name LIKE :words LIMIT 20",
    ),
    View(
        "a place by part of its name in a province",
        lambda one: f"/find?q={name_at(one.place)[2:]}&region={one.province}",
        f"SELECT * FROM place WHERE {_WITHIN} AND name LIKE :within LIMIT 20",  # noqa: S608 - our own
    ),
    View(
        "a place by the beginning of its name",
        lambda one: f"/find?q={name_at(one.place)}",
        "SELECT * FROM place WHERE name = :start",
    ),
    View(
        "by machine: who has a drug in a county",
        lambda one: f"/api/v1/find/drugs/{one.drug}?county={one.county}",
        _CARD.format(inner=_HOLDERS),
    ),
)


def main(scale: float = 1.0) -> None:
    """Print the figures for each database."""
    size = Size(round(PLACES * scale), round(STOCK * scale))
    print(
        f"The finder over HTTP, {size.places:,} places, {size.stock:,} rows of stock "
        f"(aim: p95 {LIMITS_MS['postgresql']} ms, SQLite {LIMITS_MS['sqlite']} ms)"
    )
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as engines:
        for engine in engines:
            measure(engine, Path(folder), size)
    print("  floor: one statement with the rows of the page, in this process\n")


def measure(engine: Engine, folder: Path, size: Size) -> None:
    """Fill one database and measure every page on it."""
    start = perf_counter()
    fill(engine, size)
    print(f"  {engine.dialect.name:10} filled in {perf_counter() - start:.0f} s", flush=True)
    asked = [_asked(turn, size) for turn in range(VIEWS)]
    everything: list[float] = []
    with running_server(engine, folder) as server:
        connection = Connection(server.address)
        for view in VIEWS_MEASURED:
            ours = [_page(connection, view.path(one)) for one in asked][WARM_UP:]
            floor = _bare(engine, view.bare, asked)[WARM_UP:]
            everything += ours
            print(
                f"  {engine.dialect.name:10} {view.name:44} p95 {_p95(ours):6.1f} ms"
                f"  floor {_p95(floor):6.1f} ms  x {_p95(ours) / _p95(floor):.1f}",
                flush=True,
            )
        connection.close()
    limit = LIMITS_MS[engine.dialect.name]
    print(
        f"  {engine.dialect.name:10} all pages together: p95 {_p95(everything):.1f} of {limit} ms"
    )


def _asked(turn: int, size: Size) -> Asked:
    place = 1 + turn * 104_729 % size.places
    return Asked(turn, place, drug_at(place, turn % 12))


def _page(connection: Connection, path: str) -> float:
    encoded = "".join(one if one.isascii() else quote(one) for one in path)
    start = perf_counter()
    status, body = connection.ask(request_bytes("GET", encoded, {}))
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")
    return (perf_counter() - start) * 1e3


def _bare(engine: Engine, statement: str, asked: Sequence[Asked]) -> list[float]:
    taken = []
    for one in asked:
        start = perf_counter()
        with snapshot(engine) as session:
            session.execute(text(statement), one.given).all()
        taken.append((perf_counter() - start) * 1e3)
    return taken


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
