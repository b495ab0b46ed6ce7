"""Bank accounts, instructions to pay, and what the bank reports of them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment, Money, money_range
from procurement.payments.bank_numbers import sent_number
from procurement.payments.states import (
    AccountStatus,
    BankOutcome,
    InstructionKind,
    InstructionStatus,
)

REASON_LENGTH_MAX = 300


class BankAccount(Base):
    """A bank account of an organisation; its number is sealed at rest."""

    __tablename__ = "bank_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    holder: Mapped[str] = mapped_column(String(200))
    """As the bank knows it: the organisation's name."""
    bank: Mapped[str] = mapped_column(String(200))
    """The bank and its branch (开户行)."""
    bank_code: Mapped[str | None] = mapped_column(String(12))
    """Line number of the branch (联行号), 12 digits."""
    number_sealed: Mapped[str] = mapped_column(Text)
    """`procurement.accounts.secret_values.seal_secret`, purpose ``bank-account``."""
    number_tail: Mapped[str] = mapped_column(String(4))
    """The last four digits, for pages."""
    is_insurance: Mapped[bool]
    """It is the account under which the organisation is registered with medical insurance."""
    status: Mapped[AccountStatus] = mapped_column(String(10))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class PaymentInstruction(Base):
    """What a fund agency asks its bank to pay; this system pays nothing itself."""

    __tablename__ = "payment_instruction"
    __table_args__ = (
        money_range("amount"),
        money_range("employee"),
        money_range("resident"),
        money_range("reserve"),
        CheckConstraint("employee + resident + reserve = amount", name="parts_add_up"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> drafted_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(150), unique=True)
    """Names what is paid: it is instructed once."""
    number: Mapped[str] = mapped_column(String(30), unique=True)
    """Of the instruction; `sent_as` is what the bank reports back."""
    kind: Mapped[InstructionKind] = mapped_column(String(15))
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Who pays."""
    payee_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """For which, or to which, hospital."""
    subject: Mapped[str] = mapped_column(String(100), index=True)
    """What it pays, such as ``claim/3``."""
    amount: Mapped[Decimal] = mapped_column(Money)
    employee: Mapped[Decimal] = mapped_column(Money)
    """From the employee fund."""
    resident: Mapped[Decimal] = mapped_column(Money)
    """From the resident fund."""
    reserve: Mapped[Decimal] = mapped_column(Money)
    """From the reserve."""
    insurance_account: Mapped[bool]
    """Only the account that is registered with medical insurance may be paid to."""
    status: Mapped[InstructionStatus] = mapped_column(String(10), index=True)
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    holder: Mapped[str | None] = mapped_column(String(200))
    """The account as it was when the second person confirmed: holder, bank, number."""
    bank: Mapped[str | None] = mapped_column(String(200))
    bank_code: Mapped[str | None] = mapped_column(String(12))
    number_sealed: Mapped[str | None] = mapped_column(Text)
    number_tail: Mapped[str | None] = mapped_column(String(4))
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_posting.id"))
    """That took the amount out of what is owed."""
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    exported_at: Mapped[datetime | None] = mapped_column(Moment)
    exports: Mapped[int] = mapped_column(default=0)
    """How often it was exported: each export has its own number at the bank."""
    paid_on: Mapped[date | None]
    """As the bank reports."""
    version: Mapped[int] = mapped_column(default=1)

    @property
    def sent_as(self) -> str:
        """The number of its last export, which an answer of the bank must name."""
        return sent_number(self.number, self.exports)


class BankResultFile(Base):
    """A file of results from an agency's bank; the same file twice is refused. Append-only."""

    __tablename__ = "bank_result_file"
    __table_args__ = (UniqueConstraint("agency_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    lines: Mapped[int]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class BankResult(Base):
    """What the bank reports of one instruction; append-only."""

    __tablename__ = "bank_result"
    __table_args__ = (UniqueConstraint("file_id", "line"), money_range("amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_result_file.id"))
    line: Mapped[int]
    instruction_id: Mapped[int] = mapped_column(ForeignKey("payment_instruction.id"), index=True)
    export: Mapped[int]
    """Which export of the instruction it answers, from 1."""
    outcome: Mapped[BankOutcome] = mapped_column(String(10))
    amount: Mapped[Decimal] = mapped_column(Money)
    on_date: Mapped[date]
    reference: Mapped[str] = mapped_column(String(60))
    """The bank's own number of the payment."""
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """Why it was returned; empty for a payment."""
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.id"))
    """What it did to the ledger; None for a return of what was never posted as paid, and for one
    that was set aside: the money had been used, and nobody could post it back then."""
