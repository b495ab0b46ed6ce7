"""Links: are bidders that count as independent tied by owner, controller, agent or ingredient?

Flagged are lots in which two bidders under different control share a tied party (owner, actual
controller, licence holder, agent, maker of the active ingredient), or in which one bidder is the
tied party of another, say the maker of its rival's active ingredient. Declared control groups are
one bidder and do not count.

Source: specific to drugs; rounds treat firms under one control, and firms with one licence holder,
as one bidder. A prompt to look, never a finding; docs/screens/links.md.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

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
from bidding.screens.screened_lot import Evidence, FirmTie, ScreenedBid, ScreenedLot, TieKind


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of this screen; none is proven.

    Attributes:
        bidders_min: Fewest bidders of a lot with registered ties for *not flagged*.
        kinds: The kinds of tie that count.
    """

    bidders_min: int = 2
    kinds: frozenset[TieKind] = frozenset(TieKind)


DEFAULT_LIMITS = Limits()

TIE_NAMES = {
    TieKind.OWNER: Wording("股东", "owner"),
    TieKind.ACTUAL_CONTROLLER: Wording("实际控制人", "actual controller"),
    TieKind.LICENCE_HOLDER: Wording("持有人", "licence holder"),
    TieKind.AGENT: Wording("代理人", "agent"),
    TieKind.INGREDIENT_MAKER: Wording("原料药企业", "maker of the active ingredient"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """Two bids under different control that meet in one party.

    Attributes:
        bids: The ids of the two bids, in order.
        party: Where they meet; may be one of the two manufacturers.
        kinds: The kinds of tie that lead there.
    """

    bids: tuple[str, str]
    party: str
    kinds: tuple[TieKind, ...]


def find_links(
    lot: ScreenedLot, ties: Iterable[FirmTie], *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Link, ...]:
    """Return the links between bidders of a lot, by bids and party.

    Examples:
        >>> def bid(name, group=None):
        ...     return ScreenedBid(name, name, group, None, None, False, True, False)
        >>> lot = ScreenedLot("L", (bid("A"), bid("B"), bid("C")), 1)
        >>> ties = [FirmTie("A", TieKind.AGENT, "X"), FirmTie("B", TieKind.OWNER, "X")]
        >>> for link in find_links(lot, ties):
        ...     print(link.bids, link.party, *link.kinds)
        ('A', 'B') X owner agent
        >>> find_links(lot, [FirmTie("A", TieKind.INGREDIENT_MAKER, "C")])[0].bids
        ('A', 'C')
    """
    parties: dict[str, dict[str, set[TieKind]]] = defaultdict(lambda: defaultdict(set))
    for tie in ties:
        if tie.kind in limits.kinds:
            parties[tie.manufacturer][tie.party].add(tie.kind)
    pairs = combinations(sorted(lot.bids, key=lambda bid: bid.bid), 2)
    return tuple(
        Link((first.bid, second.bid), party, kinds)
        for first, second in pairs
        if first.bidder != second.bidder
        for party, kinds in _meet(_reach(first, parties), _reach(second, parties))
    )


def _reach(
    bid: ScreenedBid, parties: dict[str, dict[str, set[TieKind]]]
) -> dict[str, set[TieKind]]:
    """Return the parties of a bid's manufacturer; the manufacturer itself by no tie of its own."""
    known = parties.get(bid.manufacturer, {})
    return {**known, bid.manufacturer: set(known.get(bid.manufacturer, ()))}


def _meet(
    first: dict[str, set[TieKind]], second: dict[str, set[TieKind]]
) -> list[tuple[str, tuple[TieKind, ...]]]:
    met = []
    for party in sorted(first.keys() & second.keys()):
        kinds = first[party] | second[party]
        if kinds:
            met.append((party, tuple(kind for kind in TieKind if kind in kinds)))
    return met


def assess_links(
    evidence: Evidence, simulation: Simulation, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Outcome, ...]:
    """Answer for every lot whether bidders under different control are tied."""
    return tuple(_assess(evidence, lot, limits) for lot in evidence.lots)


def _assess(evidence: Evidence, lot: ScreenedLot, limits: Limits) -> ScreenResult:
    subject = Subject(SubjectKind.LOT, lot.lot)
    registered = {tie.manufacturer for tie in evidence.records.ties}
    n = len({bid.bidder for bid in lot.bids if bid.manufacturer in registered})
    links = find_links(lot, evidence.records.ties, limits=limits)
    if n < limits.bidders_min and not links:
        unknown = Wording(
            f"无法评估:关联信息已登记的企业仅{n}家。",
            f"Not assessable: ties of only {n} bidders are registered.",
        )
        return refuse("links", subject, unknown, n=n)
    bids = sorted({bid for link in links for bid in link.bids})
    return ScreenResult(
        screen="links",
        subject=subject,
        answer=Answer.FLAGGED if links else Answer.NOT_FLAGGED,
        figure=float(len(links)),
        n=n,
        threshold=1.0,
        chance=None,
        reason=_reason(links, n),
        bids=tuple(BidReference(evidence.screened_round.name, lot.lot, bid) for bid in bids),
        details=tuple(
            Observation(kind.value, float(sum(kind in link.kinds for link in links)))
            for kind in TieKind
        ),
    )


def _reason(links: tuple[Link, ...], n: int) -> Wording:
    if not links:
        return Wording(
            f"{n}家已登记企业之间没有已知关联。", f"No known tie between {n} registered bidders."
        )
    kinds = [kind for kind in TieKind if any(kind in link.kinds for link in links)]
    zh = "、".join(TIE_NAMES[kind].zh for kind in kinds)
    en = ", ".join(TIE_NAMES[kind].en for kind in kinds)
    return Wording(
        f"按不同企业计算的报价之间存在{len(links)}处关联({zh});{LOOK_ZH}。",
        f"{len(links)} ties between bids that count as independent ({en}); {LOOK_EN}.",
    )


SCREEN = Screen("links", Wording("关联关系", "links"), assess_links)
