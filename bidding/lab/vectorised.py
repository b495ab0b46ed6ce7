"""Selection of many fields of bids at once, by the rules that the engine applies to one.

The functions follow ``bidding.shortlist``, ``bidding.selection`` and ``bidding.revival`` step by
step, without their explanations; tests hold them equal bid by bid. There is no loop over draws
or lots; the few loops go over the bids of a lot.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bidding.lab.errors import UnsimulableRuleError
from bidding.lab.field_arrays import Fields, KnownBidders
from bidding.lab.lines import Lines, at_most, lines_of, under
from bidding.lab.lot_arrays import BoolArray
from bidding.lab.terms import PER_MAKER, Terms
from bidding.revival import OTHERS, REFERENCE, SHORTLISTED

CountArray = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the bids of many fields; masks of shape (front, draws, lots).

    Attributes:
        shortlisted: Bids that hold a place.
        selected: Selected with volume.
        tied: Equal for the last places, as far as the tie decides anything: a person decides.
        supplying: Those selected, and of the tied ones that pass the conditions as many as
            places are open: they have one price, so that it does not matter who takes them.
        without_volume: Selected without volume.
        offered: Bids that are offered revival, by the rule that offers it. (front or bids,
            draws, lots)
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
        open: Number of places that the tied ones compete for. (draws, lots)
    """

    admitted: BoolArray
    tied: BoolArray
    places: BoolArray
    open: CountArray


def select(fields: Fields, terms: Terms) -> Decision:
    """Decide every field: shortlist, conditions, bands, revival.

    Args:
        fields: Ranked.
        terms: The document.

    Raises:
        UnsimulableRuleError: Equal products of one real maker compete for its places.
    """
    valid = valid_bids(fields, len(fields.price))
    bidders = fields.competing if terms.everyone_counts else fields.valid + fields.unpriced
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
    tied = shortlist.tied if terms.revivals.tied_may else shortlist.tied & passed
    return Decision(
        shortlisted=shortlist.admitted,
        selected=selected,
        tied=tied,
        supplying=selected | _filling(shortlist, passed),
        without_volume=without_volume,
        offered=_offers(
            fields,
            terms,
            decided=selected | tied | without_volume,
            shortlisted=shortlist.admitted,
            # While a tie is open nobody is offered revival, nor where nobody won.
            settled=np.asarray(selected.any(axis=0) & ~tied.any(axis=0)),
        ),
    )


def valid_bids(fields: Fields, height: int) -> BoolArray:
    """Which of the first bids are valid, of shape (height, draws, lots)."""
    index = np.arange(height, dtype=np.int16)[:, None, None]
    return np.asarray(index < fields.valid.astype(np.int16))


def running_count(mask: BoolArray) -> CountArray:
    """How many bids of a mask stand before each bid.

    Examples:
        >>> running_count(np.array([True, False, True]).reshape(3, 1, 1)).ravel().tolist()
        [0, 1, 1]
    """
    counts = np.empty(mask.shape, np.int16)
    before = np.zeros(mask.shape[1:], np.int16)
    for count, row in zip(counts, mask, strict=True):
        count[...] = before
        before += row
    return counts


def _shortlist(fields: Fields, eligible: BoolArray, places: CountArray, terms: Terms) -> _Shortlist:
    """The first bids hold the places; those equal for the last one are tied."""
    cap = terms.per_maker
    if cap is not None and fields.known is not None:
        eligible = _within_cap(eligible, fields.known, terms.rulebook, cap)
    position = running_count(eligible)
    held = eligible & (position < places)
    if fields.known is None:
        return _Shortlist(held, np.zeros_like(held), held, np.zeros_like(places))
    tied = _tied(fields.known, eligible, position, places)
    admitted = held & ~tied
    left = places - np.count_nonzero(admitted, axis=0).astype(np.int16)
    return _Shortlist(admitted, tied, held, left)


def _within_cap(eligible: BoolArray, known: KnownBidders, rulebook: str, cap: int) -> BoolArray:
    """Leave out the products of a maker beyond the places that one maker may hold.

    Raises:
        UnsimulableRuleError: Equal products of one maker compete for its places.
    """
    within = eligible.copy()
    for place in range(len(eligible)):
        rivals = eligible & (known.maker == known.maker[place])
        better = np.count_nonzero(rivals & (known.tie < known.tie[place]), axis=0)
        equal = np.count_nonzero(rivals & (known.tie == known.tie[place]), axis=0)
        if (eligible[place] & (better < cap) & (better + equal > cap)).any():
            why = "equal products of one maker compete for its places, which a person decides"
            raise UnsimulableRuleError(rulebook, PER_MAKER, why)
        within[place] &= better < cap
    return within


def _tied(
    known: KnownBidders, eligible: BoolArray, position: CountArray, places: CountArray
) -> BoolArray:
    """The bids that rank as equal as the last one with a place and the first one without."""
    last = np.where(eligible & (position == places - 1), known.tie, 0).max(axis=0)
    beyond = np.where(eligible & (position == places), known.tie, 0).max(axis=0)
    return np.asarray(eligible & (known.tie == last) & (last == beyond) & (last > 0))


def _sufficient(fields: Fields, lines: Lines, terms: Terms) -> BoolArray:
    """Whether a bid passes any of the conditions, or its lot has none."""
    conditions = terms.conditions
    passed = at_most(fields.price, lines.limit)
    if conditions.cut is not None:
        passed |= at_most(fields.ratio, float(1 - conditions.cut))
    if conditions.reference is not None:
        passed |= at_most(fields.declared, float(conditions.reference))
    if not terms.lots.asked.all():
        passed |= ~terms.lots.asked
    return passed


def _excluded(fields: Fields, lines: Lines, terms: Terms) -> BoolArray:
    """Whether a bid is out whatever else it passes: above the band, or the highest."""
    out = np.zeros(fields.price.shape, np.bool_)
    if lines.out_above is not None:
        out |= ~at_most(fields.price, lines.out_above)
    exempt = terms.conditions.highest_out_after
    if exempt is not None:
        index = np.arange(len(fields.price))[:, None, None]
        rank = index + 1 if fields.known is None else fields.known.tie
        out |= (rank > exempt) & ~under(fields.price, fields.highest)
    return out


def _filling(shortlist: _Shortlist, passed: BoolArray) -> BoolArray:
    """Tied bids that fill the open places."""
    tied = shortlist.tied & passed
    return np.asarray(tied & (running_count(tied) < shortlist.open))


def _offers(
    fields: Fields,
    terms: Terms,
    *,
    decided: BoolArray,
    shortlisted: BoolArray,
    settled: BoolArray,
) -> Mapping[str, BoolArray]:
    """Who of the rejected may still come down."""
    revivals = terms.revivals
    offered: dict[str, BoolArray] = {}
    if revivals.shortlisted:
        offered[SHORTLISTED] = shortlisted & ~decided & settled
    if not revivals.others and not revivals.reference:
        return offered
    waiting = valid_bids(fields, len(fields.all_prices)) & settled
    waiting[: len(decided)] &= ~(decided | shortlisted)
    if revivals.others:
        others = waiting
        if revivals.not_highest:
            others = others & under(fields.all_prices, fields.highest)
        if revivals.volume_at_least_mean:
            # Nobody reports by the brand of a simulated bidder.
            others = others & (False if fields.known is None else fields.known.enough_volume)
        offered[OTHERS] = others
        waiting = waiting & ~others
    if revivals.reference:
        offered[REFERENCE] = waiting & fields.originator
    return offered
