"""The lab on a draft: simulated bids under its ceilings, by its rulebook and by others. Pure.

A draft has no bids to fit a model of bidding to. The model is fitted to a past round instead: how
far under the ceiling firms bid there, how the bids of a lot scatter, and how often one is extreme.
How many firms will bid for each lot, and the volumes, are assumptions of the officer. All of this
is printed with the answer.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bidding.bid_sheet import Lot, Round, Volume
from bidding.errors import BiddingError
from bidding.lab import Range
from bidding.lab.bench import bench_of
from bidding.lab.bid_model import BidModel, fit, simulate
from bidding.lab.competitions import competitions_of
from bidding.lab.lot_arrays import FloatArray, lot_arrays_of
from bidding.lab.run import CELLS, evaluate_bids
from bidding.lab.simulated_fields import SimulatedBids
from bidding.lab.terms import Terms, refuse_without_bidders, terms_of
from bidding.rules import PER_ROUND, RoundRules
from rulebooks import load_rulebook

DRAWS_MAX = 5_000
RULEBOOKS_MAX = 6
BIDDERS_MAX = 60

OF_VOLUME = frozenset({"agreed_volume", "spend", "savings"})
"""Measures that say nothing where a lot has no assumed volume."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What a simulation depends on besides the draft itself.

    Attributes:
        rulebooks: Compared with each other; the draft's own first.
        behaviour: Title of the past round that the model of bidding is fitted to.
        bidders: Generic firms that are expected to bid, by lot; the mean of what is drawn.
        originators: Originators that are expected to bid, by lot.
        volumes: Base volume a year in units of the main strength, by lot; a lot that is missing
            has none.
        regions: How many regions choose suppliers.
        draws: How many fields of every lot.
        seed: The same seed gives the same answer.
    """

    rulebooks: tuple[str, ...]
    behaviour: str
    bidders: Mapping[str, int]
    originators: Mapping[str, int]
    volumes: Mapping[str, int]
    regions: int
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class RulebookAnswer:
    """What one rulebook makes of the simulated bids.

    Attributes:
        rulebook: Its id.
        assumed: Rules that nobody knows and the lab assumes.
        figures: Range of each measure over the draws; empty where it could not be simulated.
        refusal: Why it could not; None where it could.
    """

    rulebook: str
    assumed: tuple[str, ...]
    figures: Mapping[str, Range]
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """The answer of the lab for a draft.

    Attributes:
        rulebooks: In the order asked for.
        left_out: Lots without a ceiling, or for which nobody is expected to bid.
        parameters: Of the model of bidding, by name.
        has_volumes: Whether every simulated lot has an assumed volume.
    """

    rulebooks: tuple[RulebookAnswer, ...]
    left_out: tuple[str, ...]
    parameters: Mapping[str, float]
    has_volumes: bool


Progress = Callable[[int, int], None]


def simulate_draft(
    sheet: Round,
    behaviour: Round,
    assumptions: Assumptions,
    *,
    on_progress: Progress = lambda done, total: None,
) -> DraftAnswer:
    """Simulate bidding for a draft under several rulebooks.

    All rulebooks see the same simulated bids (common random numbers), so that the differences
    between them are not noise.

    Args:
        sheet: The draft, without bids and volumes; its options hold for its own rulebook.
        behaviour: A past round with its bids.
        assumptions: What else is assumed.
        on_progress: Told after each piece of work how many draws are done, of how many.

    Returns:
        The figures. A rulebook that cannot be simulated says why instead.
    """
    lots = tuple(lot for lot in sheet.lots if _is_simulable(lot, assumptions))
    left_out = tuple(lot.lot for lot in sheet.lots if not _is_simulable(lot, assumptions))
    own = replace(sheet, lots=lots, volumes=tuple(_volumes(lots, assumptions)))
    fitted = _fitted(behaviour)
    ready, refused = _prepare(own, fitted, assumptions)
    tallies: dict[str, list[Mapping[str, FloatArray]]] = {name: [] for name in ready}
    if ready:
        scale = next(iter(ready.values())).lots.ceiling
        model = _model(fitted, lots, scale, assumptions)
        generator = np.random.default_rng(assumptions.seed)
        for done, bids in _chunks(model, assumptions.draws, generator):
            for name, terms in ready.items():
                tallies[name].append(evaluate_bids(bids, terms))
            on_progress(done, assumptions.draws)
    has_volumes = all(lot.lot in assumptions.volumes for lot in lots)
    answers = [
        RulebookAnswer(name, ready[name].assumed, _ranges(tallies[name], has_volumes))
        if name in ready
        else RulebookAnswer(name, (), {}, refused[name])
        for name in assumptions.rulebooks
    ]
    return DraftAnswer(tuple(answers), left_out, _parameters(fitted), has_volumes)


def _is_simulable(lot: Lot, assumptions: Assumptions) -> bool:
    priced = any(strength.price_ceiling is not None for strength in lot.strengths.values())
    expected = assumptions.bidders.get(lot.lot, 0) + assumptions.originators.get(lot.lot, 0)
    return priced and expected > 0


def _volumes(lots: Sequence[Lot], assumptions: Assumptions) -> Iterator[Volume]:
    """Equal parts for all regions; one unit each where no volume is assumed."""
    regions = max(1, assumptions.regions)
    for lot in lots:
        main = min(lot.strengths.values(), key=lambda one: (one.ratio != 1, one.ratio, one.label))
        whole = assumptions.volumes.get(lot.lot, regions)
        for place in range(regions):
            part = whole // regions + (1 if place < whole % regions else 0)
            yield Volume(f"{place:03}", lot.lot, main.label, main.ratio, part)


def _fitted(behaviour: Round) -> BidModel:
    bench = bench_of(behaviour, load_rulebook(behaviour.rulebook), {})
    return fit(bench.competitions, bench.terms.lots)


def _model(
    fitted: BidModel, lots: Sequence[Lot], scale: FloatArray, assumptions: Assumptions
) -> BidModel:
    """The model of the past round, with the draft's lots in place of its own."""
    ordered = sorted(lot.lot for lot in lots)
    number = len(ordered)
    return replace(
        fitted,
        scale=scale,
        # Nothing is known of these very lots: each is drawn like any lot of the past round.
        level=np.full(number, fitted.prior_mean),
        level_deviation=np.full(number, fitted.prior_deviation),
        has_ceiling=np.ones(number, dtype=np.bool_),
        highest=np.zeros(number),
        generics=np.array([assumptions.bidders.get(lot, 0) for lot in ordered], dtype=np.int64),
        originators=np.array(
            [assumptions.originators.get(lot, 0) for lot in ordered], dtype=np.int64
        ),
    )


