"""What a procurement document is made of: sections, numbered clauses, tables, and where from.

The printed text of a clause depends on its rule or facts alone, so that two versions can be
compared clause by clause.
"""

from dataclasses import dataclass
from enum import StrEnum

from rulebooks import Bilingual


class Certainty(StrEnum):
    """How sure a clause is; shown to officers, never printed in the published document."""

    STATED = "stated"
    """A source states the rule for this document."""
    PARTLY = "partly"
    """The table is stated; some of its entries are less sure."""
    UNVERIFIED = "unverified"
    """Commonly known, or carried over from another document."""
    OPTION = "option"
    """The round supplies what the rulebook leaves open."""
    FACT = "fact"
    """A fact of the round: lots, timetable, keyholders."""
    STANDING = "standing"
    """How this platform works, the same in every round."""
    OPEN = "open"
    """Not known yet: a draft prints 待定, and the document cannot be published."""


CERTAINTY_NAMES: dict[Certainty, Bilingual] = {
    Certainty.STATED: Bilingual("有来源载明", "stated by a source"),
    Certainty.PARTLY: Bilingual("部分条目待核", "some entries to be checked"),
    Certainty.UNVERIFIED: Bilingual("未经核实", "not verified"),
    Certainty.OPTION: Bilingual("本批次选定", "chosen for this round"),
    Certainty.FACT: Bilingual("本批次事实", "fact of this round"),
    Certainty.STANDING: Bilingual("平台通用条款", "standing clause of the platform"),
    Certainty.OPEN: Bilingual("待定", "to be decided"),
}
"""Each mark in words."""

OPEN = Bilingual("待定", "to be decided")
"""What a draft prints where something is not known."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table within a clause.

    Attributes:
        heads: Of the columns.
        rows: Cells, as many in each row as there are heads.
        numeric: Positions of the columns that hold figures, from 0; set to the right.
    """

    heads: tuple[Bilingual, ...]
    rows: tuple[tuple[Bilingual, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a clause says.

    Attributes:
        text: Its sentences.
        items: Numbered points under them: （1）, （2）.
        grid: A table under those.
        lines: Paragraphs without numbers, of forms.
    """

    text: Bilingual
    items: tuple[Bilingual, ...] = ()
    grid: Grid | None = None
    lines: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause.

    Attributes:
        id: Stable name over all versions: the rule's key, or a name such as ``sealing.late``.
        number: As printed, such as ``3.2``.
        title: A few words.
        said: What it says.
        certainty: How sure it is.
        source: Who states it, for officers.
        note: What an officer must know, such as what is less sure; may be empty.
    """

    id: str
    number: str
    title: Bilingual
    said: Said
    certainty: Certainty
    source: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something in it is not known yet."""
        return self.certainty is Certainty.OPEN

    def plain(self, language: str = "zh") -> str:
        """All printed words of the clause without its number, line by line.

        Examples:
            >>> said = Said(Bilingual("须同时满足：", "All of:"), items=(Bilingual("甲", "A"),))
            >>> clause = Clause("x", "1.1", Bilingual("条件", "Terms"), said, Certainty.STANDING)
            >>> clause.plain().splitlines()
            ['须同时满足：', '（1）甲']
        """
        said = self.said
        lines = [spoken(said.text, language)]
        for number, item in enumerate(said.items, start=1):
            lines.append(item_mark(number, language) + spoken(item, language))
        if said.grid is not None:
            for row in (said.grid.heads, *said.grid.rows):
                lines.append("\t".join(spoken(cell, language) for cell in row))
        lines += [spoken(line, language) for line in said.lines]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the document.

    Attributes:
        id: Stable name, such as ``sealing``.
        number: From 1.
        title: Printed after 一、, 二、.
        clauses: In order, one or more.
        is_annex: Its clauses are forms, each on a page of its own.
    """

    id: str
    number: int
    title: Bilingual
    clauses: tuple[Clause, ...]
    is_annex: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A procurement document, complete.

    Attributes:
        title: Title of the round.
        kind: What this is: 采购文件, 采购文件（征求意见稿）, 第1号补充文件.
        issuer: Who issues it.
        reference: The document's own number, where known.
        dated: Day in words, printed on the cover; empty in a preview.
        rulebook: Identifier of the rulebook that it is written from.
        rulebook_digest: SHA-256 of that rulebook.
        sections: In order.
    """

    title: str
    kind: Bilingual
    issuer: Bilingual
    reference: str | None
    dated: Bilingual
    rulebook: str
    rulebook_digest: str
    sections: tuple[Section, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses, in order."""
        return tuple(clause for section in self.sections for clause in section.clauses)

    @property
    def open_clauses(self) -> tuple[Clause, ...]:
        """The clauses that forbid publication."""
        return tuple(clause for clause in self.clauses if clause.is_open)

    def find(self, clause: str) -> Clause | None:
        """The clause of that id, if the document has it."""
        return next((one for one in self.clauses if one.id == clause), None)

    def clause(self, clause: str) -> Clause:
        """The clause of that id.

        Raises:
            KeyError: The document has no such clause.
        """
        found = self.find(clause)
        if found is None:
            raise KeyError(clause)
        return found


def spoken(text: Bilingual, language: str) -> str:
    """The text in a language.

    Examples:
        >>> spoken(Bilingual("公示", "notice"), "en")
        'notice'
    """
    return text.en if language == "en" else text.zh


def item_mark(number: int, language: str) -> str:
    """How numbered points begin.

    Examples:
        >>> item_mark(2, "zh"), item_mark(2, "en")
        ('（2）', '(2) ')
    """
    return f"({number}) " if language == "en" else f"（{number}）"
