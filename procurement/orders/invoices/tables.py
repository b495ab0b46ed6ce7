"""The tables of invoices."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import MONEY_MAX, Base, Moment, Money, money_range
from procurement.orders.invoices.kinds import InvoiceStatus

CODE_LENGTH_MAX = 20
NUMBER_LENGTH_MAX = 30
FAULT_LENGTH_MAX = 500
# Of an order and of a delivery note, as `procurement.orders.tables` has them.
ORDER_NUMBER_LENGTH_MAX = 60

_LIVE = text("status <> 'withdrawn'")


class Invoice(Base):
    """An invoice of a seller to a hospital, or a red one (红字发票) that takes money back."""

    __tablename__ = "invoice"
    __table_args__ = (
        # The same invoice cannot be handed in twice; one that was withdrawn can again.
        Index(
            "uq_invoice_live",
            "seller_id",
            "code",
            "number",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_invoice_hospital_id_status", "hospital_id", "status"),
        Index("ix_invoice_seller_id_file_digest", "seller_id", "file_digest"),
        money_range("amount", minimum=-MONEY_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH_MAX))
    """Code of the form (发票代码); empty for fully digital invoices, which have none."""
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH_MAX))
    issued_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Money)
    """Sum with tax, as printed; below zero for a red invoice."""
    status: Mapped[InvoiceStatus] = mapped_column(String(12))
    fault_zh: Mapped[str | None] = mapped_column(String(FAULT_LENGTH_MAX))
    """What differs in the invoice as a whole."""
    fault_en: Mapped[str | None] = mapped_column(String(FAULT_LENGTH_MAX))
    file_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the invoice's file, where one was handed in."""
    file_name: Mapped[str | None] = mapped_column(String(200))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    matched_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was last compared."""
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)


class InvoiceLine(Base):
    """One line of an invoice: packs that were accepted, at the price of their order."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        UniqueConstraint("invoice_id", "number"),
        CheckConstraint("packs <> 0", name="packs_not_zero"),
        money_range("pack_price"),
        money_range("amount", minimum=-MONEY_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    number: Mapped[int]
    """From 1, in the order of the invoice."""
    receipt_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("goods_receipt_line.id"), index=True
    )
    """What was accepted; None while nothing fits."""
    order_number: Mapped[str] = mapped_column(String(ORDER_NUMBER_LENGTH_MAX))
    note_number: Mapped[str] = mapped_column(String(ORDER_NUMBER_LENGTH_MAX))
    """Of the delivery note (随货单号); empty where the seller names the order alone."""
    product: Mapped[str] = mapped_column(String(300))
    """As printed on the invoice."""
    packs: Mapped[int] = mapped_column(BigInteger)
    """Below zero on a red invoice."""
    pack_price: Mapped[Decimal] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    fault_zh: Mapped[str | None] = mapped_column(String(FAULT_LENGTH_MAX))
    """What differs; None where it agrees."""
    fault_en: Mapped[str | None] = mapped_column(String(FAULT_LENGTH_MAX))
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when a payment rests on it: its invoice cannot be withdrawn."""
