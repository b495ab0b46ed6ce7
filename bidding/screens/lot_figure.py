"""The common path of all screens that compare one figure of a lot with simulated competition.

Refuses fields of fewer than four valid prices, simulates the rest and returns measurements. A
figure that is undefined (a quotient by zero) is refused with a reason instead of passing for an
ordinary one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from bidding.screens.answer import (
    BidReference,
    ScreenResult,
    Subject,
    SubjectKind,
    Wording,
    refuse,
)
from bidding.screens.competitive_null import (
    Tail,
    competitive_null,
    tail_probability,
)
from bidding.screens.measurement import Measurement, Outcome, Simulation
from bidding.screens.prices import Formula, Prices
from bidding.screens.screened_lot import Evidence, ScreenedLot
from bidding.screens.simulated_field import SimulatedField, simulated_fields
from bidding.screens.standing_bids import (
    field_prices,
    find_cut,
    rank_by_cut,
    references,
    standing_bids,
)

PRICES_MIN = 4
"""Fewest valid prices of a lot, unless a figure asks for more: below, none is quoted."""

UNDEFINED = Wording(
    "部分报价完全相同,指标无定义", "prices are equal where the figure divides by their distance"
)


@dataclass(frozen=True, slots=True)
class LotFigure:
    """A figure of the whole field of a lot.

    Attributes:
        screen: Id of the screen.
        name: The figure in words.
        tail: The side on which it is unusual.
        formula: From sorted prices to the figure.
        prices_min: Fewest valid prices of a lot.
    """

    screen: str
    name: Wording
    tail: Tail
    formula: Formula
    prices_min: int = PRICES_MIN


@dataclass(frozen=True, slots=True)
class CutFigure:
    """A figure at the cut between the last winner and the first loser.

    Attributes:
        screen: Id of the screen.
        name: The figure in words.
        tail: The side on which it is unusual.
        formula: From sorted prices and the number of winners to the figure.
        losers_min: Fewest losing prices that the formula needs.
        losers_concerned: How many losing bids the figure looks at; None for all.
        prices_min: Fewest valid prices of a lot.
    """

    screen: str
    name: Wording
    tail: Tail
    formula: Callable[[Prices, int], Prices]
    losers_min: int = 1
    losers_concerned: int | None = None
    prices_min: int = PRICES_MIN


def measure_fields(
    evidence: Evidence, simulation: Simulation, *, figure: LotFigure
) -> tuple[Outcome, ...]:
    """Measure a figure of the whole field in every lot of the round, by lot id."""
    simulated = simulated_fields(evidence)
    looks = [(lot, _look_at_field(evidence, lot, figure)) for lot in evidence.lots]
    return tuple(_measure(look, simulated[lot.lot], simulation) for lot, look in looks)


def measure_cuts(
    evidence: Evidence, simulation: Simulation, *, figure: CutFigure
) -> tuple[Outcome, ...]:
    """Measure a figure at the cut in every lot of the round, by lot id."""
    simulated = simulated_fields(evidence)
    looks = [(lot, _look_at_cut(evidence, lot, figure)) for lot in evidence.lots]
    return tuple(_measure(look, simulated[lot.lot], simulation) for lot, look in looks)


def refuse_lot(screen: str, lot: ScreenedLot, reason: Wording) -> ScreenResult:
    """Answer *not assessable* for one lot, stating how many valid prices it has."""
    n = len(standing_bids(lot))
    sentence = Wording(f"无法评估:{reason.zh}(n={n})。", f"Not assessable: {reason.en} (n = {n}).")
    return refuse(screen, Subject(SubjectKind.LOT, lot.lot), sentence, n=n)


@dataclass(frozen=True, slots=True)
class _Look:
    screen: str
    name: Wording
    tail: Tail
    lot: ScreenedLot
    formula: Formula
    bids: tuple[BidReference, ...]


def _look_at_field(evidence: Evidence, lot: ScreenedLot, figure: LotFigure) -> _Look | ScreenResult:
    field = standing_bids(lot)
    if len(field) < figure.prices_min:
        return _refuse_few(figure, lot)
    bids = references(evidence.screened_round.name, lot.lot, field)
    return _Look(figure.screen, figure.name, figure.tail, lot, figure.formula, bids)


def _look_at_cut(evidence: Evidence, lot: ScreenedLot, figure: CutFigure) -> _Look | ScreenResult:
    field = rank_by_cut(standing_bids(lot))
    if len(field) < figure.prices_min:
        return _refuse_few(figure, lot)
    cut = find_cut(lot)
    if isinstance(cut, Wording):
        return refuse_lot(figure.screen, lot, cut)
    if cut.losers < figure.losers_min:
        few = Wording(
            f"落选报价少于{figure.losers_min}个", f"fewer than {figure.losers_min} losing prices"
        )
        return refuse_lot(figure.screen, lot, few)

    def at_cut(prices: Prices) -> Prices:
        return figure.formula(prices, cut.winners)

    shown = cut.losers if figure.losers_concerned is None else figure.losers_concerned
    concerned = field[cut.winners - 1 : cut.winners + shown]
    bids = references(evidence.screened_round.name, lot.lot, concerned)
    return _Look(figure.screen, figure.name, figure.tail, lot, at_cut, bids)


def _measure(
    look: _Look | ScreenResult, field: SimulatedField | Wording, simulation: Simulation
) -> Outcome:
    if isinstance(look, ScreenResult):
        return look
    prices = field_prices(standing_bids(look.lot))
    observed = float(look.formula(prices))
    if math.isnan(observed):
        return refuse_lot(look.screen, look.lot, UNDEFINED)
    if isinstance(field, Wording):
        return refuse_lot(look.screen, look.lot, field)
    null = competitive_null(
        look.formula,
        field.generics,
        simulation.generator,
        simulation.draws,
        field.spread,
        field.held,
    )
    return Measurement(
        screen=look.screen,
        subject=Subject(SubjectKind.LOT, look.lot.lot),
        name=look.name,
        tail=look.tail,
        figure=observed,
        n=prices.size,
        chance=tail_probability(observed, null, look.tail),
        chance_min=simulation.chance_min,
        bids=look.bids,
    )


def _refuse_few(figure: LotFigure | CutFigure, lot: ScreenedLot) -> ScreenResult:
    n_min = figure.prices_min
    few = Wording(f"有效报价少于{n_min}个", f"fewer than {n_min} valid prices")
    return refuse_lot(figure.screen, lot, few)
