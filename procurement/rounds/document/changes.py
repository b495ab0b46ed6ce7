"""What changed between two versions of a document, clause by clause and word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from procurement.rounds.document.clause import Clause, Document, Section

# A Chinese letter is a word; figures and Latin words stay whole, so that 1.8 is not half changed.
_WORDS = re.compile(r"[0-9][0-9.,%]*|[A-Za-z]+|\s+|.", re.DOTALL)

_SHORTEST_SAME = 2
"""Equal words between two changes that are shorter than this are shown as changed, too."""


class ChangeKind(StrEnum):
    """What became of a clause."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A stretch of text: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A clause that differs.

    Attributes:
        id: Of the clause.
        kind: What became of it.
        old: As it was; None for one that was added.
        new: As it is; None for one that was removed.
    """

    id: str
    kind: ChangeKind
    old: Clause | None
    new: Clause | None

    @property
    def clause(self) -> Clause:
        """The clause as it is, or as it was."""
        clause = self.new or self.old
        if clause is None:
            raise ValueError(f"{self.id}: a change without a clause")
        return clause

    def pieces(self, language: str = "zh") -> tuple[Piece, ...]:
        """The words of both, with what was added and removed marked."""
        before = self.old.plain(language) if self.old else ""
        after = self.new.plain(language) if self.new else ""
        return word_diff(before, after)


def changes_between(old: Document, new: Document) -> tuple[Change, ...]:
    """Compare two versions of a document by the ids of their clauses.

    A clause that only got another number, source or mark has not changed.

    Args:
        old: The earlier version.
        new: The later one.

    Returns:
        Changes in the order of the later version; removed clauses where they stood.

    Examples:
        >>> from procurement.rounds.document.content import write_document
        >>> from procurement.rounds.document.plan import RoundPlan
        >>> from rulebooks import load_rulebook
        >>> before = write_document(RoundPlan("r", "批次"), load_rulebook("national-10"))
        >>> after = write_document(RoundPlan("r", "批次"), load_rulebook("national-9"))
        >>> [change.id for change in changes_between(before, after)][:2]
        ['requirements', 'evaluation.order']
    """
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    changes = []
    for section in _merged(old, new):
        for clause in section:
            change = _compared(before.get(clause), after.get(clause))
            if change is not None:
                changes.append(change)
    return tuple(changes)


def _merged(old: Document, new: Document) -> Iterator[list[str]]:
    """The ids of all clauses of each section, removed ones after their predecessor."""
    earlier = {section.id: section for section in old.sections}
    later = {section.id: section for section in new.sections}
    order = [section.id for section in new.sections]
    order += [section.id for section in old.sections if section.id not in later]
    for name in order:
        merged = _ids(later.get(name))
        previous = None
        for clause in _ids(earlier.get(name)):
            if clause not in merged:
                merged.insert(0 if previous is None else merged.index(previous) + 1, clause)
            previous = clause
        yield merged


def _ids(section: Section | None) -> list[str]:
    return [] if section is None else [clause.id for clause in section.clauses]


def _compared(old: Clause | None, new: Clause | None) -> Change | None:
    if old is not None and new is not None:
        if (old.title, old.said) == (new.title, new.said):
            return None
        return Change(new.id, ChangeKind.CHANGED, old, new)
    if new is not None:
        return Change(new.id, ChangeKind.ADDED, None, new)
    if old is not None:
        return Change(old.id, ChangeKind.REMOVED, old, None)
    return None


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The words of two texts in one, with what was added and removed.

    Examples:
        >>> for piece in word_diff("不高于1.8倍的", "不高于2.0倍的"):
        ...     print(piece.kind, piece.text)
        same 不高于
        removed 1.8
        added 2.0
        same 倍的
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pieces: list[Piece] = []
    removed, added = "", ""
    for tag, first, last, start, end in matcher.get_opcodes():
        gone, come = "".join(before[first:last]), "".join(after[start:end])
        is_edge = last == len(before) or first == 0
        if tag == "equal" and (last - first >= _SHORTEST_SAME or is_edge):
            pieces += _flushed(removed, added)
            removed = added = ""
            pieces.append(Piece("same", gone))
        else:
            removed, added = removed + gone, added + come
    return tuple([*pieces, *_flushed(removed, added)])


def _flushed(removed: str, added: str) -> list[Piece]:
    pieces = [Piece("removed", removed), Piece("added", added)]
    return [piece for piece in pieces if piece.text]
