"""Prices are exact quotients, and only the named functions round."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.money import (
    CENT,
    EXACT,
    SIGNIFICANT_DIGITS,
    UNIT_PRICE_STEP,
    PriceError,
    UnitPrice,
    exact_sum,
    floor_to_step,
    parse_price,
    round_half_up,
    share_of_units,
    to_cents,
)

PRICES = st.decimals(0, 10**6, places=8).filter(lambda price: price > 0)


@pytest.mark.parametrize("text", ["6.97", "0.01", "1", "123456789012.123456789012", "0006"])
def test_a_price_is_read_exactly(text):
    assert parse_price(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "1\n", "+1", "-1", "1,5", "1_0", "1e3", "NaN", ".5", "5.", "0", "0.00"),
        *("¥6", "6.97元", "١٢", "６.9", "1234567890123", "1.1234567890123"),
    ],
)
def test_what_is_no_price_is_refused(text):
    with pytest.raises(PriceError, match="is not a price"):
        parse_price(text)


def test_a_unit_price_is_the_exact_quotient_of_its_pack():
    assert UnitPrice(Decimal("6.97"), 7).exact == Fraction(697, 700)


def test_a_unit_price_is_shown_to_28_digits():
    assert str(UnitPrice(Decimal("6.97"), 7).shown) == "0.9957142857142857142857142857"


def test_a_price_declared_by_unit_is_shown_as_declared():
    assert str(UnitPrice(Decimal("0.990")).shown) == "0.990"


def test_packs_of_one_unit_price_are_equal_in_value_whatever_their_size():
    assert UnitPrice(Decimal("6.97"), 7).exact == UnitPrice(Decimal("13.94"), 14).exact


def test_a_pack_price_moves_by_the_cent():
    assert UnitPrice(Decimal("6.97"), 7).step == CENT


@pytest.mark.parametrize(
    ("price", "step"), [("1", "0.000001"), ("0.99", "0.000001"), ("0.1234567", "0.0000001")]
)
def test_a_unit_price_moves_by_a_millionth_or_its_own_last_digit(price, step):
    assert UnitPrice(Decimal(price)).step == Decimal(step)


def test_another_pack_price_keeps_the_pack():
    assert UnitPrice(Decimal("6.97"), 7).with_pack_price(Decimal(7)) == UnitPrice(Decimal(7), 7)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("0.00005", 4, "0.0001"),
        ("0.00004999999", 4, "0.0000"),
        ("0.00015", 4, "0.0002"),
        ("2.5", 0, "3"),
        ("0.32374123", 4, "0.3237"),
        ("1.44995", 4, "1.4500"),
    ],
)
def test_halves_are_rounded_up(value, decimals, rounded):
    assert str(round_half_up(Decimal(value), decimals)) == rounded


@given(value=st.fractions(0, 10**6), decimals=st.integers(0, 6))
def test_no_number_of_that_many_decimals_is_nearer_and_halves_go_up(value, decimals):
    exact = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    rounded = Fraction(round_half_up(exact, decimals))
    step = Fraction(1, 10**decimals)
    assert rounded % step == 0
    # EXACT holds 60 digits: a fraction that is cut there may lie that much off.
    assert -step / 2 <= value - rounded <= step / 2 + Fraction(1, 10**50)
    if value == Fraction(exact):
        assert value - rounded < step / 2


@given(value=PRICES, decimals=st.integers(0, 6))
def test_a_price_is_floored_to_the_largest_multiple_below(value, decimals):
    step = Decimal(1).scaleb(-decimals)
    floored = floor_to_step(value, step)
    assert floored <= value < floored + step
    assert floored % step == 0


def test_a_multiple_of_the_step_is_its_own_floor():
    assert floor_to_step(Decimal("1.23"), CENT) == Decimal("1.23")


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("2715.485", "2715.49"), ("3", "3.00")],
)
def test_amounts_are_paid_to_the_cent_half_up(amount, cents):
    assert str(to_cents(Decimal(amount))) == cents


@pytest.mark.parametrize(
    ("share", "units", "whole"),
    [("0.5", 1, 1), ("0.5", 3, 2), ("0.5", 5, 3), ("0.7", 2, 1), ("0.6", 4, 2), ("0.8", 0, 0)],
)
def test_a_share_of_a_volume_is_whole_units_half_up(share, units, whole):
    assert share_of_units(Decimal(share), units) == whole


@given(share=st.decimals(0, 1, places=6), units=st.integers(0, 10**12))
def test_a_share_of_a_volume_is_never_more_than_half_a_unit_off(share, units):
    exact = Fraction(share) * units
    assert -Fraction(1, 2) <= exact - share_of_units(share, units) < Fraction(1, 2)


@given(prices=st.lists(st.decimals(0, 10**6, places=28), max_size=20))
def test_a_sum_of_prices_of_28_digits_is_exact(prices):
    assert Fraction(exact_sum(prices)) == sum(map(Fraction, prices))


@given(price=PRICES, units=st.integers(1, 1000), count=st.integers(1, 50))
def test_sums_and_products_of_prices_in_a_lot_are_not_rounded(price, units, count):
    total = Decimal(0)
    for _ in range(count):
        total = EXACT.add(total, EXACT.multiply(price, Decimal(units)))
    assert Fraction(total) == Fraction(price) * units * count


def test_conversion_ratios_have_28_digits():
    assert SIGNIFICANT_DIGITS.prec == 28


def test_a_declared_unit_price_has_at_most_six_decimals_unless_it_was_given_finer():
    assert UnitPrice(Decimal("5E+1")).step == UNIT_PRICE_STEP
