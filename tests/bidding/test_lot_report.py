"""A lot is closed: winners in their order, outcomes, questions and steps."""

from decimal import Decimal

from tests.bidding.settings import INSULIN, IOL
from tests.bidding.sheets import (
    answer,
    bid,
    bids,
    evaluated,
    lot,
    outcomes,
    pending,
    volume,
    wishes,
)

THREE_REGIONS = [volume(region, 10) for region in ("京", "沪", "粤")]


def test_winners_come_first_by_rank_and_the_others_after_them():
    report = evaluated("national-3", bids(D="1", C="1.1", B="1.2", A="9"), lots=[lot("5")])
    assert [outcome.bid for outcome in report.outcomes] == ["D", "C", "B", "A"]


def test_a_lot_counts_its_bidders_places_and_volumes():
    report = evaluated("national-3", bids(A="1", B="2"), volumes=THREE_REGIONS)
    assert (report.bidders, report.places, report.base_volume) == (2, 2, 30)


def test_while_a_tie_is_open_nothing_is_allocated():
    report = evaluated("national-3", bids(A="1", B="1", C="1"), volumes=THREE_REGIONS)
    assert (report.share, report.agreed_volume, report.allocations) == (None, None, ())


def test_equal_winners_ask_who_chooses_first():
    report = evaluated("national-3", bids(A="1", B="1"), volumes=THREE_REGIONS)
    assert pending(report) == {("A", "tie"), ("B", "tie")}


def test_the_preferred_of_equal_winners_chooses_first():
    answers = [answer("B", "tie", True), answer("A", "tie", False)]
    report = evaluated("national-3", bids(A="1", B="1"), volumes=THREE_REGIONS, answers=answers)
    assert report.pending == ()
    assert (outcomes(report)["B"].regions, outcomes(report)["A"].regions) == (2, 1)


def test_equal_winners_ask_nothing_where_there_is_nothing_to_choose():
    assert evaluated("national-3", bids(A="1", B="1")).pending == ()


def test_equal_winners_of_a_steep_split_ask_who_comes_first():
    report = evaluated("iol-alliance-2020", bids(A="9", B="9"), volumes=THREE_REGIONS, options=IOL)
    assert pending(report) == {("A", "tie"), ("B", "tie")}


def test_equal_winners_ask_nothing_where_each_keeps_its_own():
    need = [volume("京", 10, "A"), volume("京", 10, "B")]
    assert evaluated("stents-2020", bids(A="500", B="500"), volumes=need).pending == ()


def test_of_insulin_only_the_place_of_the_cheapest_is_worth_a_question():
    options = INSULIN | {"classes.lines": {"L1": {"a": "700", "b": "900"}}}
    need = [volume("京", 10, "A")]
    first = evaluated("insulin-renewal-2024", bids(A="600", B="600"), volumes=need, options=options)
    later = evaluated(
        "insulin-renewal-2024", bids(A="600", B="650", C="650"), volumes=need, options=options
    )
    assert pending(first) == {("A", "tie"), ("B", "tie")}
    assert later.pending == ()


def test_a_revived_bid_chooses_after_the_winner_whose_price_it_took():
    entered = bids(X="1", Y="1.2", A="3", D="9", E="9")
    four_regions = [*THREE_REGIONS, volume("川", 10)]
    report = evaluated(
        "national-10", entered, volumes=four_regions, answers=[answer("A", "revive", True, "1.2")]
    )
    assert [step.numbers["numbers"] for step in report.steps if step.code == "regions"] == [
        "X 2, Y 1, A 1"
    ]
    assert report.pending == ()


def test_a_winner_whose_wishes_run_out_is_asked_for_its_regions():
    choices = wishes("A", "京")
    report = evaluated("national-3", bids(A="1", B="1.1"), volumes=THREE_REGIONS, choices=choices)
    assert pending(report) == {("A", "region"), ("B", "region")}
    assert outcomes(report)["A"].region_names is None
    assert outcomes(report)["A"].agreed_volume is None


def test_without_any_wishes_only_the_numbers_of_regions_are_known():
    report = evaluated("national-3", bids(A="1", B="1.1"), volumes=THREE_REGIONS)
    assert (outcomes(report)["A"].regions, outcomes(report)["A"].region_names) == (2, None)
    assert report.pending == ()
    assert report.agreed_volume == 18
    assert {allocation.bid for allocation in report.allocations} == {None}


def test_a_single_winner_needs_no_wishes():
    report = evaluated("national-3", bids(A="1"), volumes=THREE_REGIONS)
    assert set(outcomes(report)["A"].region_names or ()) == {"京", "沪", "粤"}
    assert outcomes(report)["A"].agreed_volume == 15


def test_the_needed_price_of_a_pack_is_given_by_pack_and_by_unit():
    entered = [bid("A", "1"), bid("B", "1.1"), bid("C", "84.00", units=7)]
    outcome = outcomes(evaluated("national-3", entered))["C"]
    assert outcome.needed_pack_price == Decimal("7.69")
    assert outcome.needed_price == Decimal("1.098571428571428571428571429")


def test_selected_bids_need_no_price():
    report = evaluated("national-3", bids(A="1"))
    assert outcomes(report)["A"].needed_price is None
