"""A private PostgreSQL whose processes can be killed, and which is started again."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from tests.postgresql import SERVER_USER

START_SECONDS = 60
READY = "database system is ready to accept connections"


@dataclass
class PostgresqlServer:
    """A cluster of its own folder, started without `pg_ctl` so that its process is known."""

    programs: Path
    folder: Path
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> URL:
        """Where its standing database is reached."""
        return make_url(f"postgresql+psycopg://jicai@/postgres?host={self.folder}")

    def start(self) -> None:
        """Start it and wait until it answers; after a crash it recovers by itself."""
        options = ("-k", str(self.folder), "-c", "listen_addresses=", *self.options)
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "cluster"), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **_as_server_user(),
            )
        self.wait()

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: It does not.
        """
        deadline = monotonic() + START_SECONDS
        while monotonic() < deadline:
            with suppress(psycopg.OperationalError):
                psycopg.connect(host=str(self.folder), user="jicai", dbname="postgres").close()
                return
            sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        assert self.process is not None
        cut_off(self.process.pid)

    def kill_backend(self) -> None:
        """End one process that serves a client: the server then ends the others and recovers."""
        assert self.process is not None
        for child in children_of(self.process.pid):
            with suppress(OSError):
                if b": jicai " in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGKILL)
                    return

    def times_ready(self) -> int:
        """How often it has been ready by now: once more after each recovery."""
        return (self.folder / "log").read_text().count(READY)

    def wait_for_recovery(self, before: int) -> None:
        """Wait until it has been ready more often than before."""
        deadline = monotonic() + START_SECONDS
        while self.times_ready() <= before and monotonic() < deadline:
            sleep(0.01)

    def wait_for_end(self) -> None:
        """Wait until its process is gone, which somebody else is killing."""
        assert self.process is not None
        self.process.wait(timeout=START_SECONDS)

    def is_running(self) -> bool:
        """Tell whether its process lives."""
        return self.process is not None and self.process.poll() is None

    def recover(self) -> None:
        """Start it again where it was ended, and wait until it answers."""
        if self.is_running():
            self.wait()
            return
        # While one of its processes lives, its memory keeps a new server from starting.
        deadline = monotonic() + START_SECONDS
        while _processes_in(self.folder) and monotonic() < deadline:
            sleep(0.01)
        self.start()

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=START_SECONDS)


def cut_off(postmaster: int) -> None:
    """End a PostgreSQL with all its processes, as a power cut would."""
    # Stopped, it cannot start others while they are counted.
    with suppress(ProcessLookupError):
        os.kill(postmaster, signal.SIGSTOP)
    for process in (*children_of(postmaster), postmaster):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started."""
    with suppress(FileNotFoundError):
        found = Path(f"/proc/{process}/task/{process}/children").read_text()
        return [int(one) for one in found.split()]
    return []


def _processes_in(folder: Path) -> list[int]:
    """Processes that work in a folder: nobody's children any more, but not gone yet."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink().is_relative_to(folder):
                found.append(int(link.parts[2]))
    return found


@contextmanager
def own_postgresql(programs: Path, *, syncs: bool) -> Iterator[PostgresqlServer]:
    """Make a cluster of its own and run its server.

    Args:
        programs: Where the programs of PostgreSQL are.
        syncs: Whether it waits for the disk, so that a power cut of the whole machine loses
            nothing either. The death of its processes alone loses nothing that it wrote.
    """
    # Directly under /tmp: a socket's path may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="jicai-crash-", dir="/tmp"))
    as_user = _as_server_user()
    if as_user:
        shutil.chown(folder, SERVER_USER)
    initdb = (programs / "initdb", "--auth=trust", "--no-sync", "--username=jicai")
    options = () if syncs else ("-c", "fsync=off")
    server = PostgresqlServer(programs, folder, options)
    try:
        subprocess.run(
            [*initdb, "-D", folder / "cluster"],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            **as_user,
        )
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _as_server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []}
