"""The words a rulebook may use: for each key its kind of value and its name in both languages."""

from rulebooks.vocabulary.credit import CREDIT_TERMS
from rulebooks.vocabulary.kinds import ByNumber, Kind
from rulebooks.vocabulary.rounds import ROUND_TERMS
from rulebooks.vocabulary.term import Term

VOCABULARY: dict[str, dict[str, Term]] = {"round": ROUND_TERMS, "credit": CREDIT_TERMS}
"""By the kind of document, then by key."""

__all__ = ["VOCABULARY", "ByNumber", "Kind", "Term"]
