"""Benefits of many bills: the whole-number twin, beside the rule bill by bill and a bare product.

``python -m benchmarks.benefits [BILLS]``
"""

import os
import sys
from decimal import Decimal

import numpy as np

from benchmarks.timing import once
from procurement.pharmacies.rules.benefit import Bill, Channel, Terms, YearSoFar, benefit
from procurement.pharmacies.rules.benefit_columns import (
    SHARE_STEPS,
    Integers,
    Split,
    TermsTable,
    benefits_of_bills,
)

BILLS = 1_000_000
BILLS_OF_A_PATIENT = 8
COMPARED = 50_000
"""Bills that are split by the rule too, and compared."""

TERMS = (
    # Ratio, first self-pay, deductible, cap: yuan.
    ("0.70", "0.20", "1200", "100000"),
    ("0.60", "0.20", "1200", "80000"),
    ("0.70", "0", "0", None),
    ("0.60", "0", "0", None),
    ("0.85", "0.05", "800", "300000"),
)
_CENTS = 100


def world(bills: int) -> tuple[Integers, Integers, Integers]:
    """Accounts, amounts and terms of bills in the order of a year."""
    draw = np.random.default_rng(20261122)
    accounts = draw.integers(0, max(1, bills // BILLS_OF_A_PATIENT), bills, dtype=np.int64)
    amounts = draw.integers(1, 3_000_000, bills, dtype=np.int64)
    rows = draw.integers(0, len(TERMS), bills, dtype=np.int64)
    return accounts, amounts, rows


def table() -> TermsTable:
    """The terms in whole numbers."""
    steps = [
        (
            int(Decimal(ratio) * SHARE_STEPS),
            int(Decimal(first) * SHARE_STEPS),
            int(Decimal(deductible) * _CENTS),
            -1 if cap is None else int(Decimal(cap) * _CENTS),
        )
        for ratio, first, deductible, cap in TERMS
    ]
    return TermsTable(*(np.array(column, dtype=np.int64) for column in zip(*steps, strict=True)))


def by_the_rule(accounts: Integers, amounts: Integers, rows: Integers) -> list[Decimal]:
    """What the fund pays of each bill, one after the other."""
    terms = [
        Terms(Decimal(ratio), Decimal(first), Decimal(low), None if cap is None else Decimal(cap))
        for ratio, first, low, cap in TERMS
    ]
    years: dict[int, YearSoFar] = {}
    paid = []
    for account, cents, row in zip(accounts.tolist(), amounts.tolist(), rows.tolist(), strict=True):
        so_far = years.get(account, YearSoFar())
        bill = Bill(Decimal(cents) / _CENTS, Channel.PHARMACY)
        split = benefit(bill, terms[row], so_far=so_far)
        years[account] = YearSoFar(
            so_far.deductible_used + split.deductible_used, so_far.fund_paid + split.fund
        )
        paid.append(split.fund)
    return paid


def main(bills: int = BILLS) -> None:
    """Print the seconds of both, and stop where a bill differs."""
    accounts, amounts, rows = world(bills)
    terms = table()
    split: list[Split] = []
    ours = once(lambda: split.append(benefits_of_bills(accounts, amounts, rows, terms)))
    floor = once(lambda: (amounts * terms.fund_ratio[rows] + 5_000) // SHARE_STEPS)
    some = min(COMPARED, bills)
    # Whole patients: a patient's bills depend on the ones before.
    chosen = np.flatnonzero(accounts < np.sort(accounts)[some - 1])
    told: list[Decimal] = []
    rule = once(lambda: told.extend(by_the_rule(accounts[chosen], amounts[chosen], rows[chosen])))
    same = [int(one * _CENTS) for one in told] == split[0].fund_cents[chosen].tolist()
    if not same or (split[0].fund_cents + split[0].patient_cents != amounts).any():
        raise SystemExit("the twin and the rule differ")
    load = os.getloadavg()[0]
    print(f"Benefits: {bills:,} bills of {len(np.unique(accounts)):,} patients, load {load:.1f}")
    print(f"  twin   {ours:6.2f} s  floor (one product each) {floor:5.3f} s  x {ours / floor:.0f}")
    each = rule / max(len(chosen), 1)
    print(
        f"  rule   {each * 1e6:6.1f} us a bill, {each * bills:.1f} s for all; compared"
        f" {len(chosen):,} bills: equal"
    )
    print()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
