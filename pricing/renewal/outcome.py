"""What a renewal leads to, with every rule that it rests on."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pricing.renewal.cut_table import Cell
from pricing.stated_rules import StatedRules
from pricing.trailing_zeros import without_trailing_zeros


class Route(StrEnum):
    """The three exits of a renewal."""

    REGULAR = "regular"
    SIMPLE = "simple"
    RENEGOTIATE = "renegotiate"


ROUTE_WORDS = {
    Route.REGULAR: ("纳入常规目录", "regular list"),
    Route.SIMPLE: ("简易续约", "simple renewal"),
    Route.RENEGOTIATE: ("重新谈判", "renegotiation"),
}
"""Each route in Chinese and English."""


@dataclass(frozen=True, slots=True)
class RenewalStep:
    """One rule as it was applied.

    Attributes:
        key: The rule's key.
        clause: How a decision cites it.
        is_verified: Whether a source states it in full.
        zh: What it says about this drug, in Chinese.
        en: The same in English.
    """

    key: str
    clause: str
    is_verified: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The decision about one drug.

    Attributes:
        rulebook: Identifier of the rulebook.
        route: Which exit.
        cut: Fraction by which the standard falls; None where it is renegotiated.
        price: The new payment standard, exact; None where it is renegotiated.
        cell_a: Cell of ratio A; None unless the renewal is simple.
        cell_b: Cell of ratio B; None unless the scope changes in a simple renewal.
        halved: The cut was halved.
        may_ask: A Class-1 drug that may ask to renegotiate instead.
        simple_cut: For a renegotiation that a Class-1 drug asked for: the cut of simple renewal.
        not_given: Facts of conditions that were not given and therefore not tested.
        steps: The rules as they were applied, in order.
    """

    rulebook: str
    route: Route
    cut: Decimal | None
    price: Decimal | None
    cell_a: Cell | None
    cell_b: Cell | None
    halved: bool
    may_ask: bool
    simple_cut: Decimal | None
    not_given: tuple[str, ...]
    steps: tuple[RenewalStep, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """How the rules are cited, each once."""
        return tuple(dict.fromkeys(step.clause for step in self.steps))

    @property
    def is_verified(self) -> bool:
        """Whether sources state every rule that was applied."""
        return all(step.is_verified for step in self.steps)


class Trail:
    """Collects the rules as they are applied."""

    def __init__(self, rules: StatedRules) -> None:
        """Begin an empty trail under some rules."""
        self.rules = rules
        self.steps: list[RenewalStep] = []
        self.not_given: list[str] = []

    def note(self, key: str, zh: str, en: str) -> None:
        """Note what a rule says about the drug."""
        cite, verified = self.rules.cite(key), self.rules.is_verified(key)
        self.steps.append(RenewalStep(key, cite, verified, zh, en))

    def miss(self, fact: str) -> None:
        """Note a fact that was not given."""
        self.not_given.append(fact)


def percent(fraction: Decimal) -> str:
    """A fraction in percent, without trailing zeros.

    Examples:
        >>> percent(Decimal("1.25")), percent(Decimal("0.05825"))
        ('125%', '5.825%')
    """
    return f"{without_trailing_zeros(fraction * 100):f}%"


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros.

    Examples:
        >>> plain(Decimal("89.00")), plain(Decimal("2E+8"))
        ('89', '200000000')
    """
    return f"{without_trailing_zeros(value):f}"
