"""Settling lines: conservation, monotony, and a slow twin in fractions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.savings.rules import (
    Assessed,
    Choices,
    Formula,
    MissingRatioError,
    Terms,
    Use,
    settle,
)

prices = st.integers(1, 10**7).map(lambda steps: Decimal(steps).scaleb(-4))
shares = st.integers(0, 10**4).map(lambda steps: Decimal(steps).scaleb(-4))
volumes = st.integers(0, 10**9)
NATIONAL = Choices(Formula(), "floor_each", "product")


@st.composite
def lines(draw):
    """Lines of some hospitals, with assessments."""
    found, assessed = [], {}
    for hospital in range(draw(st.integers(1, 4))):
        employee = Fraction(draw(shares))
        group = draw(st.sampled_from([None, "G1", "G2"]))
        for product in range(draw(st.integers(1, 4))):
            terms = Terms(
                f"H{hospital}",
                f"P{product}",
                base_volume=draw(volumes),
                agreed_volume=draw(volumes),
                price_before=draw(prices),
                winning_price=draw(prices),
                payment_ratio=draw(shares),
                insured_share=draw(shares),
                batch=draw(st.sampled_from([None, "b4y2", "b7y1"])),
                group=group,
                fund_share_employee=employee,
            )
            winning = draw(st.sampled_from([0, terms.agreed_volume, terms.agreed_volume + 5]))
            found.append((terms, Use(winning, draw(prices) * draw(st.integers(0, 10**6)))))
            assessed[terms.key] = Assessed(draw(shares) / 2, draw(st.booleans()))
    return found, assessed


def slow_base(terms, use):
    """The savings base in fractions, written out."""
    ratio, share = Fraction(terms.payment_ratio), Fraction(terms.insured_share)
    budget = terms.base_volume * Fraction(terms.price_before) * ratio * share
    spent = terms.agreed_volume * Fraction(terms.winning_price) + Fraction(use.non_winning_amount)
    return budget - spent * ratio * share


@settings(max_examples=60, deadline=None)
@given(lines())
def test_every_line_is_what_a_slow_twin_finds(given_lines):
    found, assessed = given_lines
    for line in settle(found, assessed, NATIONAL).lines:
        base = slow_base(line.terms, line.use)
        assert Fraction(line.bases.savings_base) == base
        passed = assessed[line.terms.key].passed
        done = 0 < line.terms.agreed_volume <= line.use.winning_volume
        kept = max(base, Fraction(0)) * Fraction(line.assessed.ratio) if passed and done else 0
        assert Fraction(line.retained) == kept
        assert bool(line.nothing_because) == (not passed or not done or base < 0)
        assert Fraction(line.retained) <= max(base, Fraction(0)) / 2


@settings(max_examples=60, deadline=None)
@given(
    lines(),
    st.sampled_from(["floor_each", "net_batch"]),
    st.sampled_from(["product", "institution", "institution_every_product", "group"]),
    st.sampled_from(["half_up_cent", "half_up_cent_line", "not_rounded"]),
)
def test_all_parts_of_a_settlement_add_up(given_lines, negative_base, unit, rounding):
    found, assessed = given_lines
    settled = settle(found, assessed, Choices(Formula(), negative_base, unit, rounding))
    assert settled.total == sum(one.retained for one in settled.hospitals)
    for hospital in settled.hospitals:
        own = [line for line in settled.lines if line.terms.hospital == hospital.hospital]
        assert hospital.retained_exact == sum(line.retained for line in own)
        assert hospital.retained >= 0
        assert hospital.employee is not None and hospital.resident is not None
        assert hospital.employee + hospital.resident == hospital.retained
        half_a_cent = Decimal("0.005") * (len(own) if rounding == "half_up_cent_line" else 1)
        assert abs(hospital.retained - hospital.retained_exact) <= half_a_cent
    for group in settled.groups:
        paid = {one.hospital: one.retained for one in settled.hospitals}
        assert group.retained == sum(paid[name] for name in group.hospitals)


@settings(max_examples=40, deadline=None)
@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(given_lines, shuffler):
    found, assessed = given_lines
    mixed = list(found)
    shuffler.shuffle(mixed)
    assert settle(mixed, assessed, NATIONAL) == settle(found, assessed, NATIONAL)


@settings(max_examples=40, deadline=None)
@given(lines())
def test_netting_never_pays_more_than_flooring(given_lines):
    found, assessed = given_lines
    assert settle(found, assessed, Choices(Formula(), "net_batch", "product")).total <= settle(
        found, assessed, NATIONAL
    ).total + Decimal("0.01") * len(found)


TERMS = Terms(
    "H1", "P1", 1000, 100, Decimal("1.20"), Decimal("0.30"),
    payment_ratio=Decimal(1), insured_share=Decimal(1), group="G",
)  # fmt: skip
PASSED = Assessed(Decimal("0.5"), passed=True)


def completed(unit, *uses, agreed=(100, 100)):
    terms = [
        replace(TERMS, product=f"P{place}", agreed_volume=volume)
        for place, volume in enumerate(agreed)
    ]
    found = [(one, Use(use)) for one, use in zip(terms, uses, strict=True)]
    assessed = {one.key: PASSED for one in terms}
    settled = settle(found, assessed, Choices(Formula(), "floor_each", unit))
    return [line.completed for line in settled.lines]


@pytest.mark.parametrize(
    ("unit", "uses", "agreed", "expected"),
    [
        ("product", (100, 99), (100, 100), [True, False]),
        ("institution", (101, 99), (100, 100), [True, True]),
        ("institution", (100, 99), (100, 100), [False, False]),
        ("institution", (100, 100), (100, 0), [True, False]),
        ("institution_every_product", (101, 99), (100, 100), [False, False]),
        ("institution_every_product", (100, 100), (100, 100), [True, True]),
        ("group", (100, 99), (100, 100), [True, False]),
    ],
)
def test_whose_volume_must_be_completed(unit, uses, agreed, expected):
    assert completed(unit, *uses, agreed=agreed) == expected


def test_a_hospital_without_a_group_stands_for_itself():
    first, second = TERMS, replace(TERMS, hospital="H2", group=None)
    found = [(first, Use(100)), (second, Use(99))]
    assessed = {first.key: PASSED, second.key: PASSED}
    settled = settle(found, assessed, Choices(Formula(), "floor_each", "group"))
    assert [line.completed for line in settled.lines] == [True, False]


def test_a_follow_on_round_earns_nothing_where_the_rule_says_so():
    terms = replace(TERMS, follow_on=True)
    choices = Choices(Formula(), "floor_each", "product", follow_on_earns=False)
    (line,) = settle([(terms, Use(100))], {terms.key: PASSED}, choices).lines
    assert line.retained == 0
    assert line.nothing_because == ("follow-on",)


def test_rounding_of_each_line_differs_from_rounding_once():
    lines_of_three = [replace(TERMS, product=f"P{place}", agreed_volume=1) for place in range(3)]
    lines_of_three = [
        replace(one, base_volume=1, price_before=Decimal("0.31"), winning_price=Decimal("0.30"))
        for one in lines_of_three
    ]
    found = [(one, Use(1)) for one in lines_of_three]
    assessed = {one.key: PASSED for one in lines_of_three}
    totals = {
        rounding: settle(found, assessed, Choices(Formula(), "floor_each", "product", rounding))
        for rounding in ("half_up_cent", "half_up_cent_line", "not_rounded")
    }
    assert [str(one.total) for one in totals.values()] == ["0.02", "0.03", "0.015"]


def test_two_ratios_are_refused_where_one_is_given():
    choices = Choices(Formula(two_ratios=True), "floor_each", "product")
    with pytest.raises(MissingRatioError):
        settle([(TERMS, Use(100))], {TERMS.key: PASSED}, choices)
