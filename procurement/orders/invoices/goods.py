"""What was ordered, delivered and accepted, as an invoice is compared with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.rules import Received
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.states import DeliveryStatus
from procurement.orders.tables import (
    Delivery,
    DeliveryLine,
    GoodsReturn,
    OrderLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
)


@dataclass(frozen=True, slots=True)
class Goods:
    """A batch that was delivered, with all that an invoice can differ from.

    Attributes:
        delivery_line_id: The batch in the delivery.
        receipt_line_id: What the hospital said of it; None until it did.
        order_id: The order.
        order_number: As people call it.
        note_number: Of the delivery note.
        batch_number: Of the maker.
        product: As the order names it.
        generic_name: Of the catalogue; empty where that does not know it.
        strength: As printed.
        pack_units: Minimal units in a pack.
        pack_price: Of the order, yuan.
        shipped: Packs.
        accepted: Packs.
        returned: Packs of the accepted ones.
        received_on: Day of acceptance in China; None until then.
    """

    delivery_line_id: int
    receipt_line_id: int | None
    order_id: int
    order_number: str
    note_number: str
    batch_number: str
    product: str
    generic_name: str
    strength: str
    pack_units: int
    pack_price: Decimal
    shipped: int
    accepted: int
    returned: int
    received_on: date | None

    def received(self, *, invoiced: int) -> Received:
        """Return what the rules ask about it."""
        return Received(
            product=self.product,
            generic_name=self.generic_name,
            pack_price=self.pack_price,
            shipped=self.shipped,
            is_decided=self.receipt_line_id is not None,
            accepted=self.accepted,
            returned=self.returned,
            invoiced=invoiced,
        )


def goods_for(
    session: Session,
    *,
    seller_id: int,
    hospital_id: int,
    receipt_line_id: int | None = None,
    order_number: str = "",
    note_number: str = "",
) -> list[Goods]:
    """Return the batches that a seller delivered to a hospital, as an invoice's line names them.

    Args:
        session: Any session.
        seller_id: Who delivered.
        hospital_id: Who ordered.
        receipt_line_id: This one alone.
        order_number: Of this order.
        note_number: Of this delivery note.
    """
    wanted: list[ColumnElement[bool]] = [
        PurchaseOrder.hospital_id == hospital_id,
        Delivery.distributor_id == seller_id,
    ]
    if receipt_line_id is not None:
        wanted.append(ReceiptLine.id == receipt_line_id)
    if order_number:
        wanted.append(PurchaseOrder.number == order_number)
    if note_number:
        wanted.append(Delivery.note_number == note_number)
    return goods_where(session, wanted)


def goods_where(session: Session, wanted: Sequence[ColumnElement[bool]]) -> list[Goods]:
    """Return delivered batches that fulfil conditions on orders, deliveries and receipts."""
    rows = session.execute(_goods().where(*wanted).order_by(DeliveryLine.id))
    return [Goods(*row) for row in rows]


def lock_goods(session: Session, *, delivery_line_ids: Sequence[int]) -> None:
    """Let nobody else match invoices with these batches until the transaction is over."""
    session.execute(
        select(DeliveryLine.id)
        .where(DeliveryLine.id.in_(sorted(delivery_line_ids)))
        .order_by(DeliveryLine.id)
        .with_for_update()
    ).all()


def invoiced_packs(
    session: Session, *, receipt_line_ids: Sequence[int], without: int | None = None
) -> dict[int, int]:
    """Return the packs on standing invoices, by receipt line; lines with a fault do not count.

    Args:
        session: Any session.
        receipt_line_ids: What was accepted.
        without: An invoice that is left out.
    """
    statement = (
        select(InvoiceLine.receipt_line_id, func.sum(InvoiceLine.packs))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            InvoiceLine.receipt_line_id.in_(receipt_line_ids),
            InvoiceLine.fault_zh.is_(None),
            Invoice.status != InvoiceStatus.WITHDRAWN,
        )
        .group_by(InvoiceLine.receipt_line_id)
    )
    if without is not None:
        statement = statement.where(Invoice.id != without)
    return {line or 0: int(packs) for line, packs in session.execute(statement)}


def _goods() -> Select[*tuple[Any, ...]]:
    returned = (
        # PostgreSQL adds such numbers up as decimals.
        select(cast(func.coalesce(func.sum(GoodsReturn.packs), 0), BigInteger))
        .where(GoodsReturn.receipt_line_id == ReceiptLine.id)
        .scalar_subquery()
    )
    return (
        select(
            DeliveryLine.id,
            ReceiptLine.id,
            PurchaseOrder.id,
            PurchaseOrder.number,
            Delivery.note_number,
            DeliveryLine.batch_number,
            OrderLine.product,
            func.coalesce(GenericProduct.name, ""),
            OrderLine.strength,
            OrderLine.pack_units,
            OrderLine.pack_price,
            DeliveryLine.packs,
            func.coalesce(ReceiptLine.accepted_packs, 0),
            returned,
            Receipt.received_on,
        )
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .outerjoin(GenericProduct, GenericProduct.id == OrderLine.generic_product_id)
        .outerjoin(ReceiptLine, ReceiptLine.delivery_line_id == DeliveryLine.id)
        .outerjoin(Receipt, Receipt.id == ReceiptLine.receipt_id)
        # What was refused altogether cannot be invoiced.
        .where(Delivery.status != DeliveryStatus.REFUSED)
    )
