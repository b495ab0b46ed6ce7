"""A private PostgreSQL server for one test run."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from procurement.database import make_engine

INSTALL_HINT = (
    "PostgreSQL server programs were not found: install them (apt-get install postgresql), or set "
    "JICAI_TEST_POSTGRES to the URL of a server on which databases may be created"
)

# Debian and Ubuntu keep each version's programs here, off PATH.
INSTALLED = Path("/usr/lib/postgresql")

# The server refuses to run as root; Debian's package creates this user.
SERVER_USER = "postgres"


def find_programs() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`: the newest installed one, else that on PATH."""
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """Start a server that listens on a socket in its own folder only, and yield its URL."""
    # Directly under /tmp: a socket's path may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="jicai-postgresql-", dir="/tmp"))
    as_server_user = _as_server_user()
    if as_server_user:
        shutil.chown(folder, SERVER_USER)
    cluster, log = folder / "cluster", folder / "log"

    def run(*command: str | Path) -> None:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_server_user)

    try:
        # Nothing here has to survive a crash: no fsync, neither now nor in the server.
        run(programs / "initdb", "--auth=trust", "--no-sync", "--username=jicai", "-D", cluster)
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=50"
        pg_ctl = (programs / "pg_ctl", "-D", cluster)
        run(*pg_ctl, "-l", log, "-o", options, "--wait", "--silent", "start")
        try:
            yield f"postgresql+psycopg://jicai@/postgres?host={folder}"
        finally:
            run(*pg_ctl, "--mode=immediate", "--wait", "--silent", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def new_database(server: Engine, template: str) -> Iterator[Engine]:
    """Copy a database; it is dropped at once when it is no longer used, since there are many."""
    # A name of its own, as several runs may use one server.
    name = f"jicai_test_{uuid.uuid4().hex}"
    with server.connect() as connection:
        # Copying files takes half the time of writing them through the log.
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    engine = make_engine(server.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield engine
    finally:
        engine.dispose()
        with server.connect() as connection:
            # Servers that a test has killed may not be gone yet.
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _as_server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []}
