"""The rules of a settlement: a rulebook, completed by what its scheme gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from pricing.stated_rules import StatedRules
from procurement.savings.rules.bands import Band, read_bands
from procurement.savings.rules.formula import Formula
from rulebooks import BadRulebookError, Rulebook, UnknownRule
from rulebooks.loader import read_value
from rulebooks.vocabulary.savings import LEFT_OPEN, SAVINGS_TERMS

FROM_SCHEME = "scheme"
FROM_RULEBOOK = "rulebook"
NOT_GIVEN = "not-given"

NEEDED = ("negative_base", "completion_unit")
"""What every settlement needs; `bands` are needed for scores, `follow_on` for such a round."""

PAID_AT = "half_up_cent"
"""What is paid is money: without a rule it is rounded once, when a hospital is paid."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that texts leave open, as this settlement decides it.

    Attributes:
        key: Its name.
        value: As the scheme or the rulebook gives it; None where nobody does and nothing needs it.
        given_by: ``scheme``, ``rulebook`` or ``not-given``.
        verified: Whether a source states it.
    """

    key: str
    value: object
    given_by: str
    verified: bool


class SchemeRules:
    """The rules of one settlement; asking for what nobody states is refused by name.

    Examples:
        >>> from rulebooks import load_rulebook
        >>> rules = SchemeRules(load_rulebook("savings-yibin-2022"), {"rounding": "half_up_cent"})
        >>> rules.ratio_max, rules.rounding
        (Decimal('0.50'), 'half_up_cent')
        >>> rules.negative_base
        Traceback (most recent call last):
        pricing.stated_rules.RuleNotStatedError: rulebook savings-yibin-2022: negative_base is ...
    """

    def __init__(self, rulebook: Rulebook, scheme: Mapping[str, object]) -> None:
        """Complete the rulebook.

        Args:
            rulebook: The document.
            scheme: Raw values of what texts leave open, by key. One that repeats what the
                rulebook states changes nothing.

        Raises:
            RuleOptionError: A value is of the wrong kind, or contradicts a verified rule.
        """
        self.rulebook = rulebook
        given = {key: raw for key, raw in scheme.items() if not _repeats(rulebook, key, raw)}
        self._stated = StatedRules(rulebook, given)
        self._given = frozenset(given)

    @property
    def formula(self) -> Formula:
        """How the base is computed."""
        return Formula(
            layout=self._stated.word("formula.layout"),
            subtracts_non_winning=self._stated.word("formula.non_winning") == "subtracted",
            two_ratios=self._stated.word("formula.payment_ratios") == "budget-and-spend",
            insured_share=self._stated.word("formula.insured_share"),
        )

    @property
    def needs_completion(self) -> bool:
        """Whether completing the agreed volume is a condition."""
        return "agreed-volume-completed" in self._conditions

    @property
    def needs_passing(self) -> bool:
        """Whether passing the assessment is a condition."""
        return "assessment-passed" in self._conditions

    @property
    def ratio_max(self) -> Decimal:
        """Highest share of the base that may be kept."""
        return self._stated.decimal("retention.ratio_max")

    @property
    def bands(self) -> tuple[Band, ...]:
        """Bands by score, from the highest."""
        return read_bands(self._stated.table("bands"))

    @property
    def negative_base(self) -> str:
        """``floor_each`` or ``net_batch``."""
        return self._stated.word("negative_base")

    @property
    def completion_unit(self) -> str:
        """Whose agreed volume must be completed."""
        return self._stated.word("completion_unit")

    @property
    def rounding(self) -> str:
        """How amounts are rounded; once at payment where nobody says."""
        knows = self._stated.knows("rounding")
        return self._stated.word("rounding") if knows else PAID_AT

    @property
    def follow_on_earns(self) -> bool:
        """Whether a product of a follow-on round still earns."""
        return self._stated.word("follow_on") == "earns"

    @property
    def scores_products(self) -> bool:
        """Whether each product and specification is scored by itself."""
        return self._stated.value("assessment.unit") == "product-specification"

    def missing(self, *, scores: bool, follow_on: bool) -> tuple[UnknownRule, ...]:
        """What this settlement needs and nobody states.

        Args:
            scores: Whether assessments give scores.
            follow_on: Whether a batch is a follow-on round.

        Examples:
            >>> from rulebooks import load_rulebook
            >>> rules = SchemeRules(load_rulebook("savings-yibin-2022"), {})
            >>> [rule.key for rule in rules.missing(scores=True, follow_on=False)]
            ['negative_base', 'completion_unit']
        """
        more = [("bands", scores), ("follow_on", follow_on)]
        needed = [*NEEDED, *(key for key, is_needed in more if is_needed)]
        unknown = self.rulebook.unknown
        return tuple(unknown[key] for key in needed if not self._stated.knows(key))

    def knows(self, key: str) -> bool:
        """Whether a rule has a value, by the rulebook or the scheme."""
        return self._stated.knows(key)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Everything that texts leave open, for the statement."""
        return tuple(map(self._parameter, LEFT_OPEN))

    @property
    def unverified(self) -> tuple[str, ...]:
        """Keys of rules of the rulebook that no source states for it."""
        rules = self.rulebook.rules
        return tuple(
            key
            for key in SAVINGS_TERMS
            if key in rules and key not in self._given and not rules[key].verified
        )

    @property
    def _conditions(self) -> tuple[str, ...]:
        return cast("tuple[str, ...]", self._stated.required("retention.conditions"))

    def _parameter(self, key: str) -> Parameter:
        if not self._stated.knows(key):
            return Parameter(key, None, NOT_GIVEN, verified=False)
        by = FROM_SCHEME if key in self._given else FROM_RULEBOOK
        return Parameter(key, self._stated.required(key), by, self._stated.is_verified(key))


def _repeats(rulebook: Rulebook, key: str, raw: object) -> bool:
    rule = rulebook.rules.get(key)
    if rule is None:
        return False
    try:
        return bool(read_value("scheme.toml", key, raw, SAVINGS_TERMS) == rule.value)
    except BadRulebookError:
        return False
