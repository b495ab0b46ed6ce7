"""Numbers with formulas: a formula means what was worked out, however it is nested."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from procurement.negotiations.outputs.workbook.live import (
    CellName,
    Live,
    down_to_the_cent,
    half_even,
    live,
)
from tests.procurement.negotiations.outputs.formulas import Cell, Formula, Spreadsheet

SHEET = "it's 1"
CELL = Live(2.5, (CellName(SHEET, 0, 0),))
BOOK = Spreadsheet({(SHEET, "A1"): Cell(None, 2.5)})

numbers = st.one_of(
    st.just(CELL),
    st.integers(-9, 9).map(live),
    st.floats(-99, 99, allow_nan=False).map(live),
)


def combined(inner: Any) -> Any:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda pair: pair[0] + pair[1]),
        pairs.map(lambda pair: pair[0] - pair[1]),
        pairs.map(lambda pair: pair[0] * pair[1]),
        pairs.filter(lambda pair: abs(pair[1].value) > 1e-3).map(lambda pair: pair[0] / pair[1]),
        inner.map(lambda one: -one),
        inner.map(lambda one: 1 - one),
        inner.filter(lambda one: 0.01 < one.value < 100).map(lambda one: one ** live(2)),
    )


def worked_out(number: Live, sheet: str) -> float:
    return Formula(BOOK, sheet, number.formula(sheet).removeprefix("=")).result()


@given(st.recursive(numbers, combined, max_leaves=12))
def test_a_formula_gives_the_value_on_its_own_sheet_and_on_another(number):
    if not math.isfinite(number.value) or abs(number.value) > 1e12:
        return
    for sheet in (SHEET, "other"):
        found = worked_out(number, sheet)
        assert math.isclose(found, number.value, rel_tol=1e-9, abs_tol=1e-6)


@given(st.integers(0, 10_000))
def test_halves_go_to_the_even_number(whole):
    for part in (0.0, 0.25, 0.5, 0.75):
        rounded = half_even(live(whole + part))
        assert rounded.value == round(whole + part)
        assert worked_out(rounded, SHEET) == rounded.value


@given(st.integers(0, 10**9))
def test_a_price_of_whole_cents_stays_and_any_other_goes_down(cents):
    for beyond in (0.0, 0.004, 0.0099):
        rounded = down_to_the_cent(live(cents / 100 + beyond))
        assert rounded.value == cents / 100
        assert math.isclose(worked_out(rounded, SHEET), cents / 100, abs_tol=1e-9)
