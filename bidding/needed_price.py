"""The needed price: the highest price at which a losing bid would have been selected.

All other bids stay as they are. The answer is on the grid of declared prices (a cent a pack, or
a millionth of a yuan a unit), so that it can be checked by putting it back: the bid is selected
at the needed price and not one step above it.

Most documents select by rank and by upper bounds on the price: there the answer is the smallest
of a few bounds (this module). Where a bid's own price moves the bounds in other ways (standard
deviations, caps, scores) the answer is searched for (``bidding.needed_price_search``).
"""

from decimal import Decimal

from bidding.contender import Contender, Field
from bidding.limit import Limit, higher
from bidding.rules import RoundRules
from bidding.selection import cut_limit
from bidding.shortlist import places_at
from pricing.money import EXACT, UnitPrice

_ZERO = Decimal(0)


def has_closed_form(field: Field, rules: RoundRules) -> bool:
    """Whether the needed price under these rules is the smallest of a few bounds."""
    searched = rules.knows("places.per_maker") or rules.knows("composite.weights")
    return field.conditions.is_bounded and not searched


def needed_price(contender: Contender, field: Field) -> UnitPrice | None:
    """The needed price of a bid that was not selected, under rules with a closed form.

    Args:
        contender: The bid, with its tie-break key.
        field: Its field, ranked.

    Returns:
        The price for the bid's pack; None where no price would have been selected, or where
        nothing limits it.
    """
    places = _places_with(contender, field)
    ahead = field.ranked if places is None else field.ranked[: places + 1]
    rivals = [bid for bid in ahead if bid.place != contender.place]
    bounds = [
        _by_rank(contender, rivals, places),
        _by_condition(contender, field, rivals, places),
        _by_place(contender),
    ]
    prices = [bound.pack_price for bound in bounds if bound is not None]
    if contender.highest_valid is not None:
        prices.append(contender.highest_valid)
    pack = contender.declared or UnitPrice(Decimal(1))
    return pack.with_pack_price(min(prices)) if prices and min(prices) > 0 else None


def price_below(contender: Contender, limit: Decimal) -> UnitPrice:
    """The highest valid price of a contender that compares below ``limit``."""
    decimals = contender.scale.decimals
    if decimals is not None:
        return contender.price_at(Limit(limit - Decimal(1).scaleb(-decimals)))
    price = contender.price_at(Limit(limit))
    while price.pack_price > 0 and contender.scale.comparable(price.pack_price) >= limit:
        price = price.with_pack_price(price.pack_price - price.step)
    return price


def _places_with(contender: Contender, field: Field) -> int | None:
    """The number of places if the contender's price were valid."""
    standing = contender.stands_instead or contender
    counted = field.counts_invalid or standing.valid
    return places_at(field, field.bidders + (not counted))


def _by_rank(contender: Contender, rivals: list[Contender], places: int | None) -> UnitPrice | None:
    """The bound that the last place sets: under the rival that would hold it, or level with it."""
    if places is None or len(rivals) < places:
        return None
    last = rivals[places - 1]
    if contender.tie_key < last.tie_key:
        return contender.price_at(Limit(last.known))
    return price_below(contender, last.known)


def _by_condition(
    contender: Contender, field: Field, rivals: list[Contender], places: int | None
) -> UnitPrice | None:
    """The highest of the bounds that the sufficient conditions set; None if there is none."""
    conditions = field.conditions
    if not rivals:
        # Alone in the field a bid is its own lowest price, and within any multiple of it.
        return None
    prices: list[UnitPrice] = []
    line = _line(field, rivals if places is None else rivals[: places - 1], rivals[0].known)
    if line is not None:
        prices.append(contender.price_at(line))
    for unit_price in (cut_limit(contender, conditions), conditions.reference):
        if unit_price is not None:
            prices.append(contender.price_of(unit_price))
    for limit in (conditions.low, conditions.class_b):
        if limit is not None:
            prices.append(contender.price_at(Limit(limit)))
    return max(prices, key=lambda price: price.pack_price) if prices else None


def _line(field: Field, others: list[Contender], lowest: Decimal) -> Limit | None:
    """The highest comparable price within the price gap, when the bid itself is in the mean."""
    conditions = field.conditions
    share, ratio = conditions.share_of_mean, conditions.ratio_to_anchor
    if share is None or ratio is None:
        ratio = conditions.ratio_to_lowest
        return None if ratio is None else Limit(lowest).times(ratio)
    # price <= weight * (total + price) / count, solved for the price; weight = ratio * share
    weight = EXACT.multiply(ratio, share)
    count = Decimal(len(others) + 1)
    total = sum((rival.known for rival in others), _ZERO)
    by_lowest = Limit(lowest).times(ratio)
    if count <= weight:
        return Limit(Decimal("1E+12"))
    return higher(by_lowest, Limit(EXACT.multiply(weight, total), count - weight))


def _by_place(contender: Contender) -> UnitPrice | None:
    """The bound that the bid standing for the same place sets."""
    standing = contender.stands_instead
    if standing is None or not standing.valid:
        return None
    if contender.own_order < standing.own_order:
        return contender.price_at(Limit(standing.known))
    return price_below(contender, standing.known)
