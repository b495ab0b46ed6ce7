"""Goods payable, direct settlement by month, claims, objections, offsets."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import MONEY_MAX, Base, Moment, Money, money_range
from procurement.payments.account_kinds import Fund
from procurement.payments.states import ClaimStatus, ObjectionStatus

REASON_LENGTH_MAX = 500


class GoodsPayable(Base):
    """A matched line of an invoice, since it is in the books; append-only."""

    __tablename__ = "goods_payable"
    __table_args__ = (money_range("amount", minimum=-MONEY_MAX),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_line_id: Mapped[int] = mapped_column(ForeignKey("invoice_line.id"), unique=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Whose goods they are, where that is known."""
    amount: Mapped[Decimal] = mapped_column(Money)
    """Below zero on a red invoice."""
    accepted_on: Mapped[date]
    """Day on which the hospital accepted the goods: payment periods run from it."""
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_posting.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class SettlementMonth(Base):
    """A month of direct settlement at an agency, with its rulebook and calendar."""

    __tablename__ = "settlement_month"
    __table_args__ = (UniqueConstraint("agency_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    region: Mapped[str] = mapped_column(String(6))
    month: Mapped[date]
    """First day of the month in which the goods were accepted."""
    rulebook: Mapped[str] = mapped_column(String(60))
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    parameters: Mapped[str] = mapped_column(Text)
    """JSON: what somebody gave where the rulebook is silent, each with who says so."""
    calendar: Mapped[str] = mapped_column(Text)
    """JSON: the last day of each step that the rulebook dates; other steps have none."""
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class Claim(Base):
    """What a company asks a month to pay for one hospital."""

    __tablename__ = "settlement_claim"
    __table_args__ = (money_range("amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    month_id: Mapped[int] = mapped_column(ForeignKey("settlement_month.id"), index=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[ClaimStatus] = mapped_column(String(20), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    """Of the lines that are still in it."""
    instruction_id: Mapped[int | None] = mapped_column(ForeignKey("payment_instruction.id"))
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class ClaimLine(Base):
    """A line of an invoice in a claim."""

    __tablename__ = "settlement_claim_line"
    __table_args__ = (
        UniqueConstraint("claim_id", "goods_id"),
        money_range("amount", minimum=-MONEY_MAX),
        CheckConstraint(
            "live_goods_id IS NULL OR live_goods_id = goods_id", name="live_is_the_same"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("settlement_claim.id"))
    goods_id: Mapped[int] = mapped_column(ForeignKey("goods_payable.id"), index=True)
    live_goods_id: Mapped[int | None] = mapped_column(ForeignKey("goods_payable.id"), unique=True)
    """The same while the line is in a claim that lives: no line is claimed twice."""
    amount: Mapped[Decimal] = mapped_column(Money)
    """What is still owed of it: prepaid parts are cleared before."""
    dropped_reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    """Why it left the claim."""


class ClaimStep(Base):
    """That a step of a claim was done, by whom, in time or late; append-only."""

    __tablename__ = "settlement_claim_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("settlement_claim.id"), index=True)
    step: Mapped[ClaimStatus] = mapped_column(String(20))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime] = mapped_column(Moment)
    due_on: Mapped[date | None]
    """Last day by the calendar; None where the rulebook dates no such step."""
    is_late: Mapped[bool]
    note: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))


class ClaimObjection(Base):
    """An objection to a claim or one of its lines, and its answer."""

    __tablename__ = "settlement_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("settlement_claim.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_claim_line.id"))
    """None: the whole claim."""
    at_step: Mapped[ClaimStatus] = mapped_column(String(20))
    """Status of the claim when it was raised."""
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    raised_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[ObjectionStatus] = mapped_column(String(10))
    answer: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class FundPayable(Base):
    """What the fund owes a hospital for a month, as the agency records it; append-only."""

    __tablename__ = "fund_payable"
    __table_args__ = (
        UniqueConstraint("agency_id", "hospital_id", "month", "fund", "revision"),
        money_range("amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    month: Mapped[date]
    fund: Mapped[Fund] = mapped_column(String(10))
    revision: Mapped[int]
    """From 1; a later one takes back the one before."""
    amount: Mapped[Decimal] = mapped_column(Money)
    document: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_posting.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Offset(Base):
    """How a hospital's claims of a month were set off and paid; append-only.

    Its instructions name it; cancelling one posts its part back.
    """

    __tablename__ = "settlement_offset"
    __table_args__ = (
        UniqueConstraint("month_id", "hospital_id", "number"),
        *(
            money_range(column)
            for column in (
                "owed_employee",
                "owed_resident",
                "goods_due",
                "from_employee",
                "from_resident",
                "from_reserve",
                "refilled",
                "to_hospital",
                "unpaid",
                "reserve_debt",
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month_id: Mapped[int] = mapped_column(ForeignKey("settlement_month.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    """From 1 in the month: what was reconciled later is set off later."""
    owed_employee: Mapped[Decimal] = mapped_column(Money)
    """What the employee fund owed the hospital before."""
    owed_resident: Mapped[Decimal] = mapped_column(Money)
    goods_due: Mapped[Decimal] = mapped_column(Money)
    """Reconciled claims."""
    from_employee: Mapped[Decimal] = mapped_column(Money)
    from_resident: Mapped[Decimal] = mapped_column(Money)
    from_reserve: Mapped[Decimal] = mapped_column(Money)
    refilled: Mapped[Decimal] = mapped_column(Money)
    """What of older debts to the reserve was set off."""
    to_hospital: Mapped[Decimal] = mapped_column(Money)
    """What is paid out to the hospital: what the funds owe and no claim waits for."""
    unpaid: Mapped[Decimal] = mapped_column(Money)
    """Claims for which neither fund nor reserve had enough: they wait."""
    reserve_debt: Mapped[Decimal] = mapped_column(Money)
    """What the hospital owes the reserve afterwards."""
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def held(self) -> Decimal:
        """What the funds went on owing, for claims that could not be paid yet."""
        used = self.from_employee + self.from_resident + self.refilled + self.to_hospital
        return self.owed_employee + self.owed_resident - used


class HospitalPayment(Base):
    """That a hospital paid a seller itself, with its voucher; append-only."""

    __tablename__ = "hospital_payment"
    __table_args__ = (UniqueConstraint("hospital_id", "voucher"), money_range("amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    paid_on: Mapped[date]
    voucher: Mapped[str] = mapped_column(String(60))
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_posting.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class HospitalPaymentLine(Base):
    """A line that such a payment covers; append-only."""

    __tablename__ = "hospital_payment_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("hospital_payment.id"), index=True)
    goods_id: Mapped[int] = mapped_column(ForeignKey("goods_payable.id"), unique=True)
