"""The tables of payments; split by theme, joined here for whoever needs them all."""

from procurement.payments.ledger_tables import LedgerAccount, LedgerEntry, LedgerPosting
from procurement.payments.paying_tables import (
    BankAccount,
    BankResult,
    BankResultFile,
    PaymentInstruction,
)
from procurement.payments.prepaying_tables import (
    Prepayment,
    PrepaymentClearing,
    PrepaymentPass,
    RevolvingAdvance,
)
from procurement.payments.settling_tables import (
    Claim,
    ClaimLine,
    ClaimObjection,
    ClaimStep,
    FundPayable,
    GoodsPayable,
    HospitalPayment,
    HospitalPaymentLine,
    Offset,
    SettlementMonth,
)

__all__ = [
    "BankAccount",
    "BankResult",
    "BankResultFile",
    "Claim",
    "ClaimLine",
    "ClaimObjection",
    "ClaimStep",
    "FundPayable",
    "GoodsPayable",
    "HospitalPayment",
    "HospitalPaymentLine",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerPosting",
    "Offset",
    "PaymentInstruction",
    "Prepayment",
    "PrepaymentClearing",
    "PrepaymentPass",
    "RevolvingAdvance",
    "SettlementMonth",
]
