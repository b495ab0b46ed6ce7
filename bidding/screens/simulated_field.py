"""What the simulation of a lot takes from it, and what from the other lots of the round.

The lot gives the number of generics, the level of their prices and the prices of the originators;
the other lots give the spread. No lot takes its spread from itself: a rigged one would vouch for
its own prices.
"""

from dataclasses import dataclass

import numpy as np

from bidding.screens.answer import Wording
from bidding.screens.competitive_null import Spread, estimate_spread
from bidding.screens.prices import Prices, sorted_prices
from bidding.screens.screened_lot import Evidence
from bidding.screens.standing_bids import standing_bids

GENERICS_MIN = 2
"""Fewest generic prices of a lot: with originators alone nothing would be drawn."""

FEW_GENERICS = Wording(
    f"仿制药报价少于{GENERICS_MIN}个,无从模拟",
    f"fewer than {GENERICS_MIN} prices of generics to simulate",
)
NO_SPREAD = Wording(
    "可用于估计离散程度的其他品种不足", "too few other lots to take a spread of prices from"
)


@dataclass(frozen=True, slots=True)
class SimulatedField:
    """What the simulation of a lot takes from it and from the other lots.

    Attributes:
        generics: Number of generic prices, which are drawn.
        level: Their geometric mean, in yuan per comparable unit.
        held: The originators' prices, as multiples of the level.
        spread: Of the generic log prices in the other lots.
    """

    generics: int
    level: float
    held: Prices
    spread: Spread


def simulated_fields(evidence: Evidence) -> dict[str, SimulatedField | Wording]:
    """Return for each lot what its simulation needs, or the reason why there is none."""
    fields = {lot.lot: standing_bids(lot) for lot in evidence.lots}
    generics = {
        lot: sorted_prices(bid.price for bid in field if not bid.originator)
        for lot, field in fields.items()
    }
    return {
        lot: _simulated_field(
            generics[lot],
            sorted_prices(bid.price for bid in field if bid.originator),
            estimate_spread(prices for other, prices in generics.items() if other != lot),
        )
        for lot, field in fields.items()
    }


def _simulated_field(
    generics: Prices, originators: Prices, spread: Spread | None
) -> SimulatedField | Wording:
    if generics.size < GENERICS_MIN:
        return FEW_GENERICS
    if spread is None:
        return NO_SPREAD
    level = float(np.exp(np.mean(np.log(generics))))
    return SimulatedField(generics.size, level, originators / level, spread)
