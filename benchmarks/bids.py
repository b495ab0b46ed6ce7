"""Sealed bids over HTTP: acknowledged a second, and six thousand in the last minute, none lost.

``python -m benchmarks.bids 0.1`` takes a tenth of the bids.
"""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter, sleep
from urllib.request import urlopen

import psycopg
from sqlalchemy import Engine, select

from benchmarks.bid_world import Bidding, lasting_databases, open_bidding
from benchmarks.senders import Answer, as_fast_as_possible, at_their_times
from bidding.sealing import Receipt, check_receipt, read_receipt
from procurement.bids.tables import LogLeaf
from procurement.database import snapshot
from tests.server import Server, running_server

BIDS, CONNECTIONS = 3_000, 16
LAST_MINUTE, A_SECOND = 6_000, 100
SECONDS_LEFT = 2
"""Between the last bid's time and the closing."""

LATE_MILLISECONDS = 500

INSERT = "INSERT INTO floor (round_id, chain_tag, request_tag, sealed) VALUES "

Row = tuple[int, str, str, bytes]


@dataclass(frozen=True, slots=True)
class Aim:
    """What is aimed at on two cores, and how it is run.

    Attributes:
        rate: Bids acknowledged a second.
        workers: Processes of the server.
        floor_connections: Of the bare inserts: as many as the server has at most, where more than
            one can write at once.
        id_type: Of the floor's own key.
        blob_type: Of a sealed row.
    """

    rate: int
    workers: int
    floor_connections: int
    id_type: str
    blob_type: str


AIMS = {
    "postgresql": Aim(200, 2, 8, "SERIAL", "BYTEA"),
    "sqlite": Aim(100, 1, 1, "INTEGER", "BLOB"),
}


def main(scale: float = 1.0) -> None:
    """Print both figures for each database, beside bare inserts in the same run."""
    print("Sealed bids over HTTP, with token, signature, lock, clock and signed receipt")
    with tempfile.TemporaryDirectory() as folder, lasting_databases(Path(folder)) as engines:
        for engine in engines:
            measure(engine, Path(folder), scale=scale)
    print("  floor: the same rows by bare inserts, each in its own transaction, on the same disk\n")


def measure(engine: Engine, folder: Path, *, scale: float) -> None:
    """Measure one database."""
    name = engine.dialect.name
    aim = AIMS[name]
    steady = open_bidding(engine, bids=round(BIDS * scale), name="steady")
    minute = open_bidding(engine, bids=round(LAST_MINUTE * scale), name="last-minute")
    with running_server(engine, folder, workers=aim.workers) as server:
        seconds, answers = as_fast_as_possible(server.address, shared(steady))
        rate = len(answers) / seconds
        # The server's worker is idle by now, so that both have the machine for themselves.
        floor = bare_inserts(engine, aim, steady.world.round_id)
        print(f"  {name:10} {rate:6,.0f} a second (aim {aim.rate}){spread(answers)}", end="")
        print(f"  floor {floor:6,.0f}  x {rate / floor:.2f}  refused {refused(answers)}")
        print(f"  {name:10} {last_minute(minute, server)}")


def shared(bidding: Bidding) -> list[list[bytes]]:
    """Share the manufacturers among the connections; each one's versions stay in order."""
    return [
        [request for chain in bidding.chains[place::CONNECTIONS] for request in chain]
        for place in range(CONNECTIONS)
    ]


def last_minute(bidding: Bidding, server: Server) -> str:
    """Send evenly until the closing, and look for each acknowledged envelope in the final log."""
    queues: list[list[tuple[float, bytes]]] = [[] for _ in range(CONNECTIONS)]
    number = 0
    # One version after the other: nobody waits for the answer to his own last one.
    for version in range(max(map(len, bidding.chains))):
        for place, chain in enumerate(bidding.chains):
            queues[place % CONNECTIONS].append((number / A_SECOND, chain[version]))
            number += 1
    bidding.world.set_times(closes_in=timedelta(seconds=number / A_SECOND + SECONDS_LEFT))
    _, answers = at_their_times(server.address, queues)
    leaves = closed_log(server.address, bidding.world.name)
    documents = [read_receipt(answer.body) for answer in answers]
    for document in documents:
        check_receipt(document, bidding.manifest)
    kept = {document.envelope for document in documents if isinstance(document, Receipt)}
    return (
        f"{number:,} in the last minute at {A_SECOND} a second:{spread(answers)} (aim: p99 "
        f"{LATE_MILLISECONDS} ms)  in the log {len(kept & leaves):,}  lost {len(kept - leaves)}"
        f"  refused {refused(answers)}"
    )


def closed_log(address: str, name: str) -> set[str]:
    """Wait until the server has closed the round, and return the leaves of its log."""
    for _ in range(200):
        sleep(0.5)
        try:
            with urlopen(f"{address}/rounds/{name}/log.json") as answer:  # noqa: S310 - our own
                return set(json.load(answer)["leaves"])
        except OSError:
            continue
    raise TimeoutError(f"{name} was not closed")


def spread(answers: Sequence[Answer]) -> str:
    """Return median and 99th percentile."""
    waits = sorted(answer.seconds for answer in answers)
    middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    return f"  p50 {middle * 1e3:5.0f} ms  p99 {late * 1e3:5.0f} ms"


def refused(answers: Sequence[Answer]) -> int:
    """Count what was not acknowledged."""
    return sum(answer.status != 201 for answer in answers)


def bare_inserts(engine: Engine, aim: Aim, round_id: int) -> float:
    """Return how many rows of a round's log a second are kept without anything around them."""
    leaf = LogLeaf.__table__.c
    with snapshot(engine) as session:
        rows = [
            tuple(row)
            for row in session.execute(
                select(leaf.round_id, leaf.chain_tag, leaf.request_tag, leaf.sealed).where(
                    leaf.round_id == round_id
                )
            )
        ]
    connect = _sqlite if engine.dialect.name == "sqlite" else _postgresql
    create, insert = connect(engine)
    create(
        f"CREATE TABLE floor (id {aim.id_type} PRIMARY KEY, round_id INTEGER REFERENCES round (id),"
        f" chain_tag TEXT UNIQUE, request_tag TEXT UNIQUE, sealed {aim.blob_type})"
    )
    create("CREATE INDEX floor_round ON floor (round_id)")
    shares = [rows[place :: aim.floor_connections] for place in range(aim.floor_connections)]
    start = perf_counter()
    with ThreadPoolExecutor(aim.floor_connections) as pool:
        list(pool.map(insert, shares))
    seconds = perf_counter() - start
    create("DROP TABLE floor")
    return len(rows) / seconds


Statement = Callable[[str], None]
Insert = Callable[[Sequence[Row]], None]


def _sqlite(engine: Engine) -> tuple[Statement, Insert]:
    file = str(engine.url.database)

    def create(statement: str) -> None:
        with sqlite3.connect(file, timeout=60) as connection:
            connection.execute(statement)
        connection.close()

    def insert(rows: Sequence[Row]) -> None:
        connection = sqlite3.connect(file, isolation_level=None, timeout=60)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        for row in rows:
            connection.execute(INSERT + "(?, ?, ?, ?)", row)
        connection.close()

    return create, insert


def _postgresql(engine: Engine) -> tuple[Statement, Insert]:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def create(statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def insert(rows: Sequence[Row]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for row in rows:
                connection.execute(INSERT + "(%s, %s, %s, %s)", row)

    return create, insert


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
