"""Invoices as people look at them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationRelation
from procurement.china_days import day_in_china
from procurement.orders.invoices.goods import Goods, goods_where, invoiced_packs
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.matching import lines_in_order
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.tables import Delivery, DeliveryLine, PurchaseOrder, ReceiptLine
from procurement.permissions import Actor, NotFoundForActorError, Role
from procurement.volumes.groups import is_member_on
from procurement.volumes.rules import region_prefix

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
    # Whatever a line names: prices of somebody else's orders are not shown.
    own = [
        ReceiptLine.id.in_(ids),
        PurchaseOrder.hospital_id == invoice.hospital_id,
        Delivery.distributor_id == invoice.seller_id,
    ]
    found = goods_where(session, own) if ids else []
    by_receipt = {goods.receipt_line_id: goods for goods in found}
    invoiced = invoiced_packs(session, receipt_line_ids=[one for one in by_receipt if one])
    return [
        LineView(
            line, by_receipt.get(line.receipt_line_id), invoiced.get(line.receipt_line_id or 0, 0)
        )
        for line in lines
    ]


def _seen_by(actor: Actor, day: date) -> ColumnElement[bool]:
    own = actor.organisation_id
    members = select(OrganisationRelation.subject_id).where(
        is_member_on(day), OrganisationRelation.related_id == own
    )
    of_maker = (
        select(InvoiceLine.invoice_id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .join(ReceiptLine, ReceiptLine.id == InvoiceLine.receipt_line_id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .where(PurchaseOrder.organisation_id == own)
        .where(PurchaseOrder.hospital_id == Invoice.hospital_id)
        .where(Delivery.distributor_id == Invoice.seller_id)
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
