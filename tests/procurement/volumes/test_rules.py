"""The 80 % line, means, conversion and plausibility, at their borders and against slow twins."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.rules import RoundRules
from procurement.china_days import day_in_china
from procurement.volumes.reporting.plausibility import warn
from procurement.volumes.rules import (
    ReportingRule,
    converted_units,
    draw_line,
    main_units,
    past_years,
    region_of,
    reporting_rule,
    rounded_mean,
)
from procurement.volumes.strengths import ConversionKind, content_ratio, needs_explanation
from rulebooks import load_rulebook

RULE = ReportingRule(Decimal("0.8"), 2, "reporting.minimum_share")
units = st.integers(0, 10**9)


@pytest.fixture(scope="module")
def volume_cases(shared):
    cases = json.loads((shared / "cases/settlement/volume_rules.json").read_text("utf-8"))
    return {case["id"]: case for case in cases["cases"]}


def test_the_published_case_of_the_line_is_reproduced(volume_cases):
    case = volume_cases["VOL-03"]
    rule = reporting_rule(RoundRules(load_rulebook("national-11")))
    uses = [int(case["inputs"]["use_2023"]), int(case["inputs"]["use_2024"])]
    lines = [draw_line(int(report), uses, rule) for report in case["inputs"]["reports"]]
    assert {str(line.minimum_units) for line in lines} == {case["expected"]["minimum"]}
    assert [not line.needs_explanation for line in lines] == case["expected"]["ok"]


def test_the_years_of_the_published_case_are_those_before_the_reporting():
    assert past_years(date(2025, 8, 6), 2) == (2023, 2024)
    # Just before midnight in Greenwich it is the new year in China.
    assert day_in_china(datetime(2025, 12, 31, 16, tzinfo=UTC)) == date(2026, 1, 1)


def test_stents_of_2022_look_at_one_year_and_ninety_five_per_cent():
    rule = reporting_rule(RoundRules(load_rulebook("stents-2022")))
    assert (rule.minimum_share, rule.years) == (Decimal("0.95"), 1)
    assert draw_line(950, [1000], rule).needs_explanation is False
    assert draw_line(949, [1000], rule).needs_explanation is True


def test_a_round_may_supply_the_rule_that_its_document_does_not_state():
    assert not reporting_rule(RoundRules(load_rulebook("national-12"))).is_stated
    options = {"reporting.minimum_share": "0.8", "reporting.history_years": 2}
    rule = reporting_rule(RoundRules(load_rulebook("national-12"), options))
    assert rule.is_stated
    assert draw_line(79, [100, 100], rule).needs_explanation


def test_without_a_stated_rule_nothing_has_to_be_explained_and_the_ratio_is_still_shown():
    line = draw_line(10, [100, 100], ReportingRule(None, None, "x"))
    assert (line.minimum, line.needs_explanation, line.ratio) == (None, False, Fraction(1, 10))


def test_a_year_of_which_nothing_is_known_leaves_the_line_undrawn():
    line = draw_line(0, [None, 9000], RULE)
    assert (line.mean, line.minimum, line.needs_explanation) == (None, None, False)


def test_a_new_product_has_a_line_at_zero():
    line = draw_line(0, [0, 0], RULE)
    assert (line.minimum_units, line.needs_explanation, line.ratio) == (0, False, None)


@given(units, units, units)
def test_the_line_is_exact_where_decimals_would_round(demand, first, second):
    line = draw_line(demand, [first, second], RULE)
    # 0.8 x (a + b) / 2, multiplied out.
    assert line.needs_explanation == (demand * 10 < 4 * (first + second))
    least = line.minimum_units
    assert least is not None
    assert not draw_line(least, [first, second], RULE).needs_explanation
    assert least == 0 or draw_line(least - 1, [first, second], RULE).needs_explanation


@given(st.lists(units, min_size=1, max_size=4))
def test_the_proposed_mean_is_rounded_half_up(uses):
    mean = rounded_mean(uses)
    assert mean is not None
    assert Fraction(-1, 2) < mean - Fraction(sum(uses), len(uses)) <= Fraction(1, 2)


@given(units, st.decimals("0.001", "100", places=3))
def test_converted_need_is_rounded_half_up(quantity, ratio):
    exact = quantity * Fraction(ratio)
    assert Fraction(-1, 2) < converted_units(quantity, ratio) - exact <= Fraction(1, 2)


def test_strengths_add_up_by_content():
    assert main_units([(Decimal(1), 1000), (Decimal("0.5"), 300), (Decimal(2), 1)]) == 1152


def test_the_smallest_region_of_a_round_is_where_a_hospital_counts():
    regions = ["340000", "340100", "110000"]
    assert region_of("340123", regions) == "340100"
    assert region_of("341523", regions) == "340000"
    assert region_of("540000", regions) is None


@pytest.mark.parametrize(
    ("demand", "mean", "code"),
    [
        (350, 8400, "packs"),
        (8400, 8400, None),
        (25_200, 8400, None),
        (25_201, 8400, "much-more"),
        (201_600, 8400, "multiplied"),
        (0, 8400, None),
        (5, 0, None),
    ],
)
def test_slips_between_packs_and_units_are_noticed(demand, mean, code):
    odd = warn(demand, Fraction(mean))
    assert (odd.code if odd else None) == code


def test_known_packs_are_tried_instead_of_the_usual_ones():
    assert warn(100, Fraction(1700)) is None
    odd = warn(100, Fraction(1700), packs=(17,))
    assert odd is not None
    assert "17" in odd.zh


def test_an_adult_strength_is_converted_by_content_and_a_child_strength_explained():
    assert content_ratio("5mg", of="10mg") == Decimal("0.5")
    adult, child = ConversionKind.ADULT, ConversionKind.CHILD
    assert not needs_explanation(adult, strength="5mg", of="10mg", ratio=Decimal("0.5"))
    assert needs_explanation(adult, strength="5mg", of="10mg", ratio=Decimal("0.6"))
    assert needs_explanation(adult, strength="小儿用", of="10mg", ratio=Decimal("0.5"))
    assert needs_explanation(child, strength="5mg", of="10mg", ratio=Decimal("0.5"))
