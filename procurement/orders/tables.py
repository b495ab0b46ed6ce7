"""The tables of orders, deliveries, receipts and returns, and of what was bought.

Packs and minimal units are 64-bit whole numbers. Receipts, returns and purchase lines only grow.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import MONEY_MAX, Base, Moment, Money, money_range
from procurement.orders.states import (
    DeliveryStatus,
    OrderKind,
    OrderStatus,
    PurchaseSource,
    TraceCodeStatus,
    Urgency,
)

REASON_LENGTH_MAX = 500
RULE_LENGTH_MAX = 300
NUMBER_LENGTH_MAX = 60
TRACE_CODE_LENGTH_MAX = 64


class PurchaseOrder(Base):
    """An order of a hospital to one manufacturer, delivered by one distributor."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        Index("ix_purchase_order_by_maker", "organisation_id", "status"),
        Index("ix_purchase_order_by_distributor", "distributor_id", "status"),
        Index("ix_purchase_order_by_hospital", "hospital_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH_MAX), unique=True)
    """How people call it; `procurement.orders.numbers`."""
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The manufacturer."""
    distributor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Who delivers; the manufacturer itself where it delivers on its own."""
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    term_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_term.id"))
    """The term of agreements that it is ordered in."""
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    region: Mapped[str] = mapped_column(String(6))
    """Division code of the hospital."""
    kind: Mapped[OrderKind] = mapped_column(String(20))
    urgency: Mapped[Urgency] = mapped_column(String(20))
    is_remote: Mapped[bool]
    """The hospital says that it lies remote: some regions then allow more time."""
    is_cold_chain: Mapped[bool]
    status: Mapped[OrderStatus] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot change a newer order."""
    placed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    """Until when it is to be delivered; None where no rule states a limit."""
    due_rule: Mapped[str] = mapped_column(String(RULE_LENGTH_MAX))
    """Rulebook and clause of that limit; empty where there is none."""
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX), default="")
    """Why it was declined or cancelled; empty else."""
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order", order_by="OrderLine.number"
    )


class OrderLine(Base):
    """One product in an order. Open = packs - accepted - cancelled."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("pack_units > 0", name="pack_units_positive"),
        CheckConstraint(
            "cancelled_packs >= 0 AND shipped_packs >= 0 AND accepted_packs >= 0 "
            "AND returned_packs >= 0",
            name="parts_positive",
        ),
        CheckConstraint("accepted_packs + cancelled_packs <= packs", name="accepted_fits"),
        CheckConstraint("shipped_packs + cancelled_packs <= packs", name="shipped_fits"),
        CheckConstraint("accepted_packs <= shipped_packs", name="accepted_was_shipped"),
        CheckConstraint("returned_packs <= accepted_packs", name="returned_was_accepted"),
        money_range("pack_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"))
    order: Mapped[PurchaseOrder] = relationship(back_populates="lines")
    number: Mapped[int]
    """From 1."""
    supply_id: Mapped[int | None] = mapped_column(ForeignKey("agreed_supply.id"), index=True)
    """The allocation that it is ordered from; of a replacement, the one that is replaced."""
    price_id: Mapped[int] = mapped_column(ForeignKey("price.id"))
    """The price in the chain that held on the day of ordering."""
    lot_strength_id: Mapped[int | None] = mapped_column(ForeignKey("lot_strength.id"))
    generic_product_id: Mapped[int | None] = mapped_column(ForeignKey("generic_product.id"))
    product: Mapped[str] = mapped_column(String(200))
    strength: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(20))
    pack_units: Mapped[int]
    """Minimal units in a pack."""
    pack_price: Mapped[Decimal] = mapped_column(Money)
    packs: Mapped[int] = mapped_column(BigInteger)
    cancelled_packs: Mapped[int] = mapped_column(BigInteger, default=0)
    shipped_packs: Mapped[int] = mapped_column(BigInteger, default=0)
    """On their way or accepted; packs that were refused are taken off again."""
    accepted_packs: Mapped[int] = mapped_column(BigInteger, default=0)
    returned_packs: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of the accepted ones."""
    is_winning: Mapped[bool]

    @property
    def open_packs(self) -> int:
        """Ordered, and neither accepted nor cancelled."""
        return self.packs - self.accepted_packs - self.cancelled_packs

    @property
    def unshipped_packs(self) -> int:
        """Ordered, and neither cancelled nor on their way nor accepted."""
        return self.packs - self.shipped_packs - self.cancelled_packs


class OrderFile(Base):
    """A file of orders that was taken: the same file is taken once a day."""

    __tablename__ = "order_file"
    __table_args__ = (UniqueConstraint("hospital_id", "digest", "placed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    placed_on: Mapped[date]
    """Day in China."""
    orders: Mapped[int]
    lines: Mapped[int]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)


class Delivery(Base):
    """What a distributor shipped with one delivery note (随货同行单)."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("distributor_id", "note_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"), index=True)
    order: Mapped[PurchaseOrder] = relationship()
    note_number: Mapped[str] = mapped_column(String(NUMBER_LENGTH_MAX))
    distributor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    shipped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    shipped_at: Mapped[datetime] = mapped_column(Moment)
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the hospital accepted or refused it."""
    status: Mapped[DeliveryStatus] = mapped_column(String(20))
    lines: Mapped[list["DeliveryLine"]] = relationship(
        back_populates="delivery", order_by="DeliveryLine.id"
    )


class DeliveryLine(Base):
    """A batch of one product in a delivery."""

    __tablename__ = "delivery_line"
    __table_args__ = (
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("accepted_packs >= 0 AND refused_packs >= 0", name="parts_positive"),
        CheckConstraint("accepted_packs + refused_packs <= packs", name="parts_fit"),
        CheckConstraint(
            "manufactured_on IS NULL OR expires_on > manufactured_on", name="days_in_order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    delivery: Mapped[Delivery] = relationship(back_populates="lines")
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    order_line: Mapped[OrderLine] = relationship()
    packs: Mapped[int] = mapped_column(BigInteger)
    batch_number: Mapped[str] = mapped_column(String(NUMBER_LENGTH_MAX))
    manufactured_on: Mapped[date | None]
    expires_on: Mapped[date]
    """Last day on which it may be used."""
    accepted_packs: Mapped[int] = mapped_column(BigInteger, default=0)
    refused_packs: Mapped[int] = mapped_column(BigInteger, default=0)
    refusal_reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))


class TraceCode(Base):
    """Where a pack with a trace code (追溯码) was seen last."""

    __tablename__ = "trace_code"

    code: Mapped[str] = mapped_column(String(TRACE_CODE_LENGTH_MAX), primary_key=True)
    delivery_line_id: Mapped[int] = mapped_column(ForeignKey("delivery_line.id"), index=True)
    status: Mapped[TraceCodeStatus] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(Moment)


class Receipt(Base):
    """That a hospital accepted or refused a delivery (验收入库); append-only."""

    __tablename__ = "goods_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), unique=True)
    delivery: Mapped[Delivery] = relationship()
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    received_on: Mapped[date]
    """Day in China."""
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime] = mapped_column(Moment)
    lines: Mapped[list["ReceiptLine"]] = relationship(
        back_populates="receipt", order_by="ReceiptLine.id"
    )


class ReceiptLine(Base):
    """What was accepted of one batch; append-only."""

    __tablename__ = "goods_receipt_line"
    __table_args__ = (
        CheckConstraint("accepted_packs >= 0 AND refused_packs >= 0", name="parts_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("goods_receipt.id"), index=True)
    receipt: Mapped[Receipt] = relationship(back_populates="lines")
    delivery_line_id: Mapped[int] = mapped_column(ForeignKey("delivery_line.id"), unique=True)
    delivery_line: Mapped[DeliveryLine] = relationship()
    accepted_packs: Mapped[int] = mapped_column(BigInteger)
    refused_packs: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))


class GoodsReturn(Base):
    """Accepted packs that went back (退货); append-only."""

    __tablename__ = "goods_return"
    __table_args__ = (CheckConstraint("packs > 0", name="packs_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_line_id: Mapped[int] = mapped_column(ForeignKey("goods_receipt_line.id"), index=True)
    receipt_line: Mapped[ReceiptLine] = relationship()
    packs: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    returned_on: Mapped[date]
    """Day in China."""
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime] = mapped_column(Moment)


class PurchaseLine(Base):
    """What a hospital bought, as warehoused: the one fact that everything measures; append-only."""

    __tablename__ = "purchase_line"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_purchase_line_hospital_day", "hospital_id", "received_on"),
        Index("ix_purchase_line_term_hospital", "term_id", "hospital_id"),
        money_range("unit_price"),
        money_range("amount", minimum=-MONEY_MAX),
    )

    # No foreign keys: a province writes millions of rows a year from rows that have them.
    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int]
    region: Mapped[str] = mapped_column(String(6))
    """Division code of the hospital when it was recorded."""
    organisation_id: Mapped[int | None]
    """The manufacturer, where it is known."""
    seller_id: Mapped[int | None]
    """The distributor, where it is known."""
    round_id: Mapped[int | None]
    term_id: Mapped[int | None]
    """The term of the agreement under which it was ordered."""
    supply_id: Mapped[int | None] = mapped_column(index=True)
    lot_id: Mapped[int | None]
    lot_strength_id: Mapped[int | None]
    generic_product_id: Mapped[int | None]
    product: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    """Day in China; of a return, the day on which it went back."""
    is_winning: Mapped[bool]
    is_negotiated: Mapped[bool]
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Minimal units; below zero for a return."""
    unit_price: Mapped[Decimal] = mapped_column(Money)
    """Pack price by pack units, half up to 0.0001 yuan."""
    amount: Mapped[Decimal] = mapped_column(Money)
    """Packs times pack price, exact; below zero for a return."""
    source: Mapped[PurchaseSource] = mapped_column(String(20))
    source_id: Mapped[int]
    """Id of the receipt's line, of the return, or of the movement."""
    recorded_at: Mapped[datetime] = mapped_column(Moment)
