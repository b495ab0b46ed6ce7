"""The database file of SQLite: copied while it is in use, put in place when it is complete."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from procurement.database import make_engine, snapshot
from procurement.recovery.errors import NotEmptyInstallationError
from procurement.recovery.facts import Facts, facts_of

NAME = "database.sqlite3"


def dump(engine: Engine, folder: Path) -> Facts:
    """Copy the database into a folder, as it stands at one moment; writers go on meanwhile.

    Returns:
        The facts of the copy.
    """
    copy = folder / NAME
    source = str(engine.url.database)
    with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(copy)) as made:
        given.backup(made)
    return facts_in(copy)


def facts_in(file: Path) -> Facts:
    """Take the facts of a database file that nobody uses."""
    engine = make_engine(f"sqlite:///{file}")
    try:
        with snapshot(engine) as session:
            return facts_of(session)
    finally:
        # The last connection folds the write-ahead log into the file.
        engine.dispose()


def refuse_used(engine: Engine) -> None:
    """Refuse a place where a database is.

    Raises:
        NotEmptyInstallationError: The file exists.
    """
    file = Path(str(engine.url.database))
    if file.exists():
        raise NotEmptyInstallationError(f"the database {file.name} exists", wanted="none")


def put_in_place(engine: Engine, file: Path) -> None:
    """Move a complete file to where the database belongs, at once."""
    target = Path(str(engine.url.database))
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
    file.rename(target)
