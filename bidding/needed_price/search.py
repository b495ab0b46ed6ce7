"""The needed price by search: for rules in which a bid's own price moves the cut-off lines."""

from collections.abc import Iterable
from decimal import Decimal

from bidding.composite import WEIGHTS
from bidding.contender import Contender, Field
from bidding.limit import Limit
from bidding.needed_price.bounds import price_below
from bidding.needed_price.trial import PriceTrial, Trial, whole_trial
from bidding.needed_price.turning_points import declared_points, fixed_lines, turning_points
from bidding.rules import RoundRules
from pricing.money import UnitPrice

_FACTORS = tuple(Decimal(factor) for factor in ("0.5", "1", "1.3", "1.5", "1.8", "2", "2.5", "3"))


def search_price(contender: Contender, field: Field, rules: RoundRules) -> UnitPrice | None:
    """The highest price at which the bid would have been selected, others unchanged.

    Prices are tried downwards at the places where the decision can turn; between a price that is
    selected and the next higher one that is not, the boundary is found by halving.

    Args:
        contender: The bid.
        field: Its field, decided.
        rules: The rules of the round.

    Returns:
        The price for the bid's pack; None where no tried price would have been selected.
    """
    limited = contender.highest_valid is not None
    if rules.knows(WEIGHTS) and contender.score is None:
        return None
    if rules.knows(WEIGHTS) or rules.knows("places.per_maker"):
        trial: Trial = whole_trial(contender, field, rules)
        return _highest(_coarse(contender, field), trial, limited=limited)
    by_price = PriceTrial(contender, field)
    return _highest(turning_points(by_price), by_price, limited=limited)


def _highest(prices: Iterable[UnitPrice], trial: Trial, *, limited: bool) -> UnitPrice | None:
    """The highest selected price, given prices (highest first) at which the decision can turn.

    None where none is selected, and where the bid has no ceiling and nothing else limits it.
    """
    above: UnitPrice | None = None
    for price in prices:
        if not trial(price):
            above = price
            continue
        if above is not None:
            return _boundary(price, above, trial)
        beyond = price.with_pack_price(price.pack_price + price.step)
        return price if limited or not trial(beyond) else None
    return None


def _coarse(contender: Contender, field: Field) -> list[UnitPrice]:
    """The rivals' prices and multiples of them, highest first."""
    limits = {bid.known for bid in field.contenders if bid is not contender and bid.valid}
    prices: set[UnitPrice] = set()
    for limit in limits:
        prices.update(contender.price_at(Limit(limit).times(factor)) for factor in _FACTORS)
        prices.add(price_below(contender, limit))
    prices.update(declared_points(contender, field.conditions))
    prices.update(contender.price_at(Limit(line)) for line in fixed_lines(field.conditions))
    if contender.highest_valid is not None:
        prices.add(contender.highest_valid)
    # The lowest price of all: a score may ask for a cut that no multiple of a rival reaches.
    prices.add(contender.pack.with_pack_price(contender.pack.step))
    positive = [price for price in prices if price.pack_price > 0]
    return sorted(positive, key=lambda price: price.pack_price, reverse=True)


def _boundary(low: UnitPrice, high: UnitPrice, trial: Trial) -> UnitPrice:
    """The highest selected price between a selected one and a higher one that is not."""
    step = low.step
    below, beyond = int(low.pack_price / step), int(high.pack_price / step)
    if beyond - below > 1 and not trial(low.with_pack_price((below + 1) * step)):
        return low
    while beyond - below > 1:
        middle = (below + beyond) // 2
        if trial(low.with_pack_price(middle * step)):
            below = middle
        else:
            beyond = middle
    return low.with_pack_price(below * step)
