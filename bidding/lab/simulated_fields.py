"""Simulated bids, ranked: the arrays of prices that a bid model draws, sorted once.

Simulated bidders are all bidders for the main strength. Who they are is not drawn, so bids that
are equal after rounding are ranked by chance, and no brand, maker or joint bid is known.
"""

from dataclasses import dataclass

import numpy as np

from bidding.lab.field_arrays import ABSENT, Fields
from bidding.lab.lines import at_most
from bidding.lab.lot_arrays import BoolArray, FloatArray, IntArray
from bidding.lab.terms import Terms

_ORIGINATOR_BIT = np.int64(1)


@dataclass(frozen=True, slots=True)
class SimulatedBids:
    """Bids as they were drawn; arrays of shape (draws, lots, bids) and (draws, lots).

    Attributes:
        price: Declared price of the main strength, yuan a unit; ``ABSENT`` where nobody bids.
            (draws, lots, bids)
        originator: Whether the bid is of an originator. (draws, lots, bids)
        competing: Number of bidders. (draws, lots)
    """

    price: FloatArray
    originator: BoolArray
    competing: IntArray


@dataclass(frozen=True, slots=True)
class RankedBids:
    """Simulated bids in the order of their comparable prices.

    Attributes:
        price: Comparable price, yuan; lowest first. (bids, draws, lots)
        originator: Whether the bid is of an originator. (bids, draws, lots)
        competing: Number of bidders. (draws, lots)
    """

    price: FloatArray
    originator: BoolArray
    competing: IntArray


def rank_bids(bids: SimulatedBids, decimals: int | None) -> RankedBids:
    """Round and sort simulated bids.

    The last bit of each price carries the originator's flag through the sort, which is far
    cheaper than sorting indices and moving the flags by them. It is 2⁻⁵² of the price.

    Args:
        bids: As drawn.
        decimals: Of the comparable price; None leaves it.
    """
    keys = _rounded(bids.price, decimals).view(np.int64)
    keys &= ~_ORIGINATOR_BIT
    keys |= bids.originator
    # The bits of positive floats are in the order of the floats.
    keys.sort(axis=-1)
    ranked = np.ascontiguousarray(np.moveaxis(keys, -1, 0))
    originator = (ranked & _ORIGINATOR_BIT).astype(np.bool_)
    return RankedBids(ranked.view(np.float64), originator, bids.competing)


def _rounded(prices: FloatArray, decimals: int | None) -> FloatArray:
    """A copy, rounded; at least one step of the last decimal."""
    if decimals is None:
        return prices.copy()
    steps = 10.0**decimals
    rounded = prices * steps
    np.rint(rounded, out=rounded)
    np.maximum(rounded, 1.0, out=rounded)
    rounded /= steps
    return rounded


def fields_of(bids: RankedBids, terms: Terms) -> Fields:
    """Ranked bids as fields under a document: its ceilings decide who is valid.

    Args:
        bids: Ranked, on the document's comparable scale.
        terms: The document.
    """
    ceiling = terms.lots.ceiling
    none = np.isnan(ceiling)
    valid = np.count_nonzero(at_most(bids.price, np.where(none, ABSENT / 2, ceiling)), axis=0)
    front = bids.price[: terms.front]
    ratio = front / ceiling
    ratio[..., none] = np.inf
    return Fields(
        price=front,
        paid=front,
        ratio=ratio,
        declared=front,
        all_prices=bids.price,
        originator=bids.originator,
        valid=valid,
        competing=bids.competing,
        unpriced=np.zeros_like(bids.competing),
    )
