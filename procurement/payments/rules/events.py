"""What each event does to the books; docs/payments.md prints them as a table.

Each function returns the entries of one posting. Amounts are above zero, unless said otherwise;
parts of zero leave no entry. Organisations are given by id.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.rules.ledger import Entry, merged

_K = AccountKind
_FUNDS = (Fund.EMPLOYEE, Fund.RESIDENT)


class Event(StrEnum):
    """The kinds of postings."""

    GOODS_RECEIVED = "goods-received"
    FUND_OWES = "fund-owes"
    RESERVE_FILLED = "reserve-filled"
    RESERVE_REPAID = "reserve-repaid"
    RESERVE_REFILLED = "reserve-refilled"
    GOODS_INSTRUCTED = "goods-instructed"
    REMAINDER_INSTRUCTED = "remainder-instructed"
    PREPAYMENT_INSTRUCTED = "prepayment-instructed"
    REVOLVING_INSTRUCTED = "revolving-instructed"
    RETAINED_INSTRUCTED = "retained-instructed"
    PAID = "paid"
    PREPAYMENT_PASSED_ON = "prepayment-passed-on"
    PREPAYMENT_USED = "prepayment-used"
    PREPAYMENT_CLEARED = "prepayment-cleared"
    REVOLVING_CLEARED = "revolving-cleared"
    REVOLVING_REPAID = "revolving-repaid"
    HOSPITAL_PAID = "hospital-paid"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the money of a payment comes from, in yuan."""

    employee: Decimal = Decimal(0)
    resident: Decimal = Decimal(0)
    reserve: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """All three."""
        return self.employee + self.resident + self.reserve

    def of(self, fund: Fund) -> Decimal:
        """The part of a fund; `Fund.NONE` is the reserve."""
        if fund is Fund.EMPLOYEE:
            return self.employee
        return self.resident if fund is Fund.RESIDENT else self.reserve


def of_fund(fund: Fund, amount: Decimal) -> Sources:
    """All of it from one fund."""
    if fund is Fund.EMPLOYEE:
        return Sources(employee=amount)
    return Sources(resident=amount) if fund is Fund.RESIDENT else Sources(reserve=amount)


def goods_received(hospital: int, seller: int, amount: Decimal) -> tuple[Entry, ...]:
    """A matched invoice: the hospital owes the seller; below zero for a red invoice."""
    return merged(
        (
            Entry(Account(_K.GOODS, hospital, seller), amount),
            Entry(Account(_K.OWED_TO_SELLER, hospital, seller), -amount),
        )
    )


def fund_owes(agency: int, hospital: int, fund: Fund, amount: Decimal) -> tuple[Entry, ...]:
    """The agency recognises what a fund owes a hospital for a month."""
    return merged(
        (
            Entry(Account(_K.FUND_COST, agency, None, fund), amount),
            Entry(Account(_K.OWED_TO_HOSPITAL, agency, hospital, fund), -amount),
            Entry(Account(_K.OWED_BY_FUND, hospital, agency, fund), amount),
            Entry(Account(_K.FUND_INCOME, hospital, agency, fund), -amount),
        )
    )


def reserve_filled(agency: int, fund: Fund, amount: Decimal) -> tuple[Entry, ...]:
    """Money is put into the reserve: by a fund, or from elsewhere (`Fund.NONE`)."""
    return merged(
        (
            Entry(Account(_K.RESERVE_MONEY, agency), amount),
            Entry(Account(_K.RESERVE_SOURCE, agency, None, fund), -amount),
        )
    )


def reserve_repaid(agency: int, hospital: int, amount: Decimal) -> tuple[Entry, ...]:
    """A hospital pays back with its own money what the reserve paid for it."""
    return merged(
        (
            Entry(Account(_K.RESERVE_MONEY, agency), amount),
            Entry(Account(_K.LENT_BY_RESERVE, agency, hospital), -amount),
            Entry(Account(_K.OWED_TO_RESERVE, hospital, agency), amount),
            Entry(Account(_K.OWN_MONEY, hospital), -amount),
        )
    )


