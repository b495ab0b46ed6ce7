"""One word of the vocabulary."""

from dataclasses import dataclass

from rulebooks.vocabulary.kinds import Kind


@dataclass(frozen=True, slots=True)
class Term:
    """What a rule's key means.

    Attributes:
        kind: Reads the value.
        zh: Name of the rule in Chinese.
        en: Name of the rule in English.
        unit: Unit of the value, or empty.
    """

    kind: Kind
    zh: str
    en: str
    unit: str = ""
