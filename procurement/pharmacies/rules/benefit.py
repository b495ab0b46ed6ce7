"""What the fund and the patient pay of a bill; the same in hospital and pharmacy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pricing.money import CENT, to_cents
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
    """What a patient is entitled to, by the rules of where he is insured.

    Attributes:
        fund_ratio: Share that the fund pays of what counts.
        first_self_pay: Share of the bill that the patient pays before anything counts (class B).
        deductible: Yuan that he pays first in a natural year, over both channels.
        fund_cap: Most yuan that the fund pays in a natural year; None: no cap.
    """

    fund_ratio: Decimal
    first_self_pay: Decimal = Decimal(0)
    deductible: Decimal = Decimal(0)
    fund_cap: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse shares outside 0 to 1, a deductible below 0, a cap of parts of a cent.

        Raises:
            ValueError: It is one.
        """
        for name in ("fund_ratio", "first_self_pay"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}: expected a share from 0 to 1")
        if self.deductible < 0:
            raise ValueError(f"deductible is {self.deductible}: expected 0 yuan or more")
        if self.fund_cap is not None and not _is_amount(self.fund_cap):
            raise ValueError(f"fund_cap is {self.fund_cap}: expected 0 or more, in whole cents")


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill for a drug.

    Attributes:
        amount: Yuan, whole cents.
        channel: Where the drug was got; it changes nothing.
        day: Of settlement: a deductible counts within its natural year.
    """

    amount: Decimal
    channel: Channel
    day: date | None = None


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What earlier bills of a patient used in the natural year, over both channels.

    Attributes:
        deductible_used: Yuan of the deductible.
        fund_paid: Yuan that the fund paid.
    """

    deductible_used: Decimal = Decimal(0)
    fund_paid: Decimal = Decimal(0)


NOTHING_YET = YearSoFar()


@dataclass(frozen=True, slots=True)
class Benefit:
    """Who pays what of a bill; fund and patient add up to it.

    Attributes:
        deductible_used: What this bill used of the year's deductible; exact.
        fund: Paid by the fund, half up to the cent, then cut to the cap.
        patient: Paid by the patient: the remainder.
    """

    deductible_used: Decimal
    fund: Decimal
    patient: Decimal


def benefit(bill: Bill, terms: Terms, *, so_far: YearSoFar = NOTHING_YET) -> Benefit:
    """Split a bill; it is rounded once.

    Args:
        bill: The bill.
        terms: What the patient is entitled to.
        so_far: What earlier bills of the year used.

    Raises:
        ValueError: The bill is below zero, or not in whole cents.

    Examples:
        >>> terms = Terms(fund_ratio=Decimal("0.70"), first_self_pay=Decimal("0.25"))
        >>> split = benefit(Bill(Decimal("94.50"), Channel.PHARMACY), terms)
        >>> str(split.fund), str(split.patient)
        ('49.61', '44.89')
    """
    if not _is_amount(bill.amount):
        raise ValueError(f"the bill is {bill.amount} yuan: expected 0 or more, in whole cents")
    counts = bill.amount * (1 - terms.first_self_pay)
    used = min(counts, max(terms.deductible - so_far.deductible_used, Decimal(0)))
    fund = to_cents((counts - used) * terms.fund_ratio)
    if terms.fund_cap is not None:
        fund = min(fund, max(terms.fund_cap - so_far.fund_paid, Decimal(0)))
    return Benefit(used, fund, bill.amount - fund)


def benefits_of_year(bills: Iterable[Bill], terms: Terms) -> Iterator[Benefit]:
    """Split the bills of a patient in their order: one deductible and cap in each natural year.

    Bills without a day belong to one year.

    Examples:
        >>> terms = Terms(fund_ratio=Decimal("0.80"), deductible=Decimal(1200))
        >>> bills = [Bill(Decimal(3000), Channel.HOSPITAL), Bill(Decimal(5000), Channel.PHARMACY)]
        >>> [str(one.fund) for one in benefits_of_year(bills, terms)]
        ['1440.00', '4000.00']
    """
    years: dict[int | None, YearSoFar] = {}
    for bill in bills:
        year = None if bill.day is None else bill.day.year
        so_far = years.get(year, NOTHING_YET)
        split = benefit(bill, terms, so_far=so_far)
        years[year] = YearSoFar(
            so_far.deductible_used + split.deductible_used, so_far.fund_paid + split.fund
        )
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


def _is_amount(yuan: Decimal) -> bool:
    """Whether it is 0 or more, in whole cents."""
    return yuan >= 0 and yuan % CENT == 0
