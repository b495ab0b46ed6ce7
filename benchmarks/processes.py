"""One process and two behind a proxy on PostgreSQL, and two of which one is killed on the way.

``python -m benchmarks.processes 0.1`` sends a tenth of the bids. Every bid is followed by the pages
that a bidder looks at. Each way is run `TURNS` times, in turn, on a round of its own.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, count
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep

from sqlalchemy import Engine, func, select

from benchmarks.bid_world import Bidding, lasting_databases, open_bidding
from benchmarks.bids import closed_log, shared
from benchmarks.senders import Connection, request_bytes
from bidding.sealing import Receipt, check_receipt, read_receipt
from procurement.database import database_moment, snapshot
from procurement.jobs.tables import Job, JobStatus
from tests.crash.balancer import Balancer
from tests.server import Server, free_port, start_server

BIDS, TURNS = 800, 3
AIM = 0.9
"""What two serve at least, as a share of what one serves."""

KILLS, SECONDS_BETWEEN_KILLS = 3, 2.0
REST_SECONDS = 0.05
"""Before a request whose connection broke is sent again."""

_ACKNOWLEDGED, _SEEN = 201, 200


@dataclass
class Outcome:
    """What came of one run.

    Attributes:
        rate: Requests answered a second.
        bids: Receipts, as they came.
        again: Requests that were sent again, since a connection broke.
        wrong: Answers that were neither a receipt nor the page.
        kills: Processes that were killed.
    """

    rate: float = 0.0
    bids: list[bytes] = field(default_factory=list)
    again: int = 0
    wrong: int = 0
    kills: int = 0


def main(scale: float = 1.0) -> None:
    """Print what one and two serve, and what is left when one of two is killed."""
    print("One process and two behind a proxy, PostgreSQL: bids, each followed by two pages")
    with tempfile.TemporaryDirectory() as folder, lasting_databases(Path(folder)) as engines:
        found = [engine for engine in engines if engine.dialect.name == "postgresql"]
        if not found:
            print("  PostgreSQL is not installed\n")
            return
        measure(found[0], Path(folder), round(BIDS * scale))


def measure(engine: Engine, folder: Path, bids: int) -> None:
    """Measure both in turn, then with kills."""
    names = count(1)
    rates: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(TURNS):
        # Who comes first changes, so that a machine that slows down is nobody's advantage.
        for processes in (1, 2) if turn % 2 == 0 else (2, 1):
            bidding = open_bidding(engine, bids=bids, name=f"turn-{next(names)}")
            outcome = run(engine, folder, bidding, processes=processes)
            rates[processes].append(outcome.rate)
            print(f"  {processes} {outcome.rate:6,.0f} requests a second  wrong {outcome.wrong}")
    one, two = (statistics.median(rates[processes]) for processes in (1, 2))
    print(f"  two serve {two / one:.2f} x what one serves (aim {AIM})")
    bidding = open_bidding(engine, bids=bids, name="killed")
    print(f"  {killed(engine, folder, bidding)}\n")


def killed(engine: Engine, folder: Path, bidding: Bidding) -> str:
    """Run two, kill one again and again, and look for each acknowledged envelope in the log."""
    with processes_behind_a_proxy(engine, folder, 2) as (address, servers):
        outcome = Outcome()
        killer = Thread(target=_kill, args=(engine, folder, servers, outcome))
        killer.start()
        send(address, bidding, outcome)
        killer.join()
        bidding.world.set_times(closes_in=timedelta(seconds=1))
        leaves = closed_log(address, bidding.world.name)
    receipts = [read_receipt(body) for body in outcome.bids]
    for receipt in receipts:
        check_receipt(receipt, bidding.manifest)
    kept = {receipt.envelope for receipt in receipts if isinstance(receipt, Receipt)}
    sent = sum(map(len, bidding.chains))
    return (
        f"{outcome.kills} kills of one of two: {outcome.rate:,.0f} requests a second, {sent:,} bids"
        f" sent, {len(kept & leaves):,} acknowledged and in the log, lost {len(kept - leaves)}, "
        f"unanswered {sent - len(kept)}, sent again {outcome.again}, wrong {outcome.wrong}"
    )


def _kill(engine: Engine, folder: Path, servers: list[Server], outcome: Outcome) -> None:
    for turn in range(KILLS):
        sleep(SECONDS_BETWEEN_KILLS)
        place = turn % len(servers)
        port = int(servers[place].address.rpartition(":")[2])
        servers[place].kill()
        outcome.kills += 1
        servers[place] = start_server(engine, folder, port=port)


def run(engine: Engine, folder: Path, bidding: Bidding, *, processes: int) -> Outcome:
    """Send all bids and pages to so many processes."""
    with processes_behind_a_proxy(engine, folder, processes) as (address, _):
        outcome = Outcome()
        send(address, bidding, outcome)
        return outcome


@contextmanager
def processes_behind_a_proxy(
    engine: Engine, folder: Path, number: int
) -> Iterator[tuple[str, list[Server]]]:
    """Start processes, and a proxy in a process of its own; yield its address."""
    ports = [free_port() for _ in range(number)]
    with ExitStack() as stack:
        servers: list[Server] = []
        stack.callback(_stop, servers)
        servers += [start_server(engine, folder, port=port) for port in ports]
        _wait_for_work_of_the_day(engine)
        context = get_context("spawn")
        here, there = context.Pipe()
        proxy = context.Process(target=_serve_proxy, args=(ports, there), daemon=True)
        proxy.start()
        stack.callback(proxy.terminate)
        yield here.recv(), servers


def _stop(servers: Sequence[Server]) -> None:
    for server in servers:
        server.stop()


def _serve_proxy(ports: Sequence[int], told: Pipe) -> None:
    with Balancer(ports) as balancer:
        told.send(balancer.address)
        balancer.serve_forever()


def _wait_for_work_of_the_day(engine: Engine) -> None:
    for _ in range(600):
        with snapshot(engine) as session:
            due = (Job.status == JobStatus.QUEUED) & (Job.run_at <= database_moment(session))
            if not session.scalar(
                select(func.count(Job.id)).where(due | (Job.status == JobStatus.RUNNING))
            ):
                return
        sleep(0.1)
    raise TimeoutError("the work of the day was not done")


def send(address: str, bidding: Bidding, outcome: Outcome) -> None:
    """Send every bid and its pages over a few connections, each request until it is answered."""
    pages = [
        request_bytes("GET", path, {})
        for path in (f"/rounds/{bidding.world.name}", f"/api/v1/rounds/{bidding.world.name}")
    ]
    queues = shared(bidding)
    start = perf_counter()
    with ThreadPoolExecutor(len(queues)) as pool:
        list(pool.map(lambda queue: _send(address, queue, pages, outcome), queues))
    asked = sum(map(len, queues)) * (1 + len(pages))
    outcome.rate = asked / (perf_counter() - start)


def _send(address: str, queue: Sequence[bytes], pages: Sequence[bytes], outcome: Outcome) -> None:
    line = Connection(address)
    for request in chain.from_iterable((bid, *pages) for bid in queue):
        while True:
            try:
                status, body = line.ask(request)
                break
            except OSError:
                outcome.again += 1
                sleep(REST_SECONDS)
                line.close()
                line = Connection(address)
        if status == _ACKNOWLEDGED:
            outcome.bids.append(body)
        elif status != _SEEN:
            outcome.wrong += 1
    line.close()


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
