"""How one rule becomes one clause."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from procurement.rounds.document.clause import Said
from rulebooks import Bilingual

Writer = Callable[[Any], Said]
"""Takes the value of a rule, as the loader reads it, and says it in both languages."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The template of a rule's clause.

    Attributes:
        section: Id of the section that it stands in.
        title: Title of the clause.
        write: Writes the clause from the rule's value alone.
    """

    section: str
    title: Bilingual
    write: Writer


def either(yes: tuple[str, str], no: tuple[str, str]) -> Writer:
    """A rule that holds or does not."""
    return lambda value: Said(Bilingual(*(yes if value else no)))


def one_of(words: Mapping[str, tuple[str, str]]) -> Writer:
    """A rule that is one of some words."""
    return lambda value: Said(Bilingual(*words[value]))


def filled(zh: str, en: str, show: Callable[[Any], str] = str) -> Writer:
    """A sentence with one figure in it, ``{}``."""

    def write(value: object) -> Said:
        figure = show(value)
        return Said(Bilingual(zh.format(figure), en.format(figure)))

    return write
