"""Missing bids: are prices just beside the price to beat rarer than competition leaves them?

For each bid, with k winners in its lot,

    d = (own price - price to beat) / price ceiling,

the price to beat being the k-th lowest price of the rivals (with one winner: the best rival's). A
cartel leaves a gap around 0, because its losers must not win by accident. The figure is the share
of d within a narrow window around 0, over all lots of the round; competition is simulated lot by
lot, at the level of prices found there.

Source: Chassang, Kawai, Nakabayashi and Ortner, Robust Screens for Noncompetitive Bidding in
Procurement Auctions, Econometrica 90 (2022); the k-th rival is our extension. A prompt to look,
never a finding; docs/screens/missing_bids.md.
"""

from dataclasses import dataclass

import numpy as np

from bidding.screens.answer import (
    Observation,
    ScreenResult,
    Subject,
    SubjectKind,
    Wording,
    refuse,
)
from bidding.screens.competitive_null import Tail, competitive_prices, tail_probability
from bidding.screens.measurement import Measurement, Outcome, Screen, Simulation
from bidding.screens.prices import Prices
from bidding.screens.screened_lot import Evidence, ScreenedLot
from bidding.screens.simulated_field import SimulatedField, simulated_fields
from bidding.screens.standing_bids import (
    StandingBid,
    field_prices,
    has_unknown_price,
    references,
    standing_bids,
)

NAME = Wording("紧邻竞争价的报价占比", "share of bids just beside the price to beat")


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of this screen; none is proven.

    Attributes:
        window: Half-width of the window around 0, as a part of the price ceiling.
        differences_min: Fewest differences of a round on which a share is quoted.
    """

    window: float = 0.02
    differences_min: int = 20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class PricedField:
    """A field whose differences can be computed."""

    lot: str
    bids: tuple[StandingBid, ...]
    prices: Prices
    winners: int
    price_ceiling: float
    simulated: SimulatedField


def differences(prices: Prices, winners: int, price_ceiling: float) -> Prices:
    """Return (own price - price to beat) / ceiling for each bid, no unit.

    Args:
        prices: Sorted prices, shape ``(..., n)``.
        winners: Bids that win, at least 1 and at most n - 1.
        price_ceiling: In the unit of the prices.

    Returns:
        Shape ``(..., n)``: at or below 0 for the cheapest ``winners`` bids, at or above 0 for the
        rest.

    Examples:
        >>> differences(np.array([40.0, 50.0, 70.0]), 1, 100.0)
        array([-0.1,  0.1,  0.3])
        >>> differences(np.array([40.0, 50.0, 70.0]), 2, 100.0)
        array([-0.3, -0.2,  0.2])
    """
    wins = np.arange(prices.shape[-1]) < winners
    to_beat = np.where(wins, prices[..., winners, None], prices[..., winners - 1, None])
    return (prices - to_beat) / price_ceiling


def count_beside(prices: Prices, winners: int, price_ceiling: float, window: float) -> Prices:
    """Return how many bids of each field lie within the window around the price to beat."""
    beside = np.abs(differences(prices, winners, price_ceiling)) <= window
    return np.asarray(np.count_nonzero(beside, axis=-1), dtype=np.float64)


def assess_missing_bids(
    evidence: Evidence, simulation: Simulation, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Outcome, ...]:
    """Measure the round once, over all lots that have losers, ceilings and known prices."""
    fields = _priced_fields(evidence)
    n = sum(field.prices.size for field in fields)
    if n < limits.differences_min:
        return (_refuse_few(evidence, n, limits.differences_min),)
    beside = sum(int(_count(field, field.prices, limits)) for field in fields)
    null = np.zeros(simulation.draws)
    for field in fields:
        null += _count(field, _simulate(field, simulation), limits)
    return (
        Measurement(
            screen="missing_bids",
            subject=Subject(SubjectKind.ROUND, evidence.screened_round.name),
            name=NAME,
            tail=Tail.LOW,
            figure=beside / n,
            n=n,
            chance=tail_probability(beside, null, Tail.LOW),
            chance_min=simulation.chance_min,
            bids=tuple(
                reference
                for field in fields
                for reference in references(evidence.screened_round.name, field.lot, field.bids)
            ),
            details=(
                Observation("window, part of the price ceiling", limits.window),
                Observation("lots", float(len(fields))),
                Observation("share in simulated competition", float(null.mean()) / n),
            ),
        ),
    )


def _count(field: PricedField, prices: Prices, limits: Limits) -> Prices:
    return count_beside(prices, field.winners, field.price_ceiling, limits.window)


def _simulate(field: PricedField, simulation: Simulation) -> Prices:
    simulated = field.simulated
    drawn = competitive_prices(
        simulated.generics,
        simulation.generator,
        simulation.draws,
        simulated.spread,
        simulated.held,
    )
    return drawn * simulated.level


def _priced_fields(evidence: Evidence) -> tuple[PricedField, ...]:
    simulated = simulated_fields(evidence)
    fields = (_priced_field(lot, simulated[lot.lot]) for lot in evidence.lots)
    return tuple(field for field in fields if field is not None)


def _priced_field(lot: ScreenedLot, simulated: SimulatedField | Wording) -> PricedField | None:
    bids = standing_bids(lot)
    ceilings = [bid.price_ceiling for bid in bids if bid.price_ceiling is not None]
    if isinstance(simulated, Wording) or not ceilings or has_unknown_price(lot):
        return None
    if not 1 <= lot.winners < len(bids):
        return None
    return PricedField(
        lot.lot, bids, field_prices(bids), lot.winners, float(max(ceilings)), simulated
    )


def _refuse_few(evidence: Evidence, n: int, n_min: int) -> ScreenResult:
    few = Wording(
        f"无法评估:有落选者、有最高有效申报价且报价已知的品种中,价差少于{n_min}个(n={n})。",
        f"Not assessable: fewer than {n_min} differences (n = {n}) in lots with losers, "
        f"a ceiling, known prices and enough other lots.",
    )
    subject = Subject(SubjectKind.ROUND, evidence.screened_round.name)
    return refuse("missing_bids", subject, few, n=n)


SCREEN = Screen("missing_bids", Wording("缺失报价", "missing bids"), assess_missing_bids)
