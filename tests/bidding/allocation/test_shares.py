"""How much of the base volume is agreed, and for how long."""

from datetime import date
from decimal import Decimal

import pytest

from bidding.allocation.shares import cycle_of, share_by_winners
from bidding.bid_sheet import Category
from bidding.errors import UnknownRuleError
from tests.bidding.sheets import lot, rules_of

GENERAL, RESTRICTED, SPECIAL = Category


@pytest.mark.parametrize(
    ("rulebook", "category", "winners", "share"),
    [
        ("national-pilot-expansion-2019", GENERAL, 3, "0.7"),
        ("national-2", GENERAL, 9, "0.8"),
        ("national-3", RESTRICTED, 1, "0.4"),
        ("national-3", RESTRICTED, 4, "0.7"),
        ("national-7", SPECIAL, 2, "0.4"),
        ("national-7", SPECIAL, 8, "0.5"),
    ],
)
def test_the_share_goes_by_category_and_number_of_winners(rulebook, category, winners, share):
    found = share_by_winners(lot(category=category), winners, rules_of(rulebook))
    assert found == Decimal(share)


def test_a_category_without_a_column_is_refused_by_name():
    with pytest.raises(UnknownRuleError, match="category special"):
        share_by_winners(lot(category=SPECIAL), 1, rules_of("national-3"))


def test_unknown_shares_are_refused_by_name():
    with pytest.raises(UnknownRuleError, match=r"national-pilot-2018: share\.by_winners"):
        share_by_winners(lot(), 1, rules_of("national-pilot-2018"))


@pytest.mark.parametrize(
    ("rulebook", "years"),
    [
        ("national-pilot-2018", [1, 1, 1, 1]),
        ("national-pilot-expansion-2019", [1, 1, 2, 2]),
        ("national-2", [1, 2, 2, 3]),
        ("national-3", [1, 1, 2, 3]),
        ("national-7", [1, 1, 2, 3]),
        ("stents-2020", [2, 2, 2, 2]),
    ],
)
def test_the_cycle_goes_by_the_number_of_winners(rulebook, years):
    rules = rules_of(rulebook)
    assert [cycle_of(lot(), winners, rules).years for winners in (1, 2, 3, 4)] == years


def test_special_antimicrobials_never_have_three_years():
    rules = rules_of("national-7")
    years = [cycle_of(lot(category=SPECIAL), winners, rules).years for winners in (1, 2, 3, 9)]
    assert years == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("rulebook", "day"),
    [
        ("national-8", date(2025, 12, 31)),
        ("national-9", date(2027, 12, 31)),
        ("national-10", date(2027, 12, 31)),
        ("national-11", date(2028, 12, 31)),
        ("devices-7-2026", date(2029, 12, 31)),
    ],
)
def test_later_documents_fix_the_last_day(rulebook, day):
    found = cycle_of(lot(), 3, rules_of(rulebook))
    assert (found.years, found.ends_on, found.clause) == (None, day, "cycle.ends_on")


def test_listed_injections_of_the_third_round_have_one_year():
    found = cycle_of(lot(product="阿扎胞苷注射剂"), 4, rules_of("national-3"))
    assert (found.years, found.clause) == (1, "cycle.injections")


@pytest.mark.parametrize("product", ["阿扎胞苷口服常释剂型", "左西孟旦注射剂"])
def test_other_products_have_the_general_cycle(product):
    assert cycle_of(lot(product=product), 4, rules_of("national-3")).years == 3


def test_where_the_list_of_injections_is_not_known_their_cycle_stays_open():
    rules = rules_of("national-5")
    assert cycle_of(lot(product="左西孟旦注射剂"), 4, rules).years is None
    assert cycle_of(lot(product="左西孟旦口服常释剂型"), 4, rules).years == 3


def test_an_unknown_cycle_stays_open():
    found = cycle_of(lot(), 2, rules_of("national-12"))
    assert (found.years, found.ends_on, found.clause) == (None, None, None)
