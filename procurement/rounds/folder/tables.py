"""Tables: one CSV file with a header, read once from top to bottom, row by typed row."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import call
from typing import Any, Generic, TypeVar

from procurement.rounds.folder.cells import CellError
from procurement.rounds.folder.faults import FaultList, quoted
from procurement.rounds.folder.text import UnreadableError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_MOST_BROKEN_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Column(Generic[T_co]):
    """A column of a table.

    Attributes:
        name: As in the header.
        parse: Reads a cell; it also says what an empty cell means.
        needed: Whether the header must have it. Without it every cell counts as empty.
    """

    name: str
    parse: Callable[[str], T_co]
    needed: bool = True


class Row:
    """One row whose cells are all sound."""

    __slots__ = ("_table", "_values", "line")

    def __init__(self, table: "Table", line: int, values: Mapping[str, Any]) -> None:
        """Keep the values by column name."""
        self.line = line
        self._table = table
        self._values = values

    def __getitem__(self, column: Column[T]) -> T:
        """The value in a column."""
        value: T = self._values[column.name]
        return value

    def fault(self, column: Column[object], problem: str, expected: str) -> None:
        """Note that the row contradicts something else."""
        self._table.fault(self.line, column.name, problem, expected)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the columns stand in the file, and the values of those that it does not have."""

    names: Sequence[str]
    parsers: Sequence[Callable[[str], object]]
    absent: dict[str, object]
    sound: bool
    """Whether rows can be built; if not, their cells are still checked."""


