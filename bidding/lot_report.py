"""Close one lot: allocate to its winners, and read everything off into its report."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.allocation import Awarded, OrderMatters, allocate
from bidding.answers import Answers
from bidding.bid_sheet import Choice, Lot, QuestionKind
from bidding.contender import Contender, Field
from bidding.need import Need
from bidding.needed_price import needed_price
from bidding.report import LotReport, Outcome, Question, Status
from bidding.rules import RoundRules

_LAST = Decimal("Infinity")
_NOT_RANKED = 10**9


@dataclass(slots=True)
class OpenLot:
    """A lot whose winners are decided and whose volumes are not.

    Attributes:
        lot: The lot.
        need: Its reported need.
        fields: Its competitions: one, or one for each group.
        questions: What is still to be answered.
    """

    lot: Lot
    need: Need
    fields: list[Field]
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class Sitting:
    """What is the same for all lots of a round while they are closed.

    Attributes:
        rules: The rules of the round.
        answers: What people answered after the opening.
    """

    rules: RoundRules
    answers: Answers


def report_lot(
    open_lot: OpenLot, choices: Sequence[Choice], sitting: Sitting, *, volumes: bool
) -> LotReport:
    """The report of one lot.

    Args:
        open_lot: The lot, with its winners.
        choices: Preferences for its regions.
        sitting: Rules and answers of the round.
        volumes: Whether to compute agreed volumes.

    Raises:
        UnknownRuleError: A rule that the allocation needs is not known.
    """
    lot, need = open_lot.lot, open_lot.need
    contenders = [(bid, field) for field in open_lot.fields for bid in field.contenders]
    winners = _winners(open_lot, sitting.answers)
    tied = any(bid.status is Status.TIED for bid, _ in contenders)
    awarded = Awarded()
    if not tied:
        awarded = allocate(lot, winners, need, choices, sitting.rules, volumes=volumes)
    order = _order_questions(lot, winners, awarded, sitting.answers)
    if volumes:
        awarded.leave_open([question.bid for question in order])
    outcomes = [_outcome(bid, field, awarded, sitting.rules) for bid, field in contenders]
    questions = [*open_lot.questions, *order]
    unnamed = awarded.undecided if choices else ()
    questions += [Question(lot.lot, bid, "region", "bidder") for bid in unnamed]
    places = [field.places for field in open_lot.fields if field.places is not None]
    steps = [step for field in open_lot.fields for step in field.steps]
    return LotReport(
        lot=lot.lot,
        product=lot.product,
        bidders=sum(field.bidders for field in open_lot.fields),
        places=sum(places) if places else None,
        share=awarded.share,
        cycle_years=awarded.cycle.years,
        ends_on=awarded.cycle.ends_on,
        base_volume=need.total,
        agreed_volume=awarded.agreed_volume,
        outcomes=tuple(sorted(outcomes, key=_outcome_order)),
        allocations=tuple(awarded.allocations),
        pending=tuple(questions),
        steps=(*steps, *awarded.steps),
        winners=() if tied else tuple(winner.name for winner in winners),
    )


def _winners(open_lot: OpenLot, answers: Answers) -> list[Contender]:
    """Winners with volume: the cheapest chooses first, at equal prices the better rank.

    Members of a joint bid are left out: the bid that stands for them holds their volume.
    """
    winners = [
        bid
        for field in open_lot.fields
        for bid in field.contenders
        if bid.status is Status.SELECTED and bid.stands_instead is None
    ]
    lot = open_lot.lot.lot
    return sorted(winners, key=lambda bid: (*_turn(bid), answers.order_in_tie(lot, bid.name)))


Turn = tuple[Decimal, tuple[Decimal, tuple[Decimal, ...]]]


def _turn(contender: Contender) -> Turn:
    """What decides a winner's turn: the price it supplies at, then its rank at the opening."""
    price = contender.rank_key[0]
    if contender.offer is not None and contender.score is None:
        price = contender.scale.comparable(contender.offer.pack_price)
    return (price, contender.rank_key)


def _order_questions(
    lot: Lot, winners: Sequence[Contender], awarded: Awarded, answers: Answers
) -> list[Question]:
    """Winners that no rule and no answer separates, where their order decides what they get."""
    if awarded.order_matters is OrderMatters.NO:
        return []
    turns: dict[Turn, list[str]] = {}
    for winner in winners:
        turns.setdefault(_turn(winner), []).append(winner.name)
    groups = list(turns.values())
    if awarded.order_matters is OrderMatters.FOR_CHEAPEST:
        cheapest = [winner.name for winner in winners if winner.grade == "A1"]
        groups = [group for group in groups if any(name in group for name in cheapest)]
    return [
        Question(lot.lot, name, QuestionKind.TIE, "bureau")
        for group in groups
        if len(group) > 1
        for name in group
        if answers.yes(lot.lot, name, QuestionKind.TIE) is None
    ]


def _outcome(contender: Contender, field: Field, awarded: Awarded, rules: RoundRules) -> Outcome:
    name, declared = contender.name, contender.declared
    price = None
    if not contender.status.is_selected and not contender.withdrawn:
        price = needed_price(contender, field, rules)
    if contender.decided_by is None:
        raise ValueError(f"lot {field.lot.lot}, bid {name}: nothing decided it")
    return Outcome(
        bid=name,
        manufacturer=contender.bid.manufacturer,
        strength=contender.quote.strength,
        declared_price=declared.shown if declared else None,
        comparable_price=contender.comparable,
        rank=contender.rank,
        status=contender.status,
        offer_price=contender.offer.shown if contender.offer else None,
        needed_price=price.shown if price else None,
        needed_pack_price=price.pack_price if price and price.pack_units > 1 else None,
        reason=contender.decided_by,
        regions=awarded.regions.get(name),
        region_names=awarded.region_names.get(name),
        spare_regions=awarded.spare_regions.get(name),
        agreed_volume=awarded.volumes.get(name),
    )


def _outcome_order(outcome: Outcome) -> tuple[bool, int, Decimal, str]:
    price = _LAST if outcome.comparable_price is None else outcome.comparable_price
    rank = _NOT_RANKED if outcome.rank is None else outcome.rank
    return (not outcome.status.is_selected, rank, price, outcome.bid)
