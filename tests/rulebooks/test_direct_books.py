"""The rulebooks of direct settlement and prepayment: which there are, what they leave open."""

import pytest

from procurement.errors import InvalidInputError
from procurement.payments.errors import RuleMissingError
from procurement.payments.stated import (
    DIRECT,
    PREPAYMENT,
    needed,
    offered_rulebooks,
    open_parameters,
    stated_rules,
)
from rulebooks import load_rulebook

DIRECT_BOOKS = [
    "direct-chongqing-2025",
    "direct-fujian-2017",
    "direct-guangdong-2025",
    "direct-hainan-2024",
    "direct-heilongjiang-2025",
    "direct-jiangxi",
]
PREPAYMENT_BOOKS = [
    "prepayment-national-2021",
    "prepayment-revolving-liaoning-2021",
    "prepayment-tianjin-2019",
    "prepayment-unnamed-province",
    "prepayment-yibin",
]


def test_the_books_of_a_kind_are_exactly_those_of_the_list():
    assert offered_rulebooks(DIRECT) == DIRECT_BOOKS
    assert offered_rulebooks(PREPAYMENT) == PREPAYMENT_BOOKS


@pytest.mark.parametrize("rulebook", DIRECT_BOOKS)
def test_what_no_source_states_is_said_to_be_unknown(rulebook):
    book = load_rulebook(rulebook)
    # Overdue interest, the order of the funds and refilling are in no source at hand.
    assert {"direct.interest", "direct.fund_order", "direct.refill"} <= book.unknown.keys()
    assert "direct.interest" not in book.rules
    assert set(open_parameters(rulebook)) >= book.unknown.keys()


def test_an_unknown_rule_is_asked_for_by_name():
    rules = stated_rules("direct-fujian-2017", {}, kind=DIRECT)
    with pytest.raises(RuleMissingError) as refusal:
        needed(lambda: rules.required("direct.fund_order"))
    assert refusal.value.key == "direct.fund_order"


@pytest.mark.parametrize(
    ("rulebook", "parameters", "field"),
    [
        ("direct-nowhere", {}, "rulebook"),
        ("prepayment-yibin", {}, "rulebook"),
        ("direct-fujian-2017", {"direct.working_days_max": 9}, "direct.working_days_max"),
        ("direct-fujian-2017", {"direct.fund_order": ["other"]}, "direct.fund_order"),
        ("direct-fujian-2017", {"direct.nothing": 1}, "direct.nothing"),
        ("direct-fujian-2017", {"direct.calendar": {"company-applies": 29}}, "direct.calendar"),
    ],
)
def test_only_what_a_rulebook_leaves_open_can_be_given(rulebook, parameters, field):
    with pytest.raises(InvalidInputError) as refusal:
        stated_rules(rulebook, parameters, kind=DIRECT)
    assert [fault.field for fault in refusal.value.faults] == [field]
