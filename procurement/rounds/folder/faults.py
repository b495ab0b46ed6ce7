"""What is wrong in a round folder: every fault with its place and with what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from procurement.errors import JicaiError

FAULTS_SHOWN = 200
"""A folder with more faults shows the first ones and says how many more there are."""

_CELL_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a round folder; its text is always a single line.

    Attributes:
        file: Name of the file in the folder, or the folder itself.
        line: Line in the file, from 1; None where the file as a whole is wrong.
        column: Name of the column or key, or the place in the line where no column is meant.
        problem: What is wrong.
        expected: What would have been right.

    Examples:
        >>> str(Fault("bids.csv", 12, "is_originator", "'yes' is not a flag", "0 or 1"))
        "bids.csv:12: is_originator: 'yes' is not a flag: expected 0 or 1"
    """

    file: str
    line: int | None
    column: str | None
    problem: str
    expected: str

    def __str__(self) -> str:
        """The fault in one line: place, problem, what was expected."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [place, self.column, self.problem, f"expected {self.expected}"]
        return one_line(": ".join(part for part in parts if part is not None))


class BadFolderError(JicaiError):
    """A folder is not a round folder; the message has one line for each fault.

    Attributes:
        faults: In the order of files and lines, at most ``FAULTS_SHOWN``.
        more: How many faults were found beyond those.

    Examples:
        >>> print(BadFolderError([Fault("lots.csv", None, None, "is missing", "a file")], more=2))
        lots.csv: is missing: expected a file
        ... and 2 more
    """

    def __init__(self, faults: Iterable[Fault], more: int = 0) -> None:
        """Keep the faults as values and put their lines into the message."""
        self.faults = tuple(faults)
        self.more = more
        lines = [str(fault) for fault in self.faults]
        if more:
            lines.append(f"... and {more} more")
        super().__init__("\n".join(lines))


@dataclass(slots=True)
class FaultList:
    """Collects the faults of all files, so that they can be shown together."""

    faults: list[Fault] = field(default_factory=list)
    more: int = 0

    @property
    def full(self) -> bool:
        """Whether a further fault would only be counted."""
        return len(self.faults) >= FAULTS_SHOWN

    def add(
        self, file: str, line: int | None, column: str | None, problem: str, expected: str
    ) -> None:
        """Note one more fault; beyond ``FAULTS_SHOWN`` it is only counted."""
        if self.full:
            self.more += 1
        else:
            self.faults.append(Fault(file, line, column, problem, expected))

    def raise_if_any(self) -> None:
        """Raise the faults that were collected.

        Raises:
            BadFolderError: There is at least one.
        """
        if self.faults:
            raise BadFolderError(self.faults, self.more)


def quoted(text: str) -> str:
    r"""A cell as a message shows it: in quotes, on one line, not too long.

    Examples:
        >>> quoted("1,200")
        "'1,200'"
        >>> quoted("a\nb")
        "'a\\nb'"
        >>> len(quoted("9" * 1000))
        63
    """
    return repr(text if len(text) <= _CELL_SHOWN else f"{text[:_CELL_SHOWN]}…")


def one_line(text: str) -> str:
    r"""A text with its control characters and line breaks escaped.

    Examples:
        >>> one_line("a\nb")
        'a\\nb'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
