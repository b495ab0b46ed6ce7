"""A private PostgreSQL server for one test run."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

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
    user = as_server_user()
    if user:
        shutil.chown(folder, SERVER_USER)
    cluster, log = folder / "cluster", folder / "log"

    def run(*command: str | Path) -> None:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **user)

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


class MigratedDatabases:
    """Copies of a migrated database, each emptied after a test and used by the next one.

    Emptying takes a tenth of the time of copying. A database whose schema a test has changed, or
    that cannot be emptied, is left aside.
    """

    def __init__(self, server: Engine, template: str) -> None:
        """Keep what copies are made from; the template holds no rows."""
        self._server, self._template = server, template
        self._made = ExitStack()
        self._idle: list[tuple[Engine, str]] = []

    @contextmanager
    def empty(self) -> Iterator[Engine]:
        """Yield an engine on a database without rows."""
        engine, schema = self._idle.pop() if self._idle else self._copied()
        yield engine
        engine.dispose()
        with self._server.connect() as connection:
            connection.execute(END_OTHERS, {"name": engine.url.database})
        try:
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(EMPTY)
                if connection.scalar(SCHEMA) == schema:
                    self._idle.append((engine, schema))
        except DBAPIError:
            pass
        engine.dispose()

    def drop(self) -> None:
        """Drop all of them."""
        self._made.close()

    def _copied(self) -> tuple[Engine, str]:
        engine = self._made.enter_context(new_database(self._server, self._template))
        with engine.connect() as connection:
            return engine, str(connection.scalar(SCHEMA))


END_OTHERS = text(
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name"
)
"""Servers and workers of a test may not be gone yet."""

EMPTY = text(
    """
    DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', one.tablename); END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename); END LOOP;
    END $$
    """
)
"""Without their triggers, by which some tables keep their rows; ids begin with 1 again."""

SCHEMA = text(
    """
    WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
        SELECT format('%s %s', relname, relkind) AS part FROM ours
        UNION ALL SELECT format('%s %s %s', tgrelid, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT format('%s %s %s', conrelid, conname, convalidated) FROM pg_constraint
        UNION ALL SELECT format('%s %s %s', relname, attname, attnotnull)
            FROM pg_attribute JOIN ours ON ours.oid = attrelid
    ) AS parts
    """
)
"""A digest of tables, columns, constraints and triggers, also of those that are switched off."""


def as_server_user() -> dict[str, Any]:
    """Return what lets a subprocess be the server's user, where it would be root."""
    if os.geteuid() != 0:
        return {}
    return {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []}
