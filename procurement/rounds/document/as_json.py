"""A document as canonical JSON: what is stored, digested, compared and served.

Equal documents give equal texts, byte for byte.
"""

import json
from typing import Any

from procurement.rounds.document.clause import Certainty, Clause, Document, Grid, Said, Section
from rulebooks import Bilingual

VERSION = 1
"""Of the form of the text."""

Fields = dict[str, Any]


def write_json(document: Document) -> str:
    """Write a document as canonical JSON, with sources and marks.

    Examples:
        >>> empty = Document("t", Bilingual("a", "b"), Bilingual("c", "d"), None,
        ...     Bilingual("", ""), "national-3", "0" * 64, ())
        >>> read_json(write_json(empty)) == empty
        True
    """
    return json.dumps(as_fields(document), ensure_ascii=False, separators=(",", ":"))


def read_json(text: str) -> Document:
    """Read what `write_json` wrote."""
    fields = json.loads(text)
    return Document(
        title=fields["title"],
        kind=_pair(fields["kind"]),
        issuer=_pair(fields["issuer"]),
        reference=fields["reference"],
        dated=_pair(fields["dated"]),
        rulebook=fields["rulebook"],
        rulebook_digest=fields["rulebook_digest"],
        sections=tuple(_section(entry) for entry in fields["sections"]),
    )


def as_fields(document: Document, *, marks: bool = True) -> Fields:
    """A document as what ``json.dumps`` takes.

    Args:
        document: The document.
        marks: False leaves out certainty, source and note, which are not part of what is issued.
    """
    return {
        "version": VERSION,
        "title": document.title,
        "kind": _both(document.kind),
        "issuer": _both(document.issuer),
        "reference": document.reference,
        "dated": _both(document.dated),
        "rulebook": document.rulebook,
        "rulebook_digest": document.rulebook_digest,
        "sections": [
            {
                "id": section.id,
                "number": section.number,
                "title": _both(section.title),
                "is_annex": section.is_annex,
                "clauses": [clause_fields(clause, marks=marks) for clause in section.clauses],
            }
            for section in document.sections
        ],
    }


def clause_fields(clause: Clause, *, marks: bool = True) -> Fields:
    """One clause as what ``json.dumps`` takes; see `as_fields`."""
    said = clause.said
    fields: Fields = {
        "id": clause.id,
        "number": clause.number,
        "title": _both(clause.title),
        "text": _both(said.text),
        "items": [_both(item) for item in said.items],
        "grid": None if said.grid is None else _grid_fields(said.grid),
        "lines": [_both(line) for line in said.lines],
    }
    if marks:
        fields |= {
            "certainty": clause.certainty.value,
            "source": clause.source,
            "note": clause.note,
        }
    return fields


def _grid_fields(grid: Grid) -> Fields:
    return {
        "heads": [_both(head) for head in grid.heads],
        "rows": [[_both(cell) for cell in row] for row in grid.rows],
        "numeric": list(grid.numeric),
    }


def _both(text: Bilingual) -> Fields:
    return {"zh": text.zh, "en": text.en}


def _pair(fields: Fields) -> Bilingual:
    return Bilingual(fields["zh"], fields["en"])


def _pairs(entries: list[Fields]) -> tuple[Bilingual, ...]:
    return tuple(_pair(entry) for entry in entries)


def _section(fields: Fields) -> Section:
    return Section(
        fields["id"],
        fields["number"],
        _pair(fields["title"]),
        tuple(_clause(entry) for entry in fields["clauses"]),
        fields["is_annex"],
    )


def _clause(fields: Fields) -> Clause:
    grid = fields["grid"]
    said = Said(
        _pair(fields["text"]),
        _pairs(fields["items"]),
        None if grid is None else _grid(grid),
        _pairs(fields["lines"]),
    )
    return Clause(
        fields["id"],
        fields["number"],
        _pair(fields["title"]),
        said,
        Certainty(fields["certainty"]),
        fields["source"],
        fields["note"],
    )


def _grid(fields: Fields) -> Grid:
    rows = tuple(_pairs(row) for row in fields["rows"])
    return Grid(_pairs(fields["heads"]), rows, tuple(fields["numeric"]))
