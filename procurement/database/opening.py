"""Opening the database of a process: reachable, and with the newest schema."""

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from procurement.database.engine import make_engine
from procurement.database.sandbox import OtherInstallationError, mark_installation
from procurement.database.schema import upgrade
from procurement.errors import JicaiError


class DatabaseUnreachableError(JicaiError):
    """The database cannot be opened: no server, no folder, no right to write."""

    def __init__(self, place: str, cause: str) -> None:
        """Keep where it was looked for, without a password, and why it cannot be opened."""
        super().__init__(
            f"the database at {place} cannot be opened ({cause}): expected JICAI_DATA to name a "
            "folder that can be written, or DATABASE_URL a PostgreSQL that answers"
        )
        self.place = place


def open_database(url: str, *, sandbox: bool = False) -> Engine:
    """Open the database of a process and bring it to the newest schema.

    Args:
        url: SQLAlchemy URL, as `procurement.settings.read_settings` gives it.
        sandbox: Whether it is for a rehearsal; a database is for one or for real business for ever.

    Returns:
        An engine to be used with `transaction` and `snapshot`. Dispose of it at the end.

    Raises:
        DatabaseUnreachableError: It cannot be opened.
        OtherInstallationError: It is for real business and not for rehearsals, or the reverse.

    Examples:
        >>> engine = open_database("sqlite://")
        >>> engine.dispose()
    """
    try:
        engine = make_engine(url, sandbox=sandbox)
        upgrade(engine)
        try:
            mark_installation(engine, sandbox=sandbox)
        except OtherInstallationError:
            engine.dispose()
            raise
    except ArgumentError as refusal:
        raise DatabaseUnreachableError("DATABASE_URL", "not a database URL") from refusal
    except (OSError, DBAPIError) as refusal:
        cause = str(getattr(refusal, "orig", refusal)).strip().splitlines()[0]
        raise DatabaseUnreachableError(make_url(url).render_as_string(), cause) from refusal
    return engine
