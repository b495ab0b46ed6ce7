"""Making a back-up while the platform runs."""

import tempfile
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from procurement.recovery import postgresql_copy, postgresql_dump, sqlite_file
from procurement.recovery.archive import Manifest, new_archive
from procurement.recovery.errors import OtherVersionError
from procurement.recovery.facts import Facts, facts_of
from procurement.settings import Settings, resource_folder

DATA = "data"
LEFT_OUT = frozenset({"openings"})
"""Made again when somebody asks for them."""

SQLITE, DUMPED, COPIED = "sqlite", "postgresql", "postgresql-copy"

_VERSION = text("SELECT version_num FROM alembic_version")


def back_up(
    engine: Engine, *, settings: Settings, file: Path, moment: datetime, by_copy: bool = False
) -> Manifest:
    """Write database and folders into one file; the installation's key is not in it.

    The database comes first, as it stands at one moment. Files are only ever added and never
    changed, so that all that its rows name are there when they are copied after it.

    Args:
        engine: On the installation's database.
        settings: The installation.
        file: Is made; its folder must hold a copy of the database meanwhile.
        moment: Now.
        by_copy: PostgreSQL by COPY also where its own programs are installed.

    Returns:
        The manifest.

    Raises:
        FileExistsAlreadyError: The file exists.
        OtherVersionError: The database belongs to another version.
        BrokenEvidenceError: The audit trail or a log is broken.
        DumpFailedError: `pg_dump` refused.
    """
    with (
        new_archive(file) as archive,
        tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".jicai-") as staging,
    ):
        kind, revision, facts = _dump(engine, Path(staging), by_copy=by_copy)
        for staged in _files(Path(staging)):
            archive.add(staged.relative_to(staging).as_posix(), staged)
        for kept in _kept(settings.data):
            # What is deleted meanwhile, evidence whose time is over, was to be deleted.
            with suppress(FileNotFoundError):
                archive.add(f"{DATA}/{kept.relative_to(settings.data).as_posix()}", kept)
        manifest = Manifest(version("jicai"), moment.isoformat(), kind, revision, facts)
        return archive.finish(manifest)


def _dump(engine: Engine, folder: Path, *, by_copy: bool) -> tuple[str, str, Facts]:
    revision = _revision(engine)
    if engine.dialect.name == "sqlite":
        return SQLITE, revision, sqlite_file.dump(engine, folder)
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin(), Session(connection) as session:
            facts = facts_of(session)
            if not by_copy and postgresql_dump.can_dump(connection):
                name = str(connection.scalar(text("SELECT pg_export_snapshot()")))
                postgresql_dump.dump(connection, folder, snapshot=name)
                return DUMPED, revision, facts
            postgresql_copy.dump(connection, folder)
            return COPIED, revision, facts


def _revision(engine: Engine) -> str:
    if not inspect(engine).has_table("alembic_version"):
        raise OtherVersionError("of nothing")
    with engine.connect() as connection:
        revision = str(connection.scalar(_VERSION))
    if revision != ScriptDirectory(str(resource_folder("migrations"))).get_current_head():
        raise OtherVersionError(revision)
    return revision


def _kept(data: Path) -> list[Path]:
    """Files in folders; what lies beside them is the database, the key, or nobody's."""
    folders = [folder for folder in sorted(data.glob("*")) if folder.is_dir()]
    return [
        file
        for folder in folders
        if folder.name not in LEFT_OUT and not folder.name.startswith(".")
        for file in _files(folder)
    ]


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink()]
