"""Valid bids are ranked by comparable price, then by the document's tie-breaks."""

from datetime import date
from decimal import Decimal

import pytest

from bidding.ranking import TIE_BREAKS, tied_with
from rulebooks import load_rulebook
from tests.bidding.sheets import bid, bids, field_of, lot


def ranked(entered, breaks=None):
    options = {} if breaks is None else {"ranking__tie_breaks": breaks}
    return field_of("national-4", entered, lot("9"), **options).ranked


def names(contenders):
    return [contender.name for contender in contenders]


def test_the_lowest_comparable_price_ranks_first():
    found = ranked(bids(A="3", B="1", C="2"))
    assert names(found) == ["B", "C", "A"]
    assert [one.rank for one in found] == [1, 2, 3]


def test_bids_that_are_not_valid_are_not_ranked():
    assert names(ranked(bids(A="3", B="10", C=None))) == ["A"]


def test_prices_that_round_to_one_comparable_price_are_equal():
    found = ranked(bids(B="1.00001", A="1.00004"))
    assert names(found) == ["A", "B"]
    assert names(tied_with(found, 0)) == ["A", "B"]


@pytest.mark.parametrize(
    ("breaks", "better", "worse"),
    [
        ("regions-covered", {"regions_covered": 5}, {"regions_covered": 4}),
        ("prior-supply", {"prior_supply": 1}, {"prior_supply": 0}),
        ("passed-on", {"passed_on": date(2018, 1, 1)}, {"passed_on": date(2018, 1, 2)}),
        ("quality-score", {"quality_score": Decimal("90.1")}, {"quality_score": Decimal(90)}),
        ("originator", {"is_originator": True}, {"is_originator": False}),
        ("prior-supply", {"prior_supply": 0}, {}),
        ("passed-on", {"passed_on": date(2025, 1, 1)}, {}),
    ],
)
def test_at_equal_price_the_tie_break_decides(breaks, better, worse):
    found = ranked([bid("A", "1", **worse), bid("B", "1", **better)], [breaks])
    assert names(found) == ["B", "A"]
    assert len(tied_with(found, 0)) == 1


def test_tie_breaks_decide_in_their_order():
    one = bid("A", "1", prior_supply=9, regions_covered=1)
    other = bid("B", "1", prior_supply=1, regions_covered=9)
    assert names(ranked([one, other], ["prior-supply", "regions-covered"])) == ["A", "B"]
    assert names(ranked([one, other], ["regions-covered", "prior-supply"])) == ["B", "A"]


def test_a_lower_price_stands_before_any_tie_break():
    found = ranked([bid("A", "1"), bid("B", "1.1", prior_supply=9)], ["prior-supply"])
    assert names(found) == ["A", "B"]


def test_unknown_tie_breaks_break_no_tie():
    found = ranked([bid("B", "1", prior_supply=9), bid("A", "1")])
    assert names(tied_with(found, 1)) == ["A", "B"]


def test_only_neighbours_of_one_key_are_tied():
    found = ranked(bids(A="1", B="2", C="2", D="2", E="3"))
    assert names(tied_with(found, 2)) == ["B", "C", "D"]
    assert names(tied_with(found, 0)) == ["A"]


def test_the_pilot_prefers_wider_coverage_then_larger_sales():
    rule = load_rulebook("national-pilot-2018").rules["ranking.tie_breaks"]
    assert rule.value == ("regions-covered", "prior-supply")
    assert set(TIE_BREAKS) == {*rule.value, "passed-on", "quality-score", "originator"}
