"""The facts that screens look at: opened bids, lots, rounds, traces and ties.

Everything is immutable and holds plain ids, so that a caller can fill it from the database, from a
round folder or from a notebook. Prices are in yuan per comparable unit (单位可比价), exact.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class InvalidScreenedBidError(ValueError):
    """A bid or lot contradicts itself: a price at or below zero, an invalid bid selected."""


@dataclass(frozen=True, slots=True)
class ScreenedBid:
    """One opened bid.

    Attributes:
        bid: Id, unique within its lot.
        manufacturer: The firm that bid (上市许可持有人).
        control_group: Firms under one control share this name and count as one bidder; None where
            the firm stands alone. A group may be called after its head, and then counts as one
            bidder with it.
        comparable_price: Yuan per comparable unit; None where the price is not known.
        price_ceiling: Highest valid price, converted to the same comparable unit; None where the
            lot has none.
        selected: Whether the bid was selected (拟中选).
        valid: Whether the bid took part in the comparison of prices.
        originator: Whether it is the originator's product (原研).

    Raises:
        InvalidScreenedBidError: A price is not positive, or an invalid bid is selected.

    Examples:
        >>> ScreenedBid("A", "A", None, Decimal("0.09"), None, True, True, False).comparable_price
        Decimal('0.09')
        >>> ScreenedBid("A", "A", None, Decimal(0), None, True, True, False)
        Traceback (most recent call last):
        ...
        bidding.screens.screened_lot.InvalidScreenedBidError: bid A: price 0 is not positive
    """

    bid: str
    manufacturer: str
    control_group: str | None
    comparable_price: Decimal | None
    price_ceiling: Decimal | None
    selected: bool
    valid: bool
    originator: bool

    def __post_init__(self) -> None:
        """Refuse what no opening can produce."""
        for price in (self.comparable_price, self.price_ceiling):
            if price is not None and not (price.is_finite() and price > 0):
                raise InvalidScreenedBidError(f"bid {self.bid}: price {price} is not positive")
        if self.selected and not self.valid:
            raise InvalidScreenedBidError(f"bid {self.bid} is selected but not valid")

    @property
    def bidder(self) -> str:
        """The control group, or the manufacturer where it stands alone."""
        return self.control_group or self.manufacturer

    @property
    def above_ceiling(self) -> bool:
        """Whether the price is known and above its ceiling."""
        return (
            self.comparable_price is not None
            and self.price_ceiling is not None
            and self.comparable_price > self.price_ceiling
        )


@dataclass(frozen=True, slots=True)
class ScreenedLot:
    """One lot (采购品种) with all its opened bids.

    Attributes:
        lot: Id, unique within its round; the same product in another round has the same id, or the
            screens over several rounds cannot see that it returned.
        bids: In any order.
        winners: How many bidders the lot selects or selected.

    Raises:
        InvalidScreenedBidError: Two bids share an id, or ``winners`` is negative.
    """

    lot: str
    bids: tuple[ScreenedBid, ...]
    winners: int

    def __post_init__(self) -> None:
        """Refuse ids that would make a reference ambiguous."""
        if len({bid.bid for bid in self.bids}) != len(self.bids):
            raise InvalidScreenedBidError(f"lot {self.lot}: two bids share an id")
        if self.winners < 0:
            raise InvalidScreenedBidError(f"lot {self.lot}: {self.winners} winners")


@dataclass(frozen=True, slots=True)
class WonRegions:
    """The regions that one bid supplies."""

    lot: str
    bid: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreenedRound:
    """A round (采购批次) with its lots and, where known, the winners' regions.

    Raises:
        InvalidScreenedBidError: Two lots share an id, or regions are won by a bid that is not in
            the round.
    """

    name: str
    lots: tuple[ScreenedLot, ...]
    won_regions: tuple[WonRegions, ...] = ()

    def __post_init__(self) -> None:
        """Refuse references that lead nowhere or to two places."""
        if len({lot.lot for lot in self.lots}) != len(self.lots):
            raise InvalidScreenedBidError(f"round {self.name}: two lots share an id")
        known = {(lot.lot, bid.bid) for lot in self.lots for bid in lot.bids}
        for won in self.won_regions:
            if (won.lot, won.bid) not in known:
                raise InvalidScreenedBidError(
                    f"round {self.name}: bid {won.bid} of lot {won.lot} won regions but is unknown"
                )


class TraceKind(StrEnum):
    """What kind of digital trace an upload left."""

    NETWORK_ADDRESS = "network-address"
    DEVICE = "device"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class DigitalTrace:
    """A trace that the upload of one bid left; the value may be a keyed hash."""

    lot: str
    bid: str
    kind: TraceKind
    value: str


class TieKind(StrEnum):
    """How a firm is tied to another party."""

    OWNER = "owner"
    ACTUAL_CONTROLLER = "actual-controller"
    LICENCE_HOLDER = "licence-holder"
    AGENT = "agent"
    INGREDIENT_MAKER = "ingredient-maker"


@dataclass(frozen=True, slots=True)
class FirmTie:
    """A manufacturer's tie to a party, such as its owner or the maker of its ingredient."""

    manufacturer: str
    kind: TieKind
    party: str


@dataclass(frozen=True, slots=True)
class Records:
    """What is known besides the round itself.

    Attributes:
        earlier_rounds: Oldest first, without the screened round.
        traces: Digital traces of the screened round.
        ties: The register of firms.
    """

    earlier_rounds: tuple[ScreenedRound, ...] = ()
    traces: tuple[DigitalTrace, ...] = ()
    ties: tuple[FirmTie, ...] = ()


NO_RECORDS = Records()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a screen may look at."""

    screened_round: ScreenedRound
    records: Records = NO_RECORDS

    @property
    def rounds(self) -> tuple[ScreenedRound, ...]:
        """Every round, oldest first, the screened one last."""
        return (*self.records.earlier_rounds, self.screened_round)

    @property
    def lots(self) -> tuple[ScreenedLot, ...]:
        """The lots of the screened round by id, so that no answer depends on their order."""
        return lots_in_order(self.screened_round)


def lots_in_order(screened_round: ScreenedRound) -> tuple[ScreenedLot, ...]:
    """Return the lots of a round by id.

    Examples:
        >>> lots = (ScreenedLot("L02", (), 1), ScreenedLot("L01", (), 1))
        >>> [lot.lot for lot in lots_in_order(ScreenedRound("R", lots))]
        ['L01', 'L02']
    """
    return tuple(sorted(screened_round.lots, key=lambda lot: lot.lot))
