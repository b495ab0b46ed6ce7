"""The field of a lot as the screens see it: one standing bid for each bidder.

Firms under one control hold one place together and their lowest valid price stands; so does the
lowest price of a firm that bids several strengths. Counting them apart would mistake the prices of
one decision for the prices of several.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from bidding.screens.answer import BidReference, Wording
from bidding.screens.prices import Prices, sorted_prices
from bidding.screens.screened_lot import ScreenedBid, ScreenedLot


@dataclass(frozen=True, slots=True)
class StandingBid:
    """The lowest valid bid of one bidder in one lot.

    Attributes:
        bidder: Control group or manufacturer.
        bid: Id of the bid that stands.
        price: Yuan per comparable unit.
        price_ceiling: Highest valid price in the same unit, or None.
        selected: Whether any bid of this bidder was selected in the lot.
        originator: Whether the bid that stands is for the originator's product.
    """

    bidder: str
    bid: str
    price: Decimal
    price_ceiling: Decimal | None
    selected: bool
    originator: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a field falls into winners, the cheapest, and losers."""

    winners: int
    losers: int


def standing_bids(lot: ScreenedLot) -> tuple[StandingBid, ...]:
    """Return one standing bid for each bidder with a known valid price, cheapest first.

    Examples:
        >>> def bid(name, group, price):
        ...     return ScreenedBid(name, name, group, Decimal(price), None, False, True, False)
        >>> lot = ScreenedLot("L", (bid("A", "G", "3"), bid("B", "G", "2"), bid("C", None, "4")), 1)
        >>> [(one.bidder, one.bid, str(one.price)) for one in standing_bids(lot)]
        [('G', 'B', '2'), ('C', 'C', '4')]
    """
    own_bids: dict[str, list[tuple[Decimal, ScreenedBid]]] = defaultdict(list)
    for bid in lot.bids:
        if bid.valid and bid.comparable_price is not None:
            own_bids[bid.bidder].append((bid.comparable_price, bid))
    standing = [_lowest(bidder, bids) for bidder, bids in own_bids.items()]
    return tuple(sorted(standing, key=lambda bid: (bid.price, bid.bidder)))


def _lowest(bidder: str, own_bids: list[tuple[Decimal, ScreenedBid]]) -> StandingBid:
    price, lowest = min(own_bids, key=lambda pair: (pair[0], pair[1].bid))
    selected = any(bid.selected for _, bid in own_bids)
    return StandingBid(bidder, lowest.bid, price, lowest.price_ceiling, selected, lowest.originator)


def has_unknown_price(lot: ScreenedLot) -> bool:
    """Tell whether a valid bid of the lot has no known price, so that ranks are uncertain."""
    return any(bid.valid and bid.comparable_price is None for bid in lot.bids)


def find_cut(lot: ScreenedLot) -> Cut | Wording:
    """Return where the field falls into winners and losers, or why that cannot be said.

    Returns:
        The cut, or the reason (in Chinese and English) why there is none: nobody won, nobody lost,
        a price is unknown, or a losing price lies below a winning one, so that something other
        than the price decided.

    Examples:
        >>> def bid(name, price, selected):
        ...     return ScreenedBid(name, name, None, Decimal(price), None, selected, True, False)
        >>> find_cut(ScreenedLot("L", (bid("A", "1", True), bid("B", "2", False)), 1))
        Cut(winners=1, losers=1)
        >>> find_cut(ScreenedLot("L", (bid("A", "1", True),), 1)).en
        'nobody lost, so there is no gap between winners and losers'
    """
    if has_unknown_price(lot):
        return Wording("有有效报价的价格未知", "the price of a valid bid is not known")
    field = standing_bids(lot)
    winning = [bid.price for bid in field if bid.selected]
    losing = [bid.price for bid in field if not bid.selected]
    if not winning:
        return Wording("没有中选企业", "nobody won")
    if not losing:
        return Wording(
            "没有落选企业,中选与落选之间无价差",
            "nobody lost, so there is no gap between winners and losers",
        )
    if losing[0] < winning[-1]:
        return Wording(
            "有落选价低于中选价,结果并非仅由价格决定",
            "a losing price lies below a winning one, so that not the price alone decided",
        )
    return Cut(len(winning), len(losing))


def rank_by_cut(field: tuple[StandingBid, ...]) -> tuple[StandingBid, ...]:
    """Put winners before losers at equal prices, so that a cut by count is a cut by outcome.

    Examples:
        >>> lost = StandingBid("A", "A", Decimal(2), None, False, False)
        >>> won = StandingBid("B", "B", Decimal(2), None, True, False)
        >>> [bid.bidder for bid in rank_by_cut((lost, won))]
        ['B', 'A']
    """
    return tuple(sorted(field, key=lambda bid: (bid.price, not bid.selected, bid.bidder)))


def references(
    round_name: str, lot: str, field: tuple[StandingBid, ...]
) -> tuple[BidReference, ...]:
    """Return references to standing bids, in the order given."""
    return tuple(BidReference(round_name, lot, bid.bid) for bid in field)


def field_prices(field: tuple[StandingBid, ...]) -> Prices:
    """Return the prices of a field as a sorted array, in yuan per comparable unit."""
    return sorted_prices(bid.price for bid in field)
