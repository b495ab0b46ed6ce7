"""Faults say where, what was found and what was expected, all at once."""

import pytest

from pricing.faults import (
    FAULTS_SHOWN,
    Fault,
    FaultList,
    ModelError,
    ModelFaultsError,
    quoted,
    shown,
)


def test_the_message_has_one_line_for_each_fault():
    faults = [Fault("a.csv:2: cost", "为负", "is negative"), Fault("b", "缺少", "is missing")]
    assert str(ModelFaultsError(faults)) == "a.csv:2: cost: is negative\nb: is missing"


def test_a_fault_speaks_both_languages():
    fault = Fault("a.csv:2: cost", "为负", "is negative")
    assert fault.text("zh") == "a.csv:2: cost: 为负"
    assert fault.text("en") == "a.csv:2: cost: is negative"


def test_a_line_stays_a_line_whatever_it_quotes():
    assert str(Fault("a\nb", "", "c\td")) == "a\\nb: c\\td"


def test_the_same_fault_is_noted_once():
    faults = FaultList()
    faults.add("a", "缺少", "is missing")
    faults.add("a", "缺少", "is missing")
    assert len(faults.faults) == 1


def test_very_many_faults_are_counted():
    faults = FaultList()
    for number in range(FAULTS_SHOWN + 3):
        faults.add(number, "缺少", "is missing")
    with pytest.raises(ModelFaultsError) as refused:
        faults.raise_if_any()
    assert len(refused.value.faults) == FAULTS_SHOWN
    assert str(refused.value).endswith("... and 3 more")


def test_no_fault_raises_nothing():
    FaultList().raise_if_any()


def test_faults_are_errors_of_the_model():
    assert issubclass(ModelFaultsError, ModelError)
    assert issubclass(ModelError, ValueError)


def test_long_cells_are_cut_and_numbers_are_short():
    assert len(quoted("9" * 1000)) == 63
    assert shown(1 - 0.97) == "0.03"
