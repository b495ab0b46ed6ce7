"""The accounts of the ledger: whose books, what kind, towards whom, of which fund."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fund(StrEnum):
    """The fund that an amount belongs to."""

    EMPLOYEE = "employee"
    """职工基本医疗保险基金."""
    RESIDENT = "resident"
    """城乡居民基本医疗保险基金."""
    NONE = "none"
    """No fund: the hospital's own books, or the reserve."""


class AccountKind(StrEnum):
    """What an account holds; debit is positive, credit negative."""

    # Books of a fund agency.
    FUND_MONEY = "fund-money"
    """Money of a fund, as far as it moves through this ledger; paid out is negative."""
    RESERVE_MONEY = "reserve-money"
    """Money of the reserve (备用金)."""
    RESERVE_SOURCE = "reserve-source"
    """Where the reserve's money came from."""
    FUND_COST = "fund-cost"
    """What a fund bears: treatment of the insured."""
    RETAINED_COST = "retained-cost"
    """What a fund bears as savings that a hospital keeps."""
    OWED_TO_HOSPITAL = "owed-to-hospital"
    """What the fund owes a hospital."""
    LENT_BY_RESERVE = "lent-by-reserve"
    """What a hospital owes the reserve that paid for it."""
    PREPAID = "prepaid"
    """Prepayment of rounds that a hospital holds or that was given for it."""
    REVOLVING = "revolving"
    """Revolving money (周转金) that a hospital holds."""
    TO_PAY = "to-pay"
    """Instructed, and not yet reported paid by the bank."""
    # Books of a hospital.
    GOODS = "goods"
    """Goods received and invoiced by a seller."""
    OWED_TO_SELLER = "owed-to-seller"
    """What the hospital owes a seller."""
    PREPAID_TO_SELLER = "prepaid-to-seller"
    """What a seller got before it delivered."""
    OWED_BY_FUND = "owed-by-fund"
    """What the fund owes the hospital; mirrors `OWED_TO_HOSPITAL`."""
    FUND_INCOME = "fund-income"
    """Treatment of the insured, as the fund recognises it."""
    RETAINED_INCOME = "retained-income"
    """Savings that the hospital keeps."""
    OWED_TO_RESERVE = "owed-to-reserve"
    """What the hospital owes the reserve; mirrors `LENT_BY_RESERVE`."""
    PREPAYMENT_HELD = "prepayment-held"
    """What the hospital holds as prepayment; mirrors `PREPAID`."""
    REVOLVING_HELD = "revolving-held"
    """What the hospital holds as revolving money; mirrors `REVOLVING`."""
    ON_ITS_WAY = "on-its-way"
    """Instructed for or to the hospital, and not yet paid."""
    OWN_MONEY = "own-money"
    """The hospital's own money, as far as it moves through this ledger."""


_K = AccountKind

MIRRORS: Mapping[AccountKind, AccountKind] = {
    _K.OWED_TO_HOSPITAL: _K.OWED_BY_FUND,
    _K.LENT_BY_RESERVE: _K.OWED_TO_RESERVE,
    _K.PREPAID: _K.PREPAYMENT_HELD,
    _K.REVOLVING: _K.REVOLVING_HELD,
}
"""Accounts of an agency towards a hospital, and the hospital's account that says the opposite."""

NEVER_NEGATIVE = frozenset(
    {
        _K.RESERVE_MONEY,
        _K.LENT_BY_RESERVE,
        _K.PREPAID,
        _K.REVOLVING,
        _K.PREPAID_TO_SELLER,
        _K.OWED_BY_FUND,
        _K.ON_ITS_WAY,
    }
)
"""Kinds whose balance below zero is a fault: more was used than there was."""

NEVER_POSITIVE = frozenset(
    {
        _K.OWED_TO_HOSPITAL,
        _K.TO_PAY,
        _K.OWED_TO_RESERVE,
        _K.PREPAYMENT_HELD,
        _K.REVOLVING_HELD,
    }
)
"""Kinds whose balance above zero is a fault: more was settled than was owed."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account.

    Attributes:
        kind: What it holds.
        owner: Id of the organisation in whose books it stands.
        counterpart: Id of the organisation towards which, if any.
        fund: Of which fund.
    """

    kind: AccountKind
    owner: int
    counterpart: int | None = None
    fund: Fund = Fund.NONE

    @property
    def code(self) -> str:
        """The account in one text, the same for the same account.

        Examples:
            >>> Account(AccountKind.OWED_TO_SELLER, 7, 9).code
            'owed-to-seller/7/9/none'
        """
        counterpart = "-" if self.counterpart is None else str(self.counterpart)
        return f"{self.kind}/{self.owner}/{counterpart}/{self.fund}"


ACCOUNT_NAMES: Mapping[AccountKind, tuple[str, str]] = {
    _K.FUND_MONEY: ("基金存款", "money of the fund"),
    _K.RESERVE_MONEY: ("备用金", "money of the reserve"),
    _K.RESERVE_SOURCE: ("备用金来源", "source of the reserve"),
    _K.FUND_COST: ("基金支出", "cost of the fund"),
    _K.RETAINED_COST: ("结余留用支出", "retained savings, cost"),
    _K.OWED_TO_HOSPITAL: ("应付医疗机构", "owed to hospitals"),
    _K.LENT_BY_RESERVE: ("医疗机构应还备用金", "lent by the reserve"),
    _K.PREPAID: ("预付货款（批次）", "prepayment of rounds"),
    _K.REVOLVING: ("预付周转金", "revolving money"),
    _K.TO_PAY: ("待支付", "instructed, not yet paid"),
    _K.GOODS: ("药品耗材", "goods"),
    _K.OWED_TO_SELLER: ("应付货款", "owed to sellers"),
    _K.PREPAID_TO_SELLER: ("预付供应方", "prepaid to sellers"),
    _K.OWED_BY_FUND: ("应收医保基金", "owed by the fund"),
    _K.FUND_INCOME: ("医保基金收入", "income from the fund"),
    _K.RETAINED_INCOME: ("结余留用收入", "retained savings, income"),
    _K.OWED_TO_RESERVE: ("应还备用金", "owed to the reserve"),
    _K.PREPAYMENT_HELD: ("医保预付货款", "prepayment held"),
    _K.REVOLVING_HELD: ("医保周转金", "revolving money held"),
    _K.ON_ITS_WAY: ("支付在途", "on its way"),
    _K.OWN_MONEY: ("本单位资金", "own money"),
}
"""Each kind in Chinese and in English."""

FUND_NAMES: Mapping[Fund, tuple[str, str]] = {
    Fund.EMPLOYEE: ("职工医保基金", "employee fund"),
    Fund.RESIDENT: ("居民医保基金", "resident fund"),
    Fund.NONE: ("—", "—"),
}
"""Each fund in Chinese and in English."""
