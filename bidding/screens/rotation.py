"""Rotation and regional split: do bidders take turns, or keep to their regions, over rounds?

Two figures over pairs of successive rounds, matched by lot id:

- turns: among bidders with valid bids in a lot in both rounds, the share whose outcome changed
  (won then lost, or lost then won); high if winning goes round;
- kept regions: among regions of a lot won by a single bidder in both rounds, the share won by the
  same bidder; high if the country is divided up.

Competition is simulated by shuffling: in every lot the outcomes of the later round are dealt out
again among the common bidders, and its regions among the winners, each keeping its number.

Source: OECD, Guidelines for Fighting Bid Rigging in Public Procurement (2009; revised as a
Recommendation in 2023), patterns "bid rotation" and "market allocation"; the figures are ours. A
prompt to look, never a finding; docs/screens/rotation.md.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bidding.screens.answer import (
    BidReference,
    ScreenResult,
    Subject,
    SubjectKind,
    Wording,
    refuse,
)
from bidding.screens.competitive_null import Tail, tail_probability
from bidding.screens.measurement import Measurement, Outcome, Screen, Simulation
from bidding.screens.screened_lot import Evidence, ScreenedLot, ScreenedRound

TURNS = Wording("轮流中选比例", "share of changed outcomes")
KEPT = Wording("区域不变比例", "share of kept regions")


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of this screen; none is proven.

    Attributes:
        pairs_min: Fewest pairs (a bidder, or a region, of a lot in two successive rounds).
    """

    pairs_min: int = 10


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Pairing:
    """What happened in one lot in two successive rounds, element by element.

    Attributes:
        before: Codes of the earlier round: outcomes (0, 1) or bidders (numbers).
        now: Codes of the later round for the same bidders or regions.
        bids: The bids of the later round concerned.
    """

    before: NDArray[np.intp]
    now: NDArray[np.intp]
    bids: tuple[BidReference, ...]

    @property
    def informative(self) -> bool:
        """Whether shuffling could change anything: both rounds know more than one code."""
        return len(set(self.before.tolist())) > 1 and len(set(self.now.tolist())) > 1


def outcome_pairing(before: ScreenedLot, now: ScreenedLot, round_name: str) -> Pairing:
    """Return who won (1) or lost (0) among the bidders with valid bids in both rounds."""
    earlier, later = _outcomes(before), _outcomes(now)
    common = sorted(earlier.keys() & later.keys())
    return Pairing(
        np.array([earlier[bidder] for bidder in common], dtype=np.intp),
        np.array([later[bidder] for bidder in common], dtype=np.intp),
        tuple(
            BidReference(round_name, now.lot, bid.bid)
            for bid in sorted(now.bids, key=lambda one: one.bid)
            if bid.valid and bid.bidder in common
        ),
    )


def region_pairings(before: ScreenedRound, now: ScreenedRound) -> tuple[Pairing, ...]:
    """Return for each lot of both rounds which bidder won each region, regions in order."""
    earlier, later = _region_winners(before), _region_winners(now)
    pairings = []
    for lot in sorted(earlier.keys() & later.keys()):
        regions = sorted(earlier[lot].keys() & later[lot].keys())
        bidders = sorted({*earlier[lot].values(), *later[lot].values()})
        code = {bidder: number for number, bidder in enumerate(bidders)}
        bids = {
            BidReference(now.name, lot, won.bid)
            for won in now.won_regions
            if won.lot == lot and set(won.regions) & set(regions)
        }
        pairings.append(
            Pairing(
                np.array([code[earlier[lot][region]] for region in regions], dtype=np.intp),
                np.array([code[later[lot][region]] for region in regions], dtype=np.intp),
                tuple(sorted(bids)),
            )
        )
    return tuple(pairings)


def _outcomes(lot: ScreenedLot) -> dict[str, int]:
    outcomes: dict[str, int] = {}
    for bid in lot.bids:
        if bid.valid:
            outcomes[bid.bidder] = max(int(bid.selected), outcomes.get(bid.bidder, 0))
    return outcomes


def _region_winners(screened_round: ScreenedRound) -> dict[str, dict[str, str]]:
    """Return lot -> region -> bidder, for regions that a single bidder won."""
    bidder_of = {(lot.lot, bid.bid): bid.bidder for lot in screened_round.lots for bid in lot.bids}
    winners: dict[str, dict[str, set[str]]] = {}
    for won in screened_round.won_regions:
        for region in won.regions:
            of_lot = winners.setdefault(won.lot, {})
            of_lot.setdefault(region, set()).add(bidder_of[won.lot, won.bid])
    return {
        lot: {region: min(bidders) for region, bidders in regions.items() if len(bidders) == 1}
        for lot, regions in winners.items()
    }


def assess_rotation(
    evidence: Evidence, simulation: Simulation, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Outcome, ...]:
    """Measure turns and kept regions of the whole history, one outcome each."""
    turns: list[Pairing] = []
    kept: list[Pairing] = []
    for before, now in pairwise(evidence.rounds):
        earlier = {lot.lot: lot for lot in before.lots}
        turns += [
            outcome_pairing(earlier[lot.lot], lot, now.name)
            for lot in sorted(now.lots, key=lambda one: one.lot)
            if lot.lot in earlier
        ]
        kept += region_pairings(before, now)
    looks = (
        _Look("turns", TURNS, changed=True, pairings=turns),
        _Look("regions", KEPT, changed=False, pairings=kept),
    )
    return tuple(_measure(look, evidence, simulation, limits) for look in looks)


@dataclass(frozen=True, slots=True)
class _Look:
    aspect: str
    name: Wording
    changed: bool
    pairings: list[Pairing]


def _measure(look: _Look, evidence: Evidence, simulation: Simulation, limits: Limits) -> Outcome:
    subject = Subject(SubjectKind.ROUND, f"{evidence.screened_round.name}: {look.aspect}")
    informative = [pairing for pairing in look.pairings if pairing.informative]
    n = sum(pairing.now.size for pairing in informative)
    if n < limits.pairs_min:
        return _refuse_few(subject, n, limits.pairs_min)
    found = 0
    null = np.zeros(simulation.draws)
    for pairing in informative:
        found += int(np.count_nonzero((pairing.before != pairing.now) == look.changed))
        dealt = np.tile(pairing.now, (simulation.draws, 1))
        simulation.generator.permuted(dealt, axis=1, out=dealt)
        null += np.count_nonzero((pairing.before != dealt) == look.changed, axis=1)
    return Measurement(
        screen="rotation",
        subject=subject,
        name=look.name,
        tail=Tail.HIGH,
        figure=found / n,
        n=n,
        chance=tail_probability(found, null, Tail.HIGH),
        chance_min=simulation.chance_min,
        bids=tuple(sorted({bid for pairing in informative for bid in pairing.bids})),
    )


def _refuse_few(subject: Subject, n: int, n_min: int) -> ScreenResult:
    few = Wording(
        f"无法评估:前后两批次可比的配对少于{n_min}个(n={n})。",
        f"Not assessable: fewer than {n_min} pairs (n = {n}) that two successive rounds share.",
    )
    return refuse("rotation", subject, few, n=n)


SCREEN = Screen("rotation", Wording("轮流中选与区域划分", "rotation and regions"), assess_rotation)
