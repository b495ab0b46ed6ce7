"""Cases by the form of their inputs."""

import pytest

from pricing.faults import ModelFaultsError
from procurement.savings.cases import answer_savings_case

LINE = {
    "base_qty": "1000000",
    "agreed_qty": "700000",
    "pre_price": "1.20",
    "win_price": "0.30",
    "nonwin_amount": "60000",
    "pay_ratio": "0.60",
    "insured_share": "0.90",
    "actual_winning_completed": True,
    "assessment_passed": True,
    "retention_ratio": "0.50",
}


def answered(inputs, title=""):
    answer = answer_savings_case(inputs, title=title)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize(
    ("changes", "title", "expected"),
    [
        ({}, "", {"budget": "648000.00", "spend": "145800.00", "retained": "251100.00"}),
        ({"assessment_passed": False}, "", {"savings_base": "502200.00", "retained": "0.00"}),
        ({"actual_winning_completed": False}, "", {"retained": "0.00", "completed": False}),
        ({"actual_qty": "699999"}, "", {"retained": "0.00"}),
        ({"nonwin_amount": "1100000"}, "", {"savings_base": "-59400.00", "retained": "0.00"}),
        ({"agreed_qty": "0", "nonwin_amount": "0"}, "", {"spend": "0.00", "retained": "0.00"}),
        (
            {"pay_ratio_budget": "0.62", "pay_ratio_spend": "0.58"},
            "two ratios (Changning)",
            {"budget": "669600.00", "spend": "140940.00", "retained": "264330.00"},
        ),
        ({}, "Ankang variant", {"savings_base": "340200.00", "retained": "170100.00"}),
        (
            {"base_qty": "7", "agreed_qty": "5", "pre_price": "0.3333", "nonwin_amount": "0"},
            "",
            {"savings_base": "0.449874", "retained": "0.22", "retained_exact": "0.224937"},
        ),
    ],
)
def test_a_line_is_computed_from_its_factors(changes, title, expected):
    assert expected.items() <= answered({**LINE, **changes}, title).items()


def test_a_sum_of_lines_is_netted_or_floored():
    second = {**LINE, "nonwin_amount": "1100000"}
    answer = answered({"products": [LINE, second], "retention_ratio": "0.50"})
    assert (answer["floor_each"], answer["net_batch"]) == ("251100.00", "221400.00")
    bases = {"bases": ["945000", "-54000"], "retention_ratio": "0.50"}
    assert answered(bases) == {"floor_each": "472500.00", "net_batch": "445500.00"}


def test_a_group_may_complete_what_members_do_not():
    members = [{"agreed": "100", "actual": actual} for actual in ("180", "90", "60")]
    answer = answered({"members": members})
    assert (answer["completion"], answer["completed"]) == ("1.1", True)
    assert answer["member_completion"] == ["1.8", "0.9", "0.6"]


def test_a_misprint_of_a_printed_share_is_found():
    answer = answered({"numerator": "1", "denominator": "4", "published_pct": "33.33"})
    assert (answer["pct"], answer["consistent"]) == ("25.00", False)
    rows = [{"count": 2, "share_pct": "50.00"}, {"count": 1, "share_pct": "33.33"}]
    rows.append({"count": 1, "share_pct": "25.00"})
    assert answered({"rows": rows})["misprints"] == [
        {"row": 2, "printed": "33.33", "computed": "25.00"}
    ]


def test_scores_become_grades_by_the_place_that_the_title_names():
    answers = answer_savings_case([{"score": 100}, {"score": 65}, {"score": 59}], title="Yibin")
    assert isinstance(answers, list)
    assert [(one["grade"], one["ratio_pct"]) for one in answers] == [
        ("优秀", "50"),
        ("合格", "40"),
        ("不合格", "0"),
    ]
    assert answered({"score": "80"}, "Shenzhen 2024")["ratio_pct"] == "40"


def test_what_has_no_known_form_is_refused():
    with pytest.raises(ModelFaultsError, match="colour"):
        answer_savings_case({"colour": "red"})
