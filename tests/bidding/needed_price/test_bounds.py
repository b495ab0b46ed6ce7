"""Where a price is bounded only, the needed price is the smallest of the bounds."""

from decimal import Decimal
from typing import Any

import pytest

from bidding.bid_sheet import DosageForm
from bidding.needed_price.bounds import bounded_price, has_bounds, price_below
from tests.bidding.settings import OPTIONS_12
from tests.bidding.sheets import bid, bids, contenders, field_of, lot, rules_of

TIE_BREAKS = {"ranking__tie_breaks": ["prior-supply"]}


def needed(name, entered, rulebook="national-4", sheet=None, **options):
    field = field_of(rulebook, entered, sheet, **options)
    price = bounded_price(contenders(field)[name], field)
    return None if price is None else price.pack_price


@pytest.mark.parametrize(
    ("rulebook", "bounded"),
    [
        ("national-2", True),
        ("national-11", True),
        ("iol-alliance-2020", True),
        ("national-9", False),
        ("stents-2020", False),
    ],
)
def test_ranks_multiples_and_shares_of_the_mean_are_bounds(rulebook, bounded):
    iol = rulebook == "iol-alliance-2020"
    options: dict[str, Any] = {"places__by_bidders": {"1+": 1}} if iol else {}
    rules = rules_of(rulebook, **options)
    assert has_bounds(field_of(rulebook, bids(A="1"), **options), rules) is bounded


def test_deviations_are_no_bounds():
    options: dict[str, Any] = {key.replace(".", "__"): value for key, value in OPTIONS_12.items()}
    field = field_of("national-12", bids(A="1"), **options)
    assert not has_bounds(field, rules_of("national-12", **options))


def test_one_fen_of_comparison_under_the_last_place_suffices():
    assert needed("C", bids(A="1", B="1.1", C="1.2")) == Decimal("1.099949")


def test_level_with_the_last_place_suffices_for_whoever_wins_the_tie_break():
    entered = [*bids(A="1", B="1.1"), bid("C", "1.2", prior_supply=9)]
    assert needed("C", entered, **TIE_BREAKS) == Decimal("1.100049")


def test_the_multiple_of_the_lowest_price_bounds_a_shortlisted_bid():
    assert needed("B", bids(A="0.5", B="3")) == Decimal("0.900049")


def test_the_cut_from_the_ceiling_may_allow_more():
    assert needed("B", bids(A="0.5", B="9"), sheet=lot("10")) == 5


def test_a_low_price_may_allow_more():
    assert needed("B", bids(A="0.01", B="9")) == Decimal("0.100049")


def test_no_needed_price_is_above_the_ceiling():
    assert needed("B", bids(A="5", B="7"), sheet=lot("6")) == 6


def test_alone_in_its_field_a_bid_needs_its_ceiling_only():
    assert needed("A", bids(A="2", B="3"), "national-pilot-2018", lot("1")) == 1


def test_without_a_ceiling_nothing_limits_a_bid_that_would_be_alone():
    assert needed("A", bids(A=None)) is None


def test_the_bid_itself_is_part_of_the_mean():
    """Three places: x <= 0.9 x (0.1 + 0.3 + x) / 3 up to 0.171428…"""
    sheet = lot(dosage_form=DosageForm.OTHER)
    entered = bids(A="0.1", B="0.3", C="0.9", D="2")
    assert needed("C", entered, "national-11", sheet) == Decimal("0.180049")
    entered = bids(A="0.01", B="0.7", C="0.9", D="2")
    # x <= 0.3 x (0.71 + x): x <= 0.213 / 0.7
    assert needed("C", entered, "national-11", sheet) == Decimal("0.304249")


def test_a_bid_for_which_another_stands_must_be_under_it():
    entered = [bid("A", "1", control_group="G"), bid("B", "2", control_group="G")]
    assert needed("B", entered) == Decimal("0.999949")


def test_a_bid_named_like_its_group_needs_to_be_level():
    entered = [bid("A", "1", control_group="G"), bid("G", "2", control_group="G")]
    assert needed("G", entered) == Decimal("1.000049")


def test_a_valid_bid_would_count_as_a_bidder_and_may_bring_a_place():
    entered = bids(A="10", B="11", C="99")
    options = {"places__by_bidders": {"1": 1, "2": 2, "3+": 3}}
    assert needed("C", entered, "iol-alliance-2020", lot("50"), **options) == 50


def test_a_price_below_a_limit_is_the_highest_one():
    contender = contenders(field_of("stents-2020", [bid("A", "9", units=7)]))["A"]
    assert price_below(contender, Decimal(1)).pack_price == Decimal("6.99")
