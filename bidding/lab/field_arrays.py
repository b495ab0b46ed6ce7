"""Fields of bids as padded arrays: the real ones, as the engine ranked them.

The lab is a model: prices are float64 from here on. An array over bids has the shape
(bids, draws, lots), the best bid of each lot first, filled up behind the last valid bid; the
real fields are one draw. Bids come first so that sums over bids add long contiguous rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bidding.contender import Contender
from bidding.lab.competitions import Competition
from bidding.lab.lot_arrays import BoolArray, FloatArray, IntArray, LotArrays, need_cost

ABSENT = 1e200
"""Price where there is no bid: above every line, and finite, so that 0 × it is 0."""


@dataclass(frozen=True, slots=True)
class KnownBidders:
    """Facts of real bidders; simulated ones have none. All arrays: (bids, 1, lots).

    Attributes:
        tie: The same number for bids that rank equally, tie-breaks included; 0 for none.
        maker: Number of the manufacturer or control group; -1 for none.
        manufacturer: Number of the manufacturer; -1 for none.
        brand_share: Need reported for this very product, as a share of the lot's.
        maker_share: Need reported for the manufacturer, as a share of the lot's; its best ranked
            winning product holds it.
        enough_volume: Whether that need is at least the mean over the lot's brands.
        members: Further members of a joint bid, who win with it.
    """

    tie: IntArray
    maker: IntArray
    manufacturer: IntArray
    brand_share: FloatArray
    maker_share: FloatArray
    enough_volume: BoolArray
    members: IntArray


@dataclass(frozen=True, slots=True)
class Fields:
    """Ranked fields of bids.

    The arrays of shape (front, draws, lots) hold the first bids, as many as may hold a place.

    Attributes:
        price: Comparable price, yuan; ``ABSENT`` behind the last bid. (front, draws, lots)
        paid: Price that is paid, per price unit of the main strength, yuan: the declared price
            without the rounding of the comparable one. (front, draws, lots)
        ratio: Declared price ÷ the bid's own ceiling; infinite where there is none.
            (front, draws, lots)
        declared: Declared price, yuan per minimal unit. (front, draws, lots)
        all_prices: Comparable price of all bids. (bids, draws, lots)
        originator: Whether the bid is of an originator. (bids, draws, lots)
        valid: Number of valid bids. (draws, lots)
        competing: Number of bidders, with those whose price is invalid or not known. (draws, lots)
        unpriced: Number of bidders whose price is not known: they count always. (draws, lots)
        known: Facts of real bidders, all of whom are in front; None for simulated ones.
    """

    price: FloatArray
    paid: FloatArray
    ratio: FloatArray
    declared: FloatArray
    all_prices: FloatArray
    originator: BoolArray
    valid: IntArray
    competing: IntArray
    unpriced: IntArray
    known: KnownBidders | None = None

    @property
    def highest(self) -> FloatArray:
        """The highest valid comparable price, of shape (draws, lots); ``ABSENT`` without one."""
        last = np.maximum(self.valid - 1, 0)[None]
        return np.asarray(np.take_along_axis(self.all_prices, last, axis=0)[0])


@dataclass(frozen=True, slots=True)
class ObservedFields:
    """The real fields of a round, with the names that the arrays leave out.

    Attributes:
        fields: One draw.
        bids: Identifiers of the valid bids of each lot, best first.
        manufacturers: Of the same bids.
        members: Further members of joint bids, by lot and standing bid.
        lots: Identifiers of the lots.
    """

    fields: Fields
    bids: tuple[tuple[str, ...], ...]
    manufacturers: tuple[tuple[str, ...], ...]
    members: dict[tuple[str, str], tuple[str, ...]]
    lots: tuple[str, ...]

    def names(self, mask: BoolArray) -> frozenset[tuple[str, str]]:
        """Lot and identifier of the bids in a mask (bids, 1, lots)."""
        return frozenset(
            (lot, bid)
            for lot, bids, column in zip(self.lots, self.bids, mask[:, 0].T, strict=True)
            for bid, chosen in zip(bids, column.tolist(), strict=False)
            if chosen
        )

    def winners(self, mask: BoolArray) -> frozenset[tuple[str, str]]:
        """The same with the further members of joint bids, who win with the bids in the mask."""
        chosen = self.names(mask)
        return chosen | {(bid[0], member) for bid in chosen for member in self.members.get(bid, ())}


def observed_fields(competitions: Sequence[Competition], lots: LotArrays) -> ObservedFields:
    """The real fields of a round as arrays.

    Args:
        competitions: Ranked by the engine.
        lots: Their lots as arrays, in the same order.
    """
    ranked = [competition.field.ranked for competition in competitions]
    joint = _joint_members(competitions)
    columns = [
        _Column(competition, units, joint)
        for competition, units in zip(competitions, lots.units, strict=True)
    ]
    prices = _padded([column.prices() for column in columns], ABSENT)
    fields = Fields(
        price=prices,
        paid=_padded([column.paid() for column in columns], ABSENT),
        ratio=_padded([column.ratios() for column in columns], np.inf),
        declared=_padded([column.declared() for column in columns], ABSENT),
        all_prices=prices,
        originator=_padded([[bid.bid.is_originator for bid in bids] for bids in ranked], 0) > 0,
        valid=np.array([[len(bids) for bids in ranked]], dtype=np.int64),
        competing=np.array([[len(one.competing) for one in competitions]], dtype=np.int64),
        unpriced=np.array([[_unpriced(one) for one in competitions]], dtype=np.int64),
        known=_known_bidders(columns),
    )
    return ObservedFields(
        fields=fields,
        bids=tuple(tuple(bid.name for bid in bids) for bids in ranked),
        manufacturers=tuple(tuple(bid.bid.manufacturer for bid in bids) for bids in ranked),
        members=joint,
        lots=lots.lots,
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """The valid bids of one lot, best first, read as numbers."""

    competition: Competition
    units: float
    joint: dict[tuple[str, str], tuple[str, ...]]

    @property
    def ranked(self) -> list[Contender]:
        return self.competition.field.ranked

    def prices(self) -> list[float]:
        return [float(bid.known) for bid in self.ranked]

    def paid(self) -> list[float]:
        if not self.units:
            return self.prices()
        return [need_cost(self.competition, bid) / self.units for bid in self.ranked]

    def ratios(self) -> list[float]:
        return [_ratio_to_ceiling(bid) for bid in self.ranked]

    def declared(self) -> list[float]:
        return [float(bid.declared.exact) for bid in self.ranked if bid.declared is not None]

    def ties(self) -> list[int]:
        ties: list[int] = []
        for position, bid in enumerate(self.ranked):
            equal = position > 0 and self.ranked[position - 1].rank_key == bid.rank_key
            ties.append(ties[-1] if equal else position + 1)
        return ties

    def makers(self) -> list[int]:
        return _numbered(bid.bid.control_group or bid.bid.manufacturer for bid in self.ranked)

    def manufacturers(self) -> list[int]:
        return _numbered(bid.bid.manufacturer for bid in self.ranked)

    def brand_shares(self) -> list[float]:
        return [
            0.0 if bid.name == bid.bid.manufacturer else self._share_for(bid.name)
            for bid in self.ranked
        ]

    def maker_shares(self) -> list[float]:
        return [self._share_for(bid.bid.manufacturer) for bid in self.ranked]

    def _share_for(self, brand: str) -> float:
        need = self.competition.need
        return need.brand_total(brand) / (need.total or 1)

    def enough_volumes(self) -> list[bool]:
        totals = self.competition.need.brand_totals
        everything = sum(totals.values())
        return [
            bool(totals) and totals.get(bid.bid.manufacturer, 0) * len(totals) >= everything
            for bid in self.ranked
        ]

    def members(self) -> list[int]:
        lot = self.competition.lot.lot
        return [len(self.joint.get((lot, bid.name), ())) for bid in self.ranked]


def _unpriced(competition: Competition) -> int:
    return sum(bid.comparable is None for bid in competition.competing)


def _known_bidders(columns: Sequence[_Column]) -> KnownBidders:
    return KnownBidders(
        tie=_padded([column.ties() for column in columns], 0).astype(np.int64),
        maker=_padded([column.makers() for column in columns], -1).astype(np.int64),
        manufacturer=_padded([column.manufacturers() for column in columns], -1).astype(np.int64),
        brand_share=_padded([column.brand_shares() for column in columns], 0.0),
        maker_share=_padded([column.maker_shares() for column in columns], 0.0),
        enough_volume=_padded([column.enough_volumes() for column in columns], 0) > 0,
        members=_padded([column.members() for column in columns], 0).astype(np.int64),
    )


def _padded(columns: Sequence[Sequence[float]], fill: float) -> FloatArray:
    """Lists of one number for each bid of a lot, as an array (bids, 1, lots)."""
    height = max((len(column) for column in columns), default=0)
    array = np.full((max(height, 1), 1, len(columns)), fill)
    for lot, column in enumerate(columns):
        array[: len(column), 0, lot] = column
    return array


def _ratio_to_ceiling(bid: Contender) -> float:
    if bid.ceiling is None or bid.declared is None:
        return np.inf
    return float(bid.declared.exact) / float(bid.ceiling)


def _numbered(names: Iterable[str]) -> list[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(name, len(numbers)) for name in names]


def _joint_members(competitions: Sequence[Competition]) -> dict[tuple[str, str], tuple[str, ...]]:
    members: dict[tuple[str, str], tuple[str, ...]] = {}
    for competition in competitions:
        for bid in competition.field.contenders:
            standing = bid.stands_instead
            if standing is not None and bid.bid.joint_bid is not None:
                key = (competition.lot.lot, standing.name)
                members[key] = (*members.get(key, ()), bid.name)
    return members
