"""A rulebook: the rules of one published document, each with its clause or source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a document.

    Attributes:
        key: Its name in the vocabulary, such as ``places.by_bidders``.
        value: Read and checked by the vocabulary: exact decimals, whole numbers, words, tables.
        clause: Number of the clause in the document, where it is known.
        source: Who states it: the document, an official table, the press, or an inference.
        verified: Whether a source states it or the published figures imply it.
        unverified: Entries of a verified table that are not verified themselves.
        in_force_from: Day from which it holds.
        published_on: Day on which the document was published, if known.
        note: What a reader must know to use it.
    """

    key: str
    value: object
    clause: str | None
    source: str
    verified: bool
    unverified: tuple[str, ...]
    in_force_from: date
    published_on: date | None
    note: str

    @property
    def cited(self) -> str:
        """How a decision cites the rule: the clause's number where known, and the key."""
        return f"{self.clause} {self.key}" if self.clause else self.key


@dataclass(frozen=True, slots=True)
class UnknownRule:
    """A rule that the document has (or may have) and that no source states.

    Attributes:
        key: Its name in the vocabulary.
        what: What is not known.
        assumed_in_lab: A value that simulations may assume, openly; never a decision.
    """

    key: str
    what: Bilingual
    assumed_in_lab: object | None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of one published document.

    Attributes:
        id: Name of its folder.
        title: What the document is called.
        issuer: Who issued it.
        document: Its number, where known.
        in_force_from: Day from which it holds.
        published_on: Day of publication, where known.
        note: What a reader must know about its dates and sources.
        rules: By key.
        unknown: Rules that no source states, by key; a round may supply them as options.
        digest: SHA-256 of the file, in hexadecimal digits.
    """

    id: str
    title: Bilingual
    issuer: Bilingual
    document: str | None
    in_force_from: date
    published_on: date | None
    note: Bilingual
    rules: Mapping[str, Rule]
    unknown: Mapping[str, UnknownRule]
    digest: str
