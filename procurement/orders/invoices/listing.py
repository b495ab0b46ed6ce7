"""Invoices as people look at them, and what may still be invoiced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationRelation
from procurement.orders.invoices.goods import Goods, goods_where, invoiced_packs
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.matching import lines_in_order
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.tables import Delivery, DeliveryLine, PurchaseOrder, ReceiptLine
from procurement.permissions import Actor, NotFoundForActorError, Role
from procurement.volumes.groups import is_member_on
from procurement.volumes.rules import day_in_china, region_prefix

_IN_REGION = (Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line beside what it was compared with.

    Attributes:
        line: The line.
        goods: The goods that it is for; None where nothing fits.
        invoiced: Packs of these goods on all standing invoices, this one included.
    """

    line: InvoiceLine
    goods: Goods | None
    invoiced: int


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


def find_invoice(session: Session, *, invoice_id: int) -> Invoice:
    """Return an invoice.

    Raises:
        NotFoundForActorError: There is none.
    """
    invoice = session.get(Invoice, invoice_id)
    if invoice is None:
        raise NotFoundForActorError
    return invoice


def invoices_seen(
    *,
    actor: Actor,
    moment: datetime,
    status: InvoiceStatus | None = None,
    hospital_id: int | None = None,
    seller_id: int | None = None,
) -> Select[Invoice]:
    """Return the statement for the invoices that somebody sees, newest first.

    Sellers, hospitals, lead hospitals of groups and makers see their own; bureaus and fund agencies
    those of their region.

    Args:
        actor: Who looks.
        moment: Now: groups of hospitals change.
        status: Of these alone.
        hospital_id: Of this hospital alone.
        seller_id: Of this seller alone.
    """
    statement = select(Invoice).where(_seen_by(actor, day_in_china(moment)))
    if status is not None:
        statement = statement.where(Invoice.status == status)
    if hospital_id is not None:
        statement = statement.where(Invoice.hospital_id == hospital_id)
    if seller_id is not None:
        statement = statement.where(Invoice.seller_id == seller_id)
    return statement.order_by(Invoice.id.desc())


def lines_of(session: Session, *, invoice: Invoice) -> list[LineView]:
    """Return the lines of an invoice beside orders and receipts."""
    lines = lines_in_order(session, invoice=invoice)
    ids = [line.receipt_line_id for line in lines if line.receipt_line_id is not None]
    found = goods_where(session, [ReceiptLine.id.in_(ids)]) if ids else []
    by_receipt = {goods.receipt_line_id: goods for goods in found}
    invoiced = invoiced_packs(session, receipt_line_ids=ids) if ids else {}
    return [
        LineView(
            line, by_receipt.get(line.receipt_line_id), invoiced.get(line.receipt_line_id or 0, 0)
        )
        for line in lines
    ]


def invoiceable_lines(
    session: Session, *, seller_id: int, hospital_id: int | None = None
) -> list[Invoiceable]:
    """Return the accepted goods of a seller of which packs are not invoiced yet.

    Also goods of which too much is invoiced, since something went back afterwards.

    Args:
        session: Any session.
        seller_id: Who delivered.
        hospital_id: To this hospital alone.
    """
    wanted = [Delivery.distributor_id == seller_id, ReceiptLine.id.is_not(None)]
    if hospital_id is not None:
        wanted.append(PurchaseOrder.hospital_id == hospital_id)
    found = goods_where(session, wanted)
    ids = [goods.receipt_line_id for goods in found if goods.receipt_line_id is not None]
    invoiced = invoiced_packs(session, receipt_line_ids=ids)
    buyers = _buyers(session, [goods.order_id for goods in found])
    rows = [_invoiceable(goods, invoiced, buyers) for goods in found]
    return [row for row in rows if row.packs_left]


def _invoiceable(
    goods: Goods, invoiced: dict[int, int], buyers: dict[int, tuple[int, str]]
) -> Invoiceable:
    receipt_line_id = goods.receipt_line_id
    assert receipt_line_id is not None and goods.received_on is not None  # noqa: S101 - asked for
    hospital_id, hospital = buyers[goods.order_id]
    return Invoiceable(
        receipt_line_id,
        hospital_id,
        hospital,
        goods.order_id,
        goods.order_number,
        goods.note_number,
        goods.batch_number,
        goods.product,
        goods.strength,
        goods.received_on,
        goods.accepted - goods.returned - invoiced.get(receipt_line_id, 0),
        goods.pack_price,
    )


def _buyers(session: Session, order_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    rows = session.execute(
        select(PurchaseOrder.id, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == PurchaseOrder.hospital_id)
        .where(PurchaseOrder.id.in_(order_ids))
    )
    return {order: (hospital, name) for order, hospital, name in rows}


def _seen_by(actor: Actor, day: date) -> ColumnElement[bool]:
    own = actor.organisation_id
    members = select(OrganisationRelation.subject_id).where(
        is_member_on(day), OrganisationRelation.related_id == own
    )
    of_maker = (
        select(InvoiceLine.invoice_id)
        .join(ReceiptLine, ReceiptLine.id == InvoiceLine.receipt_line_id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .where(PurchaseOrder.organisation_id == own)
    )
    seen = [
        Invoice.seller_id == own,
        Invoice.hospital_id == own,
        Invoice.hospital_id.in_(members),
        Invoice.id.in_(of_maker),
    ]
    if not actor.roles.isdisjoint(_IN_REGION):
        within = select(Organisation.id).where(
            Organisation.region.startswith(region_prefix(actor.region))
        )
        seen.append(Invoice.hospital_id.in_(within))
    return or_(*seen)
