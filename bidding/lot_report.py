"""Close one lot: allocate to its winners, and read everything off into its report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bidding.allocation import Awarded, allocate
from bidding.bid_sheet import Choice, Lot, QuestionKind
from bidding.contender import Contender, Field
from bidding.need import Need
from bidding.report import LotReport, Outcome, Question, Status, Step
from bidding.rules import RoundRules
from pricing.money import UnitPrice

NeededPrice = Callable[[Contender, Field], UnitPrice | None]

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


def report_lot(
    open_lot: OpenLot,
    choices: Sequence[Choice],
    rules: RoundRules,
    needed: NeededPrice,
    *,
    volumes: bool,
) -> LotReport:
    """The report of one lot.

    Args:
        open_lot: The lot, with its winners.
        choices: Preferences for its regions.
        rules: The rules of the round.
        needed: Computes the needed price of a losing bid.
        volumes: Whether to compute agreed volumes.

    Raises:
        UnknownRuleError: A rule that the allocation needs is not known.
    """
    lot, need = open_lot.lot, open_lot.need
    contenders = [(bid, field) for field in open_lot.fields for bid in field.contenders]
    winners = sorted(
        (bid for bid, _ in contenders if bid.status is Status.SELECTED and not _is_member(bid)),
        key=_choice_order,
    )
    undecided = any(bid.status is Status.TIED for bid, _ in contenders)
    awarded = (
        Awarded() if undecided else allocate(lot, winners, need, choices, rules, volumes=volumes)
    )
    outcomes = sorted(
        (_outcome(bid, field, awarded, needed) for bid, field in contenders), key=_outcome_order
    )
    questions = [*open_lot.questions, *_order_questions(lot, winners, awarded)]
    unnamed = awarded.undecided if choices else ()
    questions += [Question(lot.lot, bid, "region", "bidder") for bid in unnamed]
    places = [field.places for field in open_lot.fields if field.places is not None]
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
        outcomes=tuple(outcomes),
        allocations=tuple(awarded.allocations),
        pending=tuple(questions),
        steps=tuple(_steps(open_lot, awarded)),
    )


def _is_member(contender: Contender) -> bool:
    """Whether another member of a joint bid stands for this one, and holds its volume."""
    return contender.united_with is not None


def _choice_order(contender: Contender) -> tuple[Decimal, int, str]:
    """The cheapest winner chooses first; at equal prices the better rank."""
    price = contender.known
    if contender.offer is not None:
        price = contender.scale.comparable(contender.offer.pack_price)
    return (price, contender.rank or _NOT_RANKED, contender.name)


def _order_questions(lot: Lot, winners: Sequence[Contender], awarded: Awarded) -> list[Question]:
    """Winners that nothing separates, where the order decides who chooses regions first."""
    if not awarded.regions:
        return []
    tied: list[str] = []
    for first, second in pairwise(winners):
        if first.rank_key == second.rank_key and first.offer is None:
            tied += [name for name in (first.name, second.name) if name not in tied]
    return [Question(lot.lot, name, QuestionKind.TIE, "bureau") for name in tied]


def _outcome(contender: Contender, field: Field, awarded: Awarded, needed: NeededPrice) -> Outcome:
    name, declared = contender.name, contender.declared
    price = None
    if not contender.status.is_selected:
        price = needed(contender, field)
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


def _steps(open_lot: OpenLot, awarded: Awarded) -> list[Step]:
    steps = [step for field in open_lot.fields for step in field.steps]
    return [*steps, *awarded.steps]
