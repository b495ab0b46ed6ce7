"""A product read from strings: every fault is named at its column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.bid_sheet import Category
from procurement.catalogue.kinds import Evaluation, ProductKind, ProductStatus
from procurement.catalogue.rules import (
    COLUMNS,
    WORDS,
    column_of,
    generic_product_values,
    read_number_cell,
    read_product,
)
from tests.procurement.catalogue.builders import ANASTROZOLE, HOLDER

GOOD = {**ANASTROZOLE, "holder": HOLDER}


def faults_of(**changes: str) -> dict[str, str]:
    return {fault.field: fault.en for fault in read_product({**GOOD, **changes})[1]}


def test_good_strings_become_values():
    facts, faults = read_product({**GOOD, "is_originator": "否", "status": "暂停"})
    assert faults == []
    assert facts is not None
    assert facts.kind is ProductKind.CHEMICAL
    assert facts.category is Category.GENERAL
    assert facts.evaluation is Evaluation.PASSED
    assert facts.evaluated_on == date(2020, 5, 6)
    assert (facts.pack_units, facts.is_originator, facts.status) == (
        14,
        False,
        ProductStatus.SUSPENDED,
    )


def test_every_fault_is_found_at_once_in_the_order_of_the_columns():
    raw = {"kind": "药", "pack_units": "0", "drug_code": "X", "evaluated_on": "去年"}
    faults = read_product(raw)[1]
    assert [fault.field for fault in faults] == [
        "kind",
        "name",
        "unit",
        "strength",
        "pack_units",
        "holder",
        "evaluated_on",
    ]


@pytest.mark.parametrize("units", ["0", "-1", "1.5", "", "一", "1e3", "1000001", "99999999999999"])
def test_units_of_a_pack_are_a_whole_number(units):
    assert set(faults_of(pack_units=units)) == {"pack_units"}


@pytest.mark.parametrize("units", ["14", "14.0", "１４", " 14 ", "1,000"])
def test_units_of_a_pack_may_be_written_as_spreadsheets_do(units):
    assert faults_of(pack_units=units) == {}


@pytest.mark.parametrize("day", ["2026-02-30", "2026", "22/11/2026", "0000-01-01"])
def test_a_day_that_is_none_is_refused(day):
    assert set(faults_of(approved_on=day)) == {"approved_on"}


@pytest.mark.parametrize("day", ["2026-11-22", "2026/11/22", "2026年11月22日", "2026.11.22"])
def test_a_day_may_be_written_in_several_ways(day):
    facts, _faults = read_product({**GOOD, "approved_on": day})
    assert facts is not None
    assert facts.approved_on == date(2026, 11, 22)


def test_a_product_that_did_not_pass_has_no_day_of_passing():
    assert set(faults_of(evaluation="未通过")) == {"evaluated_on"}
    assert faults_of(evaluation="未通过", evaluated_on="") == {}


def test_an_approval_does_not_end_before_it_begins():
    days = {"approved_on": "2026-01-02", "approval_ends_on": "2026-01-01"}
    assert set(faults_of(**days)) == {"approval_ends_on"}
    assert faults_of(approved_on="2026-01-02", approval_ends_on="2026-01-02") == {}


@pytest.mark.parametrize("column", [column for column in COLUMNS if column.limit])
def test_a_text_is_as_long_as_its_column_and_no_longer(column):
    changes = {"approval_number": "", "kind": "中药饮片", "drug_code": "", "evaluated_on": ""}
    fits = {**changes, column.key: "药" * column.limit}
    over = {**changes, column.key: "药" * (column.limit + 1)}
    if column.key != "approval_number":
        assert column.key not in faults_of(**fits)
    assert column.key in faults_of(**over)


@pytest.mark.parametrize("key", WORDS)
def test_a_word_is_read_in_both_languages_and_as_its_value(key):
    for value, (zh, en) in WORDS[key].items():
        read = [generic_or_own(key, text) for text in (value, zh, en.upper(), f" {zh} ")]
        assert read == [value] * 4


def generic_or_own(key: str, text: str) -> str:
    # Other faults, such as a number of another kind, do not matter here.
    raw = {**GOOD, key: text}
    values, _faults = generic_product_values(raw)
    if key in values:
        return str(values[key])
    facts, faults = read_product({**raw, "evaluated_on": ""})
    assert facts is not None, faults
    return str(getattr(facts, key))


def test_an_unknown_word_is_refused_with_all_that_are_known():
    assert "“停产”" in faults_of(status="停产")["status"]
    assert "suspended" in faults_of(status="停产")["status"]


@pytest.mark.parametrize("kind", ["中药饮片", "医疗机构制剂", "中药配方颗粒"])
def test_what_has_no_approval_number_is_accepted_without_number_and_code(kind):
    changes = {"approval_number": "", "drug_code": "", "kind": kind}
    assert faults_of(**changes) == {}


def test_a_heading_is_known_by_either_language_and_by_its_key():
    for column in COLUMNS:
        for heading in (column.zh, column.en, column.key, f"{column.zh}*", f" {column.en} ＊"):
            assert column_of(heading) is column


def test_headings_are_all_different():
    names = [name for column in COLUMNS for name in (column.zh, column.en, column.key)]
    assert len({name.lower() for name in names}) >= len(names) - sum(
        column.en == column.key for column in COLUMNS
    )


@given(number=st.integers(-(10**12), 10**12))
def test_a_number_cell_of_at_most_four_decimals_is_what_was_typed(number):
    written = f"{number / 10**4:.4f}"
    read = read_number_cell(float(written))
    assert isinstance(read, str)
    assert float(read) == float(written)


@pytest.mark.parametrize("number", [0.12345, 1e-7, float("nan"), float("inf")])
def test_a_number_cell_that_nobody_can_have_meant_is_refused(number):
    assert not isinstance(read_number_cell(number), str)


@given(raw=st.dictionaries(st.sampled_from([c.key for c in COLUMNS]), st.text(max_size=40)))
def test_any_strings_give_facts_or_faults_and_never_an_error(raw):
    facts, faults = read_product(raw)
    assert (facts is None) == bool(faults)
