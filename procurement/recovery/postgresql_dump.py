"""A PostgreSQL database by its own programs, `pg_dump` and `pg_restore`, where they are."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, Connection

from procurement.recovery.errors import BadBackUpError, DumpFailedError

NAME = "database.pgdump"
_MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")


def can_dump(connection: Connection) -> bool:
    """Tell whether a `pg_dump` is there that is not older than the server."""
    info = connection.connection.dbapi_connection
    server = getattr(getattr(info, "info", None), "server_version", 0) // 10_000
    return _major("pg_dump") >= server > 0 and _major("pg_restore") >= server


def _major(program: str) -> int:
    path = shutil.which(program)
    if path is None:
        return 0
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = _MAJOR.search(said.stdout)
    return int(found[1]) if found else 0


def dump(connection: Connection, folder: Path, *, snapshot: str) -> None:
    """Write the database as one transaction sees it.

    Args:
        connection: To the database.
        folder: Where the file is written.
        snapshot: As `pg_export_snapshot` named it; its transaction is still open.

    Raises:
        DumpFailedError: The program refused.
    """
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run("pg_dump", connection.engine.url, *options, f"--file={folder / NAME}")


def restore(url: URL, folder: Path) -> None:
    """Bring a dump into a database without tables, all of it or nothing.

    Raises:
        BadBackUpError: `pg_restore` is missing.
        DumpFailedError: The program refused.
    """
    if shutil.which("pg_restore") is None:
        raise BadBackUpError("it was made by pg_dump, and pg_restore is not installed here")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", url, *options, str(folder / NAME))


def _run(program: str, url: URL, *arguments: str) -> None:
    # The password goes by the environment: arguments are seen by everybody on the machine.
    environment = {**os.environ, "PGPASSWORD": url.password or os.environ.get("PGPASSWORD", "")}
    plain = url.set(drivername="postgresql", password=None)
    command = [shutil.which(program) or program, *arguments]
    place = f"--dbname={plain.render_as_string(hide_password=False)}"
    said = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [*command, place], capture_output=True, text=True, check=False, env=environment
    )
    if said.returncode:
        raise DumpFailedError(program, said.stderr)
