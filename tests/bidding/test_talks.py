"""The pilot's talks: seven pre-winners win outright, the others must grant the average cut."""

from decimal import Decimal
from fractions import Fraction

import pytest

from bidding.bid_sheet import Answer, QuestionKind
from bidding.errors import BadAnswerError
from bidding.evaluate import evaluate
from bidding.talks import cut_of
from pricing.money import UnitPrice
from rulebooks import load_rulebook
from tests.bidding.sheets import bid, contenders, field_of, lot, round_of

PILOT = "national-pilot-2018"


def pilot(cuts, answers=(), bidders=None):
    """One lot for each cut in percent, all with ceiling 100; a lot has two bidders or more."""
    lots = [lot("100", name=f"L{number}") for number in range(len(cuts))]
    entered = []
    for number, cut in enumerate(cuts):
        price = Decimal(100) - Decimal(str(cut))
        entered.append(bid("A", f"{price}", lot=f"L{number}"))
        rivals = (bidders or {}).get(number, 2) - 1
        entered += [bid(f"Z{rank}", "99.999", lot=f"L{number}") for rank in range(rivals)]
    report = evaluate(round_of(PILOT, entered, lots=lots), load_rulebook(PILOT), answers)
    return {one.lot: one for one in report.lots}


def told(report, lot_name, question="cut"):
    return [one for one in report[lot_name].pending if str(one.question) == question]


def said(lot_name, yes=True, price=None):
    named = None if price is None else Decimal(price)
    return Answer(lot_name, "A", QuestionKind.CUT, yes, named)


NINE = [90, 80, 70, 60, 50, 40, 30, 20, 10]
"""Cuts in percent: the first seven win outright."""


def test_the_seven_largest_cuts_win_outright():
    report = pilot(NINE)
    assert [len(told(report, f"L{number}")) for number in range(9)] == [0] * 7 + [1] * 2


def test_with_seven_lots_nobody_is_asked():
    report = pilot(NINE[:7])
    assert not [one for lot_report in report.values() for one in lot_report.pending]


def test_the_floor_is_the_mean_cut_of_the_lots_with_three_bidders_and_more():
    report = pilot(NINE, bidders={0: 3, 8: 4})
    # The mean of 90 and 10 per cent: a price of 50 at most.
    assert told(report, "L7")[0].price == 50
    assert told(report, "L8")[0].price == 50


def test_a_pre_winner_that_cut_more_than_the_floor_keeps_its_own_price():
    report = pilot([90, 89, 88, 87, 86, 85, 84, 83, 10], bidders={8: 3})
    assert told(report, "L7")[0].price == 17


def test_without_a_lot_of_three_bidders_there_is_no_floor():
    assert told(pilot(NINE), "L8")[0].price is None


def test_whoever_agrees_wins_at_the_price_of_the_talks():
    report = pilot(NINE, [said("L8")], bidders={0: 3, 8: 4})
    winner = report["L8"].outcomes[0]
    assert (winner.status.value, winner.offer_price) == ("selected", 50)
    assert told(report, "L8") == []


def test_whoever_refuses_leaves_the_lot_without_a_winner():
    report = pilot(NINE, [said("L8", False)], bidders={0: 3})
    assert [outcome.status.is_selected for outcome in report["L8"].outcomes] == [False, False]


def test_a_price_above_the_floor_is_refused():
    with pytest.raises(BadAnswerError, match="lot L8, bid A"):
        pilot(NINE, [said("L8", True, "50.01")], bidders={0: 3, 8: 4})


def test_equal_cuts_for_the_seventh_place_are_for_people_to_decide():
    report = pilot([90, 80, 70, 60, 50, 40, 20, 20, 10])
    assert [len(told(report, f"L{number}", "tie")) for number in (5, 6, 7, 8)] == [0, 1, 1, 0]
    assert told(report, "L6") == []
    assert len(told(report, "L8")) == 1


def test_a_preference_settles_the_seventh_place():
    preferred = Answer("L7", "A", QuestionKind.TIE, True)
    other = Answer("L6", "A", QuestionKind.TIE, False)
    report = pilot([90, 80, 70, 60, 50, 40, 20, 20], [preferred, other])
    assert told(report, "L7") == []
    assert len(told(report, "L6")) == 1


def test_a_lot_without_a_ceiling_has_no_cut_and_is_asked():
    report = evaluate(round_of(PILOT, [bid("A", "1")], lots=[lot()]), load_rulebook(PILOT))
    assert [str(one.question) for one in report.lots[0].pending] == ["cut"]


@pytest.mark.parametrize(
    ("price", "units", "cut"),
    [("75", 1, Fraction(1, 4)), ("100", 1, Fraction(0)), ("100", 7, Fraction(6, 7))],
)
def test_a_cut_is_exact(price, units, cut):
    field = field_of(PILOT, [bid("A", price, units=units)], lot("100"))
    contender = contenders(field)["A"]
    assert contender.declared == UnitPrice(Decimal(price), units)
    assert cut_of(contender) == cut


def test_other_rulebooks_hold_no_talks():
    report = evaluate(
        round_of("national-3", [bid("A", "1")], lots=[lot("100")]), load_rulebook("national-3")
    )
    assert report.pending == ()
