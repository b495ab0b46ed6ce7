"""Whether this process can answer requests now."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from threading import Thread

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, exists, func, select, text
from sqlalchemy.orm import Session

from procurement.database import clock_speed, database_moment, snapshot
from procurement.jobs import Job, JobStatus
from procurement.settings import Settings, resource_folder
from procurement.timetable.tables import Heartbeat

OK = "ok"
FAILING = "failing"
DISK_FREE_BYTES_MIN = 256 * 2**20
BEAT_AGE_MAX = timedelta(seconds=60)

_VERSION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is looked at.

    Attributes:
        engine: The database.
        settings: The installation.
        workers: The threads that carry out jobs; None where this process carries out none.
    """

    engine: Engine
    settings: Settings
    workers: Sequence[Thread] | None

    def check(self) -> dict[str, str]:
        """Look at everything; each is ``ok`` or ``failing``."""
        checks: Mapping[str, Callable[[], bool]] = {
            "database": self._has_database,
            "schema": self._has_schema,
            "worker": self._has_worker,
            "disk": self._has_disk,
        }
        return {name: OK if _passes(check) else FAILING for name, check in checks.items()}

    def _has_database(self) -> bool:
        with snapshot(self.engine) as session:
            return session.scalar(select(1)) == 1

    def _has_schema(self) -> bool:
        """The newest schema that this version knows, or one that a newer version brought."""
        with snapshot(self.engine) as session:
            present = set(session.scalars(_VERSION))
        head, known = _revisions()
        return present == {head} or (bool(present) and not present & known)

    def _has_worker(self) -> bool:
        if self.workers is None:
            return True
        with snapshot(self.engine) as session:
            are_alive = all(thread.is_alive() for thread in self.workers)
            return are_alive and (_beats(session) or _is_at_work(session))

    def _has_disk(self) -> bool:
        folder = self.settings.data
        while not folder.exists():
            folder = folder.parent
        free = shutil.disk_usage(folder).free
        return os.access(folder, os.W_OK) and free >= DISK_FREE_BYTES_MIN


def is_ready(checked: Mapping[str, str]) -> bool:
    """Tell whether everything is well.

    Examples:
        >>> is_ready({"database": OK, "disk": FAILING})
        False
    """
    return set(checked.values()) == {OK}


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        # Whatever it was: the database is away, or is not ours.
        return False


def _beats(session: Session) -> bool:
    beat = session.scalar(select(func.max(Heartbeat.beat_at)))
    return beat is not None and database_moment(session) - beat <= BEAT_AGE_MAX * clock_speed(
        session
    )


def _is_at_work(session: Session) -> bool:
    """Nobody beats while a round is opened; the lease of that job is then renewed."""
    leased = (Job.status == JobStatus.RUNNING) & (Job.leased_until > database_moment(session))
    return bool(session.scalar(select(exists().where(leased))))


@cache
def _revisions() -> tuple[str | None, frozenset[str]]:
    config = Config()
    config.set_main_option("script_location", str(resource_folder("migrations")).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    return scripts.get_current_head(), frozenset(
        script.revision for script in scripts.walk_revisions()
    )
