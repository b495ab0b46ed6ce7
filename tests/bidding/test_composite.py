"""Composite scores: the technical envelope first, then cut, supply and quality by weight."""

from decimal import Decimal

import pytest

from bidding.errors import MissingFactError, UnknownRuleError
from tests.bidding.sheets import bid, evaluated, lot, outcomes, statuses

OPTIONS: dict[str, object] = {
    "bidders.unit": "firm",
    "composite.weights": {"cut": "0.5", "supply": "0.3", "quality": "0.2"},
    "composite.technical_places": {"1": 1, "2": 2, "3+": 3},
    "places.by_bidders": {"1": 1, "2+": 2},
    "talks.places": 1,
}
SHEET = lot("10", daily_dose=Decimal(1))


def scored(name, price, quality, regions):
    return bid(name, price, quality_score=Decimal(quality), regions_covered=regions)


def tcm(entered, sheet=SHEET, **options):
    return evaluated("tcm-alliance-2023", entered, lots=[sheet], options=OPTIONS | options)


def scores(report):
    return {step.bid: step.numbers["score"] for step in report.steps if step.code == "scored"}


def test_a_score_adds_cut_supply_and_quality_by_their_weights():
    report = tcm([scored("A", "4", 80, 20), scored("B", "8", 90, 10)])
    assert scores(report) == {
        "A": Decimal("0.5") * 60 + Decimal("0.3") * 100 + Decimal("0.2") * 80,
        "B": Decimal("0.5") * 20 + Decimal("0.3") * 50 + Decimal("0.2") * 90,
    }


def test_the_best_score_ranks_first_even_if_it_is_not_the_cheapest():
    report = tcm([scored("A", "4", 0, 1), scored("B", "5", 100, 20)])
    assert [outcomes(report)[name].rank for name in "AB"] == [2, 1]


def test_bids_beyond_the_technical_places_are_out_whatever_their_price():
    entered = [scored("A", "1", 60, 20), *(scored(name, "9", 90, 20) for name in "BCD")]
    report = tcm(entered)
    assert outcomes(report)["A"].status == "rejected"
    assert outcomes(report)["A"].reason.clause == "composite.technical_places"
    assert outcomes(report)["A"].rank is None
    assert outcomes(report)["A"].needed_price is None


def test_bids_of_equal_quality_at_the_last_technical_place_stay_in():
    entered = [scored(name, "9", 90, 20) for name in "ABCD"]
    assert all(outcome.rank for outcome in tcm(entered).outcomes)


def test_bids_next_in_rank_are_invited_to_talks():
    entered = [scored(name, price, 90, 20) for name, price in zip("ABC", "456", strict=True)]
    report = tcm(entered)
    assert statuses(report) == {"A": "selected", "B": "selected", "C": "revival-offered"}
    assert [(question.bid, question.question) for question in report.pending] == [("C", "cut")]


@pytest.mark.parametrize(
    ("entered", "fact"),
    [
        (bid("A", "4", regions_covered=3), "quality_score"),
        (bid("A", "4", quality_score=Decimal(80)), "regions_covered"),
    ],
)
def test_a_part_that_has_a_weight_must_be_given(entered, fact):
    with pytest.raises(MissingFactError, match=f"lot L1, bid A: {fact} is not given"):
        tcm([entered])


def test_a_cut_needs_a_ceiling():
    with pytest.raises(MissingFactError, match="price_ceiling"):
        tcm([scored("A", "4", 80, 20)], lot(daily_dose=Decimal(1)))


def test_unknown_weights_are_refused_by_name():
    options = {key: value for key, value in OPTIONS.items() if key != "composite.weights"}
    with pytest.raises(UnknownRuleError, match=r"composite\.weights is unknown"):
        evaluated("tcm-alliance-2023", [scored("A", "4", 80, 20)], lots=[SHEET], options=options)


def test_the_needed_price_makes_the_score_good_enough():
    entered = [scored("A", "4", 90, 20), scored("B", "5", 90, 20), scored("C", "6", 80, 20)]
    needed = outcomes(tcm(entered))["C"].needed_price
    assert needed is not None
    for price, selected in ((needed, True), (needed + Decimal("0.000001"), False)):
        report = tcm([*entered[:2], scored("C", f"{price:f}", 80, 20)], **{"talks.places": "none"})
        assert outcomes(report)["C"].status.is_selected is selected
