"""Restoring an installation from a back-up, and comparing it with what was backed up."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import UnsealingError
from procurement.bids.keyholders.platform_keys import opened_key
from procurement.bids.tables import PlatformKey
from procurement.database import snapshot, upgrade
from procurement.database.tables import InstallationKind
from procurement.recovery import postgresql_copy, postgresql_dump, sqlite_file
from procurement.recovery.archive import Manifest, unpack
from procurement.recovery.back_up import COPIED, DATA, DUMPED, SQLITE
from procurement.recovery.errors import (
    BadBackUpError,
    NotEmptyInstallationError,
    OtherAfterRestoreError,
)
from procurement.recovery.facts import Facts, facts_of
from procurement.settings import Settings, resource_folder

DIALECTS = {SQLITE: "sqlite", DUMPED: "postgresql", COPIED: "postgresql"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        manifest: Of the back-up; its facts were compared with the restored database.
        key_fits: Whether the installation's key opens what is sealed; None where nothing is, or
            this process has no key.
    """

    manifest: Manifest
    key_fits: bool | None


def restore(engine: Engine, *, settings: Settings, file: Path) -> Restored:
    """Restore a back-up into an empty installation, and compare.

    Args:
        engine: On a database without tables; a SQLite file must not exist.
        settings: The installation; its data folder holds no folders of the back-up.
        file: The back-up.

    Raises:
        BadBackUpError: The file is none, was changed, or belongs elsewhere.
        NotEmptyInstallationError: Something is there already.
        OtherAfterRestoreError: The restored database is another one.
        DumpFailedError: `pg_restore` refused.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    # Beside the place where its parts belong: they are moved there at once.
    with tempfile.TemporaryDirectory(dir=settings.data, prefix=".jicai-") as staging:
        folder = Path(staging)
        manifest = unpack(file, folder)
        _check(manifest, engine, settings)
        folders = _folders(folder / DATA, settings.data)
        _bring_back(manifest, engine, folder)
        for source, target in folders:
            source.rename(target)
    upgrade(engine)
    return Restored(manifest, _key_fits(engine, settings))


def _check(manifest: Manifest, engine: Engine, settings: Settings) -> None:
    dialect = DIALECTS.get(manifest.database)
    if dialect != engine.dialect.name:
        raise BadBackUpError(f"it holds a database of {dialect}, and here is {engine.dialect.name}")
    kind = InstallationKind.SANDBOX if settings.is_sandbox else InstallationKind.LIVE
    if manifest.facts.installation != kind:
        raise BadBackUpError(f"it belongs to a {manifest.facts.installation} installation")
    scripts = ScriptDirectory(str(resource_folder("migrations")))
    if manifest.revision not in {script.revision for script in scripts.walk_revisions()}:
        raise BadBackUpError(f"its schema {manifest.revision} is newer than this version")
    if dialect == "sqlite":
        sqlite_file.refuse_used(engine)
    elif inspect(engine).get_table_names():
        raise NotEmptyInstallationError("the database has tables", wanted="a new, empty one")


def _folders(source: Path, data: Path) -> list[tuple[Path, Path]]:
    found = sorted(source.iterdir()) if source.is_dir() else []
    moves = [(folder, data / folder.name) for folder in found]
    for _source, target in moves:
        if target.exists() and any(target.iterdir()):
            raise NotEmptyInstallationError(
                f"the folder {target.name} of the data folder holds files", wanted="none"
            )
    return moves


def _bring_back(manifest: Manifest, engine: Engine, folder: Path) -> None:
    if manifest.database == SQLITE:
        file = folder / sqlite_file.NAME
        _compare(manifest, sqlite_file.facts_in(file), kept="nothing was restored")
        sqlite_file.put_in_place(engine, file)
    elif manifest.database == COPIED:
        upgrade(engine, revision=manifest.revision)
        # Compared within the transaction: what differs is not kept.
        with engine.begin() as connection, Session(connection) as session:
            postgresql_copy.restore(connection, folder)
            _compare(manifest, facts_of(session), kept="its tables are left empty: drop it")
    else:
        postgresql_dump.restore(engine.url, folder)
        with snapshot(engine) as session:
            _compare(manifest, facts_of(session), kept="do not use it: drop it")


def _compare(manifest: Manifest, found: Facts, *, kept: str) -> None:
    differences = manifest.facts.differences(found)
    if differences:
        raise OtherAfterRestoreError(differences, kept=kept)


def _key_fits(engine: Engine, settings: Settings) -> bool | None:
    if settings.secret_key is None:
        return None
    with snapshot(engine) as session:
        sealed = session.scalars(select(PlatformKey).limit(1)).one_or_none()
    if sealed is None:
        return None
    try:
        opened_key(
            sealed.sealed_key,
            owner=sealed.owner,
            suite=sealed.suite,
            secret_key=settings.secret_key,
        )
    except UnsealingError:
        return False
    return True
