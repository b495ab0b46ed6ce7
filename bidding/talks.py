"""Talks of the 4+7 pilot: pre-winners of all lots ranked by cut, the first win outright.

The others must grant a cut, of which the average cut of the lots with enough bidders is the
floor. A pre-winner that refuses leaves its lot without a winner.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from bidding.answers import Answers, accepted_price
from bidding.bid_sheet import QuestionKind
from bidding.contender import Contender, Field
from bidding.report import Number, Question, Status
from bidding.rules import RoundRules
from pricing.money import SIGNIFICANT_DIGITS, UnitPrice

KEY = "talks.after_direct"


def talk(fields: Sequence[Field], rules: RoundRules, answers: Answers) -> list[Question]:
    """Rank the pre-winners of a round by cut and hold the talks.

    Args:
        fields: All competitions of the round, decided.
        rules: The rules of the round.
        answers: Who granted which cut, who refused.

    Returns:
        The questions that are still open; those pre-winners stay selected meanwhile.
    """
    terms = rules.table(KEY)
    if terms is None:
        return []
    winners = [(field, bid) for field in fields for bid in field.ranked if bid.status.is_selected]
    floor_bidders = cast("int", terms["floor_bidders"])
    counted = [cut_of(bid) for field, bid in winners if field.bidders >= floor_bidders]
    known = [cut for cut in counted if cut is not None]
    floor = sum(known, Fraction(0)) / len(known) if known else None
    ordered = sorted(winners, key=lambda pair: _order(pair[0], pair[1], answers))
    direct = cast("int", terms["direct"])
    questions = _tied(ordered, direct, answers)
    waiting = {(question.lot, question.bid) for question in questions}
    for position, (field, contender) in enumerate(ordered, start=1):
        if (field.lot.lot, contender.name) in waiting:
            continue
        cut = cut_of(contender)
        if position <= direct and cut is not None:
            clause, name = rules.cite(KEY), contender.name
            field.record("direct", clause, name, position=position, direct=direct, cut=_shown(cut))
        else:
            questions += _ask(field, contender, floor, rules, answers)
    return sorted(questions, key=lambda question: (question.lot, question.bid))


def _order(
    field: Field, contender: Contender, answers: Answers
) -> tuple[Fraction, tuple[int, str], str]:
    """The largest cut first; among equal cuts those that people preferred, then by lot."""
    cut = cut_of(contender)
    preferred = answers.order_in_tie(field.lot.lot, contender.name)
    return (Fraction(1) if cut is None else -cut, preferred, field.lot.lot)


def _tied(
    ordered: Sequence[tuple[Field, Contender]], direct: int, answers: Answers
) -> list[Question]:
    """Pre-winners whose equal cuts straddle the last place that wins outright."""
    if len(ordered) <= direct:
        return []
    last = cut_of(ordered[direct - 1][1])
    if last is None or cut_of(ordered[direct][1]) != last:
        return []
    return [
        Question(field.lot.lot, contender.name, QuestionKind.TIE, "bureau")
        for field, contender in ordered
        if cut_of(contender) == last
        and answers.yes(field.lot.lot, contender.name, QuestionKind.TIE) is None
    ]


def cut_of(contender: Contender) -> Fraction | None:
    """The exact cut of a bid from its ceiling, from 0 to 1; None where there is no ceiling."""
    declared, ceiling = contender.declared, contender.ceiling
    if declared is None or ceiling is None:
        return None
    return 1 - declared.exact / Fraction(ceiling)


def _shown(cut: Fraction) -> Decimal:
    return SIGNIFICANT_DIGITS.divide(Decimal(cut.numerator), Decimal(cut.denominator))


def _ask(
    field: Field,
    contender: Contender,
    floor: Fraction | None,
    rules: RoundRules,
    answers: Answers,
) -> list[Question]:
    """Ask a pre-winner for the floor of the cut, or carry out its answer."""
    lot, name, clause = field.lot.lot, contender.name, rules.cite(KEY)
    offer = _required(contender, floor)
    contender.offer = offer
    numbers: dict[str, Number] = {
        "floor": "?" if floor is None else _shown(floor),
        "offer": offer.shown if offer else "?",
    }
    given = answers.given(lot, name, QuestionKind.CUT)
    if given is None:
        field.record("talks-open", clause, name, **numbers)
        return [Question(lot, name, QuestionKind.CUT, "bidder", offer.shown if offer else None)]
    if not given.answer:
        contender.decide(Status.REJECTED, field.record("talks-refused", clause, name, **numbers))
        return []
    if offer is not None:
        contender.offer = accepted_price(lot, contender, given, offer)
    named = given.price if contender.offer is None else contender.offer.shown
    numbers["price"] = "?" if named is None else named
    contender.decide(Status.SELECTED, field.record("talks-agreed", clause, name, **numbers))
    return []


def _required(contender: Contender, floor: Fraction | None) -> UnitPrice | None:
    """The highest price that grants the floor of the cut; never above the declared one."""
    declared, ceiling = contender.declared, contender.ceiling
    if declared is None or ceiling is None or floor is None:
        return None
    limit = Fraction(ceiling) * (1 - floor) * declared.pack_units
    price = int(limit / Fraction(declared.step)) * declared.step
    return declared.with_pack_price(min(price, declared.pack_price))
