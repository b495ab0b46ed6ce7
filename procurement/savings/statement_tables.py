"""The tables of what hospitals keep: statements, reports, publication, payment, plans."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import MONEY_MAX, Base, DecimalText, Moment, Money, money_range
from procurement.savings.settling_tables import NAME_LENGTH_MAX, REASON_LENGTH_MAX
from procurement.savings.states import (
    RetainedStatus,
    StatementStatus,
    Verdict,
)


class ExactAmount(DecimalText):
    """An exact amount in yuan, as long as the product of its factors is."""

    impl = String(120)
    cache_ok = True


class HospitalStatement(Base):
    """What one hospital keeps: a version of its statement; the highest number counts."""

    __tablename__ = "savings_statement"
    __table_args__ = (
        UniqueConstraint("settlement_id", "hospital_id", "number"),
        money_range("payable"),
        money_range("employee"),
        money_range("resident"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    group_lead_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    """From 1; an objection that was upheld leads to the next."""
    run_id: Mapped[int] = mapped_column(ForeignKey("savings_run.id"), index=True)
    status: Mapped[StatementStatus] = mapped_column(String(20))
    score: Mapped[Decimal | None] = mapped_column(DecimalText)
    """None where products are scored one by one and differ."""
    grade: Mapped[str | None] = mapped_column(String(60))
    ratio: Mapped[Decimal | None] = mapped_column(DecimalText)
    passed: Mapped[bool | None]
    winning_volume: Mapped[int] = mapped_column(BigInteger)
    agreed_volume: Mapped[int] = mapped_column(BigInteger)
    savings_base: Mapped[Decimal] = mapped_column(ExactAmount)
    """Of all lines, exact."""
    retained_exact: Mapped[Decimal] = mapped_column(ExactAmount)
    """What all lines keep together, before any rounding."""
    retained: Mapped[Decimal] = mapped_column(ExactAmount)
    """As the rounding of the settlement leaves it."""
    payable: Mapped[Decimal] = mapped_column(Money)
    """To the cent; the parts of both funds add up to it, and those of the lines."""
    employee: Mapped[Decimal] = mapped_column(Money)
    resident: Mapped[Decimal] = mapped_column(Money)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of its content: what the hospital confirms."""
    computed_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class SavingsLine(Base):
    """One line of a statement with every factor and result; append-only."""

    __tablename__ = "savings_line"
    __table_args__ = (
        money_range("pack_price"),
        money_range("non_winning_amount", minimum=-MONEY_MAX),
        money_range("paid_part", minimum=-MONEY_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("savings_statement.id"), index=True)
    number: Mapped[int]
    term_id: Mapped[int]
    supply_id: Mapped[int] = mapped_column(index=True)
    strength_id: Mapped[int]
    organisation_id: Mapped[int]
    """The winner."""
    batch: Mapped[str] = mapped_column(String(120))
    lot: Mapped[str] = mapped_column(String(30))
    product: Mapped[str] = mapped_column(String(200))
    strength: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(20))
    pack_units: Mapped[int]
    pack_price: Mapped[Decimal] = mapped_column(Money)
    winning_price: Mapped[Decimal] = mapped_column(DecimalText)
    """Yuan per minimal unit: pack price by pack units, half up to 0.0001 yuan."""
    base_volume: Mapped[int] = mapped_column(BigInteger)
    agreed_volume: Mapped[int] = mapped_column(BigInteger)
    price_before: Mapped[Decimal] = mapped_column(DecimalText)
    payment_ratio: Mapped[Decimal] = mapped_column(DecimalText)
    payment_ratio_spend: Mapped[Decimal | None] = mapped_column(DecimalText)
    insured_share: Mapped[Decimal] = mapped_column(DecimalText)
    fund_share_employee: Mapped[str] = mapped_column(String(60))
    follow_on: Mapped[bool]
    winning_volume: Mapped[int] = mapped_column(BigInteger)
    non_winning_volume: Mapped[int] = mapped_column(BigInteger)
    non_winning_amount: Mapped[Decimal] = mapped_column(Money)
    budget: Mapped[Decimal | None] = mapped_column(ExactAmount)
    """None where the document knows no budget."""
    spend: Mapped[Decimal | None] = mapped_column(ExactAmount)
    savings_base: Mapped[Decimal] = mapped_column(ExactAmount)
    score: Mapped[Decimal | None] = mapped_column(DecimalText)
    grade: Mapped[str | None] = mapped_column(String(60))
    ratio: Mapped[Decimal] = mapped_column(DecimalText)
    passed: Mapped[bool]
    completed: Mapped[bool]
    """Whether the unit that counts has completed its agreed volume."""
    nothing_because: Mapped[str] = mapped_column(String(200))
    """Reasons, parted by blanks; empty where something is kept."""
    retained: Mapped[Decimal] = mapped_column(ExactAmount)
    paid_part: Mapped[Decimal] = mapped_column(Money)
    """To the cent: the parts of a statement's lines add up to what is payable."""


