"""Criteria of the rulebooks, compared with a plain reading of what they say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.stated_rules import StatedRules
from procurement.pharmacies.listed.kinds import ChangeKind, DrugState
from procurement.pharmacies.listed.rules.books import BOOKS, NATIONAL, rules_of_list
from procurement.pharmacies.listed.rules.changes import change_between
from procurement.pharmacies.listed.rules.criteria import CRITERION_NAMES, unmet_criteria
from rulebooks.vocabulary.dual import CRITERIA

DAY = date(2022, 5, 1)
NONE = (None, None)
JIANGSU = StatedRules.of("dual-jiangsu-2022")
STATES = [None, *DrugState]


def is_met(state, shown, rules=JIANGSU):
    return not unmet_criteria(state, shown, rules, agreement=NONE, day=DAY)


@given(st.sets(st.sampled_from(sorted(CRITERION_NAMES))))
def test_jiangsu_asks_for_all_three_or_an_innovative_drug_and_more_for_separate_payment(shown):
    dual = {"clinical-value", "urgent-need", "poorly-replaceable"} <= shown or "innovative" in shown
    separate = dual and bool({"long-use", "costly-course", "innovative"} & shown)
    assert is_met(DrugState.DUAL, shown) == dual
    assert is_met(DrugState.DUAL_SEPARATE, shown) == separate
    assert is_met(DrugState.ORDINARY, shown)


@given(st.sets(st.sampled_from(sorted(CRITERION_NAMES))), st.sampled_from(sorted(CRITERION_NAMES)))
def test_more_evidence_never_makes_a_criterion_unmet(shown, more):
    for book in (NATIONAL, *(book for books in BOOKS.values() for book in books)):
        rules = StatedRules.of(book)
        for state in DrugState:
            assert not is_met(state, shown, rules) or is_met(state, {*shown, more}, rules)


def test_where_no_source_states_the_criteria_the_document_that_does_is_asked_for():
    rules = StatedRules.of(NATIONAL)
    assert not is_met(DrugState.DUAL, set(CRITERIA), rules)
    assert is_met(DrugState.DUAL, {"other"}, rules)


def test_every_criterion_of_the_vocabulary_has_a_name():
    assert set(CRITERIA) <= set(CRITERION_NAMES)


@pytest.mark.parametrize(
    ("region", "day", "book"),
    [
        ("320000", date(2022, 4, 30), "dual-jiangsu-2021"),
        ("320500", date(2022, 5, 1), "dual-jiangsu-2022"),
        ("430000", date(2025, 10, 16), NATIONAL),
        ("430000", date(2025, 10, 17), "dual-hunan-2025"),
        ("340000", date(2019, 1, 1), NATIONAL),
    ],
)
def test_a_list_follows_its_region_s_document_from_the_day_on_which_it_holds(region, day, book):
    assert rules_of_list(region, day).rulebook.id == book


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_a_change_and_its_reverse_are_opposites(before, after):
    opposite = {
        None: None,
        ChangeKind.CHANGE: ChangeKind.CHANGE,
        ChangeKind.ENTER: ChangeKind.REMOVE,
        ChangeKind.REMOVE: ChangeKind.ENTER,
        ChangeKind.UPGRADE: ChangeKind.DOWNGRADE,
        ChangeKind.DOWNGRADE: ChangeKind.UPGRADE,
    }
    assert change_between(after, before) == opposite[change_between(before, after)]
