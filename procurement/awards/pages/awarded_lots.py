"""The winners of a round as they are shown, by lot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from procurement.awards.pages.access import Sight
from procurement.awards.tables import AwardedBid
from procurement.rounds.tables import Lot


@dataclass(frozen=True, slots=True)
class ShownWinner:
    """A winner, as far as it is shown.

    Attributes:
        bid: Its name in the lot.
        organisation_id: Whose it is.
        is_own: The reader's.
        status: As in `bidding.report.Status`.
        strength: Whose price stands; empty where prices are not shown.
        pack_units: Minimal units in the pack.
        pack_price: Yuan a pack; None where prices are not shown.
        unit_price: Exact, as text.
        regions: How many it is to supply.
        agreed_volume: Minimal units in the first year.
        ends_on: Last day of its cycle.
    """

    bid: str
    organisation_id: int
    is_own: bool
    status: str
    strength: str
    pack_units: int | None
    pack_price: Decimal | None
    unit_price: str
    regions: int | None
    agreed_volume: int | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class AwardedLot:
    """A lot with its winners."""

    code: str
    product: str
    bids: tuple[ShownWinner, ...]


def awarded_lots(rows: Iterable[tuple[AwardedBid, Lot]], sight: Sight) -> list[AwardedLot]:
    """Return the winners as far as somebody sees them: all names, and prices by the rulebook.

    Args:
        rows: By lot and rank.
        sight: What the reader may see.
    """
    grouped = groupby(rows, key=lambda row: (row[1].code, row[1].product))
    return [
        AwardedLot(code, product, tuple(_winner(bid, sight) for bid, _ in own))
        for (code, product), own in grouped
    ]


def _winner(bid: AwardedBid, sight: Sight) -> ShownWinner:
    is_own = bid.organisation_id == sight.organisation_id
    has_price = sight.sees_all or is_own
    return ShownWinner(
        bid=bid.bid,
        organisation_id=bid.organisation_id,
        is_own=is_own,
        status=bid.status,
        strength=bid.strength if has_price else "",
        pack_units=bid.pack_units if has_price else None,
        pack_price=bid.pack_price if has_price else None,
        unit_price=bid.unit_price if has_price else "",
        regions=bid.regions,
        agreed_volume=bid.agreed_volume,
        ends_on=bid.ends_on,
    )
