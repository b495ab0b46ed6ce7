"""Disqualified bids: were only the losers, the lowest bid or one bidder again and again ruled out?

Three rules. Lots: all but the winners are disqualified (R035), or the lowest bid is (R036).
Bidders: the share of disqualified bids over all rounds is at or above Q3 + 1.5 IQR of the shares
of all bidders (R038). A bid above its price ceiling is not called disqualified here: the bidder,
not the buyer, put it there, and originators do so regularly.

Source: Cardinal R035, R036, R038. A prompt to look, never a finding; docs/screens/disqualified.md.
"""

from collections import defaultdict
from dataclasses import dataclass

from bidding.screens.answer import (
    Answer,
    BidReference,
    Observation,
    ScreenResult,
    Subject,
    SubjectKind,
    Wording,
    refuse,
)
from bidding.screens.false_discovery import LOOK_EN, LOOK_ZH
from bidding.screens.measurement import Outcome, Screen, Simulation
from bidding.screens.quartile_fences import FENCE_FACTOR, upper_fence
from bidding.screens.screened_lot import Evidence, ScreenedBid, ScreenedLot


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of this screen; none is proven.

    Attributes:
        disqualified_bidders_min: Disqualified bidders from which "all but the winners" is flagged
            (R035).
        bids_min: Fewest bids of a bidder whose share is compared (R038).
        bidders_min: Fewest bidders with a share from which quartiles are taken (R038).
        fence_factor: Interquartile ranges between the third quartile and the fence (R038).
        share_min: A fence that takes the place of the one from quartiles; None for quartiles.
    """

    disqualified_bidders_min: int = 1
    bids_min: int = 2
    bidders_min: int = 4
    fence_factor: float = FENCE_FACTOR
    share_min: float | None = None


DEFAULT_LIMITS = Limits()


def is_disqualified(bid: ScreenedBid) -> bool:
    """Tell whether a bid was ruled out for another reason than a price above the ceiling."""
    return not bid.valid and not bid.above_ceiling


def all_but_winners_disqualified(lot: ScreenedLot, *, limits: Limits = DEFAULT_LIMITS) -> bool:
    """R035: every bidder with a valid bid won, and at least one other was disqualified.

    Examples:
        >>> def bid(name, selected):
        ...     return ScreenedBid(name, name, None, None, None, selected, selected, False)
        >>> all_but_winners_disqualified(ScreenedLot("L", (bid("A", True), bid("B", False)), 1))
        True
    """
    winners = {bid.bidder for bid in lot.bids if bid.selected}
    qualified = {bid.bidder for bid in lot.bids if bid.valid}
    ruled_out = {bid.bidder for bid in lot.bids if is_disqualified(bid)} - winners
    enough = len(ruled_out) >= limits.disqualified_bidders_min
    return bool(winners) and qualified == winners and enough


def lowest_disqualified(lot: ScreenedLot) -> bool:
    """R036: somebody won, and a disqualified price is lower than every valid one."""
    valid = [
        bid.comparable_price for bid in lot.bids if bid.valid and bid.comparable_price is not None
    ]
    ruled_out = [
        bid.comparable_price
        for bid in lot.bids
        if is_disqualified(bid) and bid.comparable_price is not None
    ]
    won = any(bid.selected for bid in lot.bids)
    return won and bool(valid) and bool(ruled_out) and min(ruled_out) < min(valid)


def assess_disqualified(
    evidence: Evidence, simulation: Simulation, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Outcome, ...]:
    """Answer for every lot (R035, R036), then for every bidder (R038), each by name."""
    round_name = evidence.screened_round.name
    lots = tuple(_assess_lot(round_name, lot, limits) for lot in evidence.lots)
    return (*lots, *_assess_bidders(evidence, limits))


def _assess_lot(round_name: str, lot: ScreenedLot, limits: Limits) -> ScreenResult:
    subject = Subject(SubjectKind.LOT, lot.lot)
    n = len(lot.bids)
    if not any(bid.selected for bid in lot.bids):
        nobody = Wording("无法评估:没有中选企业。", "Not assessable: nobody won.")
        return refuse("disqualified", subject, nobody, n=n)
    ruled_out = sorted(bid.bid for bid in lot.bids if is_disqualified(bid))
    all_but, lowest = all_but_winners_disqualified(lot, limits=limits), lowest_disqualified(lot)
    return ScreenResult(
        screen="disqualified",
        subject=subject,
        answer=Answer.FLAGGED if all_but or lowest else Answer.NOT_FLAGGED,
        figure=len(ruled_out) / n,
        n=n,
        threshold=None,
        chance=None,
        reason=_lot_reason(len(ruled_out), n, all_but=all_but, lowest=lowest),
        bids=tuple(BidReference(round_name, lot.lot, bid) for bid in ruled_out),
        details=(Observation("R035", float(all_but)), Observation("R036", float(lowest))),
    )


def _lot_reason(ruled_out: int, n: int, *, all_but: bool, lowest: bool) -> Wording:
    if all_but:
        return Wording(
            f"{n}个报价中{ruled_out}个被否决,且除中选者外全部被否决(R035);{LOOK_ZH}。",
            f"{ruled_out} of {n} bids were disqualified, all but the winners (R035); {LOOK_EN}.",
        )
    if lowest:
        return Wording(
            f"{n}个报价中{ruled_out}个被否决,其中包括最低价(R036);{LOOK_ZH}。",
            f"{ruled_out} of {n} bids were disqualified, the lowest among them (R036); {LOOK_EN}.",
        )
    return Wording(
        f"{n}个报价中{ruled_out}个被否决,不涉及最低价,也未否决全部落选者。",
        f"{ruled_out} of {n} bids were disqualified, neither the lowest nor all but the winners.",
    )


@dataclass(frozen=True, slots=True)
class _Submissions:
    """What a bidder submitted over all rounds."""

    bids: int
    ruled_out: tuple[BidReference, ...]

    @property
    def share(self) -> float:
        return len(self.ruled_out) / self.bids


def _submissions(evidence: Evidence) -> dict[str, _Submissions]:
    submitted: dict[str, int] = defaultdict(int)
    ruled_out: dict[str, list[BidReference]] = defaultdict(list)
    for screened_round in evidence.rounds:
        for lot in screened_round.lots:
            for bid in lot.bids:
                submitted[bid.bidder] += 1
                if is_disqualified(bid):
                    reference = BidReference(screened_round.name, lot.lot, bid.bid)
                    ruled_out[bid.bidder].append(reference)
    return {
        bidder: _Submissions(submitted[bidder], tuple(sorted(ruled_out[bidder])))
        for bidder in sorted(submitted)
    }


def _assess_bidders(evidence: Evidence, limits: Limits) -> tuple[ScreenResult, ...]:
    submissions = _submissions(evidence)
    shares = [one.share for one in submissions.values() if one.bids >= limits.bids_min]
    fence = limits.share_min
    if fence is None and len(shares) >= limits.bidders_min:
        fence = upper_fence(shares, factor=limits.fence_factor)
    return tuple(
        _refuse_bidder(bidder, one, limits)
        if fence is None or one.bids < limits.bids_min
        else _assess_bidder(bidder, one, fence)
        for bidder, one in submissions.items()
    )


def _refuse_bidder(bidder: str, one: _Submissions, limits: Limits) -> ScreenResult:
    few = Wording(
        f"无法评估:报价不足{limits.bids_min}个(n={one.bids}),或可比企业不足{limits.bidders_min}家。",
        f"Not assessable: fewer than {limits.bids_min} bids (n = {one.bids}), or fewer than "
        f"{limits.bidders_min} bidders to compare with.",
    )
    subject = Subject(SubjectKind.BIDDER, bidder)
    return refuse("disqualified", subject, few, n=one.bids, bids=one.ruled_out)


def _assess_bidder(bidder: str, one: _Submissions, fence: float) -> ScreenResult:
    # Where nobody is disqualified the fence is 0, and a share of 0 is nothing to look at.
    flagged = one.share > 0 and one.share >= fence
    side = Wording("未达上限", "below the fence or none at all")
    if flagged:
        side = Wording(f"不低于上限;{LOOK_ZH}", f"not below the fence; {LOOK_EN}")
    ruled_out = len(one.ruled_out)
    return ScreenResult(
        screen="disqualified",
        subject=Subject(SubjectKind.BIDDER, bidder),
        answer=Answer.FLAGGED if flagged else Answer.NOT_FLAGGED,
        figure=one.share,
        n=one.bids,
        threshold=fence,
        chance=None,
        reason=Wording(
            f"{one.bids}个报价中{ruled_out}个被否决,占{one.share:.1%},"
            f"上限为{fence:.1%}(R038),{side.zh}。",
            f"{ruled_out} of {one.bids} bids were disqualified, {one.share:.1%} against an upper "
            f"fence of {fence:.1%} (R038): {side.en}.",
        ),
        bids=one.ruled_out,
    )


SCREEN = Screen("disqualified", Wording("否决报价", "disqualified bids"), assess_disqualified)
