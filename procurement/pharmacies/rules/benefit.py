"""What the fund and the patient pay of a bill; the same in hospital and pharmacy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pricing.money import to_cents
from pricing.stated_rules import StatedRules


class Fund(StrEnum):
    """Which of the two funds insures the patient."""

    EMPLOYEE = "employee"
    RESIDENT = "resident"


class Channel(StrEnum):
    """Where a drug is got."""

    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a patient is entitled to.

    Attributes:
        fund_ratio: Share that the fund pays of what counts.
        first_self_pay: Share of the bill that the patient pays before anything counts (class B).
        deductible: Yuan that he pays first in a natural year, over both channels.
    """

    fund_ratio: Decimal
    first_self_pay: Decimal = Decimal(0)
    deductible: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse shares outside 0 to 1, and a deductible below 0.

        Raises:
            ValueError: It is one.
        """
        for name in ("fund_ratio", "first_self_pay"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}: expected a share from 0 to 1")
        if self.deductible < 0:
            raise ValueError(f"deductible is {self.deductible}: expected 0 yuan or more")


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill for a drug.

    Attributes:
        amount: Yuan.
        channel: Where the drug was got; it changes nothing.
        day: Of settlement: a deductible counts within its natural year.
    """

    amount: Decimal
    channel: Channel
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """Who pays what of a bill; fund and patient add up to it.

    Attributes:
        deductible_used: What this bill used of the year's deductible.
        fund: Paid by the fund, half up to the cent.
        patient: Paid by the patient: the remainder.
    """

    deductible_used: Decimal
    fund: Decimal
    patient: Decimal


def benefit(bill: Bill, terms: Terms, *, deductible_left: Decimal | None = None) -> Benefit:
    """Split a bill; it is rounded once.

    Args:
        bill: The bill.
        terms: What the patient is entitled to.
        deductible_left: What earlier bills of the year left of the deductible; all unless given.

    Raises:
        ValueError: The bill is below zero.

    Examples:
        >>> terms = Terms(fund_ratio=Decimal("0.70"), first_self_pay=Decimal("0.25"))
        >>> split = benefit(Bill(Decimal("94.50"), Channel.PHARMACY), terms)
        >>> str(split.fund), str(split.patient)
        ('49.61', '44.89')
    """
    if bill.amount < 0:
        raise ValueError(f"the bill is {bill.amount} yuan: expected 0 or more")
    counts = bill.amount * (1 - terms.first_self_pay)
    used = min(counts, terms.deductible if deductible_left is None else deductible_left)
    fund = to_cents((counts - used) * terms.fund_ratio)
    return Benefit(used, fund, bill.amount - fund)


def benefits_of_year(bills: Iterable[Bill], terms: Terms) -> Iterator[Benefit]:
    """Split the bills of a patient in their order: one deductible in each natural year.

    Bills without a day belong to one year.

    Examples:
        >>> terms = Terms(fund_ratio=Decimal("0.80"), deductible=Decimal(1200))
        >>> bills = [Bill(Decimal(3000), Channel.HOSPITAL), Bill(Decimal(5000), Channel.PHARMACY)]
        >>> [str(one.fund) for one in benefits_of_year(bills, terms)]
        ['1440.00', '4000.00']
    """
    left: dict[int | None, Decimal] = {}
    for bill in bills:
        year = None if bill.day is None else bill.day.year
        split = benefit(bill, terms, deductible_left=left.get(year, terms.deductible))
        left[year] = left.get(year, terms.deductible) - split.deductible_used
        yield split


def separate_terms(rules: StatedRules, fund: Fund) -> Terms:
    """What a patient is entitled to where a drug is paid separately, at least.

    Raises:
        RuleNotStatedError: The document's share is not known.

    Examples:
        >>> str(separate_terms(StatedRules.of("dual-jiangsu-2022"), Fund.RESIDENT).fund_ratio)
        '0.60'
    """
    if rules.flag("separate.has_deductible"):
        raise ValueError("separate.has_deductible: how large the deductible is no rule says")
    return Terms(fund_ratio=Decimal(str(rules.table("separate.ratio_min")[fund])))
