"""One competition from its bids to its winners: the stages of an evaluation in their order."""

from collections.abc import Iterable
from decimal import Decimal

from bidding.answers import Answers
from bidding.bid_sheet import Bid, Lot, QuestionKind
from bidding.composite import score
from bidding.contender import Contender, Field
from bidding.cut_off_lines import lines_of
from bidding.eligibility import enter
from bidding.need import Need
from bidding.ranking import rank
from bidding.report import Question, Status
from bidding.revival import revive
from bidding.rules import RoundRules
from bidding.selection import class_line, select, without_volume
from bidding.shortlist import set_places, shortlist


def compete(lot: Lot, bids: Iterable[Bid], group: str | None, rules: RoundRules) -> Field:
    """Enter and rank the bids of one competition.

    Raises:
        UnknownRuleError: A rule that the competition needs is not known.
        MissingFactError: A rule needs a fact that the bid sheet does not give.
    """
    field = Field(lot, [], group=group)
    enter(field, bids, rules)
    score(field, rules)
    rank(field, rules)
    set_places(field, rules)
    return field


def decide(field: Field, rules: RoundRules, answers: Answers, need: Need) -> list[Question]:
    """Decide a ranked field: shortlist, conditions, ties, revival, withdrawals, classes.

    Returns:
        The questions that are still open.
    """
    if not field.ranked:
        field.record("no-valid-bid", rules.cite("places.by_bidders"), None)
        return []
    decide_first_pass(field, rules, answers)
    lot = field.lot.lot
    questions = [
        Question(lot, contender.name, QuestionKind.TIE, "bureau")
        for contender in field.ranked
        if contender.status is Status.TIED
    ]
    prices = place_prices(field)
    if prices:
        questions += revive(field, rules, lines_of(field, rules, prices), answers, need)
    _withdraw(field, rules, answers)
    _join(field, rules)
    _grade(field, rules)
    return questions


def decide_first_pass(field: Field, rules: RoundRules, answers: Answers) -> None:
    """Shortlist and select, before anybody is asked anything."""
    shortlist(field, rules, answers)
    prices = place_prices(field)
    if not prices:
        return
    lines = lines_of(field, rules, prices)
    placeless = without_volume(field, rules, lines)
    if placeless:
        shortlist(field, rules, answers, placeless=placeless)
    select(field, rules, lines)


def place_prices(field: Field) -> list[Decimal]:
    """Comparable prices of the places, lowest first; tied bids share one price."""
    prices = [contender.known for contender in field.shortlist]
    tied = [contender.known for contender in field.ranked if contender.status is Status.TIED]
    if tied and field.places is not None:
        prices += [tied[0]] * (field.places - len(prices))
    return sorted(prices)


def _withdraw(field: Field, rules: RoundRules, answers: Answers) -> None:
    for contender in field.contenders:
        if answers.withdrawn(field.lot.lot, contender.name):
            clause = rules.cite("places.by_bidders")
            step = field.record("withdrawn", clause, contender.name)
            contender.decide(Status.REJECTED, step)


def _join(field: Field, rules: RoundRules) -> None:
    """Members of a joint bid win (or lose) with the bid that stands for them."""
    by_name = {contender.name: contender for contender in field.contenders}
    for contender in field.contenders:
        if contender.united_with is None or contender.bid.joint_bid is None:
            continue
        standing = by_name[contender.united_with]
        if standing.status.is_selected:
            clause, group = rules.cite("bidders.unit"), contender.bid.joint_bid
            step = field.record(
                "joint-selected", clause, contender.name, group=group, standing=standing.name
            )
            contender.decide(standing.status, step)
            contender.chooses_regions = False


def _grade(field: Field, rules: RoundRules) -> None:
    """Class A is under the A line (the cheapest is A1), class B won at first, class C revived."""
    if not rules.knows("classes.lines"):
        return
    line = class_line(field, rules, "a")
    winners = sorted(
        (bid for bid in field.ranked if bid.status is Status.SELECTED),
        key=lambda bid: (bid.known, bid.name),
    )
    for position, winner in enumerate(winners):
        grade = _class_of(winner, line, first=position == 0)
        winner.grade = grade
        clause = rules.cite("classes.lines")
        field.record("class", clause, winner.name, grade=grade, price=winner.known)


def _class_of(winner: Contender, line: Decimal | None, *, first: bool) -> str:
    if winner.offer is not None:
        return "C"
    if line is None or winner.known > line:
        return "B"
    return "A1" if first else "A"
