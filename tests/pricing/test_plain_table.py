"""Plain tables say what is wrong with them, in both languages, all at once."""

import pytest

from pricing.faults import ModelFaultsError
from pricing.plain_table import PlainTable


def test_a_number_out_of_range_says_what_was_expected():
    table = PlainTable({"a": 2.0})
    assert table.number("a", at_least=0, at_most=1) == 0
    assert table.faults.faults[0].en == "is 2: expected at least 0 and at most 1"
    assert table.faults.faults[0].zh == "为 2；应为不小于 0且不大于 1"


@pytest.mark.parametrize("value", [True, "1", float("nan"), float("inf"), 1e16, None, [1]])
def test_what_is_no_number_is_a_fault(value):
    table = PlainTable({"a": value})
    table.number("a")
    assert [fault.where for fault in table.faults.faults] == ["a"]


def test_a_fraction_is_no_whole_number():
    table = PlainTable({"a": 2.5})
    table.optional_whole("a", at_least=1)
    assert "whole number" in table.faults.faults[0].en


def test_paths_lead_into_tables_and_lists():
    table = PlainTable({"a": {"b": 1}, "c": [{"d": 1}]}, path="top")
    table.table("a").check_keys()
    table.tables("c")[0].check_keys()
    with pytest.raises(ModelFaultsError) as caught:
        table.finish()
    assert [fault.where for fault in caught.value.faults] == ["top.a.b", "top.c.1.d"]
