"""Which rule counts: of the smallest region, the surest, the newest; nothing is invented."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.stated_rules import RuleNotStatedError
from procurement.orders.fulfilment.rules.region_rules import (
    GivenRule,
    RegionRules,
    contains,
    fulfilment_books,
    verified_in,
)

DAY = date(2026, 6, 1)
KEY = "non_winning.share_max"


def given_rule(region, value="0.3", since=DAY, key=KEY):
    return GivenRule(region, key, Decimal(value), since, f"{region} {value}")


def value_in(region, *given):
    rule = RegionRules(region, DAY, given=given).found(KEY)
    return rule and str(rule.value)


def test_no_source_states_the_limit_of_non_winners_and_asking_for_it_is_refused():
    with pytest.raises(RuleNotStatedError, match="fulfilment-national-2024"):
        RegionRules("340100", DAY).decimal(KEY)
    assert KEY in RegionRules("340100", DAY).open_keys()


def test_the_smallest_region_counts_whatever_the_order():
    rules = [given_rule("000000", "0.1"), given_rule("341500", "0.3"), given_rule("340000", "0.2")]
    for order in (rules, rules[::-1]):
        assert value_in("341523", *order) == "0.3"
        assert value_in("340100", *order) == "0.2"
        assert value_in("350000", *order) == "0.1"


def test_of_one_region_the_newest_counts_and_later_days_are_not_yet():
    older, newer = given_rule("340000", "0.1"), given_rule("340000", "0.2", date(2026, 5, 1))
    assert value_in("340000", given_rule("340000", "0.1", date(2026, 1, 1)), newer) == "0.2"
    assert value_in("340000", older, given_rule("340000", "0.4")) == "0.4"
    assert value_in("340000", given_rule("340000", "0.1", date(2026, 6, 2))) is None


def test_what_is_given_goes_before_what_no_source_states_surely():
    national = GivenRule("000000", "paid.days", 60, DAY, "x")
    assert RegionRules("340000", DAY, given=[national]).count("paid.days") == 60
    unsure = GivenRule("440000", "use.measure", "amount", DAY, "x")
    assert RegionRules("440100", DAY, given=[unsure]).word("use.measure") == "amount"


def test_a_verified_rule_of_the_same_region_stands():
    other = GivenRule("630000", "supplier.rate_min", Decimal("0.1"), DAY, "x")
    assert RegionRules("630100", DAY, given=[other]).decimal("supplier.rate_min") == Decimal("0.90")
    book = verified_in("630000", "supplier.rate_min")
    assert book is not None
    assert book.id == "fulfilment-qinghai-2025"
    assert verified_in("630100", "supplier.rate_min") is None


def test_rules_on_consumables_are_none_of_drugs():
    assert not RegionRules("320000", DAY).knows("next_year.of_purchases_min")
    assert RegionRules("320000", DAY, covers="consumables").knows("next_year.of_purchases_min")


def test_a_rule_begins_on_its_day():
    assert RegionRules("430000", date(2025, 10, 31)).delivery is None
    assert RegionRules("430000", date(2025, 11, 1)).delivery is not None


@given(st.from_regex(r"[1-6][0-9]{5}", fullmatch=True))
def test_every_region_lies_in_the_nation_and_in_itself(region):
    assert contains("000000", region)
    assert contains(region, region)


@given(st.sampled_from(fulfilment_books()), st.sampled_from(["430102", "410724", "511524"]))
def test_a_rule_that_is_found_is_that_of_a_region_around(book, region):
    for rule in RegionRules(region, DAY).all_found():
        assert contains(rule.region, region)
        assert rule.source
