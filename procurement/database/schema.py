"""Bringing a database to the newest schema."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from procurement.settings import resource_folder


def upgrade(engine: Engine) -> None:
    """Run the missing migrations, all in one transaction; do nothing when there are none.

    Several processes may start at once: the others wait for the first one. Within one process
    call it from one thread only, as Alembic keeps its state in a global.

    Args:
        engine: The engine from `make_engine`.

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
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
