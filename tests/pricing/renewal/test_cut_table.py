"""The table of cuts: upper edges belong to their cell, beyond the last row there is none."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.renewal import CutTable, answer_renewal_case, combine, halve
from pricing.stated_rules import StatedRules

TABLE = CutTable.of(StatedRules.of("nrdl-renewal-2023").table("cut.table"))
YI = 10**8


def by_hand(ratio, spend, edges):
    """The rules in the words of a notice: percent by ratio and yuan a year."""
    if ratio <= edges[0]:
        return 0
    if ratio > edges[3]:
        return None
    base = 5 if ratio <= edges[1] else 10 if ratio <= edges[2] else 15
    if spend <= 2 * YI:
        return base
    if spend <= 10 * YI:
        return base + 2
    if spend <= 20 * YI:
        return base + 4
    return base + 6 if spend <= 40 * YI else base + 10


RATIOS = st.decimals(min_value=0, max_value=3, places=3)
SPENDS = st.one_of(
    st.decimals(min_value=0, max_value=60 * YI, places=2),
    st.sampled_from([Decimal(yi * YI) + near for yi in (2, 10, 20, 40) for near in (-1, 0, 1)]),
)
EDGES_A = [Decimal(edge) for edge in ("1.1", "1.4", "1.7", "2.0")]
EDGES_B = [Decimal(edge) for edge in ("0.1", "0.4", "0.7", "1.0")]


@given(st.one_of(RATIOS, st.sampled_from(EDGES_A)), SPENDS)
def test_every_cell_of_a_is_what_the_notice_says(ratio, spend):
    cell = TABLE.cell_a(ratio, spend)
    expected = by_hand(ratio, spend, EDGES_A)
    assert (None if cell is None else cell.cut * 100) == expected


@given(st.one_of(RATIOS, st.sampled_from(EDGES_B)), SPENDS)
def test_every_cell_of_b_is_what_the_notice_says(ratio, spend):
    cell = TABLE.cell_b(ratio, spend)
    expected = by_hand(ratio, spend, EDGES_B)
    assert (None if cell is None else cell.cut * 100) == expected


@given(RATIOS, SPENDS)
def test_a_cell_names_the_edges_that_hold_what_hit_it(ratio, spend):
    cell = TABLE.cell_a(ratio, spend)
    if cell is not None:
        assert cell.ratio_above <= ratio <= cell.ratio_until
        assert cell.spend_above <= spend
        assert cell.spend_until is None or spend <= cell.spend_until
        assert TABLE.cuts[cell.row][cell.column] == cell.cut


@given(RATIOS, RATIOS, SPENDS, SPENDS)
def test_more_spending_and_more_overrun_never_cut_less(ratio, other_ratio, spend, other_spend):
    low = TABLE.cell_a(min(ratio, other_ratio), min(spend, other_spend))
    high = TABLE.cell_a(max(ratio, other_ratio), max(spend, other_spend))
    if high is not None:
        assert low is not None
        assert low.cut <= high.cut


CUTS = st.decimals(min_value=0, max_value="0.25", places=2)


@given(CUTS, CUTS)
def test_halving_each_cut_never_cuts_less_than_halving_both_together(a, b):
    combined, each = halve(a, b, "combined"), halve(a, b, "each")
    assert combined == combine(a, b) / 2
    assert each - combined == a * b / 4
    assert combine(a, b) == 1 - (1 - a) * (1 - b) == combine(b, a)


def test_the_two_readings_of_the_halving_are_those_of_the_sources():
    a, b = Decimal("0.07"), Decimal("0.05")
    assert halve(a, b, "combined") == Decimal("0.05825")
    assert halve(a, b, "each") == Decimal("0.059125")
    with pytest.raises(ValueError, match="expected combined or each"):
        halve(a, b, "thrice")


@pytest.fixture(scope="module")
def case(shared):
    path = shared / "cases" / "negotiation" / "nrdl01_simple_renewal_2022_2024.json"
    return json.loads(path.read_text("utf-8"))


def test_every_answer_of_the_case_file_is_met(case):
    names = [expected["name"] for expected in case["expected"]]
    answers = answer_renewal_case(case["inputs"], names)
    assert answers.keys() == set(names)
    for expected in case["expected"]:
        miss = abs(float(answers[expected["name"]]) - expected["value"])
        assert miss <= expected["tol"], expected["name"]


def test_the_rulebook_holds_the_table_of_the_case_file(case):
    inputs = case["inputs"]
    assert [column / YI for column in TABLE.columns] == inputs["spend_tiers_yi"]
    assert [[cut * 100 for cut in row] for row in TABLE.cuts] == inputs[
        "table_pct_rows_ratio_cols_spend"
    ]
    assert list(map(float, TABLE.ratio_a)) == inputs["ratio_A_edges"]
    assert list(map(float, TABLE.ratio_b)) == inputs["ratio_B_edges"]


def test_a_cell_beyond_the_case_s_table_is_refused_and_another_word_left_out(case):
    with pytest.raises(ModelFaultsError, match="A201_spend2"):
        answer_renewal_case(case["inputs"], ["A201_spend2"])
    assert answer_renewal_case(case["inputs"], ["price_of_tea"]) == {}
