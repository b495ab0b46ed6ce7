"""Subgroups: do three of the bidders of a lot bid unusually close together?

In an incomplete cartel honest bids blur the picture of the whole field. Screens are therefore
computed for every triple and every quad of bids, and summed up by their least, median and greatest
value. The figure that is compared with competition is the smallest coefficient of variation of any
triple; the table of the others stands beside it as side figures.

Source: Wallimann, Imhof and Huber, Computational Economics 60 (2022), arXiv 2004.05629. A prompt to
look, never a finding; docs/screens/subgroups.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from bidding.screens.altrd import alternative_relative_distance
from bidding.screens.answer import Observation, Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.cv import coefficient_of_variation
from bidding.screens.diffp import price_difference
from bidding.screens.ks import distance_to_uniform
from bidding.screens.kurtosis import sample_kurtosis
from bidding.screens.lot_figure import LotFigure, measure_fields
from bidding.screens.measurement import Measurement, Outcome, Screen, Simulation
from bidding.screens.prices import Formula, Prices
from bidding.screens.rd import relative_distance
from bidding.screens.screened_lot import Evidence
from bidding.screens.skewness import sample_skewness
from bidding.screens.spd import price_spread
from bidding.screens.standing_bids import field_prices, standing_bids

BIDDERS_MAX = 40
"""Above it the table is left out: 40 bids have 91,390 quads."""

TRIPLE_FIGURES: Mapping[str, Formula] = {
    "cv": coefficient_of_variation,
    "spd": price_spread,
    "diffp": price_difference,
    "rd": relative_distance,
    "altrd": alternative_relative_distance,
    "skewness": sample_skewness,
    "ks": distance_to_uniform,
}
QUAD_FIGURES: Mapping[str, Formula] = {**TRIPLE_FIGURES, "kurtosis": sample_kurtosis}


@dataclass(frozen=True, slots=True)
class SubgroupSummary:
    """One screen over all subgroups of one size.

    Attributes:
        screen: Id of the screen; those at the cut count the cheapest of the subgroup as its winner.
        size: 3 or 4.
        minimum: Least value, no unit.
        median: Median value.
        maximum: Greatest value.
    """

    screen: str
    size: int
    minimum: float
    median: float
    maximum: float


def tightest_triple_cv(prices: Prices) -> Prices:
    """Return the smallest coefficient of variation of any three prices, no unit.

    Only neighbours need to be tried: moving the outer price of a triple towards the other two
    always lowers its coefficient of variation.

    Args:
        prices: Sorted prices in any unit, shape ``(..., n)``, n at least 3.

    Examples:
        >>> round(float(tightest_triple_cv(np.array([6.0, 10.0, 11.0, 12.0, 20.0]))), 4)
        0.0909
    """
    windows = np.lib.stride_tricks.sliding_window_view(prices, 3, axis=-1)
    return np.asarray(np.min(coefficient_of_variation(windows), axis=-1))


def summarise_subgroups(prices: Prices) -> tuple[SubgroupSummary, ...]:
    """Return least, median and greatest value of each screen over all triples and all quads.

    Subgroups in which a figure is undefined are left out of its summary; a figure that is
    undefined in all of them is left out of the table.

    Args:
        prices: Sorted prices of one field, shape ``(n,)``.

    Examples:
        >>> table = summarise_subgroups(np.array([10.0, 12.0, 13.0, 14.0]))
        >>> [summary.screen for summary in table if summary.size == 3]
        ['cv', 'spd', 'diffp', 'rd', 'altrd', 'skewness', 'ks']
        >>> table[2].screen, round(table[2].minimum, 4), round(table[2].maximum, 4)
        ('diffp', 0.0833, 0.3)
    """
    table: list[SubgroupSummary] = []
    for size, figures in ((3, TRIPLE_FIGURES), (4, QUAD_FIGURES)):
        members = np.array(list(combinations(range(prices.size), size)), dtype=np.intp)
        if not members.size:
            continue
        subgroups = prices[members]
        for screen, formula in figures.items():
            values = formula(subgroups)
            defined = values[~np.isnan(values)]
            if defined.size:
                low, middle, high = np.quantile(defined, (0, 0.5, 1)).tolist()
                table.append(SubgroupSummary(screen, size, low, middle, high))
    return tuple(table)


def assess_subgroups(evidence: Evidence, simulation: Simulation) -> tuple[Outcome, ...]:
    """Measure the tightest triple of every lot and put the table of subgroups beside it."""
    outcomes = measure_fields(evidence, simulation, figure=FIGURE)
    return tuple(
        _detail(outcome, field_prices(standing_bids(lot)))
        for lot, outcome in zip(evidence.lots, outcomes, strict=True)
    )


def _detail(outcome: Outcome, prices: Prices) -> Outcome:
    if not isinstance(outcome, Measurement):
        return outcome
    windows = np.lib.stride_tricks.sliding_window_view(prices, 3)
    first = int(np.argmin(coefficient_of_variation(windows)))
    table = summarise_subgroups(prices) if prices.size <= BIDDERS_MAX else ()
    return replace(
        outcome,
        bids=outcome.bids[first : first + 3],
        details=tuple(observation for summary in table for observation in _observe(summary)),
    )


def _observe(summary: SubgroupSummary) -> tuple[Observation, ...]:
    name = f"{summary.screen} of {summary.size}"
    return (
        Observation(f"{name}, min", summary.minimum),
        Observation(f"{name}, median", summary.median),
        Observation(f"{name}, max", summary.maximum),
    )


FIGURE = LotFigure(
    screen="subgroups",
    name=Wording("最接近三家的变异系数", "coefficient of variation of the tightest triple"),
    tail=Tail.LOW,
    formula=tightest_triple_cv,
)

SCREEN = Screen("subgroups", FIGURE.name, assess_subgroups)
