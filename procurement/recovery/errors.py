"""What can be wrong with a back-up, or with where it is to be restored."""

from procurement.errors import JicaiError


class BadBackUpError(JicaiError):
    """The file is no back-up, or was changed since it was made."""

    def __init__(self, cause: str) -> None:
        """Keep what is wrong with it."""
        super().__init__(f"this back-up cannot be restored: {cause}; nothing was changed")
        self.cause = cause


class NotEmptyInstallationError(JicaiError):
    """There is something already where the back-up is to be restored."""

    def __init__(self, what: str, *, wanted: str) -> None:
        """Keep what is there and what was expected."""
        super().__init__(f"{what}: expected {wanted}; nothing was changed")


class OtherAfterRestoreError(JicaiError):
    """What was restored is not what was backed up."""

    def __init__(self, differences: list[str], *, kept: str) -> None:
        """Keep what differs, and what is left behind."""
        super().__init__(f"the restored database differs in {', '.join(differences)}; {kept}")
        self.differences = differences


class DumpFailedError(JicaiError):
    """A program of PostgreSQL could not do its work."""

    def __init__(self, program: str, said: str) -> None:
        """Keep the program and the last line that it said."""
        lines = said.strip().splitlines()
        super().__init__(f"{program}: {lines[-1] if lines else 'failed'}")


class OtherVersionError(JicaiError):
    """The database has not the schema of this version."""

    def __init__(self, revision: str) -> None:
        """Keep the schema that was found."""
        super().__init__(
            f"the database has the schema {revision}, not that of this version: back up with the "
            "version that serves it"
        )


class FileExistsAlreadyError(JicaiError):
    """A back-up never overwrites a file."""

    def __init__(self, name: str) -> None:
        """Keep its name."""
        super().__init__(f"{name} exists already: a back-up overwrites nothing")
