"""Payment standards of products that did not win, by region."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.payment_standard import (
    CatalogueClass,
    NonWinner,
    payment_standard,
    standard_that_is_stated,
)
from pricing.stated_rules import RuleNotStatedError, StatedRules

NATIONAL = StatedRules.of("standard-national-2019")
XIAN = StatedRules.of("standard-xian-2019")


def product(price, winner="1.00", **more):
    return NonWinner(price=Decimal(price), winning_price=Decimal(winner), **more)


@pytest.mark.parametrize(
    ("price", "passed", "standard"),
    [
        ("5.00", True, "3.50"),
        ("2.01", True, "1.407"),
        ("2.00", True, "1.00"),
        ("1.50", True, "1.00"),
        ("1.00", True, "1.00"),
        ("0.80", True, "0.80"),
        ("5.00", False, "1.00"),
        ("0.80", False, "0.80"),
    ],
)
def test_the_transitional_ladder_of_2019(price, passed, standard):
    found = payment_standard(product(price, passed=passed), NATIONAL)
    assert found.standard == Decimal(standard)
    assert found.clauses


@given(
    price=st.decimals(min_value="0.01", max_value=500, places=2),
    winner=st.decimals(min_value="0.01", max_value=100, places=2),
    passed=st.booleans(),
)
def test_any_product_has_the_standard_that_the_summary_says(price, winner, passed):
    found = payment_standard(product(price, winner, passed=passed), NATIONAL)
    if not passed:
        expected = min(price, winner)
    elif price > 2 * winner:
        expected = price * 7 / 10
    else:
        expected = winner if price > winner else price
    assert found.standard == expected
    assert found.standard is not None and found.standard <= price


def test_the_boundary_at_twice_the_price_does_not_pass_for_verified():
    assert payment_standard(product("0.80"), NATIONAL).is_verified
    assert not payment_standard(product("1.50"), NATIONAL).is_verified
    assert payment_standard(product("5.00"), NATIONAL).is_verified


@pytest.mark.parametrize(
    ("price", "cls", "standard", "first", "agreement"),
    [
        ("0.80", "甲", "0.80", "0", False),
        ("2.00", "甲", "1.00", "0", True),
        ("2.00", "乙", "1.00", "0.05", True),
        ("2.01", "甲", "2.01", "0.10", False),
        ("2.01", "乙", "2.01", "0.25", False),
    ],
)
def test_xi_an_asks_for_an_agreement_or_a_first_payment_by_class(
    price, cls, standard, first, agreement
):
    found = payment_standard(product(price, catalogue_class=CatalogueClass.of(cls)), XIAN)
    assert (found.standard, found.first_self_paid) == (Decimal(standard), Decimal(first))
    assert found.needs_agreement is agreement


def test_a_first_payment_by_class_is_not_known_without_the_class():
    assert payment_standard(product("3"), XIAN).first_self_paid is None
    assert payment_standard(product("0.5"), XIAN).first_self_paid == 0


def test_heilongjiang_added_points_in_2020_and_has_one_standard_from_2022():
    before = StatedRules.of("standard-heilongjiang-2020")
    dearer = payment_standard(product("3"), before)
    assert (dearer.standard, dearer.patient_share_added) == (None, Decimal("0.10"))
    with pytest.raises(RuleNotStatedError, match="no payment standard is stated"):
        standard_that_is_stated(product("3"), before)
    assert standard_that_is_stated(product("0.5"), before) == Decimal("0.5")
    after = StatedRules.of("standard-heilongjiang-2022")
    assert standard_that_is_stated(product("3"), after) == 1
    assert standard_that_is_stated(product("0.5"), after) == 1


def test_from_2021_one_standard_holds_and_nothing_of_it_passes_for_verified():
    found = payment_standard(product("5"), StatedRules.of("standard-national-2021"))
    assert (found.standard, found.is_verified) == (Decimal(1), False)


@pytest.mark.parametrize(
    ("book", "passed", "key"),
    [
        ("standard-fujian-2025", True, "ladder.passed"),
        ("standard-xian-2019", False, "not_passed.standard"),
        ("standard-national-2021", False, "not_passed.standard"),
    ],
)
def test_what_no_source_states_is_refused_by_name_unless_an_option_supplies_it(book, passed, key):
    one = product("3", passed=passed)
    with pytest.raises(RuleNotStatedError) as refusal:
        payment_standard(one, StatedRules.of(book))
    assert refusal.value.key == key
    option = {"above": {"standard": "winning-price"}} if passed else "at-most-winning-price"
    assert payment_standard(one, StatedRules.of(book, {key: option})).standard == 1


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_prices_that_cannot_be_are_refused_at_their_name(price):
    with pytest.raises(ModelFaultsError) as refusal:
        payment_standard(product(price, winner=price), NATIONAL)
    assert [fault.where for fault in refusal.value.faults] == ["price", "winning_price"]


def test_a_class_is_read_in_either_language_and_another_word_refused():
    assert CatalogueClass.of("甲") is CatalogueClass.of("A") is CatalogueClass.A
    with pytest.raises(ModelFaultsError, match="expected 甲 or 乙"):
        CatalogueClass.of("丙")


def test_the_decision_is_told_in_both_languages():
    found = payment_standard(product("5"), NATIONAL)
    assert "3.5 元" in found.zh
    assert "3.5 yuan" in found.en
