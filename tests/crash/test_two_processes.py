"""Two processes behind a proxy; one of them dies again and again, and nobody notices.

Whole kinds of work, from the first report to the last signature, go on on PostgreSQL while a
process is killed at moments drawn from a seed and started again.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that every run can be repeated
from threading import Event, Thread
from time import sleep

import pytest

from procurement.database import make_engine, upgrade
from tests.crash.balancer import Balancer, balancing
from tests.crash.bidding_scene import new_cast
from tests.crash.checking import wait_for_daily_jobs
from tests.crash.clients import Crowd
from tests.crash.faults import Work, seed_and_number
from tests.crash.power import own_postgresql
from tests.crash.site import Site
from tests.crash.test_crash import Stage
from tests.missing import skip_unless_ci
from tests.postgresql import INSTALL_HINT, find_programs
from tests.server import Server, free_port, start_server

PROCESSES = 2
LEAST_SECONDS, MOST_SECONDS = 0.1, 2.0
"""How long both live before one dies."""


@dataclass
class PairedSite(Site):
    """A platform of two processes; `kill_one` ends one of them and starts it again."""

    ports: tuple[int, ...] = ()
    balancer: Balancer | None = None
    processes: dict[int, Server] = field(default_factory=dict)
    kills: int = 0

    @property
    def address(self) -> str:
        """The proxy's."""
        assert self.balancer is not None
        return self.balancer.address

    def start(self) -> None:
        """Start what does not run."""
        for port in self.ports:
            if port not in self.processes:
                self.processes[port] = start_server(self.engine, self.data, port=port)

    def kill_one(self, random: Random) -> None:
        """Let one process die while it works, and come back."""
        port = random.choice(self.ports)
        self.processes.pop(port).kill()
        self.kills += 1
        self.start()
        self.let_leases_run_out()

    def stop(self) -> None:
        """End both in order."""
        for server in self.processes.values():
            server.stop()


@contextmanager
def _paired(folder: Path) -> Iterator[PairedSite]:
    programs = find_programs()
    if programs is None:
        skip_unless_ci(INSTALL_HINT)
    assert programs is not None
    with ExitStack() as stack:
        server = stack.enter_context(own_postgresql(programs, syncs=False))
        engine = make_engine(server.url.render_as_string(hide_password=False))
        stack.callback(engine.dispose)
        upgrade(engine)
        ports = tuple(free_port() for _ in range(PROCESSES))
        balancer = stack.enter_context(balancing(ports))
        site = PairedSite(engine, folder, server, ports=ports, balancer=balancer)
        stack.callback(site.stop)
        site.start()
        yield site


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The platform on PostgreSQL, as two processes behind a proxy."""
    with _paired(tmp_path_factory.mktemp("paired")) as site:
        wait_for_daily_jobs(site)
        yield Stage(site, new_cast(site), count(1))


@pytest.mark.parametrize("work", list(Work))
def test_one_of_two_processes_may_die_at_any_moment(stage: Stage, work: Work) -> None:
    site = stage.site
    assert isinstance(site, PairedSite)
    random = Random(f"{seed_and_number()[0]} {work}")  # noqa: S311 - nothing secret
    scene = stage.scene(work)
    crowd, is_over = Crowd(scene.works()), Event()
    killer = Thread(target=_kill_until, args=(site, random, is_over), daemon=True)
    before = site.kills
    crowd.start()
    killer.start()
    crowd.join()
    is_over.set()
    killer.join()
    scene.check()
    assert site.kills > before
    assert site.balancer is not None
    assert min(site.balancer.served.values()) > 0, "only one process was ever asked"


def _kill_until(site: PairedSite, random: Random, is_over: Event) -> None:
    """Kill one at once, and then again and again."""
    while True:
        sleep(random.uniform(LEAST_SECONDS, MOST_SECONDS))
        site.kill_one(random)
        if is_over.is_set():
            return
