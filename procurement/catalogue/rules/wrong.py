"""What is wrong with a value, for a person who has to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong and what was expected, in both languages.

    Examples:
        >>> Wrong("应为 23 位。", "Expected 23 characters.").en
        'Expected 23 characters.'
    """

    zh: str
    en: str
