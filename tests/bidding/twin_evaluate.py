"""The slow twin of a whole evaluation, and the view in which both twins are compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bidding.bid_sheet import Answer, Bid, Lot, QuestionKind, Round
from bidding.report import LotReport
from rulebooks import Rulebook
from tests.bidding.twin import Terms, TwinBid, TwinLot, answers_of, decide, select
from tests.bidding.twin_afterwards import grade, join, revive, talk, withdraw
from tests.bidding.twin_allocation import (
    Reported,
    TwinAward,
    award,
    by_order,
    order_of_choice,
    order_questions,
)


@dataclass(frozen=True, slots=True)
class BidView:
    """What became of one bid, field by field."""

    status: str
    rank: int | None
    comparable: Fraction | None
    offer: Fraction | None
    regions: int | None
    region_names: tuple[str, ...] | None
    spare_regions: tuple[str, ...] | None
    agreed_volume: int | None


@dataclass(frozen=True, slots=True)
class LotView:
    """What became of one lot, field by field."""

    bidders: int
    places: int | None
    share: Decimal | None
    base_volume: int
    agreed_volume: int | None
    bids: Mapping[str, BidView]
    allocations: tuple[tuple[str, str, str, int], ...]
    pending: frozenset[tuple[str, str]]


def view(report: LotReport) -> LotView:
    """The engine's report in the common view; prices are compared to 26 digits."""
    return LotView(
        report.bidders,
        report.places,
        report.share,
        report.base_volume,
        report.agreed_volume,
        {
            one.bid: BidView(
                one.status.value,
                one.rank,
                None if one.comparable_price is None else Fraction(one.comparable_price),
                None if one.offer_price is None else shown(Fraction(one.offer_price)),
                one.regions,
                one.region_names,
                one.spare_regions,
                one.agreed_volume,
            )
            for one in report.outcomes
        },
        tuple(
            sorted((a.region, a.strength, a.bid or "", a.agreed_volume) for a in report.allocations)
        ),
        frozenset((question.bid, str(question.question)) for question in report.pending),
    )


def shown(price: Fraction) -> Fraction:
    """A unit price cut to 20 decimals: quotients by pack units are shown rounded."""
    return Fraction(round(price * 10**20), 10**20)


def twin_evaluate(
    round_: Round, rulebook: Rulebook, answers: Iterable[Answer] = ()
) -> dict[str, LotView]:
    """Evaluate a round by the twin; lots by identifier."""
    terms = Terms(rulebook, round_.options)
    by_lot = answers_of(round_, answers)
    decided = {
        lot.lot: decide_lot(lot, round_, terms, by_lot[lot.lot])
        for lot in sorted(round_.lots, key=lambda lot: lot.lot)
    }
    talk([competition for competitions in decided.values() for competition in competitions])
    return {lot.lot: report_lot(lot, decided[lot.lot], round_, terms) for lot in round_.lots}


def selected_bids(round_: Round, rulebook: Rulebook) -> set[tuple[str, str]]:
    """Lot and name of every bid that is selected before anybody is asked anything."""
    terms = Terms(rulebook, round_.options)
    selected = set()
    for lot in round_.lots:
        for twin in competitions_of(lot, round_, terms, {}):
            select(twin)
            join(twin)
            names = [bid.name for bid in twin.bids if bid.status.startswith("selected")]
            selected |= {(lot.lot, name) for name in names}
    return selected


def competitions_of(
    lot: Lot,
    round_: Round,
    terms: Terms,
    answers: Mapping[tuple[str, QuestionKind], Answer],
) -> list[TwinLot]:
    """The competitions of a lot, entered and ranked: one, or one for each group."""
    bids = [bid for bid in round_.bids if bid.lot == lot.lot]
    groups = groups_of(bids, reported_of(lot, round_), terms)
    return [decide(lot, members, terms, answers, group) for group, members in groups.items()]


def reported_of(lot: Lot, round_: Round) -> Reported:
    return Reported(lot, [volume for volume in round_.volumes if volume.lot == lot.lot])


