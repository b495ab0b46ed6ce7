"""Hints name a gap in what is known; they never change a decision."""

import pytest

from bidding.evaluate import evaluate
from bidding.replay_hints import hints_of
from bidding.rules import RoundRules
from rulebooks import load_rulebook
from tests.bidding.sheets import bid, bids, lot, outcomes, round_of, strengths


def hints(name, entered, rulebook="national-2", winners=1, **more):
    """The hints about one bid, in English, joined."""
    round_ = round_of(rulebook, entered, **more)
    book = load_rulebook(rulebook)
    report = evaluate(round_, book, volumes=False).lots[0]
    rules = RoundRules(book, round_.options)
    found = hints_of(report, outcomes(report)[name], winners, round_, rules)
    assert all(hint.zh and hint.en for hint in found)
    return "; ".join(hint.en for hint in found)


def test_where_nothing_explains_a_miss_the_hint_says_so():
    said = hints("A", bids(A="1", B="2"))
    assert said == "nothing in the facts at hand explains the difference"


def test_an_unknown_price_may_explain_it():
    assert "price of this bid is not known" in hints("B", bids(A="1", B=None))


def test_an_open_question_may_explain_it():
    assert "not on record" in hints("B", bids(A="1", B="1.2", C="1.2"))
    assert "not on record" in hints("B", bids(A="1", B="5"), "national-10")


def test_places_that_are_not_verified_may_explain_the_first_bid_beyond_them():
    entered = [bid(f"B{rank}", f"1.{rank}") for rank in range(9)]
    assert "7 places for 9 bidders are not verified" in hints("B7", entered, "national-3")
    assert "not verified" in hints("B6", entered, "national-3")
    assert "not verified" not in hints("B8", entered, "national-3")


def test_verified_places_explain_nothing():
    entered = [bid(f"B{rank}", f"1.{rank}") for rank in range(9)]
    assert "not verified" not in hints("B6", entered, "national-2")


def test_a_conversion_of_strengths_may_explain_it():
    sheet = lot(strengths=strengths(**{"10mg": "1", "20mg": "2"}))
    said = hints("A", [bid("A", "1", strength="20mg")], lots=[sheet])
    assert "was converted at ratio 2" in said


def test_a_label_that_contradicts_its_ratio_may_explain_it():
    sheet = lot(strengths=strengths(**{"10mg": "1", "20mg": "4"}))
    said = hints("A", [bid("A", "1", strength="20mg")], lots=[sheet])
    assert "20mg has 2 times the content of 10mg" in said


@pytest.mark.parametrize("other", ["正大天晴药业南京", "正大天晴"])
def test_a_firm_of_a_like_name_may_be_under_the_same_control(other):
    said = hints("正大天晴药业", [bid("正大天晴药业", "1"), bid(other, "2")])
    assert f"may belong with {other}" in said


def test_firms_of_other_names_are_not_taken_for_related():
    assert "control group" not in hints(
        "扬子江药业", [bid("扬子江药业", "1"), bid("石药集团", "2")]
    )


def test_a_lot_that_was_published_without_a_winner_explains_it():
    assert "published without any winner" in hints("A", bids(A="1"), winners=0)
