"""Benefit in both channels: parts add up, and nothing depends on where a drug is got."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.rules.benefit import (
    Bill,
    Channel,
    Terms,
    benefit,
    benefits_of_year,
)

CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
SHARES = st.integers(0, 10_000).map(lambda steps: Decimal(steps) / 10_000)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(CENTS, SHARES, SHARES, CENTS)
def test_fund_and_patient_add_up_and_the_channel_changes_nothing(amount, ratio, first, deductible):
    terms = Terms(ratio, first, deductible)
    one, other = (benefit(Bill(amount, channel), terms) for channel in Channel)
    assert one == other
    assert one.fund + one.patient == amount
    assert 0 <= one.fund <= amount


@given(st.lists(st.tuples(CENTS, st.sampled_from(Channel), DAYS), max_size=8), SHARES, CENTS)
def test_a_year_is_what_adding_up_its_bills_by_hand_gives(raw, ratio, deductible):
    bills = [Bill(*one) for one in raw]
    splits = list(benefits_of_year(bills, Terms(ratio, deductible=deductible)))
    years = [day.year for _, _, day in raw]
    for year in set(years):
        spent = Fraction(0)
        for own, bill, split in zip(years, bills, splits, strict=True):
            if own != year:
                continue
            before = max(spent - Fraction(deductible), Fraction(0))
            spent += Fraction(bill.amount)
            above = max(spent - Fraction(deductible), Fraction(0)) - before
            exact = above * Fraction(ratio) * 100
            assert abs(Fraction(split.fund) * 100 - exact) <= Fraction(1, 2)
            assert Fraction(split.deductible_used) == Fraction(bill.amount) - above


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"fund_ratio": Decimal("1.01")}, "fund_ratio is 1.01: expected a share from 0 to 1"),
        (
            {"fund_ratio": Decimal(1), "first_self_pay": Decimal("-0.1")},
            "first_self_pay is -0.1: expected a share from 0 to 1",
        ),
        (
            {"fund_ratio": Decimal(1), "deductible": Decimal(-1)},
            "deductible is -1: expected 0 yuan or more",
        ),
    ],
)
def test_terms_that_nobody_can_have_are_refused(fields, said):
    with pytest.raises(ValueError, match=said):
        Terms(**fields)


def test_a_bill_below_zero_is_refused():
    with pytest.raises(ValueError, match="expected 0 or more"):
        benefit(Bill(Decimal(-1), Channel.HOSPITAL), Terms(Decimal("0.7")))
