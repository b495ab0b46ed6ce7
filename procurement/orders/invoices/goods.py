"""What was ordered, delivered and accepted, as an invoice is compared with it."""

from collections.abc import Collection, Iterator, Sequence
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

ID_END = 2**31
CHUNK = 500
"""Ids of one query: databases take a limited number."""


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


def own_receipt_lines(
    session: Session, *, seller_id: int, hospital_id: int, ids: Collection[int]
) -> set[int]:
    """Return which receipt lines are of goods that a seller delivered to a hospital."""
    of_both = (
        select(ReceiptLine.id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .where(Delivery.distributor_id == seller_id, PurchaseOrder.hospital_id == hospital_id)
    )
    # What no column can hold is nobody's.
    known = [one for one in ids if 0 < one < ID_END]
    return {
        one
        for some in _chunks(known)
        for one in session.scalars(of_both.where(ReceiptLine.id.in_(some)))
    }


def lock_goods(session: Session, *, delivery_line_ids: Collection[int]) -> None:
    """Let nobody else match invoices with these batches until the transaction is over.

    An invoice is locked before its goods, see `procurement.orders.invoices.locking`.
    """
    for some in _chunks(delivery_line_ids):
        session.execute(
            select(DeliveryLine.id)
            .where(DeliveryLine.id.in_(some))
            .order_by(DeliveryLine.id)
            .with_for_update(key_share=True)
        ).all()


def invoiced_packs(
    session: Session, *, receipt_line_ids: Collection[int], without: int | None = None
) -> dict[int, int]:
    """Return the packs on standing invoices, by receipt line; lines with a fault do not count.

    Args:
        session: Any session.
        receipt_line_ids: What was accepted.
        without: An invoice that is left out.
    """
    standing = invoiced_sums()
    if without is not None:
        standing = standing.where(Invoice.id != without)
    found: dict[int, int] = {}
    for some in _chunks(receipt_line_ids):
        rows = session.execute(standing.where(InvoiceLine.receipt_line_id.in_(some)))
        found |= {line or 0: int(packs) for line, packs in rows}
    return found


def invoiced_sums() -> Select[int | None, int]:
    """Select receipt lines with the packs on standing invoices; lines with a fault do not count."""
    return (
        select(InvoiceLine.receipt_line_id, func.sum(InvoiceLine.packs).label("packs"))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            InvoiceLine.receipt_line_id.is_not(None),
            InvoiceLine.fault_zh.is_(None),
            Invoice.status != InvoiceStatus.WITHDRAWN,
        )
        .group_by(InvoiceLine.receipt_line_id)
    )


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    wanted = sorted(set(ids))
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))


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
