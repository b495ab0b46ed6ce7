"""Revival: who may come down after the opening, to which price, and what it brings."""

from decimal import Decimal

import pytest

from bidding.errors import BadAnswerError
from tests.bidding.settings import OPTIONS_12
from tests.bidding.sheets import (
    answer,
    bid,
    bids,
    evaluated,
    lot,
    outcomes,
    pending,
    statuses,
    volume,
    winners,
)

FIVE = bids(A="1", B="1.5", C="2", D="9", E="9")
"""Under the tenth round A and B win, C is shortlisted and above 1.8 times the lowest."""


def offer(report, name):
    return outcomes(report)[name].offer_price


def test_a_shortlisted_loser_is_offered_the_highest_winners_price():
    report = evaluated("national-10", FIVE)
    assert statuses(report)["C"] == "revival-offered"
    assert offer(report, "C") == Decimal("1.5")
    assert pending(report) == {("C", "revive")}


def test_the_question_names_the_price_and_the_bidder():
    question = evaluated("national-10", FIVE).pending[0]
    assert (question.by, question.price) == ("bidder", Decimal("1.5"))


def test_an_offer_is_on_the_grid_of_the_bids_own_pack():
    entered = [*FIVE[:2], bid("C", "14.00", units=7), *FIVE[3:]]
    assert offer(evaluated("national-10", entered), "C") == Decimal("10.50") / 7


def test_an_offer_is_never_above_the_bids_own_ceiling():
    report = evaluated("national-10", bids(A="1", B="1.79", C="2", D="3"), lots=[lot("1.8")])
    assert statuses(report) == {"A": "selected", "B": "selected", "C": "invalid", "D": "invalid"}
    report = evaluated("national-10", bids(A="1", B="1.85", D="3"), lots=[lot("1.9")])
    assert offer(report, "B") == Decimal("1.8")
    report = evaluated("national-10", bids(A="1", B="1.801", D="3"), lots=[lot("1.801")])
    assert offer(report, "B") == Decimal("1.8")


def test_whoever_accepts_is_selected_at_the_offer():
    report = evaluated("national-10", FIVE, answers=[answer("C", "revive")])
    assert statuses(report)["C"] == "selected"
    assert offer(report, "C") == Decimal("1.5")
    assert report.pending == ()


def test_whoever_declines_is_rejected():
    report = evaluated("national-10", FIVE, answers=[answer("C", "revive", False)])
    assert (statuses(report)["C"], report.pending) == ("rejected", ())


def test_a_price_above_the_offer_is_refused():
    with pytest.raises(BadAnswerError, match="lot L1, bid C"):
        evaluated("national-10", FIVE, answers=[answer("C", "revive", True, "1.51")])


def test_nobody_is_revived_where_nobody_won():
    report = evaluated("national-10", bids(A="5", B="6"), lots=[lot("1")])
    assert report.pending == ()


def test_nobody_is_revived_under_documents_without_revival():
    assert evaluated("national-9", FIVE).pending == ()


def test_a_bid_beyond_the_places_is_not_revived_in_the_tenth_round():
    assert statuses(evaluated("national-10", FIVE))["D"] == "rejected"


def test_with_one_winner_the_offer_of_the_eleventh_round_is_a_multiple_of_the_anchor():
    report = evaluated("national-11", bids(A="1", B="9", C="10"))
    # anchor: half of the mean of 1 and 9
    assert offer(report, "B") == Decimal("4.5")


def others(need, **prices):
    return evaluated("national-11", bids(**prices), volumes=need)


NEED = [volume("京", 100, "A"), volume("京", 90, "D"), volume("京", 80, "E"), volume("京", 90, "F")]
PRICES = {"A": "1", "B": "1.1", "C": "1.2", "D": "1.3", "E": "1.4", "F": "1.5"}


def test_a_bid_beyond_the_places_is_revived_if_its_brand_is_wanted_enough():
    report = others(NEED, **PRICES)
    assert report.places == 3
    assert statuses(report)["D"] == "revival-offered"
    assert offer(report, "D") == Decimal("1.2")


def test_a_brand_wanted_less_than_the_mean_is_not_revived():
    assert statuses(others(NEED, **PRICES))["E"] == "rejected"


def test_the_highest_bid_is_not_revived():
    assert statuses(others(NEED, **PRICES))["F"] == "rejected"


def test_a_revived_bid_beyond_the_places_supplies_its_brand_and_chooses_no_region():
    report = evaluated("national-11", bids(**PRICES), volumes=NEED, answers=[answer("D", "revive")])
    assert statuses(report)["D"] == "selected"
    assert outcomes(report)["D"].regions is None


def twelve(answers=()):
    entered = [*bids(A="1", B="1.1", C="1.2"), bid("D", "1.3", is_originator=True), bid("E", "1.4")]
    options = OPTIONS_12 | {"places.by_bidders": {"1+": 3}}
    return evaluated(
        "national-12", entered, options=options, volumes=[volume("京", 100)], answers=answers
    )


def test_a_reference_product_that_was_not_shortlisted_may_win_without_volume():
    assert statuses(twelve())["D"] == "revival-offered"
    assert statuses(twelve())["E"] == "rejected"
    report = twelve([answer("D", "revive")])
    assert statuses(report)["D"] == "selected-without-volume"
    assert outcomes(report)["D"].agreed_volume is None
    assert report.share == Decimal("0.7")


def test_a_second_quote_may_rise_by_its_limit():
    options = {
        "places.by_bidders": {"1+": 1},
        "places.by_group": {"A": {"1+": 1}},
        "groups.by_volume": {"share": "1", "fill_to": 1},
        "conversion.product_factors": {"L1/Z": "1"},
        "selection.ratio_to_anchor": "9",
        "anchor.extreme_below": "0.1",
        "revival.shortlisted": "none",
        "revival.others": {"price": "second-quote", "max_rise": "0.1"},
    }
    del options["places.by_bidders"]
    entered = [bid("A", "100", group="A"), bid("B", "200", group="A")]
    report = evaluated("devices-6-2026", entered, options=options)
    assert offer(report, "B") in (Decimal(100), Decimal(110))


def test_winners_stay_winners_whatever_the_others_answer():
    for yes in (True, False):
        report = evaluated("national-10", FIVE, answers=[answer("C", "revive", yes)])
        assert {"A", "B"} <= set(winners(report))
