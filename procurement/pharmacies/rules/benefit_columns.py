"""The benefit of many bills at once, in whole numbers: the twin of `benefit`, equal on each bill.

Bills of a patient depend on the ones before within the year, those of different patients do not:
the first bills of all patients are split at once, then the second ones, and so on.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARE_STEPS = 10_000
"""Shares are counted in 1/10,000."""

AMOUNT_CENTS_MAX = 10**10
"""A larger bill would leave 64 bits."""

_ROUNDS_MAX = 64
"""Patients with more bills in a year are rare: their later bills are split one by one."""

_PER_CENT_SQUARED = SHARE_STEPS * SHARE_STEPS

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermsTable:
    """Terms by their number, in whole numbers; a bill names its row.

    Attributes:
        fund_ratio: In 1/10,000.
        first_self_pay: In 1/10,000.
        deductible_cents: In cents.
        fund_cap_cents: In cents; below 0: no cap.
    """

    fund_ratio: Integers
    first_self_pay: Integers
    deductible_cents: Integers
    fund_cap_cents: Integers

    def __post_init__(self) -> None:
        """Refuse what `benefit.Terms` would refuse.

        Raises:
            ValueError: A share outside 0 to 1, or a deductible below 0.
        """
        for name in ("fund_ratio", "first_self_pay"):
            shares = getattr(self, name)
            if ((shares < 0) | (shares > SHARE_STEPS)).any():
                raise ValueError(f"{name}: expected shares from 0 to {SHARE_STEPS}")
        if ((self.deductible_cents < 0) | (self.deductible_cents > AMOUNT_CENTS_MAX)).any():
            raise ValueError(f"deductible_cents: expected 0 to {AMOUNT_CENTS_MAX} cents")


@dataclass(frozen=True, slots=True)
class Split:
    """Who pays what of each bill.

    Attributes:
        deductible_used: In 1/10,000 of a cent, exact.
        fund_cents: Paid by the fund.
        patient_cents: Paid by the patient.
    """

    deductible_used: Integers
    fund_cents: Integers
    patient_cents: Integers


def benefits_of_bills(
    accounts: Integers, amount_cents: Integers, terms_row: Integers, terms: TermsTable
) -> Split:
    """Split bills.

    Args:
        accounts: For each bill whose natural year it belongs to: one number for each patient and
            year. The bills of an account stand in their order; accounts may be mixed.
        amount_cents: Of each bill.
        terms_row: For each bill, its row of ``terms``.
        terms: What patients are entitled to.

    Raises:
        ValueError: A bill is below zero or too large.

    Examples:
        >>> terms = TermsTable(*(np.array([one]) for one in (8000, 0, 120_000, -1)))
        >>> row = np.zeros(2, dtype=np.int64)
        >>> split = benefits_of_bills(row, np.array([300_000, 500_000]), row, terms)
        >>> split.fund_cents.tolist(), split.deductible_used.tolist()
        ([144000, 400000], [1200000000, 0])
    """
    if ((amount_cents < 0) | (amount_cents > AMOUNT_CENTS_MAX)).any():
        raise ValueError(f"amount_cents: expected 0 to {AMOUNT_CENTS_MAX} cents")
    count = len(amount_cents)
    used, fund = np.zeros(count, np.int64), np.zeros(count, np.int64)
    places = np.argsort(accounts, kind="stable")
    starts, sizes = _runs(accounts[places])
    years = _Years(len(starts))
    bills = _Bills(amount_cents, terms_row, terms)
    # The longest first: who still has a bill in a round is then a leading part of the accounts.
    longest = np.argsort(-sizes, kind="stable")
    starts, sizes = starts[longest], sizes[longest]
    for number in range(min(_ROUNDS_MAX, int(sizes[0]) if count else 0)):
        still = int(np.searchsorted(-sizes, -number, side="left"))
        which = places[starts[:still] + number]
        used[which], fund[which] = years.take(bills, which, still)
    _one_by_one(bills, years, (places, starts, sizes), (used, fund))
    return Split(used, fund, amount_cents - fund)


class _Bills:
    """What counts of each bill, and its terms."""

    def __init__(self, amount_cents: Integers, terms_row: Integers, terms: TermsTable) -> None:
        self.counts = amount_cents * (SHARE_STEPS - terms.first_self_pay[terms_row])
        self.row = terms_row
        self.ratio = terms.fund_ratio
        self.deductible = terms.deductible_cents * SHARE_STEPS
        self.cap = np.where(
            terms.fund_cap_cents < 0, np.iinfo(np.int64).max // 2, terms.fund_cap_cents
        )


class _Years:
    """What each account used so far."""

    def __init__(self, accounts: int) -> None:
        self.used, self.paid = np.zeros(accounts, np.int64), np.zeros(accounts, np.int64)

    def take(self, bills: _Bills, which: Integers, still: int) -> tuple[Integers, Integers]:
        """Split one bill of each of the leading accounts."""
        row = bills.row[which]
        counts = bills.counts[which]
        left = np.maximum(bills.deductible[row] - self.used[:still], 0)
        used = np.minimum(counts, left)
        exact = (counts - used) * bills.ratio[row]
        # Half up to the cent, once.
        fund = (exact + _PER_CENT_SQUARED // 2) // _PER_CENT_SQUARED
        fund = np.minimum(fund, np.maximum(bills.cap[row] - self.paid[:still], 0))
        self.used[:still] += used
        self.paid[:still] += fund
        return used, fund


def _one_by_one(
    bills: _Bills,
    years: _Years,
    order: tuple[Integers, Integers, Integers],
    split: tuple[Integers, Integers],
) -> None:
    """Split what the rounds left of the accounts with very many bills."""
    places, starts, sizes = order
    for account in np.flatnonzero(sizes > _ROUNDS_MAX).tolist():
        spent, paid = int(years.used[account]), int(years.paid[account])
        first = int(starts[account])
        for place in places[first + _ROUNDS_MAX : first + int(sizes[account])].tolist():
            row, counts = int(bills.row[place]), int(bills.counts[place])
            used = min(counts, max(int(bills.deductible[row]) - spent, 0))
            exact = (counts - used) * int(bills.ratio[row])
            fund = (exact + _PER_CENT_SQUARED // 2) // _PER_CENT_SQUARED
            fund = min(fund, max(int(bills.cap[row]) - paid, 0))
            spent, paid = spent + used, paid + fund
            split[0][place], split[1][place] = used, fund


def _runs(ordered: Integers) -> tuple[Integers, Integers]:
    """Where each run of equal numbers starts, and how long it is."""
    if not len(ordered):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    return starts, np.diff(np.r_[starts, len(ordered)])
