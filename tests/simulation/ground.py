"""Databases that rounds are played on, one round after the other.

An engine is used again for every round: SQLAlchemy writes each statement once for an engine, and
that takes a third of a round. What a round leaves behind is taken away before the next.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Engine, event

from procurement.database import make_engine
from tests.postgresql import MigratedDatabases
from tests.simulation.clock import Clock
from tests.simulation.faults import Saboteur

POSTGRESQL_EVERY = 5
"""Of seeds."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A database, and the hand over its time and its faults.

    Attributes:
        engine: Of its own: time and faults of a round stay with its engine.
        clock: The time.
        saboteur: What goes wrong.
    """

    engine: Engine
    clock: Clock
    saboteur: Saboteur

    def begin_anew(self, moment: datetime) -> None:
        """Forget the round before."""
        self.clock.moment = moment
        self.saboteur.forget()


def _ground(url: str, moment: datetime) -> Ground:
    engine, clock = make_engine(url), Clock(moment)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_sync)
    clock.govern(engine)
    return Ground(engine, clock, Saboteur(engine, clock))


def _without_sync(connection: SqliteConnection, _entry: object) -> None:
    # Simulated processes die, the machine does not: what was written is there for the next
    # process, whether or not it has reached the disk.
    connection.execute("PRAGMA synchronous = OFF").close()


@dataclass
class Grounds:
    """All databases of a process.

    Attributes:
        folder: For the SQLite file.
        template: A migrated SQLite file.
        postgresql: Gives migrated databases; called when the first is needed.
        start: When each round begins.
    """

    folder: Path
    template: Path
    postgresql: Callable[[], MigratedDatabases]
    start: datetime
    _made: dict[str, Ground] = field(default_factory=dict)

    @contextmanager
    def of(self, seed: int) -> Iterator[Ground]:
        """Yield the database of a seed, without rows."""
        if seed % POSTGRESQL_EVERY == 0:
            with self.postgresql().empty() as engine:
                yield from self._lent(engine.url.render_as_string(hide_password=False))
            return
        file = self.folder / "jicai.sqlite3"
        for left in self.folder.glob(f"{file.name}*"):
            left.unlink()
        shutil.copyfile(self.template, file)
        yield from self._lent(f"sqlite:///{file}")

    def _lent(self, url: str) -> Iterator[Ground]:
        ground = self._made.get(url) or self._made.setdefault(url, _ground(url, self.start))
        ground.begin_anew(self.start)
        try:
            yield ground
        finally:
            ground.engine.dispose()
