"""The rules of drug lists: stated where a source states them, unknown where none does."""

from typing import cast

import pytest

from pricing.stated_rules import RuleNotStatedError, StatedRules

BOOKS = ("dual-jiangsu-2021", "dual-jiangsu-2022", "dual-hunan-2025", "dual-national-2021")


@pytest.mark.parametrize("book", BOOKS)
def test_that_controlled_drugs_stay_out_is_usual_and_verified_nowhere(book):
    rules = StatedRules.of(book)
    assert rules.required("list.excluded") == ("narcotic", "psychotropic", "toxic")
    assert not rules.is_verified("list.excluded")


def test_jiangsu_s_list_is_the_province_s_with_three_states_for_every_product_of_a_generic():
    rules = StatedRules.of("dual-jiangsu-2022")
    assert rules.word("list.made_by") == "province"
    assert rules.value("list.cities_may_change") is False
    assert rules.value("list.states") == ("dual-separate", "dual", "ordinary")
    assert rules.word("list.covers") == "generic-and-form"
    # How the criteria go together is a reading.
    assert not rules.is_verified("list.dual_criteria")
    assert not rules.is_verified("list.separate_criteria")


def test_nothing_of_2021_is_verified_for_jiangsu():
    rules = StatedRules.of("dual-jiangsu-2021")
    keys = [key for key in rules.rulebook.rules if key.startswith("list.")]
    assert keys and not any(rules.is_verified(key) for key in keys)


def test_hunan_lists_by_agreement_and_does_not_say_how_separate_payment_is_selected():
    rules = StatedRules.of("dual-hunan-2025")
    assert rules.word("list.dual_by") == "agreement"
    needs = cast("tuple[str, ...]", rules.required("list.separate_needs"))
    assert needs == ("application", "standard-promise")
    with pytest.raises(RuleNotStatedError):
        rules.value("list.separate_criteria")


def test_the_national_document_leaves_the_criteria_to_provinces():
    rules = StatedRules.of("dual-national-2021")
    for key in ("list.dual_criteria", "list.separate_criteria", "list.covers"):
        assert not rules.knows(key)
