"""Codes and numbers: the published forms, the borders of each, and what a refusal says."""

import json
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.rules import (
    approval_fault,
    consumable_code_fault,
    drug_code_fault,
    has_approval_number,
    normal_approval_number,
    normal_code,
    standard_code_check_digit,
    standard_code_fault,
)
from procurement.catalogue.rules.approval import FORMS

WESTERN = "XR05CBA198A001010100863"


@pytest.fixture(scope="module")
def cases(shared):
    file = shared / "cases" / "settlement" / "codes.json"
    return {case["id"]: case for case in json.loads(file.read_text("utf-8"))["cases"]}


def test_the_published_western_code_is_accepted_in_its_parts(cases):
    case = cases["CODE-01"]
    code = case["inputs"]
    assert drug_code_fault(code, kind=ProductKind.CHEMICAL) is None
    assert len(code) == case["expected"]["length"]
    assert code[0] == case["expected"]["prefix"]
    assert code[1:6] == case["expected"]["atc_level4"]


CODED = [
    ("western 23", ProductKind.CHEMICAL, WESTERN),
    ("TCM patent 20", ProductKind.TCM_PATENT, "ZA01BAB0130010100863"),
    ("TCM granule 20", ProductKind.TCM_GRANULE, "T0112345678901234567"),
]


@pytest.mark.parametrize(("name", "kind", "good"), CODED)
@given(place=st.integers(0, 22), character=st.sampled_from(string.digits + string.ascii_uppercase))
def test_drug_codes_are_accepted_exactly_where_the_published_form_is(
    shared, name, kind, good, place, character
):
    file = shared / "cases" / "settlement" / "codes.json"
    forms = json.loads(file.read_text("utf-8"))["cases"][1]["expected"]
    place = place % len(good)
    code = good[:place] + character + good[place + 1 :]
    assert (drug_code_fault(code, kind=kind) is None) == bool(re.fullmatch(forms[name], code))


def test_the_published_forms_of_the_other_codes_are_those_checked(cases):
    forms = cases["CODE-02"]["expected"]
    for code in ("C0101010010000112345", "C01010100100001123450000001"):
        assert re.fullmatch(forms["consumable 20 / 27"], code)
        assert consumable_code_fault(code, kind=ProductKind.CONSUMABLE) is None
    for number in ("国药准字H20203001", "国药准字HC20140001", "国药准字SJ20200001"):
        assert re.fullmatch(forms["approval"], number)
        assert approval_fault(number, kind=ProductKind.CHEMICAL) is None
    assert re.fullmatch(forms["approval"], "国药准字Z20203001")
    assert approval_fault("国药准字Z20203001", kind=ProductKind.TCM_PATENT) is None


def test_the_published_check_digit_is_computed(cases):
    case = cases["CODE-03"]
    assert standard_code_check_digit(case["inputs"]) == case["expected"]["check"]
    assert standard_code_fault(case["expected"]["full"]) is None


@given(body=st.from_regex(r"869[0-9]{10}", fullmatch=True), place=st.integers(3, 12))
def test_every_single_digit_typed_wrong_shows_in_the_check_digit(body, place):
    code = body + str(standard_code_check_digit(body))
    assert standard_code_fault(code) is None
    for digit in set("0123456789") - {code[place]}:
        assert standard_code_fault(code[:place] + digit + code[place + 1 :]) is not None


