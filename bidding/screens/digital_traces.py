"""Digital traces: did bidders under different control leave the same trace?

Flagged are lots in which at least two bidders uploaded from the same network address or device, or
with the same document id. Values known to be shared by strangers (a gateway, a template) can be
left out. A shared office is no guilt.

Source: practice of procurement platforms. A prompt to look, never a finding;
docs/screens/digital_traces.md.
"""

from collections import defaultdict
from collections.abc import Iterable
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
from bidding.screens.screened_lot import DigitalTrace, Evidence, ScreenedLot, TraceKind


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of this screen; none is proven.

    Attributes:
        bidders_sharing_min: Bidders with one trace from which a lot is flagged.
        known_shared: Values that strangers share, such as a public gateway or a template.
    """

    bidders_sharing_min: int = 2
    known_shared: frozenset[str] = frozenset()


DEFAULT_LIMITS = Limits()

TRACE_NAMES = {
    TraceKind.NETWORK_ADDRESS: Wording("网络地址", "network address"),
    TraceKind.DEVICE: Wording("设备", "device"),
    TraceKind.DOCUMENT: Wording("文件标识", "document id"),
}


def shared_traces(
    lot: ScreenedLot, traces: Iterable[DigitalTrace], *, limits: Limits = DEFAULT_LIMITS
) -> dict[tuple[TraceKind, str], tuple[str, ...]]:
    """Return the traces that several bidders of a lot left, with the ids of their bids.

    Args:
        lot: Its bids say who is under one control.
        traces: Of any lots; those of other lots are passed over.
        limits: See there.

    Examples:
        >>> from bidding.screens.screened_lot import ScreenedBid
        >>> def bid(name, group):
        ...     return ScreenedBid(name, name, group, None, None, False, True, False)
        >>> lot = ScreenedLot("L", (bid("A", None), bid("B", "G"), bid("C", "G")), 1)
        >>> device = TraceKind.DEVICE
        >>> traces = [DigitalTrace("L", name, device, value) for name, value in ("Ax", "Bx", "Cy")]
        >>> shared_traces(lot, traces)
        {(<TraceKind.DEVICE: 'device'>, 'x'): ('A', 'B')}
    """
    bidder_of = {bid.bid: bid.bidder for bid in lot.bids}
    left_by: dict[tuple[TraceKind, str], set[str]] = defaultdict(set)
    for trace in traces:
        counts = trace.value not in limits.known_shared
        if trace.lot == lot.lot and trace.bid in bidder_of and counts:
            left_by[trace.kind, trace.value].add(trace.bid)
    return {
        key: tuple(sorted(bids))
        for key, bids in sorted(left_by.items())
        if len({bidder_of[bid] for bid in bids}) >= limits.bidders_sharing_min
    }


def assess_digital_traces(
    evidence: Evidence, simulation: Simulation, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Outcome, ...]:
    """Answer for every lot whether bidders under different control share a trace."""
    return tuple(_assess(evidence, lot, limits) for lot in evidence.lots)


def _assess(evidence: Evidence, lot: ScreenedLot, limits: Limits) -> ScreenResult:
    subject = Subject(SubjectKind.LOT, lot.lot)
    traced = {trace.bid for trace in evidence.records.traces if trace.lot == lot.lot}
    n = len({bid.bidder for bid in lot.bids if bid.bid in traced})
    if n < limits.bidders_sharing_min:
        untraced = Wording(
            f"无法评估:留有数字痕迹的企业仅{n}家。",
            f"Not assessable: digital traces of only {n} bidders.",
        )
        return refuse("digital_traces", subject, untraced, n=n)
    shared = shared_traces(lot, evidence.records.traces, limits=limits)
    bids = sorted({bid for left_by in shared.values() for bid in left_by})
    return ScreenResult(
        screen="digital_traces",
        subject=subject,
        answer=Answer.FLAGGED if shared else Answer.NOT_FLAGGED,
        figure=float(len(shared)),
        n=n,
        threshold=1.0,
        chance=None,
        reason=_reason({kind for kind, _ in shared}, n),
        bids=tuple(BidReference(evidence.screened_round.name, lot.lot, bid) for bid in bids),
        details=tuple(
            Observation(kind.value, float(sum(shared_kind is kind for shared_kind, _ in shared)))
            for kind in TraceKind
        ),
    )


def _reason(kinds: set[TraceKind], n: int) -> Wording:
    if not kinds:
        return Wording(
            f"{n}家企业之间没有相同的数字痕迹。", f"No two of {n} bidders share a digital trace."
        )
    names = [TRACE_NAMES[kind] for kind in TraceKind if kind in kinds]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Wording(
        f"{n}家企业中有无共同控制关系的企业使用了相同的{zh};共用办公场所不等于违规,{LOOK_ZH}。",
        f"Among {n} bidders, some under different control share the same {en}; a shared office is "
        f"no guilt: {LOOK_EN}.",
    )


SCREEN = Screen("digital_traces", Wording("数字痕迹", "digital traces"), assess_digital_traces)
