"""Prepayment of rounds, its passing on and clearing, and revolving money."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, DecimalText, Moment, Money, money_range
from procurement.payments.account_kinds import Fund
from procurement.payments.states import PassStep, PrepaymentWay

DOCUMENT_LENGTH_MAX = 300


class Prepayment(Base):
    """A prepayment for what a hospital agreed to buy in a term of a round; append-only.

    Whether it is confirmed and paid, its instruction says; what is left of it, the ledger.
    """

    __tablename__ = "prepayment"
    __table_args__ = (
        money_range("agreed_amount"),
        money_range("amount", minimum=Decimal("0.0001")),
        CheckConstraint("amount <= agreed_amount", name="within_agreed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("agreement_term.id"))
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The distributor it is for; None where it covers all that the hospital agreed."""
    way: Mapped[PrepaymentWay] = mapped_column(String(10))
    fund: Mapped[Fund] = mapped_column(String(10))
    agreed_amount: Mapped[Decimal] = mapped_column(Money)
    """Agreed volumes of the term at their prices, when it was given."""
    ratio: Mapped[Decimal] = mapped_column(DecimalText)
    amount: Mapped[Decimal] = mapped_column(Money)
    """``agreed_amount`` × ``ratio``, to the cent."""
    rulebook: Mapped[str] = mapped_column(String(60))
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH_MAX))
    """On which it rests."""
    instruction_id: Mapped[int] = mapped_column(ForeignKey("payment_instruction.id"), unique=True)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)


class PrepaymentPass(Base):
    """That prepaid money was passed on, with its voucher; append-only."""

    __tablename__ = "prepayment_pass"
    __table_args__ = (
        money_range("amount", minimum=Decimal("0.0001")),
        UniqueConstraint("payer_id", "voucher"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prepayment_id: Mapped[int] = mapped_column(ForeignKey("prepayment.id"), index=True)
    step: Mapped[PassStep] = mapped_column(String(25))
    payer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    paid_on: Mapped[date]
    due_on: Mapped[date | None]
    """Last day by the rulebook; None where it states none."""
    voucher: Mapped[str] = mapped_column(String(60))
    """Number of the bank's voucher."""
    voucher_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the voucher that was uploaded."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class PrepaymentClearing(Base):
    """A part of a delivery that was paid by what the seller had been prepaid; append-only."""

    __tablename__ = "prepayment_clearing"
    __table_args__ = (money_range("amount", minimum=Decimal("0.0001")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goods_id: Mapped[int] = mapped_column(ForeignKey("goods_payable.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    cleared_on: Mapped[date]
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_posting.id"))


class RevolvingAdvance(Base):
    """Revolving money given to a hospital by agreement and credit grade (预付周转金); append-only.

    It is not the prepayment of a round.
    """

    __tablename__ = "revolving_advance"
    __table_args__ = (
        money_range("amount", minimum=Decimal("0.0001")),
        money_range("limit_amount"),
        CheckConstraint("amount <= limit_amount", name="within_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    agreement: Mapped[str] = mapped_column(String(100))
    """Number of the hospital's service agreement with the agency."""
    credit_grade: Mapped[str] = mapped_column(String(20))
    """`procurement.credit_rating.words.GradeWord` on the day."""
    fund: Mapped[Fund] = mapped_column(String(10))
    limit_amount: Mapped[Decimal] = mapped_column(Money)
    """The most that the document allows at that grade: no rulebook states it."""
    amount: Mapped[Decimal] = mapped_column(Money)
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH_MAX))
    instruction_id: Mapped[int] = mapped_column(ForeignKey("payment_instruction.id"), unique=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)
