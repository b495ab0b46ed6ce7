"""Payment standards of products that win a round, and of negotiated drugs that do."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.faults import Fault, ModelFaultsError
from pricing.payment_standard.dates import in_force_for
from pricing.stated_rules import StatedRules


def winner_standard(winning_price: Decimal, rules: StatedRules) -> Decimal:
    """The payment standard of a winning product: its winning price.

    Args:
        winning_price: In yuan.
        rules: A rulebook of kind ``standard``.

    Raises:
        ModelFaultsError: The price is not above zero.
        RuleNotStatedError: The rulebook does not state it.

    Examples:
        >>> winner_standard(Decimal("0.32"), StatedRules.of("standard-national-2019"))
        Decimal('0.32')
    """
    _check(winning_price)
    rules.required("winner.standard")
    return winning_price


def negotiated_standard(
    standard: Decimal, rules: StatedRules, *, winning_price: Decimal | None
) -> Decimal:
    """The price of a negotiated drug: the negotiated one, until it wins in a national round.

    Args:
        standard: The negotiated payment standard, in yuan.
        rules: A rulebook of kind ``standard``.
        winning_price: Of the national round that it has won; None where it has not.

    Raises:
        ModelFaultsError: A price is not above zero.
        RuleNotStatedError: It has won, and the rulebook does not state what follows.

    Examples:
        >>> rules = StatedRules.of("standard-national-2021")
        >>> negotiated_standard(Decimal(20), rules, winning_price=Decimal("6.5"))
        Decimal('6.5')
        >>> negotiated_standard(Decimal(20), rules, winning_price=None)
        Decimal('20')
    """
    _check(standard)
    if winning_price is None:
        return standard
    _check(winning_price)
    rules.required("negotiated.takes")
    return winning_price


@dataclass(frozen=True, slots=True)
class Convergence:
    """The days between which transitional standards become one.

    Attributes:
        earliest: After the fewest years.
        latest: After the most.
    """

    earliest: date
    latest: date


def convergence(starts_on: date, rules: StatedRules) -> Convergence:
    """The last days of a transition, after the fewest and the most years.

    Raises:
        RuleNotStatedError: The rulebook knows no transition.

    Examples:
        >>> rules = StatedRules.of("standard-national-2019")
        >>> convergence(date(2019, 4, 1), rules).latest.isoformat()
        '2022-03-31'
    """
    years = rules.table("transition.years")
    least, most = (int(str(years[name])) for name in ("least", "most"))
    return Convergence(in_force_for(starts_on, least).until, in_force_for(starts_on, most).until)


def _check(price: Decimal) -> None:
    if not price.is_finite() or price <= 0:
        en = f"{price}: expected a price above 0"
        raise ModelFaultsError([Fault("price", f"{price}：须大于 0", en)])
