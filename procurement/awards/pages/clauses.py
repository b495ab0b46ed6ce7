"""The rule that a step cites, in words: its name, its value, and who states it."""

from dataclasses import dataclass, field

from procurement.rounds.document.amended import RulesInForce
from procurement.rounds.rulebook_words import Voice, halves, in_words
from rulebooks.vocabulary.rounds import ROUND_TERMS


@dataclass(frozen=True, slots=True)
class Clauses:
    """The rules of a round, for those who read its report.

    Attributes:
        in_force: What governs the round.
        language: ``zh`` or ``en``.
    """

    in_force: RulesInForce
    language: str
    _values: dict[str, str] = field(default_factory=dict)
    """A page asks for the same few rules again and again."""

    def name(self, clause: str) -> str:
        """Name a cited rule: the clause's number where it is known, and the rule's name."""
        number, key = _parts(clause)
        term = ROUND_TERMS.get(key)
        if term is None:
            return clause
        title = term.en if self.language == "en" else term.zh
        return f"{number} {title}" if number else title

    def value(self, clause: str) -> str:
        """What the rule says, in words; empty where an option of the round says it."""
        if clause not in self._values:
            self._values[clause] = self._value(clause)
        return self._values[clause]

    def _value(self, clause: str) -> str:
        _, key = _parts(clause)
        rule, term = self.in_force.rulebook.rules.get(key), ROUND_TERMS.get(key)
        if rule is None or term is None:
            return ""
        said = in_words(key, term, rule.value, Voice(self.language))
        return ("; " if self.language == "en" else "；").join(said)

    def source(self, clause: str) -> str:
        """Who states the rule."""
        _, key = _parts(clause)
        rule = self.in_force.rulebook.rules.get(key)
        if rule is not None:
            zh, en = halves(rule.source)
            return en if self.language == "en" else zh
        if key in self.in_force.options:
            return "an option of this round" if self.language == "en" else "本批次采购文件自行规定"
        return ""


def _parts(clause: str) -> tuple[str, str]:
    """The clause's number, empty where it is not known, and the rule's key.

    Examples:
        >>> _parts("11.2 selection.ratio_to_anchor"), _parts("places.by_bidders")
        (('11.2', 'selection.ratio_to_anchor'), ('', 'places.by_bidders'))
    """
    number, _, key = clause.rpartition(" ")
    return number, key
