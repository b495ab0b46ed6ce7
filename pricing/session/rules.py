"""The rules of a session, as a rulebook states them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from pricing.faults import ModelError
from pricing.stated_rules import StatedRules


@dataclass(frozen=True, slots=True)
class SessionRules:
    """What governs a session.

    Attributes:
        ends_above: The talks end where the second quote is above this multiple of the maximum
            payable price.
        deal_at_most: A deal is at most this multiple of it.
        first_within: What follows a first quote within `ends_above`: ``second-quote`` or
            ``bargaining``; None where no source states it, and then a second quote is asked for.
        negotiators_see: What the negotiators' screen shows: some of ``quotes``, ``offers``,
            ``ceiling``.
        clauses: How a decision cites the rules, in this order.
        is_verified: Whether sources state all of them.

    Examples:
        >>> rules = session_rules(StatedRules.of("negotiation-nrdl-2023"))
        >>> rules.ends_above, rules.deal_at_most
        (Decimal('1.15'), Decimal('1'))
    """

    ends_above: Decimal
    deal_at_most: Decimal
    first_within: str | None
    negotiators_see: frozenset[str]
    clauses: tuple[str, ...]
    is_verified: bool


QUOTES = 2
"""The machine asks for so many quotes before the bargaining."""

KEYS = (
    "session.quotes",
    "session.ends_above",
    "session.deal_at_most",
    "session.negotiators_see",
)


def session_rules(rules: StatedRules) -> SessionRules:
    """Read the rules of a session.

    Args:
        rules: A rulebook of kind ``negotiation`` with the options that complete it.

    Raises:
        RuleNotStatedError: The rulebook does not know one of them, and no option supplies it.
        ModelError: It asks for another number of quotes.
    """
    if rules.count("session.quotes") != QUOTES:
        cite = rules.cite("session.quotes")
        raise ModelError(f"{rules.rulebook.id}: {cite}: a session has {QUOTES} quotes")
    first_within = "session.first_within"
    return SessionRules(
        ends_above=rules.decimal("session.ends_above"),
        deal_at_most=rules.decimal("session.deal_at_most"),
        first_within=rules.word(first_within) if rules.knows(first_within) else None,
        negotiators_see=frozenset(
            cast("tuple[str, ...]", rules.required("session.negotiators_see"))
        ),
        clauses=tuple(map(rules.cite, KEYS)),
        is_verified=all(map(rules.is_verified, KEYS)),
    )
