"""Read a round folder: all its files, all its faults, and the facts in one order."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bidding.bid_sheet import Answer, Bid, Lot, Round
from procurement.rounds.folder.answers import read_answers
from procurement.rounds.folder.bids import KnownBids, read_bids
from procurement.rounds.folder.choices import read_choices
from procurement.rounds.folder.expected import Expected, read_expected
from procurement.rounds.folder.facts import write_facts
from procurement.rounds.folder.faults import BadFolderError, Fault, FaultList
from procurement.rounds.folder.lots import KnownLots, read_lots
from procurement.rounds.folder.round_toml import ROUND_TOML, Head, read_head
from procurement.rounds.folder.tables import Table
from procurement.rounds.folder.text import (
    DEFAULT_LIMITS,
    UTF_8,
    Limits,
    UnreadableError,
    known_encoding,
    read_lines,
    read_settings,
)
from procurement.rounds.folder.volumes import known_regions, read_volumes

LOTS, BIDS, VOLUMES = "lots.csv", "bids.csv", "volumes.csv"
CHOICES, ANSWERS, EXPECTED = "choices.csv", "answers.csv", "expected.csv"

NEEDED_FILES = (ROUND_TOML, LOTS, BIDS, VOLUMES)
OPTIONAL_FILES = (CHOICES, ANSWERS, EXPECTED)

_A_FOLDER = f"a folder with {', '.join(NEEDED_FILES)}"


@dataclass(frozen=True)
class RoundFolder:
    """All that a round folder holds, equal whatever the order of its lines and columns.

    Attributes:
        round: The bid sheet. Lots by identifier; bids by lot and identifier; volumes by region,
            lot, ratio, strength, brand and hospital; choices by lot, bid, kind and order.
        answers: What people answered after the opening, by lot, bid and question.
        expected: What was published, by lot and manufacturer; empty if there is no such file.
    """

    round: Round
    answers: tuple[Answer, ...] = ()
    expected: tuple[Expected, ...] = ()

    @cached_property
    def facts(self) -> str:
        """The whole folder as one canonical JSON text, for storing and for digests."""
        return write_facts(self.round, self.answers, self.expected)


def read_folder(
    path: Path, *, encoding: str = UTF_8, limits: Limits = DEFAULT_LIMITS
) -> RoundFolder:
    """Read a round folder, and find all its faults at once.

    Args:
        path: The folder.
        encoding: Of its files: UTF-8, with or without a byte order mark, or ``gb18030``.
        limits: Longest line and largest file.

    Raises:
        BadFolderError: With every fault of every file: place, problem, and what was expected.

    Examples:
        >>> read_folder(Path("no-such-folder"))
        Traceback (most recent call last):
        procurement.rounds.folder.faults.BadFolderError: no-such-folder: does not exist: \
expected a folder with round.toml, lots.csv, bids.csv, volumes.csv
    """
    faults = FaultList()
    try:
        files = _files_in(path)
        encoding = known_encoding(encoding)
    except UnreadableError as error:
        fault = Fault(str(path), error.line, error.column, error.problem, error.expected)
        raise BadFolderError([fault]) from None
    folder = _Reader(path, files, encoding, limits, faults).read()
    faults.raise_if_any()
    return folder


def _files_in(path: Path) -> frozenset[str]:
    """Names of the files of a round that a folder holds; at least one."""
    try:
        names = {entry.name for entry in path.iterdir()}
    except FileNotFoundError:
        raise UnreadableError(None, None, "does not exist", _A_FOLDER) from None
    except NotADirectoryError:
        raise UnreadableError(None, None, "is not a folder", _A_FOLDER) from None
    except (OSError, ValueError) as error:
        problem = f"cannot be read ({type(error).__name__})"
        raise UnreadableError(None, None, problem, _A_FOLDER) from None
    files = frozenset(names.intersection(NEEDED_FILES + OPTIONAL_FILES))
    if not files:
        problem = "holds no file of a round" if names else "is an empty folder"
        raise UnreadableError(None, None, problem, _A_FOLDER)
    return files


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    files: frozenset[str]
    encoding: str
    limits: Limits
    faults: FaultList

    def read(self) -> RoundFolder:
        """Read the files in the order in which one refers to another."""
        head = self._head()
        lots, known_lots = self._lots()
        bids, known_bids = self._bids(known_lots)
        volumes_table = self._table(VOLUMES)
        volumes = read_volumes(volumes_table, known_lots)
        regions = known_regions(volumes_table, volumes)
        sheet = Round(
            title=head.title,
            rulebook=head.rulebook,
            opened_on=head.opened_on,
            lots=lots,
            bids=bids,
            volumes=volumes,
            choices=read_choices(self._table(CHOICES), known_lots, known_bids, regions),
            options=head.options,
        )
        return RoundFolder(
            round=sheet,
            answers=read_answers(self._table(ANSWERS), known_lots, known_bids),
            expected=read_expected(self._table(EXPECTED), known_lots, known_bids),
        )

    def _head(self) -> Head:
        if ROUND_TOML not in self.files:
            self._note_missing(ROUND_TOML)
            return Head()
        try:
            text = read_settings(self.path / ROUND_TOML, self.encoding, self.limits)
        except UnreadableError as error:
            self.faults.add(ROUND_TOML, error.line, error.column, error.problem, error.expected)
            return Head()
        return read_head(text, self.faults)

    def _lots(self) -> tuple[tuple[Lot, ...], KnownLots]:
        table = self._table(LOTS)
        lots = read_lots(table)
        return lots, KnownLots(lots, table)

    def _bids(self, known_lots: KnownLots) -> tuple[tuple[Bid, ...], KnownBids]:
        table = self._table(BIDS)
        bids = read_bids(table, known_lots)
        return bids, KnownBids(bids, table)

    def _table(self, name: str) -> Table:
        """The table in a file; an optional file that is not there is a table without rows."""
        if name in self.files:
            lines = read_lines(self.path / name, self.encoding, self.limits)
            return Table(name, lines, self.faults)
        if name in NEEDED_FILES:
            self._note_missing(name)
        return Table(name, None, self.faults, complete=name in OPTIONAL_FILES)

    def _note_missing(self, name: str) -> None:
        self.faults.add(name, None, None, "the file is missing", _A_FOLDER)
