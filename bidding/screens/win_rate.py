"""Win rate: does a bidder who bids often hardly ever win?

A bidder is flagged if it has at least Q3 valid bids (the third quartile over all bidders) and its
rate of wins to valid bids is at or below Q1 - 1.5 IQR of the rates of all bidders. One who only
ever covers for others loses too often.

Source: Cardinal R025; a win here is a selected bid, since lots have several winners. A prompt to
look, never a finding; docs/screens/win_rate.md.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from bidding.screens.answer import (
    Answer,
    BidReference,
    ScreenResult,
    Subject,
    SubjectKind,
    Wording,
    refuse,
)
from bidding.screens.false_discovery import LOOK_EN, LOOK_ZH
from bidding.screens.measurement import Outcome, Screen, Simulation
from bidding.screens.quartile_fences import FENCE_FACTOR, lower_fence
from bidding.screens.screened_lot import Evidence, ScreenedBid, ScreenedLot, ScreenedRound


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of this screen; none is proven.

    Attributes:
        bidders_min: Fewest bidders from which quartiles are taken.
        often_quantile: Quantile of the numbers of bids from which a bidder bids often.
        fence_factor: Interquartile ranges between the first quartile of rates and the fence.
        rate_max: A fence that takes the place of the one from quartiles; None for quartiles.
    """

    bidders_min: int = 4
    often_quantile: float = 0.75
    fence_factor: float = FENCE_FACTOR
    rate_max: float | None = None


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class WinRecord:
    """The lots in which a bidder took part with a valid bid.

    Attributes:
        won: One reference for each lot won.
        lost: One reference for each lot lost.
    """

    won: tuple[BidReference, ...]
    lost: tuple[BidReference, ...]

    @property
    def lots(self) -> int:
        """Number of lots, at least 1."""
        return len(self.won) + len(self.lost)

    @property
    def rate(self) -> float:
        """Share of the lots won, 0 to 1."""
        return len(self.won) / self.lots


def win_records(rounds: tuple[ScreenedRound, ...]) -> dict[str, WinRecord]:
    """Return for each bidder, by name, the lots it won and lost.

    A bidder counts once in a lot, however many bids it has there.

    Examples:
        >>> def bid(name, selected):
        ...     return ScreenedBid(name, name, None, None, None, selected, True, False)
        >>> lot = ScreenedLot("L", (bid("A", True), bid("B", False)), 1)
        >>> records = win_records((ScreenedRound("R", (lot,)),))
        >>> {bidder: record.rate for bidder, record in records.items()}
        {'A': 1.0, 'B': 0.0}
    """
    won: dict[str, list[BidReference]] = defaultdict(list)
    lost: dict[str, list[BidReference]] = defaultdict(list)
    for screened_round in rounds:
        for lot in screened_round.lots:
            for bidder, bid in _leading_bids(lot).items():
                reference = BidReference(screened_round.name, lot.lot, bid.bid)
                (won if bid.selected else lost)[bidder].append(reference)
    return {
        bidder: WinRecord(tuple(sorted(won[bidder])), tuple(sorted(lost[bidder])))
        for bidder in sorted({*won, *lost})
    }


def _leading_bids(lot: ScreenedLot) -> dict[str, ScreenedBid]:
    """Return each bidder's selected bid, or its first valid one by id."""
    last_first = sorted((bid for bid in lot.bids if bid.valid), key=lambda bid: bid.bid)[::-1]
    return {bid.bidder: bid for bid in sorted(last_first, key=lambda bid: bid.selected)}


def assess_win_rate(
    evidence: Evidence, simulation: Simulation, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Outcome, ...]:
    """Answer for every bidder, by name, over this round and all earlier ones."""
    records = win_records(evidence.rounds)
    if len(records) < limits.bidders_min:
        return tuple(
            _refuse_few(bidder, record, limits.bidders_min) for bidder, record in records.items()
        )
    counts, rates = zip(*((one.lots, one.rate) for one in records.values()), strict=True)
    often = float(np.quantile(counts, limits.often_quantile))
    fence = limits.rate_max
    if fence is None:
        fence = lower_fence(rates, factor=limits.fence_factor)
    return tuple(
        _assess(bidder, record, often=often, fence=fence) for bidder, record in records.items()
    )


def _refuse_few(bidder: str, record: WinRecord, bidders_min: int) -> ScreenResult:
    few = Wording(
        f"无法评估:可比企业不足{bidders_min}家。",
        f"Not assessable: fewer than {bidders_min} bidders to compare with.",
    )
    return refuse("win_rate", Subject(SubjectKind.BIDDER, bidder), few, n=record.lots)


def _assess(bidder: str, record: WinRecord, *, often: float, fence: float) -> ScreenResult:
    subject = Subject(SubjectKind.BIDDER, bidder)
    if record.lots < often:
        rare = Wording(
            f"无法评估:参与品种{record.lots}个,少于第三四分位数{often:.4g}。",
            f"Not assessable: {record.lots} lots bid, fewer than the third quartile {often:.4g}.",
        )
        return refuse("win_rate", subject, rare, n=record.lots)
    if fence < 0:
        blind = Wording(
            f"无法评估:中选率下限为{fence:.3g},任何企业都不可能低于它(n={record.lots})。",
            f"Not assessable: the lower fence of win rates is {fence:.3g}, below every possible "
            f"rate (n = {record.lots}).",
        )
        return refuse("win_rate", subject, blind, n=record.lots)
    flagged = record.rate <= fence
    return ScreenResult(
        screen="win_rate",
        subject=subject,
        answer=Answer.FLAGGED if flagged else Answer.NOT_FLAGGED,
        figure=record.rate,
        n=record.lots,
        threshold=fence,
        chance=None,
        reason=_reason(record, fence, flagged=flagged),
        bids=record.lost,
    )


def _reason(record: WinRecord, fence: float, *, flagged: bool) -> Wording:
    won, n, rate = len(record.won), record.lots, record.rate
    side = Wording("高于下限", "above the fence")
    if flagged:
        side = Wording(f"不高于下限;{LOOK_ZH}", f"not above the fence; {LOOK_EN}")
    return Wording(
        f"参与{n}个品种,中选{won}个,中选率{rate:.1%},下限为{fence:.1%},{side.zh}。",
        f"Won {won} of {n} lots, a rate of {rate:.1%} against a lower fence of {fence:.1%}: "
        f"{side.en}.",
    )


SCREEN = Screen("win_rate", Wording("中选率", "win rate"), assess_win_rate)
