"""Selection of many fields of bids at once, by the rules that the engine applies to one.

The functions follow ``bidding.shortlist``, ``bidding.selection`` and ``bidding.revival`` step by
step, without their explanations; tests hold them equal bid by bid. There is no loop over draws
or lots; the few loops go over the bids of a lot.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bidding.lab.field_arrays import BoolArray, Fields, KnownBidders
from bidding.lab.lines import TOLERANCE, Lines, at_most, lines_of, under
from bidding.lab.lot_arrays import IntArray
from bidding.lab.terms import Terms
from bidding.revival import OTHERS, REFERENCE, SHORTLISTED


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the bids of many fields; masks of shape (bids, draws, lots).

    Attributes:
        shortlisted: Bids that hold a place.
        selected: Selected with volume.
        tied: Equal for the last places, and not failing the conditions: a person decides.
        supplying: Those selected, and of the tied ones as many as places are open.
        without_volume: Selected without volume.
        offered: Bids that are offered revival, by the rule that offers it.
    """

    shortlisted: BoolArray
    selected: BoolArray
    tied: BoolArray
    supplying: BoolArray
    without_volume: BoolArray
    offered: Mapping[str, BoolArray]


@dataclass(frozen=True, slots=True)
class _Shortlist:
    """Who holds the places.

    Attributes:
        admitted: Without a tie.
        tied: Equal for the last places.
        places: Admitted, and of the tied ones as many as places are open.
    """

    admitted: BoolArray
    tied: BoolArray
    places: BoolArray


def select(fields: Fields, terms: Terms) -> Decision:
    """Decide every field: shortlist, conditions, bands, revival.

    Args:
        fields: Ranked.
        terms: The document.
    """
    index = np.arange(len(fields.price))[:, None, None]
    valid = index < fields.valid
    bidders = fields.competing if terms.everyone_counts else fields.valid
    places = terms.places_for(bidders)
    shortlist = _shortlist(fields, valid, places, terms)
    lines = lines_of(fields, shortlist.places, valid, terms)
    without_volume = np.zeros_like(valid)
    if lines.zero_volume_below is not None:
        without_volume = shortlist.admitted & under(fields.price, lines.zero_volume_below)
        if without_volume.any():
            shortlist = _shortlist(fields, valid & ~without_volume, places, terms)
    passed = _sufficient(fields, lines, terms) & ~_excluded(fields, lines, terms)
    selected = shortlist.admitted & passed
    tied = shortlist.tied & passed
    return Decision(
        shortlisted=shortlist.admitted,
        selected=selected,
        tied=tied,
        supplying=selected | (tied & shortlist.places),
        without_volume=without_volume,
        offered=_offers(fields, terms, valid & ~(selected | tied | without_volume), selected),
    )


def running_count(mask: BoolArray) -> IntArray:
    """How many bids of a mask stand before each bid.

    Examples:
        >>> running_count(np.array([True, False, True]).reshape(3, 1, 1)).ravel()
        array([0, 1, 1], dtype=int16)
    """
    counts = np.empty(mask.shape, np.int16)
    before = np.zeros(mask.shape[1:], np.int16)
    for count, row in zip(counts, mask, strict=True):
        count[...] = before
        before += row
    return counts  # type: ignore[return-value] # int16 is enough for positions
