"""Strengths: what labels say, and how much of one is in another."""

import csv
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.bid_sheet import DosageForm
from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.rules import (
    dosage_form_of_name,
    read_amount,
    read_strength,
    strength_ratio,
)

CONTENTS = [
    ("10mg", "10", "mg"),
    ("0.5 g", "0.5", "g"),
    ("５００ug", "500", "ug"),
    ("500μg", "500", "μg"),
    ("500µg", "500", "μg"),
    ("5ml:10mg", "10", "mg"),
    ("5ml：10mg", "10", "mg"),
    ("0.5g:4mg", "4", "mg"),
    ("0.2mg/2ml", "0.2", "mg"),
    ("10%(150ml:15g)", "15", "g"),
    ("3ml:300单位", "300", "单位"),
    ("100万单位", "100", "万单位"),
    ("300IU", "300", "IU"),
    ("20MG", "20", "MG"),
]


@pytest.mark.parametrize(("label", "number", "unit"), CONTENTS)
def test_a_label_tells_its_content(label, number, unit):
    strength = read_strength(label)
    assert strength is not None and strength.content is not None
    assert (strength.content.number, strength.content.unit) == (Decimal(number), unit)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "大号",
        "10",
        "mg",
        "0mg",
        "10%",
        "4mg:500mg",
        "5ml:大",
        "1:2",
        "10mg/片",
        "+10mg",
        "1e3mg",
    ],
)
def test_a_label_that_cannot_be_computed_with_is_not_read(label):
    assert read_strength(label) is None


def test_two_ingredients_have_no_single_content():
    strength = read_strength("150mg+12.5mg")
    assert strength is not None
    assert strength.content is None
    assert [amount.number for amount in strength.contents] == [Decimal(150), Decimal("12.5")]


def ratio(one, main):
    strength, main_strength = read_strength(one), read_strength(main)
    assert strength is not None and main_strength is not None
    return strength_ratio(strength, main_strength)


@pytest.mark.parametrize(
    ("one", "main", "expected"),
    [
        ("5mg", "10mg", "0.5"),
        ("0.5g", "250mg", "2"),
        ("500ug", "1mg", "0.5"),
        ("10mg", "1g", "0.01"),
        ("100万单位", "50万单位", "2"),
        ("10mg", "30mg", "0.3333333333333333333333333333"),
        ("300mg+25mg", "150mg+12.5mg", "2"),
        ("1000mg", "10mg", "100"),
    ],
)
def test_a_ratio_is_exact_or_has_28_digits(one, main, expected):
    assert str(ratio(one, main)) == expected


@pytest.mark.parametrize(
    ("one", "main"),
    [("10mg", "300IU"), ("300IU", "300单位"), ("10mg", "10mg+5mg"), ("300mg+25mg", "150mg+25mg")],
)
def test_what_is_measured_differently_has_no_ratio(one, main):
    assert ratio(one, main) is None


def test_the_ratios_of_a_past_round_are_those_of_its_labels(shared):
    file = shared / "rounds" / "national-3-2020" / "lots.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    mains: dict[str, str] = {}
    for row in rows:
        if Decimal(row["strength_ratio"]) == 1:
            mains.setdefault(row["lot"], row["strength"])
    different = {
        (row["lot"], row["strength"])
        for row in rows
        if ratio(row["strength"], mains[row["lot"]]) != Decimal(row["strength_ratio"])
    }
    # The document counts 20 mg of cetirizine like 10 mg.
    assert different == {("L41", "20mg")}


amounts = st.decimals("0.001", "99999", places=3)


@given(one=amounts, other=amounts)
def test_a_ratio_agrees_with_fractions_and_with_its_reverse(one, other):
    there, back = ratio(f"{one}mg", f"{other}mg"), ratio(f"{other}mg", f"{one}mg")
    exact = Fraction(one) / Fraction(other)
    assert abs(Fraction(there) - exact) <= exact / 10**27
    assert abs(Fraction(there) * Fraction(back) - 1) < Fraction(1, 10**26)


def test_an_amount_keeps_its_number_as_written():
    amount = read_amount("0.50mg")
    assert amount is not None
    assert str(amount.number) == "0.50"


@pytest.mark.parametrize(
    ("name", "form", "strength", "expected"),
    [
        ("阿那曲唑", "片剂", "", DosageForm.ORAL_SOLID),
        ("左氧氟沙星", "注射剂", "100ml:0.5g", DosageForm.LARGE_INJECTION),
        ("左氧氟沙星", "注射剂", "2ml:0.2g", DosageForm.SMALL_INJECTION),
        ("左氧氟沙星", "滴眼剂", "", DosageForm.OTHER),
        ("左氧氟沙星", "", "", None),
    ],
)
def test_the_dosage_form_is_read_from_the_name_as_an_evaluation_does(
    name, form, strength, expected
):
    assert dosage_form_of_name(name, form, strength=strength) is expected


def test_a_consumable_has_no_dosage_form():
    assert dosage_form_of_name("止血贴片", kind=ProductKind.CONSUMABLE) is None