def decide_lot(
    lot: Lot,
    round_: Round,
    terms: Terms,
    answers: Mapping[tuple[str, QuestionKind], Answer],
) -> list[TwinLot]:
    """The competitions of a lot, decided."""
    competitions = competitions_of(lot, round_, terms, answers)
    for twin in competitions:
        listed = select(twin)
        if listed is not None:
            twin.questions = {(bid.name, "tie") for bid in twin.bids if bid.status == "tied"}
            revive(twin, listed, reported_of(lot, round_).by_brand)
        if twin.valid:
            withdraw(twin)
            join(twin)
            grade(twin)
    return competitions


def groups_of(bids: Sequence[Bid], reported: Reported, terms: Terms) -> dict[str | None, list[Bid]]:
    """The bids of each group; where none is declared, by cumulative intended volume."""
    if not terms.get("groups.separate"):
        return {None: list(bids)}
    groups: dict[str | None, list[Bid]] = {}
    for bid in bids:
        name = bid.group or group_by_volume(bid.manufacturer, bids, reported, terms)
        groups.setdefault(name, []).append(bid)
    return groups


def group_by_volume(
    maker: str, bids: Sequence[Bid], reported: Reported, terms: Terms
) -> str | None:
    """A if the makers before it hold less than the share, or are too few; B otherwise."""
    rule, volumes = terms.get("groups.by_volume"), reported.by_brand
    if rule is None or not volumes:
        return None
    mine = (-volumes.get(maker, 0), maker)
    before = {
        other
        for other in {bid.manufacturer for bid in bids}
        if (-volumes.get(other, 0), other) < mine
    }
    held = sum(volumes.get(other, 0) for other in before)
    is_a = held < Fraction(rule["share"]) * sum(volumes.values()) or len(before) < rule["fill_to"]
    return "A" if is_a else "B"


def report_lot(lot: Lot, competitions: Sequence[TwinLot], round_: Round, terms: Terms) -> LotView:
    """Allocate to the winners of a lot and write everything down."""
    reported = reported_of(lot, round_)
    choices = [choice for choice in round_.choices if choice.lot == lot.lot]
    bids = [bid for competition in competitions for bid in competition.bids]
    questions = {question for twin in competitions for question in twin.questions}
    winners = [bid for bid in bids if bid.status == "selected" and bid.stands]
    answers = {key: answer for twin in competitions for key, answer in twin.answers.items()}

    def said(bid: TwinBid) -> bool | None:
        answer = answers.get((bid.name, QuestionKind.TIE))
        return None if answer is None else answer.answer

    order = order_of_choice(winners, terms, said)
    is_open = any(bid.status == "tied" for bid in bids)
    given = TwinAward() if is_open else award(order, reported, choices, terms)
    open_names = set(order_questions(order, terms, said)) if by_order(given, terms) else set()
    questions |= {(name, "tie") for name in open_names}
    if open_names:
        leave_open(given)
    if choices:
        questions |= {(name, "region") for name in given.undecided}
    places = [twin.places for twin in competitions if twin.places is not None]
    return LotView(
        sum(twin.bidders for twin in competitions),
        sum(places) if places else None,
        given.share,
        reported.total,
        given.agreed_volume,
        {bid.name: bid_view(bid, given) for bid in bids},
        tuple(sorted((r, s, name or "", volume) for r, s, name, volume in given.allocations)),
        frozenset(questions),
    )


def leave_open(given: TwinAward) -> None:
    """Take back what an order of equal winners decided that nobody has given."""
    given.region_names, given.spare_regions, given.volumes = {}, {}, {}
    cells = sorted({(region, strength) for region, strength, _, _ in given.allocations})
    given.allocations = [
        (*cell, None, sum(volume for r, s, _, volume in given.allocations if (r, s) == cell))
        for cell in cells
    ]


def bid_view(bid: TwinBid, given: TwinAward) -> BidView:
    return BidView(
        bid.status,
        bid.rank,
        bid.comparable,
        None if bid.offer is None else shown(bid.offer),
        given.regions.get(bid.name),
        given.region_names.get(bid.name),
        given.spare_regions.get(bid.name),
        given.volumes.get(bid.name),
    )