@dataclass(slots=True)
class Table:
    """One CSV file of the folder.

    Attributes:
        name: Of the file.
        lines: Its lines without line ends; None where an optional file is not there.
        faults: Where faults go.
        complete: Whether all that the file names is known. If not, other files cannot be checked
            against it.
        broken: Cells by column name of the rows that have a fault, so that what they name is not
            reported as unknown elsewhere.
        rows_read: Number of rows below the header.
    """

    name: str
    lines: Iterable[str] | None
    faults: FaultList
    complete: bool = True
    broken: list[dict[str, str]] = field(default_factory=list)
    rows_read: int = 0
    _line: int = field(default=0, init=False)
    _first_line: int = field(default=0, init=False)
    _lines_in_record: int = field(default=0, init=False)

    def fault(self, line: int | None, column: str | None, problem: str, expected: str) -> None:
        """Note a fault in this file."""
        self.faults.add(self.name, line, column, problem, expected)

    def rows(self, columns: Sequence[Column[object]]) -> Iterator[Row]:
        """Yield the sound rows in the order of the file; faults of the others are noted.

        Args:
            columns: All that the header may have, in the order in which messages name them.
        """
        if self.lines is None:
            return
        try:
            records = self._records(self.lines)
            header = next(records, None)
            if header is None:
                self._give_up(None, None, "is empty", f"a header with {_needed(columns)}")
                return
            layout = self._layout(header, columns)
            for cells in records:
                self.rows_read += 1
                row = self._row(cells, layout)
                if row is not None and layout.sound:
                    yield row
        except UnreadableError as error:
            self._give_up(error.line, error.column, error.problem, error.expected)

    def _row(self, cells: list[str], layout: _Layout) -> Row | None:
        if len(cells) != len(layout.parsers):
            if layout.sound:
                self._note_ragged(cells, layout)
            return None
        try:
            parsed = map(call, layout.parsers, cells)
            values = layout.absent | dict(zip(layout.names, parsed, strict=True))
        except CellError:
            self._note_bad_cells(cells, layout)
            return None
        return Row(self, self._line, values)

    def _give_up(self, line: int | None, column: str | None, problem: str, expected: str) -> None:
        self.complete = False
        self.fault(line, column, problem, expected)

    def _records(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Yield the cells of every line that is one record; blank lines are passed over."""
        reader = csv.reader(self._sound_lines(lines), strict=True)
        while True:
            self._lines_in_record = 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._note_bad_record(str(error))
                continue
            if self._lines_in_record > 1:
                self._note_bad_record("a line break within quotes")
            elif cells:
                yield cells

    def _sound_lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the lines that can be a record of their own."""
        for line in lines:
            self._line += 1
            problem = _problem_of_line(line)
            if problem is not None:
                self.fault(self._line, *problem)
                self._keep_broken({})
                continue
            if self._lines_in_record == 0:
                self._first_line = self._line
            self._lines_in_record += 1
            yield line

    def _note_bad_record(self, problem: str) -> None:
        expected = 'cells separated by commas, a quoted cell closed by " on its line'
        self.fault(self._first_line, None, f"is not CSV ({problem})", expected)
        self._keep_broken({})

    def _note_ragged(self, cells: list[str], layout: _Layout) -> None:
        names = layout.names
        problem = f"the line has {_cells(len(cells))}"
        expected = f"{len(names)} as in the header"
        if len(cells) > len(names):
            column = f"cell {len(names) + 1}"
            expected += ' (a cell that holds a comma stands in "quotes")'
        else:
            column = names[len(cells)]
        self.fault(self._line, column, problem, expected)
        self._keep_broken(dict(zip(names, cells, strict=False)))

    def _note_bad_cells(self, cells: list[str], layout: _Layout) -> None:
        for name, parse, cell in zip(layout.names, layout.parsers, cells, strict=True):
            try:
                parse(cell)
            except CellError as error:
                self.fault(self._line, name, error.problem, error.expected)
        self._keep_broken(dict(zip(layout.names, cells, strict=True)))

    def _keep_broken(self, cells: dict[str, str]) -> None:
        """Remember what a broken row names; without its names nothing can be called unknown."""
        if cells and len(self.broken) < _MOST_BROKEN_ROWS:
            self.broken.append(cells)
        else:
            self.complete = False

    def _layout(self, header: list[str], columns: Sequence[Column[object]]) -> _Layout:
        """Check the header, and find out which cell belongs to which column."""
        by_name = {column.name: column for column in columns}
        sound = self._check_header(header, columns)
        absent = [column for column in columns if column.name not in header and not column.needed]
        return _Layout(
            names=header,
            parsers=[by_name[name].parse if name in by_name else str for name in header],
            absent={column.name: column.parse("") for column in absent},
            sound=sound,
        )

    def _check_header(self, header: list[str], columns: Sequence[Column[object]]) -> bool:
        line = self._line
        needed = f"a header with {_needed(columns)}"
        if len(header) == 1 and any(mark in header[0] for mark in ";\t，"):
            raise UnreadableError(line, None, "the columns are not separated by commas", needed)
        sound = True
        seen: set[str] = set()
        names = {column.name for column in columns}
        for name in header:
            if name not in names:
                expected = f"only {_needed(columns)}; optional: {_optional(columns)}"
                self.fault(line, quoted(name), "is not a column of this file", expected)
            elif name in seen:
                self._give_up(line, name, "is in the header twice", "each column once")
                sound = False
            seen.add(name)
        for column in columns:
            if column.needed and column.name not in seen:
                self._give_up(line, column.name, "the column is missing", needed)
                sound = False
        return sound


def _problem_of_line(line: str) -> tuple[str, str, str] | None:
    """Place, problem and what was expected, for a line that no record can hold."""
    if "\0" in line:
        return f"character {line.index(chr(0)) + 1}", "a NUL character", "text"
    if "\r" in line:
        place = f"character {line.index(chr(13)) + 1}"
        return place, "a carriage return within the line", "lines that end in LF or CR LF"
    if '"' in line and line.count('"') % 2:
        place = f"character {line.rindex(chr(34)) + 1}"
        return place, "an unterminated quote", 'a quoted cell closed by " on its line'
    return None


def _needed(columns: Sequence[Column[object]]) -> str:
    return ", ".join(column.name for column in columns if column.needed)


def _optional(columns: Sequence[Column[object]]) -> str:
    return ", ".join(column.name for column in columns if not column.needed) or "none"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
