"""A real server process of the platform, for browsers, crashes and races."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

KEY = bytes(range(32))
START_SECONDS = 150


@dataclass
class Server:
    """A running ``jicai serve``."""

    address: str
    process: subprocess.Popen[str]
    data: Path
    log: Path

    def kill(self) -> None:
        """End the server and its workers at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """Ask the server to end, and wait for it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self._reap()

    def _reap(self) -> None:
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def environment(engine: Engine, data: Path) -> dict[str, str]:
    """Return what a process needs to use a test's database."""
    return {
        **os.environ,
        "JICAI_DATA": str(data),
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "JICAI_SECRET_KEY": KEY.hex(),
    }


def start_server(
    engine: Engine,
    data: Path,
    *,
    workers: int = 1,
    port: int | None = None,
    extra: Mapping[str, str] | None = None,
    module: str = "procurement.cli",
) -> Server:
    """Start a server on a free port; returns when it answers.

    `module` is the command; another may do something to the server before it serves.
    """
    log = data / "server.log"
    number = port or free_port()
    command = [sys.executable, "-m", module, "serve", "--port", str(number)]
    address = f"http://127.0.0.1:{number}"
    with log.open("a") as written:
        process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            env={**environment(engine, data), "JICAI_ADDRESS": address, **(extra or {})},
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
            start_new_session=True,
        )
    line = first_line(process)
    if not re.match(r"jicai: ready at ", line):
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise RuntimeError(f"the server did not start: {line}{log.read_text()}")
    return Server(address, process, data, log)


def first_line(process: subprocess.Popen[str]) -> str:
    """Return what the server says first; nothing where it says nothing for long."""
    assert process.stdout is not None
    ready, _writable, _failed = select.select([process.stdout], [], [], START_SECONDS)
    return process.stdout.readline() if ready else ""


@contextmanager
def running_server(engine: Engine, data: Path, *, workers: int = 1) -> Iterator[Server]:
    """Run a server for the length of a block."""
    server = start_server(engine, data, workers=workers)
    try:
        yield server
    finally:
        server.stop()
