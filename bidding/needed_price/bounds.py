"""The needed price where it is the smallest of a few bounds: rank, conditions, place, ceiling."""

from decimal import Decimal

from bidding.contender import Contender, Field
from bidding.eligibility import counts
from bidding.limit import Limit, higher
from bidding.rules import RoundRules
from bidding.selection import cut_limit, has_sufficient_condition
from bidding.shortlist import places_at
from pricing.money import EXACT, UnitPrice, exact_sum

_ZERO = Decimal(0)


def has_bounds(field: Field, rules: RoundRules) -> bool:
    """Whether the needed price under these rules is the smallest of a few bounds."""
    searched = rules.knows("places.per_maker") or rules.knows("composite.weights")
    return field.conditions.is_bounded and not searched


def bounded_price(contender: Contender, field: Field) -> UnitPrice | None:
    """The needed price of a bid that was not selected, under rules that only set bounds.

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
    to_enter = _lower(_by_rank(contender, rivals, places), _by_place(contender))
    to_pass = _by_condition(field, rivals, places)
    price = _price(contender, _lower(to_enter, to_pass))
    if to_pass is not None:
        # A cut, or a reference price, is a bound on the declared price and not on the comparable.
        for unit_price in (cut_limit(contender, field.conditions), field.conditions.reference):
            if unit_price is not None:
                other = _lower_price(contender.price_of(unit_price), _price(contender, to_enter))
                price = max(price or other, other, key=lambda one: one.pack_price)
    return price if price is not None and price.pack_price > 0 else None


def price_below(contender: Contender, limit: Decimal) -> UnitPrice:
    """The highest valid price of a contender that compares below ``limit``."""
    price = contender.price_at(_under(contender, limit))
    while price.pack_price > 0 and contender.scale.comparable(price.pack_price) >= limit:
        price = price.with_pack_price(price.pack_price - price.step)
    return price


def _under(contender: Contender, limit: Decimal) -> Limit:
    """The highest limit whose prices compare below ``limit``: one unit of the last decimal less."""
    decimals = contender.scale.decimals
    if decimals is None:
        # 28 digits: one unit less in the last of them.
        decimals = 27 - limit.adjusted()
    return Limit(EXACT.subtract(limit, Decimal(1).scaleb(-decimals)))


def _price(contender: Contender, limit: Limit | None) -> UnitPrice | None:
    """The highest valid price within a limit; None where neither limit nor ceiling bounds it."""
    return contender.highest_valid if limit is None else contender.price_at(limit)


def _lower(first: Limit | None, second: Limit | None) -> Limit | None:
    if first is None or second is None:
        return second if first is None else first
    return second if higher(first, second) is first else first


def _lower_price(first: UnitPrice, second: UnitPrice | None) -> UnitPrice:
    return first if second is None or first.pack_price <= second.pack_price else second


def _places_with(contender: Contender, field: Field) -> int | None:
    """The number of places if the contender's price were valid."""
    standing = contender.stands_instead or contender
    return places_at(field, field.bidders + (not counts(standing, field)))


def _by_rank(contender: Contender, rivals: list[Contender], places: int | None) -> Limit | None:
    """The bound that the last place sets: under the rival that would hold it, or level with it."""
    if places is None or len(rivals) < places:
        return None
    last = rivals[places - 1]
    level = contender.tie_key < last.tie_key
    return Limit(last.known) if level else _under(contender, last.known)


def _by_condition(field: Field, rivals: list[Contender], places: int | None) -> Limit | None:
    """The highest of the bounds that conditions set on the comparable price; None without any.

    Alone in its field a bid is its own lowest price, and within any multiple of it.
    """
    conditions = field.conditions
    if not rivals or not has_sufficient_condition(conditions):
        return None
    others = rivals if places is None else rivals[: places - 1]
    bound = _line(field, others, rivals[0].known) or Limit(_ZERO)
    for price in (conditions.low, conditions.class_b):
        if price is not None:
            bound = higher(bound, Limit(price))
    return bound


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
    total = exact_sum(rival.known for rival in others)
    by_lowest = Limit(lowest).times(ratio)
    if count <= weight:
        return Limit(Decimal("1E+12"))
    return higher(by_lowest, Limit(EXACT.multiply(weight, total), count - weight))


def _by_place(contender: Contender) -> Limit | None:
    """The bound that the bid standing for the same place sets."""
    standing = contender.stands_instead
    if standing is None or not standing.valid:
        return None
    level = contender.own_order < standing.own_order
    return Limit(standing.known) if level else _under(contender, standing.known)
