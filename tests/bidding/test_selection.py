"""Which shortlisted bids pass, by which condition, and which are kept out whatever they pass."""

from decimal import Decimal

import pytest

from bidding.bid_sheet import DosageForm
from tests.bidding.settings import DEVICES_6, DEVICES_7, INSULIN, OPTIONS_12
from tests.bidding.sheets import bid, bids, evaluated, lot, outcomes, statuses


def decided(report, name):
    outcome = outcomes(report)[name]
    return outcome.status.value, outcome.reason.clause


@pytest.mark.parametrize(
    ("price", "status"), [("1.8", "selected"), ("1.80004", "selected"), ("1.8001", "rejected")]
)
def test_a_multiple_of_the_lowest_price_is_within_the_line_as_it_compares(price, status):
    report = evaluated("national-4", bids(A="1", B=price))
    assert decided(report, "B") == (status, "selection.ratio_to_lowest")


@pytest.mark.parametrize(
    ("price", "status"), [("5", "selected"), ("5.000001", "rejected"), ("4.9", "selected")]
)
def test_half_of_the_ceiling_suffices_as_it_is_declared(price, status):
    report = evaluated("national-4", bids(A="1", B=price), lots=[lot("10")])
    assert statuses(report)["B"] == status


def test_the_cut_is_of_the_declared_price_and_not_of_the_comparable_one():
    """5.00004 compares at 5.0000, and its cut is short of half nevertheless."""
    report = evaluated("national-4", bids(A="1", B="5.00004"), lots=[lot("10")])
    assert outcomes(report)["B"].comparable_price == 5
    assert statuses(report)["B"] == "rejected"


def test_the_tenth_round_has_no_cut_that_suffices():
    report = evaluated("national-10", bids(A="1", B="4"), lots=[lot("10")])
    assert statuses(report)["B"] == "revival-offered"


@pytest.mark.parametrize(
    ("form", "price", "selected"),
    [
        (DosageForm.ORAL_SOLID, "0.1", True),
        (DosageForm.ORAL_SOLID, "0.1001", False),
        (DosageForm.SMALL_INJECTION, "1", True),
        (DosageForm.SMALL_INJECTION, "1.0001", False),
        (DosageForm.LARGE_INJECTION, "2", True),
        (DosageForm.OTHER, "0.1", False),
    ],
)
def test_a_low_price_suffices_by_dosage_form(form, price, selected):
    report = evaluated("national-10", bids(A="0.01", B=price), lots=[lot(dosage_form=form)])
    assert outcomes(report)["B"].status.is_selected is selected


def test_the_low_price_of_the_early_rounds_goes_for_every_form():
    assert decided(evaluated("national-2", bids(A="0.01", B="0.1")), "B") == (
        "selected",
        "selection.absolute_low",
    )


def test_without_any_condition_a_place_suffices():
    report = evaluated("national-pilot-expansion-2019", bids(A="1", B="50", C="99", D="100"))
    assert decided(report, "C") == ("selected", "11.1 places.by_bidders")
    assert decided(report, "D") == ("rejected", "11.1 places.by_bidders")


TWELVE = [f"1.{number:02}" for number in range(12)]


def nine(*prices):
    """A lot of the ninth round with these prices, and bids above the ceiling up to twelve."""
    entered = [bid(f"P{rank:02}", price) for rank, price in enumerate(prices, start=1)]
    entered += [bid(f"X{rank}", "9") for rank in range(12 - len(prices))]
    return evaluated("national-9", entered, lots=[lot("2")])


def test_beyond_the_sixth_rank_the_highest_price_is_out():
    report = nine(*TWELVE[:8])
    assert report.places == 9
    assert decided(report, "P08") == ("rejected", "selection.highest_out_after")
    assert statuses(report)["P07"] == "selected"


def test_within_the_first_six_the_highest_price_is_in():
    assert statuses(nine(*TWELVE[:6]))["P06"] == "selected"


def test_the_highest_shortlisted_price_is_in_where_a_higher_one_was_bid():
    report = nine(*TWELVE[:10])
    assert [statuses(report)[name] for name in ("P09", "P10")] == ["selected", "rejected"]


def test_equal_highest_bids_of_the_sixth_and_seventh_rank_are_treated_alike():
    report = nine(*TWELVE[:5], "1.50", "1.50")
    assert {statuses(report)[name] for name in ("P06", "P07")} == {"selected"}


def test_equal_highest_bids_beyond_the_sixth_rank_are_all_out():
    report = nine(*TWELVE[:6], "1.50", "1.50")
    assert {statuses(report)[name] for name in ("P07", "P08")} == {"rejected"}


def test_class_b_selects_above_the_ratio():
    options = INSULIN | {"classes.lines": {"L1": {"a": "10", "b": "20"}}}
    report = evaluated("insulin-renewal-2024", bids(A="10", B="13.1", C="20.1"), options=options)
    assert decided(report, "B") == ("selected", "classes.lines")
    assert statuses(report)["C"] == "revival-offered"


def test_a_ratio_of_1_3_suffices_for_insulin():
    report = evaluated("insulin-renewal-2024", bids(A="30", B="39"), options=INSULIN)
    assert decided(report, "B") == ("selected", "selection.ratio_to_lowest")


def test_above_two_deviations_a_device_is_out():
    entered = [bid(f"A{number}", "100") for number in range(9)] + bids(Z="200")
    options = DEVICES_7 | {"places.by_bidders": {"1+": 12}}
    report = evaluated("devices-7-2026", entered, options=options)
    assert decided(report, "Z") == ("rejected", "band.out_above_sds")


def test_the_anchor_of_devices_is_cited_whether_it_applies_or_not():
    entered = [bid("A", "100", group="A"), bid("B", "120", group="A"), bid("C", "500", group="A")]
    usual = evaluated("devices-6-2026", entered, options=DEVICES_6)
    clauses = {outcome.reason.clause for outcome in usual.outcomes}
    assert "selection.ratio_to_lowest" not in clauses


def test_a_bid_below_the_anchor_owes_a_statement_of_its_costs():
    entered = [
        bid("A", "1", cost_statement=True),
        bid("B", "1.1"),
        bid("C", "9"),
        bid("D", "10"),
    ]
    report = evaluated("national-11", entered)
    owed = [step.bid for step in report.steps if step.code == "cost-statement-owed"]
    assert owed == ["B"]


def test_a_decision_shows_the_line_and_what_it_was_drawn_from():
    reason = outcomes(evaluated("national-4", bids(A="1", B="1.5")))["B"].reason
    assert reason.numbers["line"] == Decimal("1.8")
    assert reason.numbers["base"] == 1
    assert reason.numbers["ratio"] == Decimal("1.8")


def test_a_bid_without_volume_cites_the_band():
    entered = bids(A="1", **dict.fromkeys("BCDEFG", "10"))
    report = evaluated("national-12", entered, options=OPTIONS_12)
    assert decided(report, "A") == ("selected-without-volume", "band.zero_volume_below_sds")