def reserve_refilled(agency: int, hospital: int, sources: Sources) -> tuple[Entry, ...]:
    """What the funds owe a hospital goes into the reserve, which had paid for it."""
    whole = sources.employee + sources.resident
    return merged(
        (
            *_out_of_funds(agency, hospital, sources),
            Entry(Account(_K.LENT_BY_RESERVE, agency, hospital), -whole),
            Entry(Account(_K.RESERVE_MONEY, agency), whole),
            *(Entry(Account(_K.FUND_MONEY, agency, None, one), -sources.of(one)) for one in _FUNDS),
            Entry(Account(_K.OWED_TO_RESERVE, hospital, agency), whole),
        )
    )


def _out_of_funds(agency: int, hospital: int, sources: Sources) -> tuple[Entry, ...]:
    """What the funds owe the hospital becomes less, in both books."""
    return tuple(
        entry
        for fund in _FUNDS
        for entry in (
            Entry(Account(_K.OWED_TO_HOSPITAL, agency, hospital, fund), sources.of(fund)),
            Entry(Account(_K.OWED_BY_FUND, hospital, agency, fund), -sources.of(fund)),
        )
    )


def _to_pay(agency: int, payee: int, sources: Sources) -> tuple[Entry, ...]:
    return tuple(Entry(Account(_K.TO_PAY, agency, payee, one), -sources.of(one)) for one in Fund)


def goods_instructed(
    agency: int, hospital: int, seller: int, sources: Sources
) -> tuple[Entry, ...]:
    """The agency is to pay a seller for a hospital: set off against the funds, or lent."""
    reserve = sources.reserve
    return merged(
        (
            *_out_of_funds(agency, hospital, sources),
            Entry(Account(_K.LENT_BY_RESERVE, agency, hospital), reserve),
            *_to_pay(agency, seller, sources),
            Entry(Account(_K.ON_ITS_WAY, hospital, seller), sources.amount),
            Entry(Account(_K.OWED_TO_RESERVE, hospital, agency), -reserve),
        )
    )


def remainder_instructed(agency: int, hospital: int, sources: Sources) -> tuple[Entry, ...]:
    """The agency is to pay a hospital what the funds still owe it."""
    return merged(
        (
            *_out_of_funds(agency, hospital, sources),
            *_to_pay(agency, hospital, sources),
            Entry(Account(_K.ON_ITS_WAY, hospital, agency), sources.amount),
        )
    )


def prepayment_instructed(
    agency: int, hospital: int, payee: int, sources: Sources
) -> tuple[Entry, ...]:
    """The agency is to prepay a round: to the hospital, or to the distributor for it."""
    return merged(
        (
            Entry(Account(_K.PREPAID, agency, hospital), sources.amount),
            *_to_pay(agency, payee, sources),
            Entry(
                Account(_K.ON_ITS_WAY, hospital, _other(hospital, payee, agency)), sources.amount
            ),
            Entry(Account(_K.PREPAYMENT_HELD, hospital, agency), -sources.amount),
        )
    )


def _other(hospital: int, payee: int, agency: int) -> int:
    """Towards whom money is on its way in the hospital's books."""
    return agency if payee == hospital else payee


def revolving_instructed(agency: int, hospital: int, sources: Sources) -> tuple[Entry, ...]:
    """The agency is to give a hospital revolving money."""
    return merged(
        (
            Entry(Account(_K.REVOLVING, agency, hospital), sources.amount),
            *_to_pay(agency, hospital, sources),
            Entry(Account(_K.ON_ITS_WAY, hospital, agency), sources.amount),
            Entry(Account(_K.REVOLVING_HELD, hospital, agency), -sources.amount),
        )
    )


