"""Rows of files: whatever stands in their cells, a line comes out or its faults do."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.volumes.filling.columns import FORM_COLUMNS, heading_key, match_header
from procurement.volumes.filling.grid_form import read_extra, read_grid_form
from procurement.volumes.filling.rows import Manufacturer, RowReader, find_strength
from procurement.volumes.lots import AskedLot, AskedStrength
from procurement.web import Form

STRENGTHS = (AskedStrength(1, 1, "250mg", Decimal(1)), AskedStrength(2, 1, "500mg", Decimal(2)))
LOTS = (
    AskedLot(1, "L01", "阿莫西林", "粒", True, None, STRENGTHS),
    AskedLot(2, "L02", "头孢呋辛", "支", False, None, (AskedStrength(3, 2, "0.75g", Decimal(1)),)),
)
MAKERS = (
    Manufacturer(7, "甲制药有限公司", "甲制药", "91110000000000005X"),
    Manufacturer(8, "乙制药有限公司", "乙制药", None),
    Manufacturer(9, "乙制药（海外）", "乙制药", None),
)
cell = st.one_of(
    st.none(),
    st.integers(-5, 10**14),
    st.floats(allow_nan=True),
    st.sampled_from(["L01", "l02", "250mg", "0.25 g", "甲制药", "stock", "child", "12", "3×4"]),
    st.text(max_size=8),
)


def read(**cells):
    return RowReader(LOTS, MAKERS).read(cells)


@given(st.fixed_dictionaries({column.key: cell for column in FORM_COLUMNS}))
def test_a_row_gives_a_line_or_its_faults_and_never_breaks(cells):
    row = read(**cells)
    if row.faults:
        assert row.entry is None
        assert row.explanation is None
        assert {fault.column for fault in row.faults} <= {column.key for column in FORM_COLUMNS}
        assert all(fault.zh and fault.en for fault in row.faults)
    elif row.entry is not None:
        assert row.entry.lot_strength_id in (1, 2, 3)
        assert row.entry.quantity is None or row.entry.quantity >= 0


def test_the_same_cells_read_the_same_from_memory_and_afresh():
    reader = RowReader(LOTS, MAKERS)
    cells = {"lot": "L01", "strength": "0.5g", "brand": "甲制药", "demand": "5"}
    first, again = reader.read(cells), reader.read(cells)
    assert first == again == RowReader(LOTS, MAKERS).read(cells)


@pytest.mark.parametrize(
    ("label", "found"),
    [("250mg", 1), ("0.25g", 1), ("２５０ＭＧ", 1), ("0.5 g", 2), ("125mg", None), ("", None)],
)
def test_a_strength_is_found_however_it_is_spelled(label, found):
    strength = find_strength(STRENGTHS, label)
    assert (strength.id if strength else None) == found


@pytest.mark.parametrize(
    ("brand", "found"),
    [("甲制药有限公司", 7), ("甲制药", 7), ("91110000000000005x", 7), ("乙制药有限公司", 8)],
)
def test_a_manufacturer_is_named_by_name_short_name_or_code(brand, found):
    row = read(lot="L01", strength="250mg", brand=brand, demand=1)
    assert row.entry is not None
    assert row.entry.brand_id == found


def test_a_short_name_that_two_bear_names_neither():
    row = read(lot="L01", strength="250mg", brand="乙制药", demand=1)
    assert [fault.column for fault in row.faults] == ["brand"]


def test_a_conversion_is_whole_or_faulty():
    row = read(lot="L01", strength="250mg", demand=1, kind="child", ratio="0.5")
    assert {fault.column for fault in row.faults} == {"other_strength", "other_quantity"}


def test_an_empty_cell_says_nothing():
    row = read(lot="L01", strength="250mg", demand="", reason="", why="")
    assert (row.faults, row.entry, row.explanation) == ([], None, None)


def test_headings_are_found_in_both_languages_and_with_units():
    header = ["序号", "品种编号", "规格", "需求量（片/年）", "Manufacturer", "other_quantity"]
    assert match_header(header, FORM_COLUMNS) == {
        "lot": 1,
        "strength": 2,
        "brand": 4,
        "demand": 3,
        "other_quantity": 5,
    }
    assert heading_key("需求量*") == "需求量"


fields_of_a_grid = st.dictionaries(
    st.from_regex(r"(q|ck|oq|cr)-[0-9]{1,3}-[0-9]{1,3}|reason-1|why-1", fullmatch=True),
    st.text(max_size=10),
    max_size=6,
)


@given(fields_of_a_grid)
def test_a_posted_grid_never_breaks(fields):
    posted = read_grid_form(Form({name: (value,) for name, value in fields.items()}), LOTS)
    keys = {entry.key for entry in posted.entries}
    faulty = {fault.field.split("-", 1)[1] for fault in posted.faults}
    assert not keys & faulty


def test_lines_that_a_page_added_are_read_and_nonsense_is_not():
    assert read_extra(["1-7", "x", "1-", "1-0", "9999999999-1"]) == [(1, 7)]
