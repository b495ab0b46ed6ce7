"""Answers are found by lot, bid and question, and a named price is at most the offer."""

from decimal import Decimal

import pytest

from bidding.answers import Answers, accepted_price
from bidding.bid_sheet import QuestionKind
from bidding.errors import BadAnswerError
from pricing.money import UnitPrice
from tests.bidding.sheets import LOT, answer, bid, contenders, field_of

OFFER = UnitPrice(Decimal("10.50"), 7)


def contender():
    return contenders(field_of("national-3", [bid("A", "2")]))["A"]


def test_an_answer_is_found_by_lot_bid_and_question():
    answers = Answers([answer("A", "revive", False)])
    assert answers.yes(LOT, "A", QuestionKind.REVIVE) is False
    assert answers.yes(LOT, "A", QuestionKind.TIE) is None
    assert answers.yes(LOT, "B", QuestionKind.REVIVE) is None
    assert answers.yes("L2", "A", QuestionKind.REVIVE) is None


@pytest.mark.parametrize(("yes", "withdrawn"), [(True, True), (False, False)])
def test_only_a_yes_withdraws_a_bid(yes, withdrawn):
    assert Answers([answer("A", "withdraw", yes)]).withdrawn(LOT, "A") is withdrawn


def test_in_a_tie_the_preferred_come_first_then_the_unanswered_then_the_others():
    answers = Answers([answer("A", "tie", False), answer("C", "tie", True)])
    assert sorted("ABC", key=lambda name: answers.order_in_tie(LOT, name)) == ["C", "B", "A"]


def test_without_a_named_price_the_offer_is_accepted():
    assert accepted_price(LOT, contender(), answer("A", "revive"), OFFER) == OFFER


def test_a_lower_price_may_be_named_by_unit():
    accepted = accepted_price(LOT, contender(), answer("A", "revive", True, "1.4"), OFFER)
    assert accepted == UnitPrice(Decimal("9.8"), 7)


def test_the_offer_itself_may_be_named():
    accepted = accepted_price(LOT, contender(), answer("A", "revive", True, "1.5"), OFFER)
    assert accepted.exact == OFFER.exact


def test_a_price_above_the_offer_is_refused():
    with pytest.raises(BadAnswerError, match=r"lot L1, bid A: price 1\.500001 is above 1\.5"):
        accepted_price(LOT, contender(), answer("A", "revive", True, "1.500001"), OFFER)
