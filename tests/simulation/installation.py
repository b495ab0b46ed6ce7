"""The platform in a simulation: it crashes and comes back, and its queued work is done by hand."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that every run can be repeated

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from procurement.accounts.tables import Person
from procurement.app.stages import JOBS
from procurement.database import snapshot
from procurement.jobs import Worker, run_due_jobs
from procurement.jobs.run import LEASE
from procurement.settings import Settings
from procurement.timetable import Ticker
from tests.procurement.bids.world import SECRET
from tests.procurement.platform import Platform, Visitor, running_platform
from tests.simulation.clock import Clock
from tests.simulation.faults import Kind, Saboteur, draw_fault
from tests.simulation.ground import Ground

FAULT_SHARE = 0.25
"""Of requests and of turns of the worker that a fault is drawn for; not each finds its point."""


@dataclass
class Installation:
    """One process on one database.

    Attributes:
        engine: The database.
        folder: Of data.
        clock: The time.
        random: From the seed.
        saboteur: What goes wrong.
        restarts: How often the process was started again.
    """

    engine: Engine
    folder: Path
    clock: Clock
    random: Random
    saboteur: Saboteur
    restarts: int = 0
    _running: ExitStack = field(default_factory=ExitStack)
    _platform: Platform | None = None

    def start(self) -> None:
        """Start the process."""
        self._platform = self._running.enter_context(
            running_platform(self.engine, self.folder, clock=self.clock)
        )
        settings = Settings(self.folder, str(self.engine.url), secret_key=SECRET)
        ticker = Ticker(self.engine, SECRET)
        self._worker = Worker(self.engine, settings, JOBS, self.clock, ticker.tick)

    def stop(self) -> None:
        """End it."""
        self._running.close()

    def restart(self) -> None:
        """Start it anew, with nothing but what stands in the database."""
        self.stop()
        self.engine.dispose()
        self.saboteur.revive()
        self.restarts += 1
        # What the dead process had taken on is free once its lease has run out.
        self.clock.let_pass(LEASE.total_seconds() + 1)
        self.start()

    def visitor(self, token: str) -> Visitor:
        """A machine with a token, at the process that runs now."""
        assert self._platform is not None
        return Visitor(self._platform.client, {}, {"authorization": f"Bearer {token}"})

    def token(self, person_id: int) -> str:
        """Make a token for somebody's machine."""
        assert self._platform is not None
        with snapshot(self.engine) as session:
            person = session.get_one(Person, person_id)
        return self._platform.with_token(person).headers["authorization"].removeprefix("Bearer ")

    def maybe_arm(self) -> None:
        """Let something go wrong with what comes next, or nothing."""
        if self.random.random() < FAULT_SHARE:
            self.saboteur.arm(draw_fault(self.random))

    def settle(self) -> bool:
        """Disarm, and start a dead process again; True where a fault has happened."""
        was_armed = self.saboteur.disarm()
        if self.saboteur.is_dead:
            self.restart()
        return not was_armed

    def work(self) -> None:
        """Let the worker take a turn, in which something may go wrong."""
        self.maybe_arm()
        # A worker outlives what its database does to it, and so does this one.
        for part in (self._worker.tick, lambda: run_due_jobs(self._worker, most=3)):
            with suppress(DBAPIError):
                part()
        self.settle()

    def work_undisturbed(self) -> None:
        """Let the worker do all that is due."""
        self._worker.tick()
        run_due_jobs(self._worker)

    @property
    def faults(self) -> dict[Kind, int]:
        """What has gone wrong so far."""
        return self.saboteur.struck


@contextmanager
def installed(ground: Ground, folder: Path, random: Random) -> Iterator[Installation]:
    """Run the platform on a migrated database."""
    site = Installation(ground.engine, folder, ground.clock, random, ground.saboteur)
    site.start()
    try:
        yield site
    finally:
        site.stop()