def _prepare(
    sheet: Round, fitted: BidModel, assumptions: Assumptions
) -> tuple[dict[str, Terms], dict[str, str]]:
    """The terms of each rulebook, or why it cannot be simulated."""
    ready: dict[str, Terms] = {}
    refused: dict[str, str] = {}
    if not sheet.lots:
        return ready, dict.fromkeys(assumptions.rulebooks, "no lot has a ceiling and a bidder")
    width = _model(fitted, sheet.lots, np.ones(len(sheet.lots)), assumptions).width
    for name in assumptions.rulebooks:
        try:
            ready[name] = _terms(sheet, name, width)
        except BiddingError as refusal:
            refused[name] = str(refusal)
    return ready, refused


def _terms(sheet: Round, name: str, width: int) -> Terms:
    of_round = {
        key: raw for key, raw in sheet.options.items() if name == sheet.rulebook or key in PER_ROUND
    }
    rules = RoundRules(load_rulebook(name), of_round, assume=True)
    refuse_without_bidders(rules)
    competitions = competitions_of(sheet, rules)
    return terms_of(competitions, lot_arrays_of(competitions, rules), rules, width=width)


def _chunks(
    model: BidModel, draws: int, generator: np.random.Generator
) -> Iterator[tuple[int, SimulatedBids]]:
    """Fields in pieces of bounded size, each with how many draws are done after it."""
    most = max(1, CELLS // max(1, model.width * len(model.scale)))
    for start in range(0, draws, most):
        number = min(most, draws - start)
        yield start + number, simulate(model, number, generator)


def _ranges(tally: Sequence[Mapping[str, FloatArray]], has_volumes: bool) -> dict[str, Range]:
    return {
        name: Range.of(np.concatenate([measures[name] for measures in tally]))
        for name in (tally[0] if tally else {})
        if has_volumes or name not in OF_VOLUME
    }


def _parameters(model: BidModel) -> dict[str, float]:
    return {
        "level_mean": model.prior_mean,
        "level_deviation": model.prior_deviation,
        "spread": model.spread,
        "extreme_low_share": model.low.share,
        "extreme_high_share": model.high.share,
        "above_ceiling_share": model.above.share,
        "originator_premium": model.premium,
    }


def answer_document(answer: DraftAnswer) -> dict[str, object]:
    """The answer as JSON takes it: model results are numbers, absent ones null."""
    return {
        "left_out": list(answer.left_out),
        "has_volumes": answer.has_volumes,
        "parameters": dict(answer.parameters),
        "rulebooks": [
            {
                "rulebook": one.rulebook,
                "assumed": list(one.assumed),
                "refusal": one.refusal,
                "figures": {
                    name: {"mean": _number(v.mean), "p5": _number(v.p5), "p95": _number(v.p95)}
                    for name, v in one.figures.items()
                },
            }
            for one in answer.rulebooks
        ],
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
