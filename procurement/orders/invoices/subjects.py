"""What permissions ask about invoices."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.tables import Delivery, DeliveryLine, PurchaseOrder, ReceiptLine
from procurement.permissions import Actor, Subject
from procurement.volumes.groups import lead_of


def own_invoices(actor: Actor) -> Subject:
    """The list of invoices: it shows nobody anything but the own concern."""
    return Subject(organisation_id=actor.organisation_id, regions=(actor.region,))


def invoice_subject(
    session: Session, *, invoice: Invoice, actor: Actor, moment: datetime
) -> Subject:
    """One invoice: seller's, hospital's and makers' own, the group lead's and the region's concern.

    Args:
        session: Any session.
        invoice: The invoice.
        actor: Who asks: a permission knows one owner, so that it is the actor's where it is a
            party.
        moment: Now.
    """
    hospital = session.get_one(Organisation, invoice.hospital_id)
    parties = {invoice.seller_id, invoice.hospital_id, *_makers(session, invoice)}
    own = actor.organisation_id if actor.organisation_id in parties else invoice.hospital_id
    return Subject(
        organisation_id=own,
        group_lead_id=lead_of(session, hospital_id=hospital.id, day=day_in_china(moment)),
        regions=(hospital.region,),
    )


def sellers_own(invoice: Invoice) -> Subject:
    """What only the seller may do with an invoice."""
    return Subject(organisation_id=invoice.seller_id)


def _makers(session: Session, invoice: Invoice) -> set[int]:
    makers = (
        select(PurchaseOrder.organisation_id)
        .join(Delivery, Delivery.order_id == PurchaseOrder.id)
        .join(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
        .join(ReceiptLine, ReceiptLine.delivery_line_id == DeliveryLine.id)
        .join(InvoiceLine, InvoiceLine.receipt_line_id == ReceiptLine.id)
        .where(InvoiceLine.invoice_id == invoice.id)
        .where(PurchaseOrder.hospital_id == invoice.hospital_id)
        .where(Delivery.distributor_id == invoice.seller_id)
    )
    return set(session.scalars(makers))