@given(body=st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_the_check_digit_agrees_with_a_slow_reading_of_the_rule(body):
    places = dict(enumerate(reversed(body + "?"), start=1))
    total = sum(int(digit) * 3 for place, digit in places.items() if place % 2 == 0)
    total += sum(int(digit) for place, digit in places.items() if place % 2 and place > 1)
    rest = 10 - total % 10
    assert standard_code_check_digit(body) == (0 if rest == 10 else rest)


@pytest.mark.parametrize("body", ["869", "8690000100001X", "869000010000１", ""])
def test_a_check_digit_is_computed_for_thirteen_digits_only(body):
    with pytest.raises(ValueError, match="expected 13 digits"):
        standard_code_check_digit(body)


@pytest.mark.parametrize(
    ("code", "en"),
    [
        (WESTERN[:-1], "22 characters: expected 23, beginning with X."),
        ("Z" + WESTERN[1:], "Character 1 (identification) is “Z”: expected “X”."),
        (WESTERN[:6] + "1" + WESTERN[7:], "Character 7 (name) is “1”: expected a capital letter."),
        (WESTERN[:-1] + "O", "Character 23 (manufacturer) is “O”: expected a digit."),
    ],
)
def test_a_refused_drug_code_says_which_character_and_what_was_expected(code, en):
    fault = drug_code_fault(code, kind=ProductKind.CHEMICAL)
    assert fault is not None
    assert fault.en == en


def test_a_consumable_has_its_own_code_and_nothing_else_has():
    assert drug_code_fault(WESTERN, kind=ProductKind.CONSUMABLE) is not None
    assert consumable_code_fault("C0101010010000112345", kind=ProductKind.CHEMICAL) is not None


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ProductKind.TCM_PIECES, "T001500123"),
        (ProductKind.HOSPITAL_PREPARATION, "J110000A00000001"),
    ],
)
def test_pieces_and_hospital_preparations_have_codes_of_their_own_forms(kind, code):
    assert drug_code_fault(code, kind=kind) is None
    assert drug_code_fault(WESTERN, kind=kind) is not None


@pytest.mark.parametrize(
    "number",
    [
        "国药准字H20203001",
        "国药准字HJ20200001",
        "国药准字HC20150012",
        "国药准字S20200001",
        "国药准字J20140001",
        "H20140123",
        "HC20140001",
        "BH20140123",
        "S20140123",
    ],
)
def test_old_and_import_numbers_of_medicines_are_accepted(number):
    assert approval_fault(number, kind=ProductKind.CHEMICAL) is None


@pytest.mark.parametrize("kind", [ProductKind.CHEMICAL, ProductKind.TCM_PATENT])
def test_numbers_of_former_health_care_drugs_are_accepted(kind):
    assert approval_fault("国药准字B20020387", kind=kind) is None
    assert approval_fault("国药准字BJ20020387", kind=kind) is not None


@pytest.mark.parametrize(
    "number",
    [
        "国械注准20203130001",
        "国械注进20153461234",
        "沪械备20200001",
        "国食药监械(准)字2012第3460001号",
    ],
)
def test_certificates_of_devices_are_accepted_old_and_new(number):
    assert approval_fault(number, kind=ProductKind.CONSUMABLE) is None
    assert approval_fault(number, kind=ProductKind.CHEMICAL) is not None


@pytest.mark.parametrize(
    "number",
    [
        "国药准字H2020300",
        "国药准字H202030011",
        "国药准字A20203001",
        "国药准字HX20203001",
        "国药准字Z20203001",
        "国药准字H2020300I",
        "H2014012",
        "20203001",
    ],
)
def test_other_numbers_are_refused_with_examples(number):
    fault = approval_fault(number, kind=ProductKind.CHEMICAL)
    assert fault is not None
    assert "国药准字H20203001" in fault.zh
    assert number in fault.en


@pytest.mark.parametrize(
    "kind",
    [ProductKind.TCM_GRANULE, ProductKind.TCM_PIECES, ProductKind.HOSPITAL_PREPARATION],
)
def test_what_has_no_approval_number_must_leave_it_empty(kind):
    assert not has_approval_number(kind)
    assert approval_fault("", kind=kind) is None
    assert approval_fault("国药准字Z20203001", kind=kind) is not None


def test_medicines_need_a_number_and_consumables_may_lack_it():
    assert approval_fault("", kind=ProductKind.CHEMICAL) is not None
    assert approval_fault("", kind=ProductKind.TCM_PATENT) is not None
    assert approval_fault("", kind=ProductKind.CONSUMABLE) is None


@pytest.mark.parametrize("kind", FORMS)
def test_every_example_of_a_refusal_is_itself_accepted(kind):
    for form in FORMS[kind]:
        assert approval_fault(form.example, kind=kind) is None


def test_blanks_wide_characters_and_labels_do_not_matter():
    assert normal_approval_number(" 国药准字　H２０20 3001 ") == "国药准字H20203001"
    assert normal_approval_number("医药产品注册证号:hc20140001") == "HC20140001"
    assert normal_code(" ｘr05 cba198") == "XR05CBA198"
