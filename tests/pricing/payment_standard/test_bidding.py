"""Bidding for drugs that are not exclusive: the lowest bid, with a floor, within what is paid."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.payment_standard import BrandBid, bidding_standard, decide_bidding
from pricing.stated_rules import StatedRules

RULES = StatedRules.of("negotiation-nrdl-2023")
START = date(2024, 1, 1)
PRICE = st.decimals(min_value="0.01", max_value=200, places=2)


def decided(willingness, *prices, rules=RULES):
    bids = [BrandBid(f"企业{number}", Decimal(price)) for number, price in enumerate(prices, 1)]
    return decide_bidding(Decimal(willingness), bids, rules, starts_on=START)


@pytest.mark.parametrize(
    ("bids", "standard", "floor_applied"),
    [
        (("95", "82"), "82", False),
        (("95", "60"), "70", True),
        (("70", "95"), "70", False),
        (("69.99",), "70", True),
        (("100",), "100", False),
        (("100.01", "120"), None, False),
        (("100.01", "40"), "70", True),
    ],
)
def test_the_lowest_bid_is_the_standard_but_not_under_the_floor(bids, standard, floor_applied):
    result = decided("100", *bids)
    assert result.standard == (None if standard is None else Decimal(standard))
    assert result.floor_applied is floor_applied


def test_dearer_brands_may_sell_at_their_bid_and_the_patient_pays_the_excess():
    result = decided("100", "95", "60", "70", "130")
    assert [(one.maker, one.highest_price, one.patient_excess) for one in result.listings] == [
        ("企业1", Decimal(95), Decimal(25)),
        ("企业2", Decimal(60), Decimal(0)),
        ("企业3", Decimal(70), Decimal(0)),
        ("企业4", Decimal(130), Decimal(60)),
    ]


def test_the_standard_holds_two_years():
    result = decided("100", "95")
    assert result.in_force is not None
    assert (result.in_force.since, result.in_force.until) == (START, date(2025, 12, 31))
    assert result.in_force.holds_on(date(2025, 12, 31))
    assert not result.in_force.holds_on(date(2026, 1, 1))


def test_a_drug_that_nobody_offers_within_the_willingness_is_not_listed():
    result = decided("100", "100.01")
    assert (result.standard, result.in_force, result.listings) == (None, None, ())
    assert "不纳入" in result.zh
    assert "not listed" in result.en


def test_the_rules_are_cited_and_do_not_pass_for_verified():
    result = decided("100", "95")
    assert {"bidding.floor_share", "bidding.listing_until", "bidding.years"} <= set(result.clauses)
    assert not result.is_verified


def test_another_floor_may_be_given_where_it_is_not_verified():
    rules = StatedRules.of("negotiation-nrdl-2023", {"bidding.floor_share": "0.8"})
    assert decided("100", "60", rules=rules).standard == 80


@given(willingness=PRICE, bids=st.lists(PRICE, min_size=1, max_size=6))
def test_any_bidding_is_what_the_formula_says(willingness, bids):
    standard = bidding_standard(willingness, bids, Decimal("0.70"))
    lowest = sorted(bids)[0]
    if lowest > willingness:
        assert standard is None
        return
    assert standard == (lowest if lowest * 10 >= willingness * 7 else willingness * 7 / 10)
    assert standard is not None and standard <= willingness
    for listing in decided(str(willingness), *map(str, bids)).listings:
        assert listing.highest_price - listing.patient_excess <= standard


@pytest.mark.parametrize(
    ("willingness", "bids", "where"),
    [
        ("100", [], ["bids"]),
        ("0", [("甲", "1")], ["willingness"]),
        ("100", [("甲", "-1")], ["bids.甲"]),
        ("100", [("甲", "90"), ("甲", "80")], ["bids.甲"]),
    ],
)
def test_bids_that_cannot_be_are_refused_at_their_place(willingness, bids, where):
    made = [BrandBid(maker, Decimal(price)) for maker, price in bids]
    with pytest.raises(ModelFaultsError) as refusal:
        decide_bidding(Decimal(willingness), made, RULES, starts_on=START)
    assert [fault.where for fault in refusal.value.faults] == where
