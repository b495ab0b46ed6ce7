"""Cut-off lines of many fields at once: anchor prices, ratios and bands.

A line is compared with a tolerance of one part in 10^12, far below a step of any declared price,
so that a price exactly on a line passes as it does in exact arithmetic.
"""

from dataclasses import dataclass

import numpy as np

from bidding.conditions import Conditions
from bidding.lab.field_arrays import Fields
from bidding.lab.lot_arrays import BoolArray, FloatArray
from bidding.lab.terms import Terms

TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Lines:
    """What the prices of the fields make of the conditions; arrays of shape (draws, lots).

    Attributes:
        limit: Highest comparable price that suffices: the line of the anchor or of the lowest
            price, or the low price of the dosage form; NaN where the document has neither.
        zero_volume_below: Under this price a bid wins without volume; None without the rule.
        out_above: Above this price a bid is out; None without the rule.
    """

    limit: FloatArray
    zero_volume_below: FloatArray | None
    out_above: FloatArray | None


def at_most(prices: FloatArray, limit: FloatArray | float) -> BoolArray:
    """Whether prices are at a limit or under it."""
    return prices <= limit * (1 + TOLERANCE)


def under(prices: FloatArray, limit: FloatArray | float) -> BoolArray:
    """Whether prices are strictly under a limit."""
    return prices < limit * (1 - TOLERANCE)


def lines_of(fields: Fields, places: BoolArray, valid: BoolArray, terms: Terms) -> Lines:
    """The cut-off lines of fields.

    Args:
        fields: Ranked.
        places: The bids that hold the places, tied ones as far as places are open.
        valid: The valid bids.
        terms: The document.
    """
    conditions = terms.conditions
    limit = np.fmax(_price_gap_line(fields, places, conditions), terms.lots.low)
    zero, out = conditions.zero_volume_sds, conditions.out_above_sds
    if zero is None and out is None:
        return Lines(limit, None, None)
    mean, deviation = spread_of(fields.price, valid if conditions.band_of_all else places)
    return Lines(
        limit,
        None if zero is None else mean - float(zero) * deviation,
        None if out is None else mean + float(out) * deviation,
    )


def _price_gap_line(fields: Fields, places: BoolArray, conditions: Conditions) -> FloatArray:
    lowest = fields.price[0]
    to_anchor = conditions.ratio_to_anchor
    # Where an anchor does not apply to a field, its multiple is of the lowest price.
    to_lowest = conditions.ratio_to_lowest or to_anchor
    by_lowest = (np.nan if to_lowest is None else float(to_lowest)) * lowest
    if to_anchor is None or not conditions.has_anchor:
        return np.asarray(by_lowest)
    mean = mean_of(fields.price, places)
    by_anchor = float(to_anchor) * np.maximum(lowest, _anchor(fields, places, conditions, mean))
    if conditions.extreme_below is None or conditions.share_of_mean is None:
        return np.asarray(by_anchor)
    extreme = under(lowest, float(conditions.extreme_below) * mean)
    return np.asarray(np.where(extreme, by_anchor, by_lowest))


def _anchor(
    fields: Fields, places: BoolArray, conditions: Conditions, mean: FloatArray
) -> FloatArray:
    """The anchor price where it is above the lowest price."""
    if conditions.share_of_mean is not None:
        return np.asarray(float(conditions.share_of_mean) * mean)
    _, deviation = spread_of(fields.price, places, mean)
    return np.asarray(mean - float(conditions.sds_below_mean or 0) * deviation)


def mean_of(prices: FloatArray, mask: BoolArray) -> FloatArray:
    """Mean over the bids in a mask; 0 where there is none.

    Examples:
        >>> prices = np.array([1.0, 3.0, 1e200]).reshape(3, 1, 1)
        >>> mean_of(prices, prices < 1e100).item()
        2.0
    """
    weights = mask.astype(np.float64)
    total = np.einsum("bdl,bdl->dl", weights, prices)
    return np.asarray(total / np.maximum(np.count_nonzero(mask, axis=0), 1))


def spread_of(
    prices: FloatArray, mask: BoolArray, mean: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation (of the population) over the bids in a mask.

    Two passes: squares of differences from the mean do not cancel.

    Examples:
        >>> prices = np.array([1.0, 3.0, 1e200]).reshape(3, 1, 1)
        >>> [one.item() for one in spread_of(prices, prices < 1e100)]
        [2.0, 1.0]
    """
    if mean is None:
        mean = mean_of(prices, mask)
    off = (prices - mean) * mask
    squares = np.einsum("bdl,bdl->dl", off, off)
    return mean, np.sqrt(squares / np.maximum(np.count_nonzero(mask, axis=0), 1))