def retained_instructed(agency: int, hospital: int, sources: Sources) -> tuple[Entry, ...]:
    """The agency is to pay a hospital the savings that it keeps, from both funds."""
    return merged(
        (
            *(
                Entry(Account(_K.RETAINED_COST, agency, hospital, one), sources.of(one))
                for one in _FUNDS
            ),
            *_to_pay(agency, hospital, sources),
            Entry(Account(_K.ON_ITS_WAY, hospital, agency), sources.amount),
            *(
                Entry(Account(_K.RETAINED_INCOME, hospital, agency, one), -sources.of(one))
                for one in _FUNDS
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that the bank reports.

    Attributes:
        agency: Who paid.
        hospital: For which, or to which, hospital.
        payee: Who got it.
        sources: Of which money.
        is_prepayment: It prepays a seller and does not pay what is owed.
    """

    agency: int
    hospital: int
    payee: int
    sources: Sources
    is_prepayment: bool = False


def paid(payment: Payment) -> tuple[Entry, ...]:
    """The bank paid: the money left the fund or the reserve and arrived."""
    agency, hospital, payee = payment.agency, payment.hospital, payment.payee
    sources = payment.sources
    arrived = Account(_K.OWN_MONEY, hospital)
    if payee != hospital:
        kind = _K.PREPAID_TO_SELLER if payment.is_prepayment else _K.OWED_TO_SELLER
        arrived = Account(kind, hospital, payee)
    return merged(
        (
            *(Entry(Account(_K.TO_PAY, agency, payee, one), sources.of(one)) for one in Fund),
            *(Entry(Account(_K.FUND_MONEY, agency, None, one), -sources.of(one)) for one in _FUNDS),
            Entry(Account(_K.RESERVE_MONEY, agency), -sources.reserve),
            Entry(arrived, sources.amount),
            Entry(
                Account(_K.ON_ITS_WAY, hospital, _other(hospital, payee, agency)), -sources.amount
            ),
        )
    )


def prepayment_passed_on(hospital: int, seller: int, amount: Decimal) -> tuple[Entry, ...]:
    """A hospital passes prepaid money on to a distributor."""
    return merged(
        (
            Entry(Account(_K.PREPAID_TO_SELLER, hospital, seller), amount),
            Entry(Account(_K.OWN_MONEY, hospital), -amount),
        )
    )


def prepayment_used(hospital: int, seller: int, amount: Decimal) -> tuple[Entry, ...]:
    """A delivery is paid by what its seller had been prepaid."""
    return merged(
        (
            Entry(Account(_K.OWED_TO_SELLER, hospital, seller), amount),
            Entry(Account(_K.PREPAID_TO_SELLER, hospital, seller), -amount),
        )
    )


def prepayment_cleared(agency: int, hospital: int, sources: Sources) -> tuple[Entry, ...]:
    """What the funds owe a hospital is set off against the prepayment that it holds."""
    return _cleared(agency, hospital, sources, (_K.PREPAID, _K.PREPAYMENT_HELD))


def revolving_cleared(agency: int, hospital: int, sources: Sources) -> tuple[Entry, ...]:
    """What the funds owe a hospital is set off against the revolving money that it holds."""
    return _cleared(agency, hospital, sources, (_K.REVOLVING, _K.REVOLVING_HELD))


def _cleared(
    agency: int, hospital: int, sources: Sources, kinds: tuple[AccountKind, AccountKind]
) -> tuple[Entry, ...]:
    given, held = kinds
    whole = sources.employee + sources.resident
    return merged(
        (
            *_out_of_funds(agency, hospital, sources),
            Entry(Account(given, agency, hospital), -whole),
            Entry(Account(held, hospital, agency), whole),
        )
    )


def revolving_repaid(agency: int, hospital: int, fund: Fund, amount: Decimal) -> tuple[Entry, ...]:
    """A hospital gives revolving money back."""
    return merged(
        (
            Entry(Account(_K.FUND_MONEY, agency, None, fund), amount),
            Entry(Account(_K.REVOLVING, agency, hospital), -amount),
            Entry(Account(_K.REVOLVING_HELD, hospital, agency), amount),
            Entry(Account(_K.OWN_MONEY, hospital), -amount),
        )
    )


def hospital_paid(hospital: int, seller: int, amount: Decimal) -> tuple[Entry, ...]:
    """A hospital pays a seller itself."""
    return merged(
        (
            Entry(Account(_K.OWED_TO_SELLER, hospital, seller), amount),
            Entry(Account(_K.OWN_MONEY, hospital), -amount),
        )
    )
