"""The case file about payment standards, and questions of the same forms."""

import json
from decimal import Decimal

import pytest

from pricing.faults import ModelFaultsError
from pricing.payment_standard import answer_standard_case, rulebook_of_title
from pricing.stated_rules import RuleNotStatedError


@pytest.fixture(scope="module")
def cases(shared):
    path = shared / "cases" / "settlement" / "payment_standard.json"
    return json.loads(path.read_text("utf-8"))["cases"]


def assert_met(expected, answers):
    if isinstance(expected, list):
        for one, other in zip(expected, answers, strict=True):
            assert_met(one, other)
        return
    for name, value in expected.items():
        assert Decimal(answers[name]) == Decimal(value), name


def test_every_case_of_the_file_is_met(cases):
    assert len(cases) == 4
    for case in cases:
        answers = answer_standard_case(case["inputs"], title=case["title"])
        assert_met(case["expected"], answers)


@pytest.mark.parametrize(
    ("title", "rulebook"),
    [
        ("national supporting opinion 2019 (first year)", "standard-national-2019"),
        ("national text 2021: one standard", "standard-national-2021"),
        ("Xi'an 2019", "standard-xian-2019"),
        ("Heilongjiang 2020", "standard-heilongjiang-2020"),
        ("Heilongjiang 2022", "standard-heilongjiang-2022"),
        ("Fujian 2025", "standard-fujian-2025"),
        ("ibuprofen", None),
    ],
)
def test_a_title_names_its_rulebook(title, rulebook):
    assert rulebook_of_title(title) == rulebook


def test_a_product_in_xi_an_is_settled_with_its_class():
    question = {"winner": "1", "product": "4", "cls": "乙", "fund_ratio": "0.8"}
    answers = answer_standard_case(question, title="Xi'an 2019")
    assert isinstance(answers, dict)
    assert (answers["standard"], answers["first_self_pay"]) == ("4", "0.25")
    assert (answers["first_self_paid"], answers["self_paid_difference"]) == ("1", "0")
    assert answers["fund"] == "2.4"


def test_a_bidding_beyond_the_willingness_has_no_standard():
    assert answer_standard_case({"willingness": "1", "bids": ["2"]}) == {"standard": None}


def test_an_unstated_rule_is_refused_and_so_is_another_form():
    with pytest.raises(RuleNotStatedError, match=r"ladder\.passed"):
        answer_standard_case({"winner": "1", "product": "2"}, title="Fujian 2025")
    with pytest.raises(ModelFaultsError, match="expected willingness, winner"):
        answer_standard_case({"weather": "fine"})


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ({"price": "1", "standard": "2"}, "inputs.fund_ratio"),
        ({"winner": "abc", "product": "2"}, "inputs.winner"),
        ({"winner": True, "product": "2"}, "inputs.winner"),
        ({"winner": "1"}, "inputs.price"),
        ({"willingness": "1", "bids": []}, "inputs.bids"),
        ({"willingness": "1", "bids": "2"}, "inputs.bids"),
        ({"willingness": "1", "bids": ["NaN"]}, "inputs.bids"),
        ({"winner": "1", "product": "2", "cls": "丙"}, "catalogue_class"),
    ],
)
def test_a_question_that_cannot_be_is_refused_at_its_place(question, where):
    with pytest.raises(ModelFaultsError) as refusal:
        answer_standard_case(question)
    assert [fault.where for fault in refusal.value.faults] == [where]
