"""One competition goes through its stages in order, and says what is still open."""

import pytest

from bidding.competition import compete
from bidding.errors import UnknownRuleError
from tests.bidding.settings import INSULIN, OPTIONS_12
from tests.bidding.sheets import (
    answer,
    bid,
    bids,
    evaluated,
    field_of,
    lot,
    outcomes,
    pending,
    rules_of,
    statuses,
    volume,
    winners,
)

TIED = bids(A="1", B="5", C="5")


def test_a_field_is_ranked_with_its_places_before_anything_is_decided():
    field = field_of("national-3", bids(B="2", A="3", C="1", D="4"))
    assert [contender.name for contender in field.ranked] == ["C", "B", "A", "D"]
    assert (field.bidders, field.places) == (4, 3)


def test_an_unknown_table_of_places_is_refused_by_name():
    with pytest.raises(UnknownRuleError, match=r"national-5: places\.by_bidders is unknown"):
        compete(lot(), bids(A="1"), None, rules_of("national-5"))


def test_a_lot_without_a_valid_bid_has_no_winner_and_no_question():
    report = evaluated("national-3", bids(A="2", B="3"), lots=[lot("1")])
    assert (winners(report), report.pending) == ([], ())
    assert report.bidders == 2


def test_a_lot_without_any_bid_has_no_winner():
    report = evaluated("national-3", [])
    assert (report.bidders, report.places, report.outcomes) == (0, 0, ())


def test_tied_bids_that_might_be_revived_wait_for_the_tie():
    report = evaluated("national-10", TIED)
    assert statuses(report) == {"A": "selected", "B": "tied", "C": "tied"}
    assert pending(report) == {("B", "tie"), ("C", "tie")}


def test_the_one_that_takes_the_place_is_then_offered_revival():
    report = evaluated("national-10", TIED, answers=[answer("B", "tie")])
    assert statuses(report) == {"A": "selected", "B": "revival-offered", "C": "rejected"}
    assert pending(report) == {("B", "revive")}


def test_tied_bids_that_fail_every_condition_need_no_answer_where_nobody_is_revived():
    report = evaluated("national-4", TIED)
    assert statuses(report) == {"A": "selected", "B": "rejected", "C": "rejected"}
    assert report.pending == ()


def test_while_a_tie_is_open_nobody_is_offered_revival():
    entered = bids(A="1", B="1.2", C="1.5", D="1.5", E="1.6", F="1.7")
    report = evaluated("national-11", entered, volumes=[volume("京", 10, "E")])
    assert statuses(report)["E"] == "rejected"
    assert {question for _, question in pending(report)} == {"tie"}
    settled = evaluated(
        "national-11", entered, volumes=[volume("京", 10, "E")], answers=[answer("C", "tie")]
    )
    assert outcomes(settled)["E"].offer_price is not None
    assert statuses(settled)["E"] == "revival-offered"


def test_the_anchor_of_revival_is_the_one_on_record_after_a_bid_without_volume():
    """1 is without volume and takes no place; the anchor stays that of the first shortlist."""
    entered = bids(A="1", B="10", **dict.fromkeys("CDEFGH", "20"))
    report = evaluated("national-12", entered, options=OPTIONS_12)
    anchor = next(step.numbers["anchor"] for step in report.steps if step.code == "anchor")
    offer = outcomes(report)["C"].offer_price
    assert offer is not None
    assert str(anchor).startswith("8.879")
    assert offer < 16


def test_bids_without_volume_leave_their_places_to_others_without_a_tie():
    entered = bids(A="1", **dict.fromkeys("BCDEFGH", "10"))
    report = evaluated("national-12", entered, options=OPTIONS_12)
    assert statuses(report)["A"] == "selected-without-volume"
    assert [one for one in winners(report) if one != "A"] == list("BCDEFGH")
    assert report.pending == ()


def test_a_bid_that_withdraws_is_not_selected_and_needs_no_price():
    report = evaluated("national-3", bids(A="1", B="2"), answers=[answer("A", "withdraw")])
    assert outcomes(report)["A"].status == "rejected"
    assert outcomes(report)["A"].needed_price is None
    assert outcomes(report)["A"].reason.code == "withdrawn"


def test_a_withdrawn_bid_loses_its_tie():
    answers = [answer("B", "withdraw")]
    report = evaluated("national-4", bids(A="1", B="1.1", C="1.1"), answers=answers)
    assert statuses(report) == {"A": "selected", "B": "rejected", "C": "selected"}


def test_a_joint_bid_withdraws_with_the_member_that_stands_for_it():
    entered = [bid("A", "1", joint_bid="联"), bid("B", "1.1", joint_bid="联"), bid("C", "2")]
    report = evaluated("national-10", entered, answers=[answer("A", "withdraw")])
    assert winners(report) == []


def test_a_member_of_a_joint_bid_may_withdraw_alone():
    entered = [bid("A", "1", joint_bid="联"), bid("B", "1.1", joint_bid="联")]
    report = evaluated("national-10", entered, answers=[answer("B", "withdraw")])
    assert statuses(report) == {"A": "selected", "B": "rejected"}


def test_the_cheapest_of_class_a_is_a1_and_the_revived_are_class_c():
    entered = bids(D="600", E="700", F="750", G="790", H="1200")
    options = INSULIN | {"classes.lines": {"L1": {"a": "700", "b": "800"}}}
    report = evaluated(
        "insulin-renewal-2024", entered, options=options, answers=[answer("H", "revive")]
    )
    grades = {step.bid: step.numbers["grade"] for step in report.steps if step.code == "class"}
    assert grades == {"D": "A1", "E": "A", "F": "B", "G": "B", "H": "C"}


def test_no_class_is_a1_where_the_cheapest_is_above_the_line_of_class_a():
    options = INSULIN | {"classes.lines": {"L1": {"a": "500", "b": "800"}}}
    report = evaluated("insulin-renewal-2024", bids(D="600"), options=options)
    assert [step.numbers["grade"] for step in report.steps if step.code == "class"] == ["B"]


def test_bids_tied_for_two_places_count_twice_in_the_mean():
    """Four places: 0.1, 0.35 and twice 0.6 have the mean 0.4125, and 0.9 of it is 0.37125."""
    entered = bids(A="0.1", B="0.35", **dict.fromkeys("CDEFG", "0.6"))
    report = evaluated("national-11", entered)
    assert report.places == 4
    assert statuses(report) == {
        **dict.fromkeys("AB", "selected"),
        **dict.fromkeys("CDEFG", "tied"),
    }
