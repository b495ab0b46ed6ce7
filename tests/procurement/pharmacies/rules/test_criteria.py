"""Criteria made of rules: what counts, what stays open, and whether statements meet them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.rules.criteria import (
    Criteria,
    Criterion,
    Given,
    all_met,
    criteria_of,
    judge,
    read_statements,
)
from rulebooks import load_rulebook

COUNT = Criterion("pharmacists_min", "count", "", "", 2, "", "")
SHARE = Criterion("kinds_share_min", "share", "", "", Decimal("0.3"), "", "")
NEED = Criterion("need.cold-chain", "need", "", "", True, "", "")
SIZES = {"urban": Decimal(80), "township": Decimal(60)}
AREA = Criterion("area_min", "area", "", "", SIZES, "", "")
ALL = Criteria((COUNT, SHARE, NEED, AREA), ())


@given(st.integers(0, 9), st.integers(0, 100), st.booleans(), st.integers(0, 200))
def test_statements_are_judged_as_plain_numbers_are(count, percent, has, area):
    for site, least in SIZES.items():
        typed = {
            "pharmacists_min": str(count),
            "kinds_share_min": f"{percent}%",
            "need.cold-chain": "yes" if has else "no",
            "area_min": str(area),
            "site": site,
        }
        read, faults = read_statements(ALL, typed)
        findings = judge(ALL, read)
        expected = [count >= 2, percent >= 30, has, area >= least]
        assert faults == [] and [one.is_met for one in findings] == expected
        assert all_met(findings) == all(expected)


@given(st.dictionaries(st.sampled_from([*(one.name for one in ALL.wanted), "site"]), st.text()))
def test_whatever_is_typed_is_read_or_said_to_be_wrong(typed):
    read, faults = read_statements(ALL, typed)
    named = {fault.field for fault in faults}
    for criterion in ALL.wanted:
        text = typed.get(criterion.name, "").strip()
        assert (criterion.name in read) != (not text or criterion.name in named)
    judge(ALL, read)


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_rules_that_are_not_verified_count_only_once_they_are_given(kind):
    book = load_rulebook("dual-samples-2021")
    alone = criteria_of(book, {}, scheme="dual-channel", kind=kind)
    assert alone.wanted == ()
    key = "designation.camera_months_min"
    with_one = criteria_of(book, {key: Given(3, "某文件")}, scheme="dual-channel", kind=kind)
    names = ["camera_months_min"] if kind == "pharmacy" else []
    assert [one.name for one in with_one.wanted] == names
    assert all(one.is_given and one.basis == "某文件" for one in with_one.wanted)


def test_a_convenience_pharmacy_is_asked_for_what_its_document_says():
    book = load_rulebook("pharmacy-jiangsu-2022")
    found = criteria_of(book, {}, scheme="convenience", kind="pharmacy")
    assert [one.name for one in found.wanted][:2] == ["need.township", "need.hardware"]
    assert found.wanted[0].key == "sign.pharmacy_needs"
    assert criteria_of(book, {}, scheme="convenience", kind="hospital").wanted == ()


def test_what_is_wanted_is_said_in_both_languages():
    assert SHARE.wanted == ("不低于 30%", "at least 30 %")
    assert AREA.wanted[1] == "in a city district at least 80 m²; in a township at least 60 m²"
    assert COUNT.wanted[0] == "不少于 2" and NEED.wanted[1] == "needed"
