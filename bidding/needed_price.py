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
from bidding.cut_off_lines import (
    EXTREME_BELOW,
    OUT_ABOVE,
    RATIO_TO_LOWEST,
    SDS_BELOW_MEAN,
    SHARE_OF_MEAN,
    ZERO_VOLUME,
    absolute_low,
)
from bidding.rules import RoundRules
from bidding.selection import HIGHEST_OUT, REFERENCE, class_line, cut_limit
from pricing.money import EXACT, UnitPrice, floor_to_step

_SEARCHED = (
    SDS_BELOW_MEAN,
    ZERO_VOLUME,
    OUT_ABOVE,
    EXTREME_BELOW,
    "places.per_maker",
    "composite.weights",
)


def has_closed_form(rules: RoundRules) -> bool:
    """Whether the needed price under these rules is the smallest of a few bounds."""
    return not any(rules.knows(key) for key in _SEARCHED)


def needed_price(contender: Contender, field: Field, rules: RoundRules) -> UnitPrice | None:
    """The needed price of a bid that was not selected, under rules with a closed form.

    Args:
        contender: The bid, with its tie-break key.
        field: Its field, ranked.
        rules: The rules of the round.

    Returns:
        The price for the bid's pack; None where no price would have been selected, or where
        nothing limits it.
    """
    rivals = [bid for bid in field.ranked if bid.place != contender.place]
    bounds = [
        _by_rank(contender, field, rivals),
        _by_condition(contender, field, rivals, rules),
        _by_highest_out(contender, rivals, rules),
        _by_group(contender, field),
    ]
    prices = [bound.pack_price for bound in bounds if bound is not None]
    if contender.ceiling is not None:
        prices.append(contender.price_at(Decimal("1E+12")).pack_price)
    units = contender.declared.pack_units if contender.declared else 1
    return UnitPrice(min(prices), units) if prices and min(prices) > 0 else None


def price_below(contender: Contender, limit: Decimal) -> UnitPrice:
    """The highest valid price of a contender that compares below ``limit``."""
    decimals = contender.scale.decimals
    if decimals is not None:
        return contender.price_at(limit - Decimal(1).scaleb(-decimals))
    price = contender.price_at(limit)
    while price.pack_price > 0 and contender.scale.comparable(price.pack_price) >= limit:
        price = price.with_pack_price(price.pack_price - price.step)
    return price


def _by_rank(contender: Contender, field: Field, rivals: list[Contender]) -> UnitPrice | None:
    """The bound that the last place sets."""
    places = field.places
    if places is None or len(rivals) < places:
        return None
    last = rivals[places - 1].known
    ahead = sum(
        rival.known < last or (rival.known == last and rival.tie_key <= contender.tie_key)
        for rival in rivals
    )
    return contender.price_at(last) if ahead < places else price_below(contender, last)


def _by_condition(
    contender: Contender, field: Field, rivals: list[Contender], rules: RoundRules
) -> UnitPrice | None:
    """The highest of the bounds that the sufficient conditions set; None if there is none."""
    if not rivals:
        return None
    prices: list[UnitPrice] = []
    line = _line(field, rivals, rules)
    if line is not None:
        prices.append(contender.price_at(line))
    cut_price = cut_limit(contender, rules)
    reference = rules.decimal(REFERENCE)
    prices += [_declared_at(contender, limit) for limit in (cut_price, reference) if limit]
    low = absolute_low(field.lot, rules)
    class_b = class_line(field, rules, "b")
    prices += [contender.price_at(limit) for limit in (low, class_b) if limit is not None]
    return max(prices, key=lambda price: price.pack_price) if prices else None


def _line(field: Field, rivals: list[Contender], rules: RoundRules) -> Decimal | None:
    """The highest comparable price within the price gap, when the bid itself is in the mean."""
    lowest = rivals[0].known
    share = rules.decimal(SHARE_OF_MEAN)
    if share is None:
        ratio = rules.decimal(RATIO_TO_LOWEST)
        return None if ratio is None else EXACT.multiply(ratio, lowest)
    ratio = rules.decimal("selection.ratio_to_anchor") or Decimal(1)
    others = rivals if field.places is None else rivals[: field.places - 1]
    # price <= ratio * share * (others + price) / count, solved for the price
    weight = EXACT.multiply(ratio, share)
    count = Decimal(len(others) + 1)
    if count <= weight:
        return Decimal("1E+12")
    total = sum((rival.known for rival in others), Decimal(0))
    by_mean = EXACT.divide(EXACT.multiply(weight, total), count - weight)
    return max(EXACT.multiply(ratio, lowest), by_mean)


def _by_highest_out(
    contender: Contender, rivals: list[Contender], rules: RoundRules
) -> UnitPrice | None:
    exempt = rules.count(HIGHEST_OUT)
    if exempt is None or len(rivals) < exempt:
        return None
    return price_below(contender, rivals[-1].known)


def _by_group(contender: Contender, field: Field) -> UnitPrice | None:
    """The bound that a lower bid of the same control group sets."""
    if contender.united_with is None:
        return None
    standing = next(bid for bid in field.contenders if bid.name == contender.united_with)
    if not standing.valid:
        return None
    named = contender.bid.manufacturer == contender.place
    return (contender.price_at if named else lambda x: price_below(contender, x))(standing.known)


def _declared_at(contender: Contender, limit: Decimal) -> UnitPrice:
    """The highest price of a contender's pack that is at most ``limit`` a unit."""
    declared = contender.declared or UnitPrice(Decimal(1))
    bound = EXACT.multiply(limit, Decimal(declared.pack_units))
    return UnitPrice(floor_to_step(bound, declared.step), declared.pack_units)
