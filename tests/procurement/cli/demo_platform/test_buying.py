"""What the demo's hospital ordered: each order at another step, and what it took in is invoiced."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.database import make_engine, snapshot
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice
from procurement.orders.states import DeliveryStatus, OrderStatus
from procurement.orders.tables import Delivery, PurchaseLine, PurchaseOrder


@pytest.fixture
def session(demo_once):
    """Return a session on the demo's database, which nobody changes."""
    engine = make_engine(f"sqlite:///{demo_once / 'jicai.sqlite3'}")
    with snapshot(engine) as session:
        yield session
    engine.dispose()


def test_each_order_stands_at_another_step(session):
    orders = session.scalars(select(PurchaseOrder).order_by(PurchaseOrder.id)).all()
    assert [one.status for one in orders] == [
        OrderStatus.CLOSED,
        OrderStatus.SHIPPING,
        OrderStatus.CONFIRMED,
        OrderStatus.PLACED,
    ]
    deliveries = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert [one.status for one in deliveries] == [
        DeliveryStatus.ACCEPTED,
        DeliveryStatus.PARTLY_ACCEPTED,
    ]
    assert [line.open_packs for line in orders[1].lines] == [2]


def test_what_was_taken_in_whole_is_invoiced_to_the_cent(session):
    (invoice,) = session.scalars(select(Invoice))
    bought = session.scalars(select(PurchaseLine).order_by(PurchaseLine.id)).all()
    assert invoice.status == InvoiceStatus.MATCHED
    assert invoice.amount == bought[0].amount > Decimal(0)
    assert all(one.is_winning for one in bought)
