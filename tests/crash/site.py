"""The platform as its clients meet it: an address behind which things are killed and come back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

from sqlalchemy import Engine, update
from sqlalchemy.exc import InterfaceError, OperationalError

from procurement.accounts.sign_in.tokens import make_token
from procurement.database import database_moment, make_engine, transaction, upgrade
from procurement.jobs import Job, JobStatus
from tests.crash.faults import Point, Stage, Victim, take_back, write_fault
from tests.crash.power import PostgresqlServer, own_postgresql
from tests.postgresql import find_programs
from tests.server import Server, free_port, start_server

DOOMED = "tests.crash.doomed"
Thing = TypeVar("Thing")
PATIENCE_SECONDS = 120
STRIKE_SECONDS = 60
"""How long a point may take to come, on a machine that does much else."""


@dataclass
class Site:
    """A server and its database.

    Attributes:
        engine: The tests' own connections to the database.
        data: The server's data folder.
        postgresql: None for SQLite, which lives in the server's process.
        server: The server while it runs.
    """

    engine: Engine
    data: Path
    postgresql: PostgresqlServer | None
    workers: int = 1
    port: int = field(default_factory=free_port)
    server: Server | None = field(default=None, init=False)
    _times_ready: int = field(default=0, init=False)

    @property
    def address(self) -> str:
        """Where clients find it, also after a restart."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server."""
        self.server = start_server(
            self.engine, self.data, workers=self.workers, port=self.port, module=DOOMED
        )

    def arm(self, point: Point) -> None:
        """Let the server meet its fault; one that waits for a time is met by `strike`."""
        self._times_ready = self.postgresql.times_ready() if self.postgresql else 0
        if point.stage is Stage.ANY_TIME:
            return
        process = self.postgresql.process if self.postgresql else None
        write_fault(self.data, point, postmaster=process.pid if process else None)

    def strike(self, point: Point) -> None:
        """Wait until it has happened.

        Raises:
            AssertionError: The point never came.
        """
        if point.stage is Stage.ANY_TIME:
            sleep(point.after)
            self._kill(point.victim)
        else:
            self._wait_for_fault(point)
        self._see_the_end(point.victim)

    def _wait_for_fault(self, point: Point) -> None:
        deadline = monotonic() + STRIKE_SECONDS
        while (self.data / "fault.json").exists() and monotonic() < deadline:
            sleep(0.01)
        assert not take_back(self.data), f"{point} never came"

    def _see_the_end(self, victim: Victim) -> None:
        if victim is Victim.SERVER or self.postgresql is None:
            self._end_server()
        elif victim is Victim.DATABASE:
            self.postgresql.wait_for_end()
        else:
            self.postgresql.wait_for_recovery(self._times_ready)

    def _kill(self, victim: Victim) -> None:
        if victim is Victim.SERVER or self.postgresql is None:
            return
        if victim is Victim.DATABASE:
            self.postgresql.kill()
        else:
            self.postgresql.kill_backend()

    def _end_server(self) -> None:
        assert self.server is not None
        # By its fault it lies dead already, and its workers with it.
        self.server.kill()
        self.server = None

    def recover(self) -> None:
        """Start what was killed. A server whose database was killed goes on by itself."""
        if self.postgresql is not None:
            self.postgresql.recover()
            self.engine.dispose()
        if self.server is None:
            self.start()
        self.let_leases_run_out()

    def let_leases_run_out(self) -> None:
        """A minute passes: what a dead worker held is anybody's."""
        with transaction(self.engine) as session:
            past = database_moment(session) - timedelta(seconds=1)
            held = update(Job).where(Job.status == JobStatus.RUNNING)
            session.execute(held.values(leased_until=past))

    def token(self, person_id: int) -> str:
        """Make a token for somebody's machine."""
        with transaction(self.engine) as session:
            moment = database_moment(session)
            token, _row = make_token(
                session, person_id=person_id, name="crash", life_days=30, moment=moment
            )
        return token

    def patiently(self, act: Callable[[], Thing]) -> Thing:
        """Do something on the own connections, again while the database lies dead.

        Args:
            act: Something in one transaction that may be done twice.
        """
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return act()
            except (InterfaceError, OperationalError):
                if monotonic() > deadline:
                    raise
                sleep(0.1)

    def stop(self) -> None:
        """End the server in order."""
        if self.server is not None:
            self.server.stop()


@contextmanager
def running_site(kind: str, data: Path, *, workers: int = 1) -> Iterator[Site]:
    """Run a server on an empty database of a kind.

    Args:
        kind: ``sqlite`` or ``postgresql``.
        data: An empty folder.
        workers: Processes of the server.
    """
    with _database(kind, data) as (engine, postgresql):
        upgrade(engine)
        site = Site(engine, data, postgresql, workers)
        site.start()
        try:
            yield site
        finally:
            site.stop()
            engine.dispose()


@contextmanager
def _database(kind: str, data: Path) -> Iterator[tuple[Engine, PostgresqlServer | None]]:
    if kind == "sqlite":
        yield make_engine(f"sqlite:///{data / 'jicai.sqlite3'}"), None
        return
    programs = find_programs()
    assert programs is not None, "no PostgreSQL is installed"
    with own_postgresql(programs, syncs=False) as server:
        yield make_engine(server.url.render_as_string(hide_password=False)), server
