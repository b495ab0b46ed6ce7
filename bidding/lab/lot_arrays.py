"""The lots of a round as arrays: base volume, ceilings and regions, under the rules of a document.

The lab is a model: exact prices and factors become float64 here, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from bidding.bid_sheet import Bid, Category, Lot, Quote
from bidding.contender import Contender
from bidding.eligibility import DEFAULT_CEILING
from bidding.lab.competitions import Competition
from bidding.rules import RoundRules
from bidding.selection import has_sufficient_condition
from pricing.money import UnitPrice

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_MAIN_PACK = "conversion.main_pack"


@dataclass(frozen=True, slots=True)
class LotArrays:
    """What the lots of a round are, whoever bids; every array has the shape (lots,).

    Attributes:
        lots: Identifiers.
        categories: For the share of the base volume.
        base_volume: Reported need of all strengths, minimal units a year.
        units: The same need in price units of the main strength: each strength counts with its
            price ratio K, so that units × comparable price is what the need costs, in yuan.
        ceiling: Ceiling on the comparable scale (of the main strength where it has one); NaN
            where the lot has none.
        ceiling_cost: What the need costs at the ceilings, yuan; NaN where the lot has none.
        low: Comparable price that suffices for the lot's dosage form; NaN where there is none.
        asked: Whether shortlisted bids must pass any condition.
        regions: Number of regions that choose a supplier.
    """

    lots: tuple[str, ...]
    categories: tuple[Category, ...]
    base_volume: FloatArray
    units: FloatArray
    ceiling: FloatArray
    ceiling_cost: FloatArray
    low: FloatArray
    asked: BoolArray
    regions: IntArray

    @property
    def without_ceiling(self) -> tuple[str, ...]:
        """The lots in which nothing limits the declared price."""
        return tuple(
            lot for lot, none in zip(self.lots, np.isnan(self.ceiling), strict=True) if none
        )


def lot_arrays_of(competitions: Sequence[Competition], rules: RoundRules) -> LotArrays:
    """The lots of a round as arrays.

    Args:
        competitions: In the order of the lots' identifiers.
        rules: They decide about price ratios, default ceilings and low prices.
    """
    costs = [_need_costs(competition, rules) for competition in competitions]
    conditions = [competition.field.conditions for competition in competitions]
    return LotArrays(
        lots=tuple(competition.lot.lot for competition in competitions),
        categories=tuple(competition.lot.category for competition in competitions),
        base_volume=np.array([float(competition.need.total) for competition in competitions]),
        units=np.array([units for units, _, _ in costs]),
        ceiling=np.array([ceiling for _, ceiling, _ in costs]),
        ceiling_cost=np.array([cost for _, _, cost in costs]),
        low=np.array([np.nan if one.low is None else float(one.low) for one in conditions]),
        asked=np.array([has_sufficient_condition(one) for one in conditions]),
        regions=np.array([len(one.need.regions) for one in competitions], dtype=np.int64),
    )


def need_cost(competition: Competition, contender: Contender) -> float:
    """What the whole need of a lot costs at the declared price of one bid, in yuan.

    Prices of other strengths follow from the bid's own by the price ratio.

    Args:
        competition: The lot.
        contender: A bid of known price.
    """
    declared = contender.declared
    if declared is None:
        raise ValueError(f"{contender.name}: its price is not known")
    own = float(contender.scale.factor)
    units = _price_units(competition, contender.bid, declared.pack_units)
    return float(declared.exact) * units / own


def _need_costs(competition: Competition, rules: RoundRules) -> tuple[float, float, float]:
    """Price units, comparable ceiling, and what the need costs at the ceilings, of one lot."""
    main_packs = rules.table(_MAIN_PACK) or {}
    pack_units = int(str(main_packs.get(competition.lot.lot, 1)))
    anybody = Bid(competition.lot.lot, "", "", ())
    units = _price_units(competition, anybody, pack_units)
    ceilings = _ceilings(competition.field.lot, rules)
    if not ceilings:
        return units, np.nan, np.nan
    strengths = competition.lot.strengths
    main = min(ceilings, key=lambda label: (strengths[label].ratio != 1, label))
    comparable = ceilings[main] / _factor(competition, main, anybody, pack_units)
    cost = sum(
        volume * ceilings.get(label, comparable * _factor(competition, label, anybody, pack_units))
        for label, volume in competition.volumes.items()
    )
    return units, comparable, cost


def _price_units(competition: Competition, bid: Bid, pack_units: int) -> float:
    """The need in price units of the main strength, for packs like those of one bid."""
    return sum(
        volume * _factor(competition, label, bid, pack_units)
        for label, volume in competition.volumes.items()
    )


def _factor(competition: Competition, label: str, bid: Bid, pack_units: int) -> float:
    """Price ratio K of one strength to the main one."""
    any_price = UnitPrice(Decimal(1), pack_units)
    return float(competition.scales.of(bid, Quote(label, any_price)).factor)


def _ceilings(lot: Lot, rules: RoundRules) -> dict[str, float]:
    default = rules.decimal(DEFAULT_CEILING)
    limits = {label: strength.price_ceiling or default for label, strength in lot.strengths.items()}
    return {label: float(limit) for label, limit in limits.items() if limit is not None}
