"""Agreed volumes of first and later years: published borders, and what no rule states."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.stated_rules import RuleNotStatedError, StatedRules
from procurement.orders.fulfilment.rules.entry import checked_from, has_entered
from procurement.orders.fulfilment.rules.later_years import (
    agreed_by_winners,
    extension_volume,
    first_year_of_demand,
    next_year_least,
)
from procurement.orders.fulfilment.rules.region_rules import RegionRules

DAY = date(2026, 1, 5)
JIANGSU = RegionRules("320000", DAY, covers="consumables")
GUIZHOU = RegionRules("520000", DAY, covers="consumables")
SHANGHAI = RegionRules("310000", DAY, covers="tcm")
LIAONING = RegionRules("210000", DAY)


@given(st.integers(0, 10**12), st.integers(1, 20))
def test_shares_by_winners_round_half_up(base, winners):
    share = {1: "0.5", 2: "0.6", 3: "0.7"}.get(winners, "0.8")
    exact = Fraction(Decimal(share)) * base
    found = agreed_by_winners(base, winners, StatedRules.of("national-4"))
    assert -Fraction(1, 2) < found - exact <= Fraction(1, 2)


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_jiangsu_takes_seventy_percent_of_purchases_and_all_of_an_unfinished_volume(agreed, bought):
    least = next_year_least(agreed, bought, JIANGSU).least
    if bought < agreed:
        assert least == agreed
    else:
        assert least - 1 < Fraction(7, 10) * bought <= least


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_guizhou_takes_the_last_years_volume_whatever_was_bought(agreed, bought):
    assert next_year_least(agreed, bought, GUIZHOU).least == agreed


def test_shanghai_takes_eighty_percent_of_demand_and_then_no_less():
    assert first_year_of_demand(1000, SHANGHAI) == 800
    assert next_year_least(800, 0, SHANGHAI).least == 800


def test_where_no_rule_states_the_next_year_nothing_is_assumed():
    with pytest.raises(RuleNotStatedError):
        next_year_least(100, 100, RegionRules("340000", DAY))


@given(st.integers(0, 10**12), st.integers(1, 12))
def test_liaoning_extends_month_by_month(agreed, months):
    found = extension_volume(agreed, months, LIAONING)
    assert abs(found.volume - Fraction(agreed * months, 12)) <= Fraction(1, 2)
    assert "retained-savings" in found.unchanged


def test_elsewhere_no_rule_states_how_an_extension_counts():
    with pytest.raises(RuleNotStatedError):
        extension_volume(1200, 5, RegionRules("340000", DAY))


def test_entry_is_checked_from_the_first_day_of_the_third_month():
    assert checked_from(date(2027, 1, 1), 3) == date(2027, 3, 1)
    assert checked_from(date(2027, 11, 30), 4) == date(2028, 2, 29)
    assert has_entered(date(2027, 2, 1), date(2027, 2, 1))
    assert not has_entered(date(2027, 2, 2), date(2027, 2, 1))
