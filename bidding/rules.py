"""The rules that govern one round: a rulebook, completed by the round's options."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from bidding.errors import BadOptionError, UnknownRuleError
from rulebooks import BadRulebookError, Rule, Rulebook, load_rulebook
from rulebooks.loader import read_value
from rulebooks.vocabulary import VOCABULARY, ByNumber

PER_ROUND = frozenset({"conversion.main_pack", "conversion.product_factors"})
"""Rules that are facts of one round: any round may supply them as options."""

NEEDED = frozenset(
    {
        "places.by_bidders",
        "volume.method",
        "share.by_winners",
        "share.own_brand",
        "split.of_remainder",
        "regions.choice",
        "regions.unsupplied_strength",
        "brand.fallback",
        "classes.lines",
        # What a hospital must explain when it reports its need.
        "reporting.minimum_share",
        "reporting.history_years",
    }
)
"""Rules without which a decision cannot be computed: a round may supply one that its document
does not state."""

BY_CATEGORY = frozenset({"share.by_winners", "cycle.by_winners"})
"""Tables by category: a round may add a category that its document's table lacks."""

NO_SUCH_RULE = "none"
"""Value of an option that says: the document has no such rule."""

Table = Mapping[str, object]


class RoundRules:
    """Typed access to the rules of one round; asking for an unknown one is refused by name.

    A rule that the document does not have reads as None. A rule that the document has, and that
    no source states, raises ``UnknownRuleError`` as soon as an evaluation needs it.

    Examples:
        >>> rules = RoundRules(load_rulebook("national-3"))
        >>> rules.decimal("selection.ratio_to_lowest")
        Decimal('1.8')
        >>> rules.decimal("anchor.share_of_mean") is None
        True
    """

    def __init__(
        self,
        rulebook: Rulebook,
        options: Mapping[str, object] | None = None,
        *,
        assume: bool = False,
    ) -> None:
        """Complete the rulebook.

        Args:
            rulebook: The published document.
            options: Raw values by key, as the round's ``[options]`` give them.
            assume: For simulations only: take the assumptions of the rulebook for unknown rules.

        Raises:
            BadOptionError: An option is not declared by the rulebook, or of the wrong kind.
        """
        self.rulebook = rulebook
        self._rules: dict[str, Rule] = dict(rulebook.rules)
        self.assumed: tuple[str, ...] = ()
        if assume:
            assumed = {
                key: unknown.assumed_in_lab
                for key, unknown in rulebook.unknown.items()
                if unknown.assumed_in_lab is not None and key not in (options or {})
            }
            self.assumed = tuple(assumed)
            for key, value in assumed.items():
                self._rules[key] = self._supplied(key, value, "assumed in simulation")
        self._left_out: set[str] = set()
        for key, raw in (options or {}).items():
            value = self._read(key, raw)
            if value is None:
                self._left_out.add(key)
                self._rules.pop(key, None)
            else:
                self._rules[key] = self._supplied(key, value, "option of the round")

    def _read(self, key: str, raw: object) -> object | None:
        """The value of an option; None where it says that the document has no such rule."""
        declared = self.rulebook.rules.get(key)
        if key in BY_CATEGORY and declared is not None and isinstance(raw, Mapping):
            known = cast("Mapping[str, object]", declared.value)
            if not set(known) & set(raw):
                return {**known, **cast("Mapping[str, object]", self._checked(key, raw))}
        open_to_rounds = (
            key in self.rulebook.unknown
            or key in PER_ROUND
            or (key in NEEDED and declared is None)
            or (declared is not None and (not declared.verified or bool(declared.unverified)))
        )
        if not open_to_rounds:
            expected = ", ".join(sorted({*self.rulebook.unknown, *PER_ROUND}))
            raise BadOptionError(self.rulebook.id, key, f"is not declared: expected {expected}")
        if raw == NO_SUCH_RULE:
            return None
        if isinstance(raw, Mapping) and set(raw) == {"as_in"}:
            return self._as_in(key, str(raw["as_in"]))
        return self._checked(key, raw)

    def _checked(self, key: str, raw: object) -> object:
        try:
            return read_value("round.toml", key, raw, VOCABULARY["round"])
        except BadRulebookError as fault:
            raise BadOptionError(self.rulebook.id, key, fault.cause) from None

    def _as_in(self, key: str, other: str) -> object:
        rule = load_rulebook(other).rules.get(key)
        if rule is None:
            raise BadOptionError(self.rulebook.id, key, f"rulebook {other} does not know it either")
        return rule.value

    def _supplied(self, key: str, value: object, source: str) -> Rule:
        return Rule(
            key=key,
            value=value,
            clause=None,
            source=source,
            verified=False,
            unverified=(),
            in_force_from=self.rulebook.in_force_from,
            published_on=None,
            note="",
        )

    def value(self, key: str) -> object | None:
        """The value of a rule, or None where the document has no such rule.

        Raises:
            UnknownRuleError: The document has the rule, and nobody knows it.
        """
        rule = self._rules.get(key)
        if rule is not None:
            return rule.value
        unknown = self.rulebook.unknown.get(key)
        if unknown is not None and key not in self._left_out:
            raise UnknownRuleError(self.rulebook.id, key, unknown.what.en)
        return None

    def required(self, key: str) -> object:
        """The value of a rule without which nothing can be computed.

        Raises:
            UnknownRuleError: Nobody knows it, or the document has no such rule.
        """
        value = self.value(key)
        if value is None:
            raise UnknownRuleError(self.rulebook.id, key, "the rulebook has no such rule")
        return value

    def mentions(self, key: str) -> bool:
        """Whether the document has the rule, known or not."""
        return key in self._rules or (key in self.rulebook.unknown and key not in self._left_out)

    def knows(self, key: str) -> bool:
        """Whether the rule has a value; an unknown one has none."""
        return key in self._rules

    def decimal(self, key: str) -> Decimal | None:
        """A ratio, share or price."""
        return cast("Decimal | None", self.value(key))

    def count(self, key: str) -> int | None:
        """A whole number."""
        return cast("int | None", self.value(key))

    def word(self, key: str) -> str | None:
        """One of the words that the vocabulary allows."""
        return cast("str | None", self.value(key))

    def flag(self, key: str) -> bool:
        """Whether the document has the rule and it is true."""
        return self.value(key) is True

    def table(self, key: str) -> Table | None:
        """A table by name, or a record."""
        return cast("Table | None", self.value(key))

    def by_number(self, key: str) -> ByNumber | None:
        """A table by number."""
        return cast("ByNumber | None", self.value(key))

    def cite(self, key: str) -> str:
        """How a decision cites the rule: its clause's number, where known, and its key."""
        rule = self._rules.get(key)
        return rule.cited if rule else key
