"""What agreed invoices leave to be paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice, InvoiceLine
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
class PayableLine:
    """A line of an invoice that agrees with its order and its receipt.

    Attributes:
        invoice_line_id: The line.
        invoice_id: Its invoice.
        invoice_code: Code of the form; empty for a fully digital one.
        invoice_number: As printed.
        issued_on: Day of the invoice.
        seller_id: Who is paid.
        hospital_id: Who owes.
        organisation_id: The manufacturer.
        region: Division code of the hospital.
        order_id: The order.
        order_number: As people call it.
        order_kind: Under what it was ordered.
        round_id: Of the agreement; None for other orders.
        term_id: Of the agreement.
        agreement_id: The agreement.
        receipt_line_id: What was accepted.
        received_on: Day of acceptance in China: periods for payment run from it.
        product: Generic name in the order.
        strength: As printed.
        is_winning: A winner's, or of who took over for one.
        packs: Below zero on a red invoice.
        pack_price: Yuan.
        amount: Yuan; below zero on a red invoice, which takes money back.
    """

    invoice_line_id: int
    invoice_id: int
    invoice_code: str
    invoice_number: str
    issued_on: date
    seller_id: int
    hospital_id: int
    organisation_id: int
    region: str
    order_id: int
    order_number: str
    order_kind: str
    round_id: int | None
    term_id: int | None
    agreement_id: int | None
    receipt_line_id: int
    received_on: date
    product: str
    strength: str
    is_winning: bool
    packs: int
    pack_price: Decimal
    amount: Decimal


def payable_lines(
    session: Session,
    *,
    until: date,
    hospital_id: int | None = None,
    seller_id: int | None = None,
    line_ids: Sequence[int] | None = None,
) -> list[PayableLine]:
    """Return the lines of invoices that agree, for goods accepted until a day.

    Left out are lines of goods of which more is invoiced than was kept: something went back and
    the red invoice is missing (`procurement.orders.mismatches` lists them). Whether a line is paid
    already, payments know.

    Args:
        session: Any session.
        until: Last day of acceptance, in China.
        hospital_id: Of this hospital alone.
        seller_id: Of this seller alone.
        line_ids: Among these lines.

    Returns:
        In the order in which the goods were accepted.
    """
    wanted = [
        Invoice.status == InvoiceStatus.MATCHED,
        InvoiceLine.fault_zh.is_(None),
        Receipt.received_on <= until,
        InvoiceLine.receipt_line_id.not_in(_over_invoiced()),
    ]
    if hospital_id is not None:
        wanted.append(Invoice.hospital_id == hospital_id)
    if seller_id is not None:
        wanted.append(Invoice.seller_id == seller_id)
    if line_ids is not None:
        wanted.append(InvoiceLine.id.in_(line_ids))
    rows = session.execute(_payable(wanted))
    return [PayableLine(*row) for row in rows]


def hold_lines(session: Session, *, line_ids: Sequence[int], moment: datetime) -> None:
    """Note that a payment rests on lines: their invoices cannot be withdrawn or matched anew."""
    held = update(InvoiceLine).where(InvoiceLine.id.in_(line_ids), InvoiceLine.held_at.is_(None))
    session.execute(held.values(held_at=moment))


def release_lines(session: Session, *, line_ids: Sequence[int]) -> None:
    """Note that no payment rests on lines any more."""
    session.execute(update(InvoiceLine).where(InvoiceLine.id.in_(line_ids)).values(held_at=None))


def _over_invoiced() -> Select[int]:
    """Receipt lines of which more is invoiced than was accepted and not returned."""
    returned = (
        select(func.coalesce(func.sum(GoodsReturn.packs), 0))
        .where(GoodsReturn.receipt_line_id == ReceiptLine.id)
        .scalar_subquery()
    )
    return (
        select(ReceiptLine.id)
        .join(InvoiceLine, InvoiceLine.receipt_line_id == ReceiptLine.id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.status != InvoiceStatus.WITHDRAWN, InvoiceLine.fault_zh.is_(None))
        .group_by(ReceiptLine.id, ReceiptLine.accepted_packs)
        .having(func.sum(InvoiceLine.packs) > ReceiptLine.accepted_packs - returned)
    )


def _payable(wanted: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            InvoiceLine.id,
            Invoice.id,
            Invoice.code,
            Invoice.number,
            Invoice.issued_on,
            Invoice.seller_id,
            Invoice.hospital_id,
            PurchaseOrder.organisation_id,
            PurchaseOrder.region,
            PurchaseOrder.id,
            PurchaseOrder.number,
            PurchaseOrder.kind,
            PurchaseOrder.round_id,
            PurchaseOrder.term_id,
            PurchaseOrder.agreement_id,
            ReceiptLine.id,
            Receipt.received_on,
            OrderLine.product,
            OrderLine.strength,
            OrderLine.is_winning,
            InvoiceLine.packs,
            InvoiceLine.pack_price,
            InvoiceLine.amount,
        )
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .join(ReceiptLine, ReceiptLine.id == InvoiceLine.receipt_line_id)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .where(*wanted)
        .order_by(Receipt.received_on, InvoiceLine.id)
    )