class StatementObjection(Base):
    """A hospital's objection to its statement, and the bureau's decision."""

    __tablename__ = "savings_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("savings_statement.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment)
    verdict: Mapped[Verdict | None] = mapped_column(String(10))
    decision: Mapped[str | None] = mapped_column(Text)
    """Why; the hospital reads it."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class SettlementReport(Base):
    """What a bureau reports to the bureau above; the highest number counts."""

    __tablename__ = "savings_report"
    __table_args__ = (
        UniqueConstraint("settlement_id", "number"),
        money_range("amount"),
        money_range("employee"),
        money_range("resident"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    number: Mapped[int]
    to_bureau_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The bureau above; None where the bureau that settles reports to nobody here."""
    hospitals: Mapped[int]
    unanswered: Mapped[int]
    """Hospitals that did not answer in time."""
    amount: Mapped[Decimal] = mapped_column(Money)
    employee: Mapped[Decimal] = mapped_column(Money)
    resident: Mapped[Decimal] = mapped_column(Money)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the list of statements and their digests."""
    note: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment)
    returned_because: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the bureau above took note of it, or returned it."""


class SavingsPublication(Base):
    """The table as it is public; the highest number counts."""

    __tablename__ = "savings_publication"
    __table_args__ = (UniqueConstraint("settlement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    number: Mapped[int]
    report_id: Mapped[int] = mapped_column(ForeignKey("savings_report.id"))
    content: Mapped[str] = mapped_column(Text)
    """JSON: rows of hospitals, the row of totals, the bands with their counts and shares."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``content``."""
    starts_on: Mapped[date]
    until: Mapped[date]
    """Last day of the term of publicity, as the officer gives it."""
    basis: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """The document that states the term."""
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_because: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class RetainedPayment(Base):
    """What a hospital is paid in one sum, from both funds; once."""

    __tablename__ = "savings_payment"
    __table_args__ = (
        UniqueConstraint("settlement_id", "hospital_id"),
        money_range("employee"),
        money_range("resident"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("savings_settlement.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("savings_statement.id"), unique=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    key: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX), unique=True)
    """Names the payment to `payments`, which pays once under it."""
    employee: Mapped[Decimal] = mapped_column(Money)
    resident: Mapped[Decimal] = mapped_column(Money)
    status: Mapped[RetainedStatus] = mapped_column(String(20))
    instruction_id: Mapped[int | None] = mapped_column(index=True)
    """The payment instruction."""
    instructed_at: Mapped[datetime | None] = mapped_column(Moment)


class DistributionPlan(Base):
    """How a hospital hands on what it keeps (内部分配方案); the highest number counts."""

    __tablename__ = "savings_distribution_plan"
    __table_args__ = (UniqueConstraint("statement_id", "number"), money_range("amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("savings_statement.id"))
    number: Mapped[int]
    basis: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """The hospital's own rule."""
    amount: Mapped[Decimal] = mapped_column(Money)
    """What is payable; the parts add up to it."""
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)


class DistributionPart(Base):
    """One part of a plan."""

    __tablename__ = "savings_distribution_part"
    __table_args__ = (UniqueConstraint("plan_id", "number"), money_range("amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("savings_distribution_plan.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    """The department or purpose."""
    note: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    weight: Mapped[int | None]
    """By which the amount was shared out; None where the amount was given."""
    amount: Mapped[Decimal] = mapped_column(Money)
