"""What the environment decides: where data lies and which database is used."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from procurement.errors import JicaiError

DEFAULT_DATA_FOLDER = "jicai-data"
SANDBOX_DATA_FOLDER = "jicai-sandbox"
DATABASE_FILE = "jicai.sqlite3"
SUPPORTED_SCHEMES = ("sqlite", "postgresql")
KEY_FILE = "secret.key"
KEY_BYTES = 32
DEFAULT_ADDRESS = "http://127.0.0.1:8000"
DEFAULT_PROXIES = "127.0.0.1,::1"


class UnsupportedDatabaseError(JicaiError):
    """``DATABASE_URL`` names a database that is neither SQLite nor PostgreSQL."""

    def __init__(self, scheme: str) -> None:
        """Keep the scheme only, as the rest of the URL may hold a password."""
        super().__init__(
            f"DATABASE_URL starts with {scheme!r}; expected postgresql:// or sqlite:///"
        )
        self.scheme = scheme


class BadSecretKeyError(JicaiError):
    """``JICAI_SECRET_KEY`` is not a key."""

    def __init__(self) -> None:
        """Say what was expected, and nothing of what was given."""
        super().__init__("JICAI_SECRET_KEY: expected 64 hexadecimal digits (32 bytes)")


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process needs to know about where it runs."""

    data: Path
    """Folder of the embedded database and of all files, absolute (``JICAI_DATA``)."""

    database_url: str = field(repr=False)
    """SQLAlchemy URL (``DATABASE_URL``); not shown, as it may hold a password."""

    secret_key: bytes | None = field(default=None, repr=False)
    """32 bytes that seal small secrets at rest (``JICAI_SECRET_KEY``, hexadecimal); None until
    `installation_key` made the installation's own."""

    public_address: str = DEFAULT_ADDRESS
    """Where people reach the platform (``JICAI_ADDRESS``): for links and cookies."""

    proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies (``JICAI_PROXIES``) that are believed when they say for whom
    they ask; failed sign-ins are counted by that address. This machine unless given."""

    is_sandbox: bool = False
    """Whether the process is for a rehearsal (``JICAI_SANDBOX=1``); see `procurement.database`."""

    leaked_passwords: Path | None = None
    """List of passwords that leaked elsewhere (``JICAI_LEAKED_PASSWORDS``), with which new ones
    are compared; none unless given. See `procurement.accounts.people.leaked`."""

    scanner: str | None = None
    """Where a scanner for malicious code listens (``JICAI_SCANNER``); files that are handed in pass
    it before anything is done with them. None unless given. See `procurement.files.scanning`."""

    is_strict: bool = False
    """Whether `jicai serve` refuses to start without every safeguard that an operator adds
    (``JICAI_STRICT=1``)."""

    ocid_prefix: str | None = None
    """Prefix of ocids (``JICAI_OCID_PREFIX``) that was registered for this publisher; None where
    none was."""

    @property
    def is_https(self) -> bool:
        """Whether cookies may be limited to encrypted connections."""
        return self.public_address.startswith("https://")


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
    is_sandbox = _is_on(environ.get("JICAI_SANDBOX"))
    folder = SANDBOX_DATA_FOLDER if is_sandbox else DEFAULT_DATA_FOLDER
    data = Path(environ.get("JICAI_DATA") or folder).absolute()
    url = environ.get("DATABASE_URL")
    leaked = environ.get("JICAI_LEAKED_PASSWORDS")
    return Settings(
        data=data,
        database_url=_with_driver(url) if url else f"sqlite:///{data / DATABASE_FILE}",
        secret_key=_read_key(environ.get("JICAI_SECRET_KEY")),
        public_address=(environ.get("JICAI_ADDRESS") or DEFAULT_ADDRESS).rstrip("/"),
        proxies=_split(environ.get("JICAI_PROXIES") or DEFAULT_PROXIES),
        ocid_prefix=environ.get("JICAI_OCID_PREFIX") or None,
        is_sandbox=is_sandbox,
        leaked_passwords=Path(leaked).absolute() if leaked else None,
        scanner=environ.get("JICAI_SCANNER") or None,
        is_strict=_is_on(environ.get("JICAI_STRICT")),
    )


def _is_on(text: str | None) -> bool:
    return text not in (None, "", "0")


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace(" ", "").split(",") if part)


def _read_key(text: str | None) -> bytes | None:
    if not text:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise BadSecretKeyError from error
    if len(key) != KEY_BYTES:
        raise BadSecretKeyError
    return key


def with_installation_key(settings: Settings) -> Settings:
    """Return the settings with a secret key, making the installation's own if there is none.

    The key is kept in the data folder, readable by its owner only. Several servers of one
    platform need the same key: give it to them as ``JICAI_SECRET_KEY``.

    Args:
        settings: As `read_settings` returns them.

    Returns:
        Settings whose ``secret_key`` has 32 bytes.

    Examples:
        >>> settings = read_settings({"JICAI_SECRET_KEY": "00" * 32})
        >>> with_installation_key(settings) is settings
        True
    """
    if settings.secret_key is not None:
        return settings
    file = settings.data / KEY_FILE
    if not file.exists():
        settings.data.mkdir(parents=True, exist_ok=True)
        # Written aside and linked into place: of two processes that start at once one wins, and
        # nobody ever reads half a key.
        draft = settings.data / f"{KEY_FILE}.{secrets.token_hex(8)}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(secrets.token_bytes(KEY_BYTES))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return replace(settings, secret_key=file.read_bytes())


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
