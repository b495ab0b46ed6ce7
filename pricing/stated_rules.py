"""The rules that a decision rests on: a rulebook, completed by options where it leaves a gap."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from pricing.faults import ModelError
from rulebooks import BadRulebookError, Rule, Rulebook, load_rulebook
from rulebooks.loader import read_value
from rulebooks.vocabulary import VOCABULARY, kind_of


class RuleNotStatedError(ModelError):
    """A decision needs a rule that no source states and no option supplies.

    Attributes:
        rulebook: Identifier of the rulebook.
        key: The rule's key.
        zh: What is missing, in Chinese.
        en: The same in English.
    """

    def __init__(self, rulebook: str, key: str, *, zh: str, en: str) -> None:
        """Keep the rulebook, the key and what is not known."""
        super().__init__(
            f"rulebook {rulebook}: {key} is unknown: {en}; expected it as an option {key}"
        )
        self.rulebook = rulebook
        self.key = key
        self.zh = f"规则书 {rulebook}：{key} 未知：{zh}；须以选项 {key} 给出"
        self.en = str(self)


class RuleOptionError(ModelError):
    """An option that the rulebook does not leave open, or of the wrong kind."""

    def __init__(self, rulebook: str, key: str, cause: str) -> None:
        """Keep the rulebook, the option and what is wrong with it."""
        super().__init__(f"option {key} of rulebook {rulebook}: {cause}")
        self.rulebook = rulebook
        self.key = key


class StatedRules:
    """Typed access to the rules of one document; asking for an unknown one is refused by name.

    A rule that the document does not have reads as None (or ``required`` refuses it). A rule that
    no source states raises `RuleNotStatedError` as soon as a decision needs it. Options may supply
    unknown rules and replace those that are not verified.

    Examples:
        >>> rules = StatedRules.of("nrdl-renewal-2023")
        >>> rules.count("halving.from_years"), rules.cite("halving.from_years")
        (4, 'halving.from_years')
        >>> rules.word("halving.method")
        Traceback (most recent call last):
        pricing.stated_rules.RuleNotStatedError: rulebook nrdl-renewal-2023: halving.method is ...
        >>> StatedRules.of("nrdl-renewal-2023", {"halving.method": "each"}).word("halving.method")
        'each'
    """

    def __init__(self, rulebook: Rulebook, options: Mapping[str, object] | None = None) -> None:
        """Complete the rulebook.

        Args:
            rulebook: The document.
            options: Raw values by key, as TOML or JSON holds them.

        Raises:
            RuleOptionError: An option is not left open by the rulebook, or of the wrong kind.
        """
        self.rulebook = rulebook
        self._terms = VOCABULARY[kind_of({*rulebook.rules, *rulebook.unknown})]
        self._rules: dict[str, Rule] = dict(rulebook.rules)
        for key, raw in (options or {}).items():
            self._rules[key] = self._supplied(key, raw)

    @classmethod
    def of(cls, rulebook: str, options: Mapping[str, object] | None = None) -> "StatedRules":
        """The rules of the rulebook with that identifier.

        Raises:
            UnknownRulebookError: There is none.
            RuleOptionError: As for the class.
        """
        return cls(load_rulebook(rulebook), options)

    def _supplied(self, key: str, raw: object) -> Rule:
        stated = self.rulebook.rules.get(key)
        is_open = key in self.rulebook.unknown or (
            stated is not None and (not stated.verified or bool(stated.unverified))
        )
        if not is_open:
            expected = ", ".join(sorted(self.open_keys(self.rulebook))) or "none"
            cause = f"is not left open: expected one of {expected}"
            raise RuleOptionError(self.rulebook.id, key, cause)
        try:
            value = read_value("options", key, raw, self._terms)
        except BadRulebookError as fault:
            raise RuleOptionError(self.rulebook.id, key, fault.cause) from None
        return Rule(
            key=key,
            value=value,
            clause=None,
            source="选项 / an option",
            verified=False,
            unverified=(),
            in_force_from=self.rulebook.in_force_from,
            published_on=None,
            note="",
        )

    @staticmethod
    def open_keys(rulebook: Rulebook) -> frozenset[str]:
        """Keys that options may supply: unknown rules, and those that are not verified."""
        unsure = (
            rule.key for rule in rulebook.rules.values() if not rule.verified or rule.unverified
        )
        return frozenset({*rulebook.unknown, *unsure})

    def value(self, key: str) -> object | None:
        """The value of a rule, or None where the document has no such rule.

        Raises:
            RuleNotStatedError: The document has or may have the rule, and nobody knows it.
        """
        rule = self._rules.get(key)
        if rule is not None:
            return rule.value
        unknown = self.rulebook.unknown.get(key)
        if unknown is not None:
            raise RuleNotStatedError(self.rulebook.id, key, zh=unknown.what.zh, en=unknown.what.en)
        return None

    def required(self, key: str) -> object:
        """The value of a rule without which nothing can be decided.

        Raises:
            RuleNotStatedError: Nobody knows it, or the document has no such rule.
        """
        value = self.value(key)
        if value is None:
            raise RuleNotStatedError(
                self.rulebook.id,
                key,
                zh="该规则书无此规则",
                en="the rulebook has no such rule",
            )
        return value

    def knows(self, key: str) -> bool:
        """Whether the rule has a value; an unknown one has none."""
        return key in self._rules

    def decimal(self, key: str) -> Decimal:
        """A ratio, share or price that must be known."""
        return cast("Decimal", self.required(key))

    def count(self, key: str) -> int:
        """A whole number that must be known."""
        return cast("int", self.required(key))

    def word(self, key: str) -> str:
        """One of the words that the vocabulary allows; it must be known."""
        return cast("str", self.required(key))

    def table(self, key: str) -> Mapping[str, object]:
        """A table by name, or a record, that must be known."""
        return cast("Mapping[str, object]", self.required(key))

    def flag(self, key: str) -> bool:
        """Whether the document has the rule and it is true."""
        return self.value(key) is True

    def cite(self, key: str) -> str:
        """How a decision cites the rule: its clause's number, where known, and its key."""
        rule = self._rules.get(key)
        return rule.cited if rule else key

    def rule(self, key: str) -> Rule | None:
        """The rule with its source and certainty; None where there is none or it is unknown."""
        return self._rules.get(key)

    def is_verified(self, key: str) -> bool:
        """Whether a source states the rule in full; an option is nobody's source."""
        rule = self._rules.get(key)
        return rule is not None and rule.verified and not rule.unverified
