"""The needed price by search: for rules in which a bid's own price moves the cut-off lines."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from bidding.answers import Answers
from bidding.competition import first_pass
from bidding.composite import WEIGHTS, score
from bidding.contender import Contender, Field
from bidding.eligibility import unite
from bidding.limit import Limit
from bidding.needed_price import price_below
from bidding.ranking import rank
from bidding.report import Status
from bidding.rules import RoundRules
from bidding.shortlist import places_at
from pricing.money import UnitPrice

_FACTORS = tuple(Decimal(factor) for factor in ("0.5", "1", "1.3", "1.5", "1.8", "2", "2.5", "3"))


def search_needed_price(contender: Contender, field: Field, rules: RoundRules) -> UnitPrice | None:
    """The highest price at which the bid would have been selected, others unchanged.

    Prices are tried downwards at the places where the ranking can change (the rivals' prices and
    multiples of them); between a price that is selected and the next higher one that is not, the
    boundary is found by halving.

    Args:
        contender: The bid.
        field: Its field, decided.
        rules: The rules of the round.

    Returns:
        The price for the bid's pack; None where no tried price would have been selected.
    """
    if rules.knows(WEIGHTS) and contender.score is None:
        return None
    trial = _trial(contender, field, rules)
    above: UnitPrice | None = None
    for price in _candidates(contender, field):
        if trial(price):
            return price if above is None else _boundary(price, above, trial)
        above = price
    return None


def _candidates(contender: Contender, field: Field) -> list[UnitPrice]:
    """Prices at which something can change, highest first."""
    limits = {bid.known for bid in field.contenders if bid is not contender and bid.valid}
    prices: set[UnitPrice] = set()
    for limit in limits:
        prices.update(contender.price_at(Limit(limit).times(factor)) for factor in _FACTORS)
        prices.add(price_below(contender, limit))
    if contender.highest_valid is not None:
        prices.add(contender.highest_valid)
    if contender.valid:
        prices.add(contender.pack)
    positive = [price for price in prices if price.pack_price > 0]
    return sorted(positive, key=lambda price: price.pack_price, reverse=True)


def _trial(contender: Contender, field: Field, rules: RoundRules) -> Callable[[UnitPrice], bool]:
    """Whether the bid is selected at a price: its field is decided again from the start.

    Ties stay open: what people answered was about the prices that were declared.
    """
    answers = Answers()
    rivals = [bid for bid in field.contenders if bid is not contender]

    def selected_at(price: UnitPrice) -> bool:
        tried = _fresh(contender)
        tried.quote = replace(contender.quote, declared_price=price)
        tried.comparable = contender.scale.comparable(price.pack_price)
        tried.valid = True
        copy = replace(field, contenders=[tried, *map(_fresh, rivals)], steps=[])
        unite(copy)
        score(copy, rules)
        rank(copy, rules)
        copy.places = places_at(copy, copy.bidders)
        first_pass(copy, rules, answers)
        return tried.stands_instead is None and tried.status.is_selected

    return selected_at


def _fresh(contender: Contender) -> Contender:
    """The contender as it entered, undecided."""
    return replace(contender, status=Status.REJECTED, shortlisted=False, rank=None)


def _boundary(
    low: UnitPrice, high: UnitPrice, selected_at: Callable[[UnitPrice], bool]
) -> UnitPrice:
    """The highest selected price between a selected one and a higher one that is not."""
    step = low.step
    below, beyond = int(low.pack_price / step), int(high.pack_price / step)
    while beyond - below > 1:
        middle = (below + beyond) // 2
        if selected_at(low.with_pack_price(middle * step)):
            below = middle
        else:
            beyond = middle
    return low.with_pack_price(below * step)
