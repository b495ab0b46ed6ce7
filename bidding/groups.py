"""Competition groups (A, B, C): as declared, or by cumulative intended volume."""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from bidding.bid_sheet import Bid
from bidding.errors import MissingFactError
from bidding.need import Need
from bidding.rules import RoundRules
from pricing.money import EXACT

SEPARATE = "groups.separate"
BY_VOLUME = "groups.by_volume"


def grouped(
    bids: Sequence[Bid], need: Need, rules: RoundRules
) -> list[tuple[str | None, list[Bid]]]:
    """Divide the bids of a lot into competitions, in the order of the groups' names.

    Bids that declare no group are grouped by the need reported for their brand, where the
    document says so.

    Returns:
        Name of the group (None where the lot is one competition) and its bids.

    Raises:
        MissingFactError: Groups compete separately, and a bid's group can neither be read nor
            derived.
    """
    some = any(bid.group is not None for bid in bids)
    if not (rules.knows(SEPARATE) or some) or not rules.flag(SEPARATE):
        return [(None, list(bids))]
    declared = all(bid.group is not None for bid in bids)
    derived = {} if declared else _by_volume(bids, need, rules)
    groups: dict[str | None, list[Bid]] = {}
    for bid in bids:
        name = bid.group or derived.get(bid.manufacturer)
        if name is None:
            raise MissingFactError(bid.lot, bid.bid, "group", SEPARATE)
        groups.setdefault(name, []).append(bid)
    return sorted(groups.items(), key=lambda item: item[0] or "")


def _by_volume(bids: Sequence[Bid], need: Need, rules: RoundRules) -> dict[str, str]:
    """Group A: the firms that make up the first share of intended volume, filled up by volume."""
    terms = rules.table(BY_VOLUME)
    totals = need.brand_totals
    if terms is None or not totals:
        return {}
    share, fill_to = cast("Decimal", terms["share"]), cast("int", terms["fill_to"])
    makers = sorted(
        {bid.manufacturer for bid in bids}, key=lambda maker: (-totals.get(maker, 0), maker)
    )
    threshold = EXACT.multiply(share, Decimal(sum(totals.values())))
    cumulative = 0
    groups: dict[str, str] = {}
    for position, maker in enumerate(makers):
        within = cumulative < threshold
        groups[maker] = "A" if within or position < fill_to else "B"
        cumulative += totals.get(maker, 0)
    return groups
