"""Credit codes and divisions: published examples, and what must hold of every code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.accounts.divisions import (
    NATION,
    PROVINCES,
    division_name,
    is_division,
    level_of,
    province_of,
)
from procurement.accounts.organisations.credit_codes import (
    ALPHABET,
    check_character,
    is_credit_code,
)
from procurement.permissions import Level

bodies = st.builds(
    lambda head, division, tail: head + division + tail,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


def test_the_example_of_the_standard_holds():
    assert is_credit_code("91350100M000100Y43")


@given(bodies)
def test_exactly_one_check_character_fits(body):
    fitting = [last for last in ALPHABET if is_credit_code(body + last)]
    assert fitting == [check_character(body)]


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body, place, other):
    code = body + check_character(body)
    changed = code[:place] + other + code[place + 1 :]
    assert is_credit_code(changed) == (changed == code)


@given(bodies, st.integers(0, 16))
def test_two_neighbours_swapped_are_always_noticed(body, place):
    code = body + check_character(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(swapped) == (swapped == code)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer(text):
    assert is_credit_code(text) in (True, False)
    assert is_division(text) in (True, False)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100m000100y43",
        "91350100I000100Y43",
        " 91350100M000100Y43",
        "91350100M000100Y43\n",
        "９1350100M000100Y43",
    ],
)
def test_other_forms_are_no_codes(code):
    assert not is_credit_code(code)


def test_there_are_31_provinces_and_the_corps():
    assert len(PROVINCES) == 32
    assert all(level_of(code) is Level.PROVINCIAL for code in PROVINCES)
    assert len({zh for zh, _ in PROVINCES.values()}) == 32
    assert len({en for _, en in PROVINCES.values()}) == 32


@given(st.sampled_from(sorted(PROVINCES)), st.integers(0, 99), st.integers(0, 99))
def test_divisions_lie_in_known_provinces(province, city, county):
    code = f"{province[:2]}{city:02d}{county:02d}"
    assert is_division(code) == (city > 0 or county == 0)
    assert province_of(code) == province
    assert division_name(code)[0].startswith(PROVINCES[province][0])


@pytest.mark.parametrize("code", ["710000", "810000", "990000", "34000", "3400000", "34ab00", "-1"])
def test_other_codes_are_no_divisions(code):
    assert not is_division(code)


def test_the_nation_is_a_division_too():
    assert is_division(NATION)
    assert level_of(NATION) is Level.NATIONAL
