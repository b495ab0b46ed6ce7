"""Published documents as data, and the small strict loader that reads them."""

from rulebooks.errors import BadRulebookError, UnknownRulebookError
from rulebooks.loader import load_rulebook, rulebook_ids
from rulebooks.rulebook import Bilingual, Rule, Rulebook, UnknownRule

__all__ = [
    "BadRulebookError",
    "Bilingual",
    "Rule",
    "Rulebook",
    "UnknownRule",
    "UnknownRulebookError",
    "load_rulebook",
    "rulebook_ids",
]
