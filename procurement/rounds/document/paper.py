"""A document as it lies on paper, in one language: what Word and PDF both print.

Everything is plain text here, so that both files hold the same words.
"""

import unicodedata
from dataclasses import dataclass

from procurement.rounds.document.clause import Clause, Document, Grid, Section, item_mark, spoken
from procurement.rounds.document.figures import numeral

_WIDTH_MIN = 6
_WIDTH_MAX = 30
_SHORT = 3
"""A document with so many sections needs no table of contents."""


@dataclass(frozen=True, slots=True)
class PaperGrid:
    """A table.

    Attributes:
        heads: Of the columns.
        rows: Cells.
        numeric: Positions of the columns that are set to the right.
        widths: Of the columns, in Latin letters: as wide as the widest cell, within bounds.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PaperClause:
    """A clause: its heading, sentences, points, table and lines."""

    heading: str
    text: str
    items: tuple[str, ...]
    grid: PaperGrid | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A section: its heading and clauses."""

    title: str
    clauses: tuple[PaperClause, ...]
    is_annex: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in one language.

    Attributes:
        lang: ``zh`` or ``en``.
        region: Of the language, for hyphenation and glyphs.
        title: On the cover.
        kind: Under it.
        reference: The document's number, where it has one.
        issuer: At the foot of the cover.
        dated: Under the issuer.
        imprint: Small lines under the cover: what the text was made from.
        running: At the head of each page.
        contents: Title of the table of contents; None leaves it out.
        sections: In order.
    """

    lang: str
    region: str
    title: str
    kind: str
    reference: str | None
    issuer: str
    dated: str
    imprint: tuple[str, ...]
    running: str
    contents: str | None
    sections: tuple[PaperSection, ...]


def lay_out(document: Document, *, digest: str, language: str = "zh") -> Paper:
    """Lay a document out in one language.

    Args:
        document: The document.
        digest: SHA-256 of its canonical JSON, printed on the cover.
        language: ``zh`` or ``en``.
    """
    kind = spoken(document.kind, language)
    zh = language == "zh"
    imprint = (
        f"规则书：{document.rulebook}　摘要（SHA-256）：{document.rulebook_digest}"
        if zh
        else f"Rulebook: {document.rulebook}, SHA-256 {document.rulebook_digest}",
        f"本文件内容摘要（SHA-256）：{digest}" if zh else f"SHA-256 of this document: {digest}",
    )
    return Paper(
        lang=language,
        region="cn" if zh else "gb",
        title=document.title,
        kind=kind,
        reference=document.reference,
        issuer=spoken(document.issuer, language),
        dated=spoken(document.dated, language),
        imprint=imprint,
        running=f"{document.title}　{kind}" if zh else f"{document.title} – {kind}",
        contents=("目　　录" if zh else "Contents") if len(document.sections) > _SHORT else None,
        sections=tuple(_section(section, language) for section in document.sections),
    )


def _section(section: Section, language: str) -> PaperSection:
    title = spoken(section.title, language)
    if section.is_annex:
        heading = title
    elif language == "zh":
        heading = f"{numeral(section.number)}、{title}"
    else:
        heading = f"{section.number}. {title}"
    clauses = tuple(_clause(clause, language) for clause in section.clauses)
    return PaperSection(heading, clauses, section.is_annex)


def _clause(clause: Clause, language: str) -> PaperClause:
    said = clause.said
    number = clause.number.replace("附件", "Form") if language == "en" else clause.number
    return PaperClause(
        heading=f"{number}　{spoken(clause.title, language)}"
        if language == "zh"
        else f"{number}  {spoken(clause.title, language)}",
        text=spoken(said.text, language),
        items=tuple(
            item_mark(position, language) + spoken(item, language)
            for position, item in enumerate(said.items, start=1)
        ),
        grid=None if said.grid is None else _grid(said.grid, language),
        lines=tuple(spoken(line, language) for line in said.lines),
    )


def _grid(grid: Grid, language: str) -> PaperGrid:
    heads = tuple(spoken(head, language) for head in grid.heads)
    rows = tuple(tuple(spoken(cell, language) for cell in row) for row in grid.rows)
    columns = zip(heads, *rows, strict=True)
    return PaperGrid(heads, rows, grid.numeric, tuple(_column_width(cells) for cells in columns))


def _column_width(cells: tuple[str, ...]) -> int:
    """How wide a column should be: as its widest cell, within bounds.

    Examples:
        >>> _column_width(("规格", "0.25g")), _column_width(("", "x" * 90))
        (6, 30)
    """
    head, *rows = map(_width, cells)
    # A head may break into two lines, a figure may not.
    widest = max([(head + 1) // 2, *rows])
    return max(_WIDTH_MIN, min(widest, _WIDTH_MAX))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)
