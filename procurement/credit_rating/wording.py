"""What the pages of credit rating call things, in the visitor's language."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.accounts.divisions import PROVINCES, division_name
from procurement.credit_rating.words import (
    BASIS_WORDS,
    CIRCUMSTANCE_WORDS,
    CLEARANCE_WORDS,
    CONSEQUENCE_WORDS,
    GRADE_WORDS,
    MATTER_WORDS,
    GradeWord,
    Pair,
)
from procurement.web import Visit

GRADE_KINDS: Mapping[str, str] = {
    GradeWord.NONE: "good",
    GradeWord.MINOR: "neutral",
    GradeWord.MEDIUM: "warning",
    GradeWord.DISHONEST: "warning",
    GradeWord.SERIOUS: "bad",
    GradeWord.ESPECIALLY_SERIOUS: "bad",
}
"""How loud a grade is on a page."""

_WORDS: Mapping[str, Mapping[StrEnum, Pair]] = {
    "matter": {word: pair for word, pair in MATTER_WORDS.items()},
    "grade": {word: pair for word, pair in GRADE_WORDS.items()},
    "basis": {word: pair for word, pair in BASIS_WORDS.items()},
    "circumstance": {word: pair for word, pair in CIRCUMSTANCE_WORDS.items()},
    "consequence": {word: pair for word, pair in CONSEQUENCE_WORDS.items()},
    "clearance": {word: pair for word, pair in CLEARANCE_WORDS.items()},
}


def words(visit: Visit) -> dict[str, dict[str, str]]:
    """Name each value of each kind of word."""
    return {
        kind: {str(word): visit.text(*pair) for word, pair in values.items()}
        for kind, values in _WORDS.items()
    }


def options(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """List values and names for the choices of forms and filters."""
    named = {kind: list(values.items()) for kind, values in words(visit).items()}
    regions = [(code, visit.text(*names)) for code, names in PROVINCES.items()]
    return {**named, "region": regions}


def region_name(visit: Visit, code: str) -> str:
    """Name a province."""
    return visit.text(*division_name(code))
