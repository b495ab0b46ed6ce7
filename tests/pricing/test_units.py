"""Units: what is certainly wrong is refused, what is not known is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.units import (
    CURRENCIES,
    LITERAL,
    PARTS,
    PLAIN,
    PLAIN_NUMBER,
    UNKNOWN,
    UnitError,
    check_money,
    is_part,
    of_function,
    of_product,
    of_sum,
    parse_unit,
)

YUAN = parse_unit("yuan")


@pytest.mark.parametrize("text", ["yuan", "CNY", "元", "yuan per year", "元/例", "Yuan / QALY"])
def test_yuan_are_money_whatever_they_are_paid_for(text):
    assert str(parse_unit(text)) == "CNY"


@pytest.mark.parametrize("text", ["ratio", "probability", "1/year", "patients", "", "概率"])
def test_plain_numbers_are_no_money(text):
    assert parse_unit(text) == PLAIN_NUMBER


@pytest.mark.parametrize("text", ["tablet", "万元", "year of treatment"])
def test_other_words_say_nothing_certain(text):
    assert not parse_unit(text).known


def test_what_is_divided_by_money_is_no_money():
    assert str(parse_unit("qaly per yuan")) == "CNY^-1"


def test_words_for_parts_are_known():
    assert all(is_part(word) for word in PARTS)
    assert not any(is_part(word) for word in (*PLAIN, *CURRENCIES))


@pytest.mark.parametrize("other", ["ratio", "GBP", "qaly per yuan"])
def test_money_is_not_added_to_something_else(other):
    with pytest.raises(UnitError):
        of_sum(YUAN, parse_unit(other))


def test_a_number_as_written_takes_the_unit_of_its_neighbour():
    assert of_sum(YUAN, LITERAL) == of_sum(LITERAL, YUAN) == YUAN
    assert of_product(LITERAL, YUAN) == YUAN
    assert of_product(LITERAL, LITERAL) == LITERAL


def test_a_number_as_written_may_be_the_price_of_what_it_multiplies():
    for divided in (False, True):
        assert of_product(LITERAL, PLAIN_NUMBER, divided=divided) == LITERAL
        assert of_product(PLAIN_NUMBER, LITERAL, divided=divided) == LITERAL
    assert str(of_product(LITERAL, YUAN, divided=True)) == "CNY^-1"


def test_money_by_money_is_a_plain_number():
    assert of_product(YUAN, YUAN, divided=True) == PLAIN_NUMBER


def test_no_logarithm_of_money():
    with pytest.raises(UnitError, match="takes log of CNY"):
        of_function("log", YUAN)
    assert of_function("exp", PLAIN_NUMBER) == PLAIN_NUMBER


def test_money_belongs_where_money_is_expected():
    check_money(YUAN, money=True)
    check_money(PLAIN_NUMBER, money=False)
    with pytest.raises(UnitError, match="a plain number: expected money"):
        check_money(PLAIN_NUMBER, money=True)
    with pytest.raises(UnitError, match="CNY: expected a plain number"):
        check_money(YUAN, money=False)


UNITS = st.sampled_from(
    [YUAN, PLAIN_NUMBER, LITERAL, UNKNOWN, parse_unit("GBP"), parse_unit("1/yuan")]
)


@given(one=UNITS, other=UNITS)
def test_what_is_not_known_is_never_refused(one, other):
    assert not of_sum(UNKNOWN, one).known
    assert not of_product(one, UNKNOWN).known
    check_money(UNKNOWN, money=True)
    assert of_product(one, other) == of_product(other, one)
