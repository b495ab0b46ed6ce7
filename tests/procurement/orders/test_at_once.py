"""People who act at the same moment: nothing is shipped, accepted or numbered twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import func, select

from procurement.database import transaction
from procurement.errors import RefusedError
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.delivering import ShippedLine, ship
from procurement.orders.placing import Wanted, place_order
from procurement.orders.returning import Returned, return_goods
from procurement.orders.tables import (
    Delivery,
    OrderLine,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
    TraceCode,
)

TOGETHER = 4


@pytest.fixture
def together(world):
    """Let several do the same at once; returns how many were not refused."""

    def run(act):
        start = Barrier(TOGETHER)

        def one(number):
            start.wait()
            try:
                with transaction(world.engine) as session:
                    act(session, number)
            except RefusedError:
                return 0
            return 1

        with ThreadPoolExecutor(TOGETHER) as pool:
            return sum(pool.map(one, range(TOGETHER)))

    return run


def test_one_delivery_is_accepted_by_one_of_several(world, together):
    delivery_id = world.ship(world.confirm(world.place(10)))

    def act(session, number):
        delivery = session.get_one(Delivery, delivery_id)
        said = [
            AcceptedLine(delivery_line_id=one.id, accepted=10, refused=0) for one in delivery.lines
        ]
        accept(
            session,
            delivery=delivery,
            lines=said,
            received_on=world.day,
            actor=world.hospital.actor,
            moment=world.moment,
        )

    assert together(act) == 1
    with world.read() as session:
        assert session.scalar(select(func.count(Receipt.id))) == 1
        assert session.scalar(select(func.sum(PurchaseLine.quantity))) == 100


def shipment(session, world, order_id, note, packs, codes=()):
    order = session.get_one(PurchaseOrder, order_id)
    ship(
        session,
        order=order,
        note_number=note,
        lines=[
            ShippedLine(
                order_line_id=order.lines[0].id,
                packs=packs,
                batch_number="1",
                expires_on=date(2030, 1, 1),
                trace_codes=codes,
            )
        ],
        actor=world.distributor.actor,
        moment=world.moment,
    )


def test_no_more_is_shipped_than_was_ordered(world, together):
    order_id = world.confirm(world.place(10))

    def act(session, number):
        shipment(session, world, order_id, f"SH-{number}", 4)

    assert together(act) == 2
    with world.read() as session:
        assert session.scalars(select(OrderLine)).one().shipped_packs == 8


def test_one_pack_is_shipped_with_one_of_several_orders(world, together):
    ids = [world.confirm(world.place(10)) for _ in range(TOGETHER)]

    def act(session, number):
        shipment(session, world, ids[number], f"SH-{number}", 2, ("A-1", "A-2"))

    assert together(act) == 1
    with world.read() as session:
        assert session.scalar(select(func.count(TraceCode.code))) == 2
        assert session.scalar(select(func.count(Delivery.id))) == 1


def test_one_notes_number_names_one_delivery(world, together):
    ids = [world.confirm(world.place(10)) for _ in range(TOGETHER)]

    def act(session, number):
        shipment(session, world, ids[number], "SH-1", 2)

    assert together(act) == 1


def test_no_more_goes_back_than_was_accepted(world, together):
    receipt_id = world.buy(10)

    def act(session, number):
        line = session.get_one(Receipt, receipt_id).lines[0]
        return_goods(
            session,
            receipt_line=line,
            given=Returned(packs=4, reason="质量", returned_on=world.day),
            actor=world.hospital.actor,
            moment=world.moment,
        )

    assert together(act) == 2
    with world.read() as session:
        assert session.scalar(select(func.sum(PurchaseLine.quantity))) == 20


def test_orders_of_one_hospital_get_different_numbers(world, together):
    with world.read() as session:
        offer = world.offer(session)

    def act(session, number):
        place_order(
            session,
            hospital_id=world.hospital.id,
            actor=world.hospital.actor,
            lines=[Wanted(offer.key, 1)],
            distributor_id=None,
            moment=world.moment,
        )

    assert together(act) == TOGETHER
    with world.read() as session:
        assert len(set(session.scalars(select(PurchaseOrder.number)))) == TOGETHER
