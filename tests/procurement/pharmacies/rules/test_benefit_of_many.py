"""Ten thousand bills: alike in both channels, adding up, and alike in the whole-number twin."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.rules.benefit import Bill, Channel, Terms, YearSoFar, benefit
from procurement.pharmacies.rules.benefit_columns import (
    AMOUNT_CENTS_MAX,
    TermsTable,
    benefits_of_bills,
)

BILLS = 10_000


def drawn_terms(draw):
    cap = Decimal(int(draw.integers(5_000_000))) / 100 if draw.integers(2) else None
    return Terms(
        Decimal(int(draw.integers(10_001))) / 10_000,
        Decimal(int(draw.integers(10_001))) / 10_000,
        Decimal(int(draw.integers(200_000))) / 100,
        cap,
    )


def test_ten_thousand_bills_are_alike_in_both_channels_and_add_up():
    draw = np.random.default_rng(7)
    day = date(2026, 3, 6)
    for _ in range(BILLS):
        terms = drawn_terms(draw)
        amount = Decimal(int(draw.integers(10**8))) / 100
        so_far = YearSoFar(
            Decimal(int(draw.integers(300_000))) / 100, Decimal(int(draw.integers(6_000_000))) / 100
        )
        hospital, pharmacy = (
            benefit(Bill(amount, channel, day), terms, so_far=so_far) for channel in Channel
        )
        assert hospital == pharmacy
        assert hospital.fund + hospital.patient == amount
        assert hospital.fund >= 0
        assert hospital.patient >= 0
        assert hospital.fund == hospital.fund.quantize(Decimal("0.01"))
        assert hospital.deductible_used <= max(terms.deductible - so_far.deductible_used, 0)
        if terms.fund_cap is not None:
            assert so_far.fund_paid + hospital.fund <= max(terms.fund_cap, so_far.fund_paid)
        # By fractions, written out again: half up to the cent, cut to the cap.
        counts = Fraction(amount) * (1 - Fraction(terms.first_self_pay))
        left = max(Fraction(terms.deductible) - Fraction(so_far.deductible_used), Fraction(0))
        exact = (counts - min(counts, left)) * Fraction(terms.fund_ratio) * 100
        cents = int(exact + Fraction(1, 2))
        if terms.fund_cap is not None:
            cents = min(cents, max(int((terms.fund_cap - so_far.fund_paid) * 100), 0))
        assert hospital.fund * 100 == cents


def table_of(terms):
    rows = [
        (
            int(one.fund_ratio * 10_000),
            int(one.first_self_pay * 10_000),
            int(one.deductible * 100),
            -1 if one.fund_cap is None else int(one.fund_cap * 100),
        )
        for one in terms
    ]
    return TermsTable(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))


def one_by_one(accounts, amounts, rows, terms):
    years: dict[int, YearSoFar] = {}
    found = []
    for account, cents, row in zip(accounts, amounts, rows, strict=True):
        so_far = years.get(account, YearSoFar())
        bill = Bill(Decimal(cents) / 100, Channel.HOSPITAL)
        split = benefit(bill, terms[row], so_far=so_far)
        years[account] = YearSoFar(
            so_far.deductible_used + split.deductible_used, so_far.fund_paid + split.fund
        )
        found.append((int(split.deductible_used * 1_000_000), int(split.fund * 100)))
    return found


def check_twin(accounts, amounts, rows, terms):
    owners, cents, which = (np.array(one, np.int64) for one in (accounts, amounts, rows))
    split = benefits_of_bills(owners, cents, which, table_of(terms))
    pairs = list(zip(split.deductible_used.tolist(), split.fund_cents.tolist(), strict=True))
    assert pairs == one_by_one(accounts, amounts, rows, terms)
    assert (split.fund_cents + split.patient_cents).tolist() == list(amounts)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, AMOUNT_CENTS_MAX), st.integers(0, 2)),
        max_size=40,
    ),
    st.integers(0, 10**9),
)
def test_the_twin_says_of_each_bill_what_the_rule_says(bills, seed):
    draw = np.random.default_rng(seed)
    terms = [drawn_terms(draw) for _ in range(3)]
    accounts, amounts, rows = ([one[place] for one in bills] for place in range(3))
    check_twin(accounts, amounts, rows, terms)


def test_the_twin_splits_accounts_with_very_many_bills_too():
    draw = np.random.default_rng(3)
    terms = [drawn_terms(draw) for _ in range(3)]
    accounts = [(1, 1, 1, 2, int(draw.integers(50)))[int(draw.integers(5))] for _ in range(2_000)]
    amounts = [int(draw.integers(100_000)) for _ in accounts]
    check_twin(accounts, amounts, [int(draw.integers(3)) for _ in accounts], terms)


def test_half_a_cent_is_rounded_up_in_both():
    check_twin([1, 2], [1, 3], [0, 0], [Terms(Decimal("0.5"))])
    assert benefit(Bill(Decimal("0.01"), Channel.HOSPITAL), Terms(Decimal("0.5"))).fund == Decimal(
        "0.01"
    )


@pytest.mark.parametrize("cents", [-1, AMOUNT_CENTS_MAX + 1])
def test_the_twin_refuses_amounts_that_leave_its_numbers(cents):
    with pytest.raises(ValueError, match="amount_cents"):
        check_twin([1], [cents], [0], [Terms(Decimal("0.5"))])


def test_the_twin_refuses_terms_that_nobody_can_have():
    with pytest.raises(ValueError, match="fund_ratio"):
        TermsTable(*(np.array([one]) for one in (10_001, 0, 0, -1)))
    with pytest.raises(ValueError, match="deductible"):
        TermsTable(*(np.array([one]) for one in (1, 0, -1, -1)))


@pytest.mark.parametrize("yuan", ["0.001", "-0.01"])
def test_amounts_that_are_no_cents_are_refused(yuan):
    with pytest.raises(ValueError, match="whole cents"):
        benefit(Bill(Decimal(yuan), Channel.HOSPITAL), Terms(Decimal("0.5")))
    with pytest.raises(ValueError, match="fund_cap"):
        Terms(Decimal("0.5"), fund_cap=Decimal(yuan))
