"""One competition from its bids to its winners: the stages of an evaluation in their order."""

from collections.abc import Iterable
from decimal import Decimal

from bidding.answers import Answers
from bidding.bid_sheet import Bid, Lot, QuestionKind
from bidding.composite import score
from bidding.conditions import CLASS_LINES, conditions_of
from bidding.contender import Contender, Field
from bidding.cut_off_lines import CutOffLines, draw_lines
from bidding.eligibility import UNIT, enter
from bidding.need import Need
from bidding.ranking import rank
from bidding.report import Question, Status
from bidding.revival import revive
from bidding.rules import RoundRules
from bidding.selection import placeless, record_lines, select, select_without_volume
from bidding.shortlist import set_places, shortlist

WITHDRAWAL = "answers.withdraw"
"""What decided a withdrawn bid: no rule, but the answer on record."""


def compete(lot: Lot, bids: Iterable[Bid], group: str | None, rules: RoundRules) -> Field:
    """Enter and rank the bids of one competition.

    Args:
        lot: The lot.
        bids: The bids that compete.
        group: Name of their group; None where the lot is one competition.
        rules: The rules of the round.

    Raises:
        UnknownRuleError: A rule that the competition needs is not known.
        MissingFactError: A rule needs a fact that the bid sheet does not give.
    """
    field = Field(lot, conditions_of(lot, rules), [], group=group)
    enter(field, bids, rules)
    score(field, rules)
    rank(field, rules)
    set_places(field, rules)
    return field


def decide(field: Field, rules: RoundRules, answers: Answers, need: Need) -> list[Question]:
    """Decide a ranked field: shortlist, conditions, ties, revival, withdrawals, classes.

    While a tie is open nobody is offered revival: the price to come down to is not settled.

    Returns:
        The questions that are still open.
    """
    if not field.ranked:
        field.record("no-valid-bid", rules.cite(UNIT), None)
        return []
    lot = field.lot.lot
    lines = first_pass(field, rules, answers)
    questions = [
        Question(lot, contender.name, QuestionKind.TIE, "bureau")
        for contender in field.ranked
        if contender.status is Status.TIED
    ]
    if lines is not None and not questions:
        questions = revive(field, rules, lines, answers, need)
    _join(field, rules)
    _withdraw(field, answers)
    _grade(field, rules, answers)
    return questions


def first_pass(field: Field, rules: RoundRules, answers: Answers) -> CutOffLines | None:
    """Shortlist and select, before anybody is asked anything.

    Returns:
        The cut-off lines, drawn once from the first shortlist; None where nobody was shortlisted.
    """
    before = len(field.steps)
    shortlist(field, rules, answers)
    prices = _place_prices(field)
    if not prices:
        return None
    lines = draw_lines(field.conditions, prices, [bid.known for bid in field.ranked])
    below = placeless(field, lines)
    if below:
        # The places go round again without them: what the first shortlist said no longer holds.
        del field.steps[before:]
        shortlist(field, rules, answers, placeless=frozenset(bid.name for bid in below))
    record_lines(field, rules, lines)
    select_without_volume(field, rules, lines, below)
    select(field, rules, lines)
    return lines


def _place_prices(field: Field) -> list[Decimal]:
    """Comparable prices of the places, lowest first; bids tied for a place share one price."""
    prices = [contender.known for contender in field.shortlist]
    tied = [contender.known for contender in field.ranked if contender.status is Status.TIED]
    if tied and field.places is not None:
        prices += [tied[0]] * (field.places - len(prices))
    return sorted(prices)


def _withdraw(field: Field, answers: Answers) -> None:
    lot = field.lot.lot
    for contender in field.contenders:
        # A joint bid withdraws with the member that stands for it.
        standing = contender.stands_instead if contender.bid.joint_bid is not None else None
        if answers.withdrawn(lot, (standing or contender).name) or answers.withdrawn(
            lot, contender.name
        ):
            contender.withdrawn = True
            step = field.record("withdrawn", WITHDRAWAL, contender.name)
            contender.decide(Status.REJECTED, step)


def _join(field: Field, rules: RoundRules) -> None:
    """Members of a joint bid win, lose and withdraw with the bid that stands for them."""
    for contender in field.contenders:
        standing, joint = contender.stands_instead, contender.bid.joint_bid
        if standing is None or joint is None or not standing.status.is_selected:
            continue
        clause = rules.cite(UNIT)
        step = field.record(
            "joint-selected", clause, contender.name, group=joint, standing=standing.name
        )
        contender.decide(standing.status, step)
        contender.chooses_regions = False


def _grade(field: Field, rules: RoundRules, answers: Answers) -> None:
    """Class A is under the A line (the cheapest is A1), class B won at first, class C revived."""
    if not rules.knows(CLASS_LINES):
        return
    winners = [bid for bid in field.ranked if bid.status is Status.SELECTED]
    winners.sort(key=lambda bid: (bid.known, answers.order_in_tie(field.lot.lot, bid.name)))
    for position, winner in enumerate(winners):
        winner.grade = _class_of(winner, field.conditions.class_a, first=position == 0)
        clause = rules.cite(CLASS_LINES)
        field.record("class", clause, winner.name, grade=winner.grade, price=winner.known)


def _class_of(winner: Contender, line: Decimal | None, *, first: bool) -> str:
    if winner.offer is not None:
        return "C"
    if line is None or winner.known > line:
        return "B"
    return "A1" if first else "A"
