"""Opening the installation that the environment names: its folder and its database."""

from sqlalchemy import Engine

from procurement.database import open_database
from procurement.errors import JicaiError
from procurement.settings import DATABASE_FILE, KEY_FILE, Settings

MARK = "sandbox"
"""A file of the data folder of a rehearsal."""

TRACES = (KEY_FILE, DATABASE_FILE, "files", "openings")
"""What the platform writes into its folder."""


class OtherFolderError(JicaiError):
    """The data folder is for real business and the process for a rehearsal, or the reverse."""

    def __init__(self, *, wants_sandbox: bool) -> None:
        """Say what to do."""
        super().__init__(
            "JICAI_DATA holds the files of real business: a rehearsal needs a folder of its own"
            if wants_sandbox
            else "JICAI_DATA holds the files of a rehearsal: start with --sandbox or "
            "JICAI_SANDBOX=1, or name another folder"
        )


def open_installation(settings: Settings) -> Engine:
    """Open the database with the newest schema; a rehearsal and real business never mix.

    Args:
        settings: Of the process.

    Returns:
        The engine; dispose of it at the end.

    Raises:
        OtherFolderError: The data folder is for the other.
        OtherInstallationError: The database is.
        DatabaseUnreachableError: The database cannot be opened.
    """
    check_folder(settings)
    return open_database(settings.database_url, sandbox=settings.is_sandbox)


def check_folder(settings: Settings) -> None:
    """Refuse a data folder that is for the other; mark that of a rehearsal.

    Raises:
        OtherFolderError: It is for the other.
    """
    folder = settings.data
    mark = folder / MARK
    is_used = any((folder / trace).exists() for trace in TRACES)
    if (is_used or mark.exists()) and mark.exists() != settings.is_sandbox:
        raise OtherFolderError(wants_sandbox=settings.is_sandbox)
    if settings.is_sandbox and not mark.exists():
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text("演练数据，不具有效力。 A rehearsal; nothing in here counts.\n", "utf-8")
