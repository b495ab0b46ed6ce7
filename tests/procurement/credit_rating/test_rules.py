"""Grading by the published criteria: the shared cases, the borders, and what is not stated."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.credit_rating.rules import (
    SCALES,
    MatterFacts,
    NoScaleError,
    accepts,
    consequences_of,
    grade_matter,
    grades_of,
    measure_names,
    name_of,
    reaches_holder,
    repair_of,
    scale_on,
)
from procurement.credit_rating.words import (
    MATTER_WORDS,
    Basis,
    Circumstance,
    Consequence,
    GradeWord,
    Matter,
)
from rulebooks import load_rulebook

SCALE_2020 = load_rulebook("credit-2020")
SCALE_2025 = load_rulebook("credit-2025")
MATTERS = {zh: matter for matter, (zh, _en) in MATTER_WORDS.items()}
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def cases(shared):
    file = shared / "cases" / "settlement" / "credit_rating.json"
    return {case["id"]: case for case in json.loads(file.read_text("utf-8"))["cases"]}


def graded(scale, matter, cumulated, largest_single=None):
    single = None if largest_single is None else Decimal(largest_single)
    facts = MatterFacts(matter=matter, cumulated=Decimal(cumulated), largest_single=single)
    return grade_matter(facts, scale)


def called(grading, scale):
    assert grading.grade is not None
    return "none" if grading.grade is GradeWord.NONE else name_of(grading.grade, scale)[0]


@pytest.mark.parametrize(("case", "matter"), [("CR-01", Matter.BRIBERY), ("CR-02", Matter.TAX)])
def test_sums_are_graded_as_in_the_shared_cases_of_2025(cases, case, matter):
    grades = [
        called(graded(SCALE_2025, matter, cumulated=amount), SCALE_2025)
        for amount in cases[case]["inputs"]
    ]
    assert grades == cases[case]["expected"]


def test_bribing_procurement_staff_is_graded_highest_whatever_the_sum(cases):
    case = cases["CR-03"]
    facts = MatterFacts(
        matter=Matter.BRIBERY,
        cumulated=Decimal(case["inputs"]["amount"]),
        circumstances=frozenset({Circumstance.BRIBED_PROCUREMENT_STAFF}),
    )
    assert called(grade_matter(facts, SCALE_2025), SCALE_2025) == case["expected"]


def test_collusion_in_a_national_round_is_graded_highest():
    facts = MatterFacts(
        matter=Matter.TENDER, circumstances=frozenset({Circumstance.COLLUDED_IN_NATIONAL_ROUND})
    )
    grading = grade_matter(facts, SCALE_2025)
    assert grading.grade is GradeWord.ESPECIALLY_SERIOUS
    assert grading.clause.startswith("3.6")
    # The scale of 2020 had no such rule.
    assert grade_matter(facts, SCALE_2020).grade is None


def test_single_bribes_are_graded_as_in_the_shared_case_of_2020(cases):
    case = cases["CR-04"]
    grades = [
        called(
            graded(SCALE_2020, Matter.BRIBERY, largest_single=amount, cumulated=amount), SCALE_2020
        )
        for amount in case["inputs"]["single"]
    ]
    assert grades == case["expected"]


@pytest.mark.parametrize(
    ("single", "cumulated", "grade"),
    [
        ("9999.99", "499999.99", GradeWord.NONE),
        ("9999.99", "500000", GradeWord.SERIOUS),
        ("9999.99", "1999999.99", GradeWord.SERIOUS),
        ("9999.99", "2000000", GradeWord.ESPECIALLY_SERIOUS),
        ("299999.99", "499999.99", GradeWord.MEDIUM),
        ("300000", "300000", GradeWord.SERIOUS),
        ("99999.99", "600000", GradeWord.SERIOUS),
    ],
)
def test_in_2020_the_worse_of_single_and_cumulated_sum_decides(single, cumulated, grade):
    grading = graded(SCALE_2020, Matter.BRIBERY, largest_single=single, cumulated=cumulated)
    assert grading.grade is grade


def test_in_2020_a_small_cumulated_sum_alone_decides_nothing():
    grading = graded(SCALE_2020, Matter.BRIBERY, cumulated="499999.99")
    assert grading.grade is None
    assert grading.among == grades_of(SCALE_2020)


@pytest.mark.parametrize(
    ("amount", "grade"),
    [
        ("99999.99", GradeWord.NONE),
        ("1000000", GradeWord.SERIOUS),
        ("9999999.99", GradeWord.SERIOUS),
        ("10000000", GradeWord.ESPECIALLY_SERIOUS),
    ],
)
def test_tax_offences_of_2020_have_their_borders(amount, grade):
    assert graded(SCALE_2020, Matter.TAX, cumulated=amount).grade is grade


@pytest.mark.parametrize("amount", ["100000", "999999.99"])
def test_which_lower_grade_a_tax_offence_of_2020_had_is_not_stated(amount):
    grading = graded(SCALE_2020, Matter.TAX, cumulated=amount)
    assert grading.grade is None
    assert grading.among == (GradeWord.MINOR, GradeWord.MEDIUM)
    assert "tax.rated_from" in grading.clause


@pytest.mark.parametrize(
    ("months", "sales", "grade"),
    [
        (12, "10000000", None),
        (13, "0", GradeWord.SERIOUS),
        (0, "10000000.01", GradeWord.SERIOUS),
        (None, None, None),
    ],
)
def test_an_unexplained_price_was_serious_after_a_year_or_ten_million(months, sales, grade):
    facts = MatterFacts(
        matter=Matter.PRICING,
        lasted_months=months,
        sales=None if sales is None else Decimal(sales),
    )
    assert grade_matter(facts, SCALE_2020).grade is grade
    assert grade_matter(facts, SCALE_2025).grade is None


def bounds(scale):
    keys = ("bribery.single", "bribery.cumulated", "tax.amount")
    return sorted({bound for key in keys if key in scale.rules for bound in values(scale, key)})


def values(scale, key):
    value = scale.rules[key].value
    assert isinstance(value, dict)
    return value.values()


@pytest.mark.parametrize("scale", [SCALE_2020, SCALE_2025], ids=SCALES)
@pytest.mark.parametrize("matter", [Matter.BRIBERY, Matter.TAX])
@given(amount=st.decimals("0", "20000000", places=2))
def test_a_band_agrees_with_walking_up_all_bounds(scale, matter, amount):
    key = "tax.amount" if matter is Matter.TAX else "bribery.cumulated"
    slow = GradeWord.NONE
    for grade, bound in scale.rules[key].value.items():
        if amount >= bound:
            slow = GradeWord(grade)
    grading = grade_matter(
        MatterFacts(matter=matter, cumulated=amount, largest_single=Decimal(0)), scale
    )
    if grading.grade is not None:
        assert grading.grade is slow
    else:
        assert slow is GradeWord.NONE and scale is SCALE_2020


@pytest.mark.parametrize("scale", [SCALE_2020, SCALE_2025], ids=SCALES)
@pytest.mark.parametrize("matter", [Matter.BRIBERY, Matter.TAX])
def test_a_larger_sum_never_leads_to_a_lower_grade(scale, matter):
    amounts = sorted({bound + step for bound in bounds(scale) for step in (-CENT, 0, CENT)})
    gradings = [
        grade_matter(MatterFacts(matter=matter, cumulated=amount, largest_single=amount), scale)
        for amount in amounts
    ]
    highest = [max(grading.among, key=lambda grade: grade.severity) for grading in gradings]
    assert [grade.severity for grade in highest] == sorted(grade.severity for grade in highest)


@pytest.mark.parametrize("matter", Matter)
@pytest.mark.parametrize("scale", [SCALE_2020, SCALE_2025], ids=SCALES)
def test_where_no_criterion_is_published_the_bureau_decides_among_the_grades(scale, matter):
    grading = grade_matter(MatterFacts(matter=matter), scale)
    assert grading.grade is None
    assert grading.among == grades_of(scale, matter)
    assert not grading.is_verified
    assert grading.zh and grading.en


def test_the_consequences_of_the_shared_case_grow_with_the_grade(cases):
    expected = cases["CR-05"]["expected"]
    assert expected["一般"] == "written warning"
    by_name = {
        name_of(grade, SCALE_2020)[0]: consequences_of(grade, SCALE_2020)
        for grade in grades_of(SCALE_2020)
    }
    assert list(by_name) == list(expected)
    assert by_name["一般"] == (Consequence.WARNING,)
    assert by_name["中等"][1:] == (Consequence.MARK, Consequence.RISK_NOTICE)
    assert by_name["严重"][3:] == (Consequence.INVOLVED_BARRED,)
    assert by_name["特别严重"][4:] == (Consequence.ALL_BARRED,)
    newest = consequences_of(GradeWord.ESPECIALLY_SERIOUS, SCALE_2025)
    assert newest[5:] == (Consequence.INVOLVED_BARRED_EVERYWHERE,)
    assert [reaches_holder(scale) for scale in (SCALE_2020, SCALE_2025)] == [False, True]


def test_the_repair_matrix_is_the_shared_one(cases):
    case = cases["CR-06"]
    assert list(measure_names(SCALE_2025)) == [int(number) for number in case["measures"]]
    for zh, by_grade in case["matrix"].items():
        for name, measures in by_grade.items():
            grade = next(g for g in grades_of(SCALE_2025) if name_of(g, SCALE_2025)[0] == name)
            needed = repair_of(MATTERS[zh], grade, SCALE_2025).needed
            expected = None if measures is None else tuple(int(digit) for digit in measures)
            assert needed == expected, (zh, name)
            assert (grade in grades_of(SCALE_2025, MATTERS[zh])) == (measures is not None)


def test_the_shared_repair_is_incomplete_by_one_measure(cases):
    case = cases["CR-06"]
    done = [int(digit) for digit in case["inputs"]["done"]]
    repair = repair_of(MATTERS[case["inputs"]["matter"]], GradeWord.SERIOUS, SCALE_2025, done=done)
    assert "".join(str(measure) for measure in repair.missing) == case["expected"]["missing"]
    assert repair.may_repair is case["expected"]["may_repair"]


def test_what_repairs_a_grade_of_2020_is_not_stated():
    repair = repair_of(Matter.BRIBERY, GradeWord.SERIOUS, SCALE_2020, done=(1, 2, 3))
    assert (repair.needed, repair.may_repair) == (None, None)
    assert measure_names(SCALE_2020) == {}


@pytest.mark.parametrize(
    ("day", "scale"),
    [
        (date(2020, 11, 18), "credit-2020"),
        (date(2025, 6, 30), "credit-2020"),
        (date(2025, 7, 1), "credit-2025"),
        (date(2030, 1, 1), "credit-2025"),
    ],
)
def test_the_scale_in_force_on_the_day_applies(day, scale):
    assert scale_on(day).id == scale


def test_before_the_first_scale_there_is_none():
    with pytest.raises(NoScaleError):
        scale_on(date(2020, 11, 17))


def test_audits_count_since_2025():
    assert [accepts(Basis.AUDIT, scale) for scale in (SCALE_2020, SCALE_2025)] == [False, True]
    assert accepts(Basis.JUDGEMENT, SCALE_2020)
