"""Equal prices: did bidders under different control submit exactly the same price?

Flagged are lots in which at least two bidders, firms under one control counted as one, opened
exactly equal comparable prices (no rounding, no tolerance). A price equal to the published ceiling
does not count: everybody knows that number.

Source: Cardinal R028. A prompt to look, never a finding; docs/screens/same_price.md.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from bidding.screens.answer import (
    Answer,
    BidReference,
    ScreenResult,
    Subject,
    SubjectKind,
    Wording,
    refuse,
)
from bidding.screens.false_discovery import LOOK_EN, LOOK_ZH
from bidding.screens.measurement import Outcome, Screen, Simulation
from bidding.screens.screened_lot import Evidence, ScreenedBid, ScreenedLot


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of this screen; none is proven.

    Attributes:
        bidders_sharing_min: Bidders at one price from which a lot is flagged.
        count_at_ceiling: Whether a price equal to its own published ceiling counts.
    """

    bidders_sharing_min: int = 2
    count_at_ceiling: bool = False


DEFAULT_LIMITS = Limits()


def shared_prices(
    lot: ScreenedLot, *, limits: Limits = DEFAULT_LIMITS
) -> dict[Decimal, tuple[ScreenedBid, ...]]:
    """Return the prices that several bidders opened, with their bids, lowest price first.

    Args:
        lot: All opened bids count, valid or not.
        limits: See there.

    Examples:
        >>> def bid(name, group, price):
        ...     return ScreenedBid(name, name, group, Decimal(price), None, False, True, False)
        >>> lot = ScreenedLot("L", (bid("A", "G", "3"), bid("B", "G", "3"), bid("C", None, "4")), 1)
        >>> shared_prices(lot)
        {}
    """
    at_price: dict[Decimal, list[ScreenedBid]] = defaultdict(list)
    for bid in sorted(lot.bids, key=lambda one: one.bid):
        at_ceiling = bid.comparable_price == bid.price_ceiling
        if bid.comparable_price is not None and (limits.count_at_ceiling or not at_ceiling):
            at_price[bid.comparable_price].append(bid)
    return {
        price: tuple(bids)
        for price, bids in sorted(at_price.items())
        if len({bid.bidder for bid in bids}) >= limits.bidders_sharing_min
    }


def assess_same_price(
    evidence: Evidence, simulation: Simulation, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Outcome, ...]:
    """Answer for every lot whether bidders under different control share a price."""
    return tuple(_assess(evidence.screened_round.name, lot, limits) for lot in evidence.lots)


def _assess(round_name: str, lot: ScreenedLot, limits: Limits) -> ScreenResult:
    subject = Subject(SubjectKind.LOT, lot.lot)
    n = len({bid.bidder for bid in lot.bids if bid.comparable_price is not None})
    if n < limits.bidders_sharing_min:
        alone = Wording(
            f"无法评估:已知报价的企业仅{n}家。",
            f"Not assessable: only {n} bidders with a known price.",
        )
        return refuse("same_price", subject, alone, n=n)
    shared = shared_prices(lot, limits=limits)
    bids = [bid for same in shared.values() for bid in same]
    sharing = max((len({bid.bidder for bid in same}) for same in shared.values()), default=1)
    return ScreenResult(
        screen="same_price",
        subject=subject,
        answer=Answer.FLAGGED if shared else Answer.NOT_FLAGGED,
        figure=float(sharing),
        n=n,
        threshold=float(limits.bidders_sharing_min),
        chance=None,
        reason=_reason(shared, n),
        bids=tuple(BidReference(round_name, lot.lot, bid.bid) for bid in bids),
    )


def _reason(shared: dict[Decimal, tuple[ScreenedBid, ...]], n: int) -> Wording:
    if not shared:
        return Wording(
            f"{n}家企业的报价互不相同(等于最高有效申报价的除外)。",
            f"No two of {n} bidders opened the same price (prices at the ceiling apart).",
        )
    prices = "、".join(f"{float(price):.6g}" for price in shared)
    return Wording(
        f"{n}家企业中有无共同控制关系的企业报价完全相同({prices}元);{LOOK_ZH}。",
        f"Among {n} bidders, some under different control opened exactly the same price "
        f"({prices.replace('、', ', ')} yuan); {LOOK_EN}.",
    )


SCREEN = Screen("same_price", Wording("报价完全相同", "equal prices"), assess_same_price)
