"""What people type into cells is read, or refused with what was expected; nothing breaks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.volumes.cells import clean, read_quantity, read_ratio, read_text
from procurement.volumes.reasons import REASONS, find_reason
from procurement.volumes.rules import QUANTITY_MAX

anything = st.one_of(
    st.text(max_size=30), st.floats(), st.integers(), st.none(), st.booleans(), st.dates()
)


@pytest.mark.parametrize(
    ("cell", "quantity"),
    [
        ("8400", 8400),
        (8400.0, 8400),
        (8400, 8400),
        ("8,400", 8400),
        ("１２００", 1200),
        (" 0 ", 0),
        ("12.0", 12),
        ("350×24", 8400),
        ("350 x 24", 8400),
        ("1,000*10", 10_000),
        (None, None),
        ("", None),
    ],
)
def test_quantities_are_read_as_people_write_them(cell, quantity):
    read = read_quantity(cell)
    assert (read.value, read.fault) == (quantity, None)


@pytest.mark.parametrize(
    "cell", ["12.5", 12.5, "-3", "约100", "1,00", "350盒", "9" * 16, True, float("nan"), "1e5"]
)
def test_what_is_no_quantity_is_refused_with_words(cell):
    read = read_quantity(cell)
    assert read.value is None
    assert read.fault is not None
    assert read.fault.zh
    assert read.fault.en


def test_packs_are_told_how_to_be_written():
    fault = read_quantity("350盒").fault
    assert fault is not None
    assert "350×24" in fault.zh


@given(anything)
def test_no_cell_breaks_the_reading(cell):
    for read in (read_quantity(cell), read_ratio(cell), read_text(cell, length_max=20)):
        assert (read.value is None) or (read.fault is None)
    quantity = read_quantity(cell).value
    assert quantity is None or 0 <= quantity <= QUANTITY_MAX


@given(st.integers(0, QUANTITY_MAX))
def test_every_quantity_is_read_back_from_every_way_of_writing_it(quantity):
    for written in (str(quantity), f"{quantity:,}", f"{quantity}.0", quantity):
        assert read_quantity(written).value == quantity


def test_ratios_are_exact_decimals_above_zero():
    assert read_ratio("0.5").value == Decimal("0.5")
    assert read_ratio("0").fault is not None
    assert read_ratio("1/2").fault is not None


def test_texts_have_a_length_and_no_character_that_cannot_be_kept():
    assert read_text("x" * 21, length_max=20).fault is not None
    assert read_text("a\x00b", length_max=20).fault is not None


def test_reasons_are_found_by_code_and_by_their_name_in_both_languages():
    for reason in REASONS:
        assert {find_reason(text) for text in (reason.code, reason.zh, reason.en)} == {reason}


def test_full_width_text_becomes_plain():
    assert clean("Ｌ０１") == "L01"
