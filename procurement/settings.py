"""What the environment decides: where data lies and which database is used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from procurement.errors import JicaiError

DEFAULT_DATA_FOLDER = "jicai-data"
DATABASE_FILE = "jicai.sqlite3"
SUPPORTED_SCHEMES = ("sqlite", "postgresql")


class UnsupportedDatabaseError(JicaiError):
    """``DATABASE_URL`` names a database that is neither SQLite nor PostgreSQL."""

    def __init__(self, scheme: str) -> None:
        """Keep the scheme only, as the rest of the URL may hold a password."""
        super().__init__(
            f"DATABASE_URL starts with {scheme!r}; expected postgresql:// or sqlite:///"
        )
        self.scheme = scheme


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process needs to know about where it runs."""

    data: Path
    """Folder of the embedded database and of all files, absolute (``JICAI_DATA``)."""

    database_url: str = field(repr=False)
    """SQLAlchemy URL (``DATABASE_URL``); not shown, as it may hold a password."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from environment variables; an empty variable counts as missing.

    Args:
        environ: ``os.environ``, or any mapping in its place.

    Returns:
        Settings with an absolute data folder. Nothing is created on disk.

    Raises:
        UnsupportedDatabaseError: ``DATABASE_URL`` is neither PostgreSQL nor SQLite.

    Examples:
        >>> settings = read_settings({"JICAI_DATA": "/srv/jicai"})
        >>> settings.database_url
        'sqlite:////srv/jicai/jicai.sqlite3'
        >>> read_settings({"DATABASE_URL": "postgres://db/jicai"}).database_url
        'postgresql+psycopg://db/jicai'
    """
    data = Path(environ.get("JICAI_DATA") or DEFAULT_DATA_FOLDER).absolute()
    url = environ.get("DATABASE_URL")
    if not url:
        return Settings(data=data, database_url=f"sqlite:///{data / DATABASE_FILE}")
    return Settings(data=data, database_url=_with_driver(url))


def _with_driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    # Hosting providers write "postgres://", libpq takes both; SQLAlchemy wants the driver's name.
    dialect = "postgresql" if scheme == "postgres" else scheme.partition("+")[0]
    if dialect not in SUPPORTED_SCHEMES:
        raise UnsupportedDatabaseError(scheme)
    driver = "postgresql+psycopg" if dialect == "postgresql" else "sqlite"
    return f"{driver}://{rest}"


def resource_folder(name: str) -> Path:
    """Find a folder of data files, such as ``templates``, ``migrations`` or ``examples``.

    The folders stand at the top of a checkout, and inside this package once it is installed from
    a wheel.

    Args:
        name: Name of the folder.

    Returns:
        Its path; the folder exists.

    Raises:
        FileNotFoundError: Neither place has it.

    Examples:
        >>> resource_folder("migrations").name
        'migrations'
    """
    package = Path(__file__).parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no folder {name!r} in {package} or beside it")
