"""Engines, and the one transaction that each request or command runs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from threading import Lock

from psycopg import Connection as PostgresqlConnection
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from procurement.database.moments import SANDBOX

# How long a SQLite writer waits for the one before it.
BUSY_TIMEOUT_SECONDS = 10

_SNAPSHOT = "jicai_snapshot"
_WRITING = "jicai_writing"


def make_engine(url: str, *, sandbox: bool = False) -> Engine:
    """Make the engine of a process, for SQLite or for PostgreSQL.

    A SQLite file's folder is created when it is missing; the schema is not (see `upgrade`).

    Args:
        url: SQLAlchemy URL, as `procurement.settings.read_settings` gives it.
        sandbox: Whether it is a rehearsal's: `database_moment` then follows the rehearsal's clock.

    Returns:
        An engine to be used with `transaction` and `snapshot`. Dispose of it at the end.

    Examples:
        >>> make_engine("postgresql+psycopg://db/jicai").dialect.name
        'postgresql'
    """
    # hide_parameters: errors quote them otherwise, and with them prices that are being opened.
    parsed = make_url(url)
    options = {SANDBOX: True} if sandbox else {}
    if parsed.get_backend_name() == "sqlite":
        return _make_sqlite_engine(parsed, options)
    # A pooled connection may have died with a restarted server: ask before each use.
    engine = create_engine(
        parsed, pool_pre_ping=True, hide_parameters=True, execution_options=options
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(
    connection: PostgresqlConnection[object], _entry: ConnectionPoolEntry
) -> None:
    # Compiling a statement takes PostgreSQL longer than a page of ours takes to run: it judges
    # by estimates, which are far too high for "is there any".
    connection.autocommit = True  # what is set in a transaction would be rolled back with it
    connection.execute("SET jit = off")
    connection.autocommit = False


def _make_sqlite_engine(url: URL, options: dict[str, bool]) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
        hide_parameters=True,
        execution_options=options,
    )
    writing = Lock()
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", partial(_begin_sqlite, writing))
    # The connection comes back to the pool right after COMMIT or ROLLBACK has been carried out.
    event.listen(engine, "checkin", partial(_end_sqlite, writing))
    return engine


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would open transactions by its own rules, too late for a consistent read and
    # never for DDL; `_begin_sqlite` opens them instead.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",  # readers do not wait for the writer
        # A receipt handed out must survive a power cut; NORMAL may lose the last commits.
        "synchronous = FULL",
        "foreign_keys = ON",
        # Without it REPLACE deletes rows behind the back of the append-only triggers.
        "recursive_triggers = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(writing: Lock, connection: Connection) -> None:
    # A writer takes its lock at once and waits for it there. Upgrading a read lock later fails
    # with "database is locked" when another writer was faster.
    if connection.get_execution_options().get(_SNAPSHOT, False):
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite lets waiting writers sleep and try again: under load the unlucky ones wait seconds, or
    # until their time is over. Threads of one process queue here instead.
    if not connection.info.get(_WRITING) and writing.acquire(timeout=BUSY_TIMEOUT_SECONDS):
        connection.info[_WRITING] = True
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _end_sqlite(
    writing: Lock, _connection: SqliteConnection | None, entry: ConnectionPoolEntry
) -> None:
    if entry.info.pop(_WRITING, False):
        writing.release()


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Run one unit of work: commit when the block ends, roll back and re-raise when it fails.

    The edge (a page, a command, a job) opens it, once per request; services never commit. An
    error of COMMIT itself is raised too, so that nobody is told of work that was not kept.

    Args:
        engine: The engine from `make_engine`.

    Yields:
        The session. Rows that were read stay readable after the block.

    Examples:
        >>> from sqlalchemy import text
        >>> engine = make_engine("sqlite://")
        >>> with transaction(engine) as session:
        ...     session.scalar(text("SELECT 2 + 2"))
        4
        >>> engine.dispose()
    """
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Read from one consistent state of the database, without waiting for writers.

    Args:
        engine: The engine from `make_engine`.

    Yields:
        The session. It is rolled back at the end: nothing written in it is kept.

    Examples:
        >>> from sqlalchemy import text
        >>> engine = make_engine("sqlite://")
        >>> with snapshot(engine) as session:
        ...     session.scalar(text("SELECT 2 + 2"))
        4
        >>> engine.dispose()
    """
    options: dict[str, object] = {_SNAPSHOT: True}
    if engine.dialect.name == "postgresql":
        # PostgreSQL's default shows each statement a newer state; SQLite's BEGIN does not.
        options["isolation_level"] = "REPEATABLE READ"
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        try:
            yield session
        finally:
            # Rows stay readable after the block: a rollback expires what it does not detach.
            session.expunge_all()
            session.rollback()
