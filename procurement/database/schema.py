"""Bringing a database to the newest schema."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from procurement.database.engine import BUSY_TIMEOUT_SECONDS
from procurement.settings import resource_folder

MIGRATION_SECONDS = 120
"""How long a process waits for another one that migrates the same SQLite file."""


def upgrade(engine: Engine, *, revision: str = "head") -> None:
    """Run the missing migrations, all in one transaction; do nothing when there are none.

    A schema that a later version made is left alone: migrations only add to what this one uses.

    Several processes may start at once: the others wait for the first one. Within one process
    call it from one thread only, as Alembic keeps its state in a global.

    Args:
        engine: The engine from `make_engine`.
        revision: Not further than to this migration.

    Examples:
        >>> from procurement.database import make_engine
        >>> from sqlalchemy import inspect
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> inspect(engine).has_table("round")
        True
        >>> engine.dispose()
    """
    config = Config()
    # "%" starts an interpolation in Alembic's configuration.
    config.set_main_option("script_location", str(resource_folder("migrations")).replace("%", "%%"))
    with engine.connect() as connection:
        _wait_at_most(connection, MIGRATION_SECONDS)
        with connection.begin():
            config.attributes["connection"] = connection
            if not _is_newer(connection, config):
                command.upgrade(config, revision)
        _wait_at_most(connection, BUSY_TIMEOUT_SECONDS)


def _wait_at_most(connection: Connection, seconds: int) -> None:
    """Say how long to wait for another process that migrates the same SQLite file."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute(f"PRAGMA busy_timeout = {seconds * 1000}").close()


def _is_newer(connection: Connection, config: Config) -> bool:
    """Whether a later version was here: while one replaces the other, both run on its schema."""
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    return not known.issuperset(MigrationContext.configure(connection).get_current_heads())
