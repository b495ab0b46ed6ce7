"""The first places by rank: how many there are, who holds them, and what a tie leaves open."""

import pytest

from bidding.errors import BadAnswerError, UnknownRuleError
from rulebooks import load_rulebook
from rulebooks.vocabulary import ByNumber
from tests.bidding.settings import JOINTS
from tests.bidding.sheets import (
    answer,
    bid,
    bids,
    evaluated,
    outcomes,
    pending,
    statuses,
    winners,
)

TABLES = {
    "national-pilot-2018": [1] * 20,
    "national-pilot-expansion-2019": [1, 2, *[3] * 18],
    "national-2": [1, 2, 2, 3, 4, 4, 5, 5, *[6] * 12],
    "national-3": [1, 2, 2, 3, 4, 4, 5, 6, 7, *[8] * 11],
    "national-4": [1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 9, 9, *[10] * 8],
    "national-9": [1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 9, 9, *[10] * 8],
    "national-10": [1, 2, 2, 3, 3, 3, 4, 5, 6, 6, 7, 8, 8, 9, 9, *[10] * 5],
}
"""Places for 1, 2, … 20 bidders, as the sources print them."""


@pytest.mark.parametrize("rulebook", TABLES)
def test_the_places_are_those_of_the_published_table(rulebook):
    table = load_rulebook(rulebook).rules["places.by_bidders"].value
    assert isinstance(table, ByNumber)
    assert [table.at(bidders) for bidders in range(1, 21)] == TABLES[rulebook]


@pytest.mark.parametrize("bidders", range(1, 15))
def test_as_many_bids_win_as_there_are_places(bidders):
    entered = [bid(f"B{rank:02}", f"1.{rank:02}") for rank in range(bidders)]
    report = evaluated("national-10", entered)
    assert report.places == len(winners(report)) == TABLES["national-10"][bidders - 1]


def test_without_a_limit_everybody_within_the_ceiling_wins():
    options = {"volume.method": "regions"}
    report = evaluated("follow-on-inquiry-2026", bids(A="1", B="99", C="999"), options=options)
    assert (report.places, winners(report)) == (None, ["A", "B", "C"])


def test_a_group_without_a_table_is_refused_by_name():
    entered = [bid("A", "1", group="C")]
    with pytest.raises(UnknownRuleError, match=r"places\.by_group"):
        evaluated("joints-2021", entered, options=JOINTS)


def test_why_a_bid_is_beyond_the_places_cites_the_table_of_its_group():
    entered = [bid(name, price, group="B") for name, price in zip("ABC", "123", strict=True)]
    report = evaluated("joints-2021", entered, options=JOINTS | {"revival.others": "none"})
    assert outcomes(report)["C"].reason.clause == "places.by_group"


FOUR = bids(A="1", B="2", C="2", D="2")
"""Three places for four bidders: three are tied for the two that A leaves."""


def four(**said):
    """The statuses after these answers to the tie."""
    answers = [answer(name, "tie", yes) for name, yes in said.items()]
    return statuses(evaluated("national-10", FOUR, answers=answers))


def test_equal_bids_for_fewer_places_are_tied():
    assert four() == {"A": "selected", **dict.fromkeys("BCD", "tied")}


def test_equal_bids_that_all_fit_are_not_tied():
    report = evaluated("national-10", bids(A="1", B="1.2", C="1.2", D="1.3"))
    assert statuses(report) == {**dict.fromkeys("ABC", "selected"), "D": "rejected"}
    assert report.pending == ()


def test_as_many_preferences_as_open_places_settle_a_tie():
    assert four(B=True, D=True)["C"] == "rejected"
    assert {four(B=True, D=True)[name] for name in "BD"} == {"revival-offered"}


def test_one_preference_of_two_leaves_the_others_tied():
    found = four(C=True)
    assert (found["B"], found["D"]) == ("tied", "tied")
    assert found["C"] not in ("tied", "selected")


def test_one_refusal_gives_the_places_to_the_others():
    found = four(C=False)
    assert found["C"] == "rejected"
    assert {found[name] for name in "BD"} == {"revival-offered"}


def test_only_those_who_were_not_asked_yet_are_pending():
    report = evaluated(
        "national-4",
        bids(A="1", B="1.2", C="1.2", D="1.2", E="1.2", F="3"),
        answers=[answer("B", "tie", False)],
    )
    assert report.places == 4
    assert statuses(report)["B"] == "rejected"
    assert pending(report) == set()
    assert winners(report) == ["A", "C", "D", "E"]


def test_more_preferences_than_open_places_are_refused():
    with pytest.raises(BadAnswerError, match="3 tied bids are preferred for 2 places"):
        four(B=True, C=True, D=True)


def test_an_answer_about_a_tie_that_is_none_changes_nothing():
    plain = evaluated("national-10", bids(A="1", B="1.2", C="1.3"))
    said = evaluated(
        "national-10", bids(A="1", B="1.2", C="1.3"), answers=[answer("C", "tie", True)]
    )
    assert statuses(plain) == statuses(said)


def test_the_cap_of_one_maker_lets_the_next_one_in():
    entered = [bid(f"M{rank}", f"50{rank}", manufacturer="M") for rank in range(6)]
    entered += [bid("Z", "599")]
    report = evaluated("stents-2020", entered)
    assert winners(report) == ["M0", "M1", "M2", "M3", "Z"]


def test_firms_under_one_control_share_the_cap():
    entered = [bid(f"M{rank}", f"50{rank}", control_group="G") for rank in range(6)]
    assert len(winners(evaluated("stents-2020", entered))) == 4
