"""How like the real fields the simulated ones are: the figures of the spread of bids.

median CV         median over lots with three valid bids or more of standard deviation (of a
                  sample) ÷ mean of the comparable prices
invalid share     bidders without a valid price ÷ all bidders
extreme share     valid bids under half of the mean of the lot's other valid bids ÷ all valid
                  bids, in lots with three valid bids or more
"""

from collections.abc import Mapping

import numpy as np

from bidding.lab.field_arrays import Fields
from bidding.lab.lines import mean_of, spread_of
from bidding.lab.lot_arrays import BoolArray, FloatArray
from bidding.lab.measures import median_of_rows
from bidding.lab.vectorised import valid_bids

FIGURES = ("median_cv", "invalid_share", "extreme_share")

_FEWEST = 3
_HALF = 0.5


def spread_figures(fields: Fields) -> Mapping[str, FloatArray]:
    """The figures of every draw, by name; arrays of shape (draws,).

    Args:
        fields: Ranked; the real ones are one draw.
    """
    counted = valid_bids(fields, len(fields.all_prices)) & (fields.valid >= _FEWEST)
    competing = np.maximum(fields.competing.sum(axis=1), 1)
    return {
        "median_cv": _median_variation(fields, counted),
        "invalid_share": 1 - fields.valid.sum(axis=1) / competing,
        "extreme_share": _extreme_share(fields, counted),
    }


def _median_variation(fields: Fields, counted: BoolArray) -> FloatArray:
    number = np.maximum(fields.valid, _FEWEST)
    mean, deviation = spread_of(fields.all_prices, counted)
    of_sample = deviation * np.sqrt(number / (number - 1))
    enough = fields.valid >= _FEWEST
    variation = np.where(enough, of_sample / np.where(enough, mean, 1.0), np.inf)
    return median_of_rows(variation, np.count_nonzero(enough, axis=1))


def _extreme_share(fields: Fields, counted: BoolArray) -> FloatArray:
    number = np.maximum(fields.valid, _FEWEST)
    total = mean_of(fields.all_prices, counted) * number
    others = (total - fields.all_prices) / (number - 1)
    extreme = counted & (fields.all_prices < _HALF * others)
    everything = np.maximum(counted.sum(axis=(0, 2)), 1)
    return np.asarray(extreme.sum(axis=(0, 2)) / everything)
