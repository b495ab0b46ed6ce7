"""The bid sheet is made of values that cannot change."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from bidding.bid_sheet import Category, DosageForm, QuestionKind
from rulebooks.vocabulary.rounds import CATEGORIES, DOSAGE_FORMS
from tests.bidding.sheets import answer, bid, lot, round_of, volume, wishes


@pytest.mark.parametrize(
    "value",
    [
        *(lot(), bid("A", "1"), volume("京", 1), wishes("A", "京")[0], answer("A", "tie")),
        round_of("national-3", []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_part_of_a_bid_sheet_can_be_changed(value):
    field = next(iter(value.__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(value, field, "other")


def test_equal_rows_make_equal_sheets():
    assert round_of("national-3", [bid("A", "1")]) == round_of("national-3", [bid("A", "1.0")])


def test_categories_are_those_of_the_vocabulary():
    assert tuple(Category) == CATEGORIES


def test_dosage_forms_are_those_of_the_vocabulary():
    assert {*DosageForm, "any"} == set(DOSAGE_FORMS)


def test_the_questions_are_those_that_files_of_answers_may_hold():
    assert {"revive", "tie", "cut", "withdraw"} <= set(QuestionKind)


def test_a_lot_is_of_the_general_category_unless_it_says_otherwise():
    assert lot().category is Category.GENERAL


def test_a_bid_stands_alone_and_supplies_everything_unless_it_says_otherwise():
    one = bid("A", "1")
    assert (one.control_group, one.joint_bid, one.group, one.supplies) == (None, None, None, None)
    assert one.quotes[0].declared_price is not None
    assert one.quotes[0].declared_price.pack_price == Decimal(1)
