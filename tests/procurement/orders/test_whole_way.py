"""One order from its placing to the purchase lines of what was accepted and returned."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from procurement.orders.states import DeliveryStatus, OrderKind, OrderStatus, PurchaseSource
from procurement.orders.tables import Delivery, PurchaseLine, PurchaseOrder, Receipt


def test_an_order_goes_from_placing_to_a_return_and_its_purchase_lines_add_up(world):
    order_id = world.confirm(world.place(10))
    first = world.ship(order_id, 6)
    world.later(days=1)
    receipt_id = world.accept(first, accepted=4)
    second = world.ship(order_id)
    world.later(days=1)
    world.accept(second)
    world.later(days=3)
    world.send_back(receipt_id, 1)
    with world.read() as session:
        order = session.get_one(PurchaseOrder, order_id)
        assert order.status == OrderStatus.CLOSED
        assert order.kind == OrderKind.AGREED
        line = order.lines[0]
        assert (line.packs, line.accepted_packs, line.returned_packs, line.open_packs) == (
            10,
            10,
            1,
            0,
        )
        statuses = [one.status for one in session.scalars(select(Delivery).order_by(Delivery.id))]
        assert statuses == [DeliveryStatus.PARTLY_ACCEPTED, DeliveryStatus.ACCEPTED]
        bought = session.scalars(select(PurchaseLine).order_by(PurchaseLine.id)).all()
        assert [(one.source, one.quantity, one.amount, one.received_on) for one in bought] == [
            (PurchaseSource.RECEIPT, 40, Decimal(120), date(2027, 3, 2)),
            (PurchaseSource.RECEIPT, 60, Decimal(180), date(2027, 3, 3)),
            (PurchaseSource.RETURN, -10, Decimal(-30), date(2027, 3, 6)),
        ]
        one = bought[0]
        assert (one.unit_price, one.is_winning, one.is_negotiated) == (Decimal(3), True, False)
        assert (one.hospital_id, one.seller_id) == (world.hospital.id, world.distributor.id)
        assert (one.term_id, one.supply_id) == (world.term_id, line.supply_id)
        assert one.lot_id is not None
        assert session.get_one(Receipt, receipt_id).received_on == date(2027, 3, 2)
