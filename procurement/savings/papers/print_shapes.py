"""What the printed statement is made of; every text is ready to be read."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table on paper; ``widths`` are shares, 0 as wide as its words need."""

    title: str
    heads: Sequence[str]
    widths: Sequence[int]
    aligns: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: Sequence[int] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line: its agreement, and each step with what goes in and what comes out."""

    title: str
    agreed: str
    steps: Sequence[tuple[str, str, str]]
    retained: str
    why: str


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """A statement on paper."""

    title: str
    hospital: str
    lang: str
    region: str
    imprint: str
    facts: Sequence[tuple[str, str]]
    result: Sequence[tuple[str, str]]
    overview: PrintedTable
    sum: Sequence[tuple[str, str]]
    lines_title: str
    formula: str
    lines: Sequence[PrintedLine]
    tables: Sequence[PrintedTable]
    signatures: Sequence[str]
