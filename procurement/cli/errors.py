"""What commands refuse, beside what the packages behind them do."""

from collections.abc import Sequence
from pathlib import Path

from pricing.faults import one_line
from procurement.errors import JicaiError


class BadCaseError(JicaiError):
    """A file is no case file, or a case cannot be computed; one line for each fault."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        """Put the file's name before each fault."""
        super().__init__("\n".join(one_line(f"{path}: {fault}") for fault in faults))
