"""What may still be invoiced: the database finds what is open, and gives it in parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.orders.invoices.goods import invoiced_sums
from procurement.orders.invoices.tables import Invoice
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

LINES_SHOWN = 500
"""Lines given at once; an invoice has at most as many."""


@dataclass(frozen=True, slots=True)
class Invoiceable:
    """Accepted goods of which packs are not invoiced yet.

    Attributes:
        receipt_line_id: What a line of an invoice names.
        hospital_id: Who accepted.
        hospital: Its name.
        order_id: The order.
        order_number: As people call it.
        note_number: Of the delivery note.
        batch_number: Of the maker.
        product: Generic name in the order.
        strength: As printed.
        received_on: Day of acceptance in China.
        packs_left: Below zero where a red invoice is missing.
        pack_price: Of the order, yuan.
    """

    receipt_line_id: int
    hospital_id: int
    hospital: str
    order_id: int
    order_number: str
    note_number: str
    batch_number: str
    product: str
    strength: str
    received_on: date
    packs_left: int
    pack_price: Decimal


@dataclass(slots=True)
class Buyer:
    """A hospital with goods that are not invoiced yet.

    Attributes:
        id: The hospital.
        name: Its name.
        lines: How many batches.
        amount: What they come to at the orders' prices, yuan.
    """

    id: int
    name: str
    lines: int = 0
    amount: Decimal = Decimal(0)


def open_lines(
    *,
    seller_id: int,
    hospital_id: int | None = None,
    receipt_line_ids: Sequence[int] | None = None,
) -> Select[*tuple[Any, ...]]:
    """Return the statement for what a seller may still invoice, in no order.

    Its columns are those of `Invoiceable`.

    Args:
        seller_id: Who delivered.
        hospital_id: To this hospital alone.
        receipt_line_ids: Among these.
    """
    wanted: list[ColumnElement[bool]] = [Delivery.distributor_id == seller_id]
    invoiced = invoiced_sums().where(Invoice.seller_id == seller_id)
    if hospital_id is not None:
        wanted.append(Receipt.hospital_id == hospital_id)
        invoiced = invoiced.where(Invoice.hospital_id == hospital_id)
    of_seller = _accepted(select(ReceiptLine.id), wanted)
    if receipt_line_ids is not None:
        wanted.append(ReceiptLine.id.in_(receipt_line_ids))
    returned = (
        select(GoodsReturn.receipt_line_id, func.sum(GoodsReturn.packs).label("packs"))
        .where(GoodsReturn.receipt_line_id.in_(of_seller))
        .group_by(GoodsReturn.receipt_line_id)
        .subquery()
    )
    standing = invoiced.subquery()
    left = (
        ReceiptLine.accepted_packs
        # PostgreSQL adds such numbers up as decimals.
        - cast(func.coalesce(returned.c.packs, 0), BigInteger)
        - cast(func.coalesce(standing.c.packs, 0), BigInteger)
    )
    columns = select(
        ReceiptLine.id.label("receipt_line_id"),
        Organisation.id.label("hospital_id"),
        Organisation.name.label("hospital"),
        PurchaseOrder.id.label("order_id"),
        PurchaseOrder.number.label("order_number"),
        Delivery.note_number,
        DeliveryLine.batch_number,
        OrderLine.product,
        OrderLine.strength,
        Receipt.received_on,
        left.label("packs_left"),
        OrderLine.pack_price,
    )
    return (
        _accepted(columns, wanted)
        .join(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .join(Organisation, Organisation.id == PurchaseOrder.hospital_id)
        .outerjoin(returned, returned.c.receipt_line_id == ReceiptLine.id)
        .outerjoin(standing, standing.c.receipt_line_id == ReceiptLine.id)
        .where(left != 0)
    )


def invoiceable_lines(
    session: Session,
    *,
    seller_id: int,
    hospital_id: int | None = None,
    receipt_line_ids: Sequence[int] | None = None,
    limit: int = LINES_SHOWN,
) -> list[Invoiceable]:
    """Return accepted goods of a seller of which packs are not invoiced yet, the oldest first.

    Also goods of which too much is invoiced, since something went back afterwards.

    Args:
        session: Any session.
        seller_id: Who delivered.
        hospital_id: To this hospital alone.
        receipt_line_ids: Among these.
        limit: So many at most.
    """
    statement = open_lines(
        seller_id=seller_id, hospital_id=hospital_id, receipt_line_ids=receipt_line_ids
    )
    rows = session.execute(statement.order_by(ReceiptLine.id).limit(limit))
    return [Invoiceable(*row) for row in rows]


def invoiceable_buyers(session: Session, *, seller_id: int) -> list[Buyer]:
    """Return the hospitals with goods of a seller that are not invoiced yet, by name."""
    one = open_lines(seller_id=seller_id).subquery().c
    rows = session.execute(
        select(
            one.hospital_id, one.hospital, one.pack_price, func.count(), func.sum(one.packs_left)
        )
        .group_by(one.hospital_id, one.hospital, one.pack_price)
        .order_by(one.hospital, one.hospital_id, one.pack_price)
    )
    found: dict[int, Buyer] = {}
    for hospital_id, name, price, lines, packs in rows:
        buyer = found.setdefault(hospital_id, Buyer(hospital_id, name))
        buyer.lines += lines
        buyer.amount += int(packs) * price
    return list(found.values())


def _accepted(
    columns: Select[*tuple[Any, ...]], wanted: Sequence[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    return (
        columns.select_from(ReceiptLine)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        # What was refused altogether cannot be invoiced.
        .where(Delivery.status != DeliveryStatus.REFUSED, *wanted)
    )
