"""Invoices of the distributor of a running round."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from procurement.database import transaction
from procurement.orders.invoices.submitting import SentInvoice, SentLine, submit_invoice
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.tables import Delivery, PurchaseOrder, Receipt

PRICE = Decimal("30.00")
"""Of a pack of 缬沙坦 (L03), ten units."""


def line(world, receipt_id, packs=10, *, price=PRICE, amount=None, product="缬沙坦 80mg", **named):
    """A line of an invoice for the first batch of a receipt."""
    with world.read() as session:
        receipt_line = session.get_one(Receipt, receipt_id).lines[0].id
    return SentLine(
        product=product,
        packs=packs,
        pack_price=price,
        amount=packs * price if amount is None else amount,
        **(named or {"receipt_line_id": receipt_line}),
    )


def sent(*lines, number="25342000000001", code="", amount=None, **more):
    """An invoice with these lines."""
    total = sum((one.amount for one in lines), Decimal(0)) if amount is None else amount
    return SentInvoice(code, number, more.pop("issued_on", date(2027, 3, 1)), total, lines, **more)


def submit(world, invoice, *, seller=None, hospital=None):
    """Hand in an invoice; return its id."""
    by = seller or world.distributor
    with transaction(world.engine) as session:
        return submit_invoice(
            session,
            seller_id=by.id,
            hospital_id=(hospital or world.hospital).id,
            invoice=invoice,
            actor=by.actor,
            moment=world.moment,
        ).id


def stored(world, invoice_id):
    """An invoice with its lines."""
    with world.read() as session:
        lines = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id)
        return session.get_one(Invoice, invoice_id), list(
            session.scalars(lines.order_by(InvoiceLine.number))
        )


def numbers_of(world, receipt_id):
    """The numbers of the order and of the delivery note of a receipt."""
    with world.read() as session:
        delivery = session.get_one(Delivery, session.get_one(Receipt, receipt_id).delivery_id)
        return session.get_one(PurchaseOrder, delivery.order_id).number, delivery.note_number
