"""Which rules for payment standards a region has, and what they say of one product."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.payment_standard import NonWinner, payment_standard, winner_standard
from pricing.rules_in_force import NoRulebookError, standard_rulebook
from pricing.stated_rules import RuleNotStatedError, StatedRules
from procurement.prices.kinds import StandardStep

REGION_RULES = {"6101": "xian", "23": "heilongjiang", "35": "fujian"}
"""Series of rulebooks ``standard-…`` by the first digits of the division code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the chain and the rules say of a payment standard.

    Attributes:
        step: Which step of the chain it comes from.
        standard: Yuan a pack; None where it is not known.
        rulebook: The rulebook that was applied, if one was.
        clause: How the rule, or the decision, is cited.
        is_verified: Whether sources state it in full.
        zh: In Chinese.
        en: In English.
    """

    step: StandardStep
    standard: Decimal | None = None
    rulebook: str | None = None
    clause: str = ""
    is_verified: bool = False
    zh: str
    en: str


def rules_of_region(region: str, day: date) -> StatedRules | None:
    """The rules for payment standards of a region on a day; None where there are none yet.

    Args:
        region: Division code, 6 digits; ``000000`` for the national rules.
        day: The day.

    Examples:
        >>> rules_of_region("610100", date(2020, 5, 1)).rulebook.id
        'standard-xian-2019'
        >>> rules_of_region("610200", date(2020, 5, 1)).rulebook.id
        'standard-national-2019'
    """
    own = (name for digits, name in REGION_RULES.items() if region.startswith(digits))
    try:
        return StatedRules.of(standard_rulebook(next(own, None), day))
    except NoRulebookError:
        return None


def unknown(zh: str, en: str, *, rules: StatedRules | None = None) -> Said:
    """Say why a payment standard is not known."""
    rulebook = None if rules is None else rules.rulebook.id
    return Said(step=StandardStep.UNKNOWN, rulebook=rulebook, zh=zh, en=en)


def said_of_winner(price: Decimal, rules: StatedRules) -> Said:
    """What the rules say of a product that won at a price.

    Examples:
        >>> rules = rules_of_region("000000", date(2027, 1, 1))
        >>> said_of_winner(Decimal("6.5"), rules).standard
        Decimal('6.5')
    """
    try:
        standard = winner_standard(price, rules)
    except RuleNotStatedError as refusal:
        return unknown(refusal.zh, refusal.en, rules=rules)
    return Said(
        step=StandardStep.WINNING,
        standard=standard,
        rulebook=rules.rulebook.id,
        clause=rules.cite("winner.standard"),
        is_verified=rules.is_verified("winner.standard"),
        zh="中选药品，以中选价为支付标准。",
        en="It won: its winning price is the standard.",
    )


def said_of_non_winner(
    price: Decimal, winning_prices: Iterable[Decimal], rules: StatedRules, *, passed: bool
) -> Said:
    """What the rules say of a product that did not win beside one or several that did.

    No source states which of several winning prices is the basis: where they lead to different
    standards, none is known.

    Args:
        price: Its own, of the same pack as the winning ones.
        winning_prices: At least one.
        rules: Of the region.
        passed: An originator, a reference, or a generic that passed.

    Examples:
        >>> rules = rules_of_region("000000", date(2020, 1, 1))
        >>> said_of_non_winner(Decimal(5), [Decimal(1)], rules, passed=True).standard
        Decimal('3.5')
        >>> said_of_non_winner(Decimal(5), [Decimal(4), Decimal(3)], rules, passed=True).step.value
        'unknown'
        >>> said_of_non_winner(Decimal(2), [Decimal(4), Decimal(3)], rules, passed=True).standard
        Decimal('2')
    """
    try:
        found = [
            payment_standard(NonWinner(price=price, winning_price=winning, passed=passed), rules)
            for winning in sorted(set(winning_prices))
        ]
    except RuleNotStatedError as refusal:
        return unknown(refusal.zh, refusal.en, rules=rules)
    one = found[0]
    if len({each.standard for each in found}) > 1:
        return unknown(
            "中选价不止一个，以哪一个为基准未见载明。",
            "There are several winning prices, and no source states which is the basis.",
            rules=rules,
        )
    return Said(
        # A band without a stated standard is a rule that is known and says no amount.
        step=StandardStep.UNKNOWN if one.standard is None else StandardStep.NON_WINNING,
        standard=one.standard,
        rulebook=rules.rulebook.id,
        clause="；".join(one.clauses),
        is_verified=all(each.is_verified for each in found),
        zh=one.zh,
        en=one.en,
    )
