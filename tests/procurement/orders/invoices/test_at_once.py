"""Invoices that several people act on at the same moment: each acts on what is true then."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import select

from procurement.database import transaction
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.invoices.errors import InvoiceGoneError, InvoiceHeldError
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.locking import lock_invoices
from procurement.orders.invoices.matching import match_invoice
from procurement.orders.invoices.payable import hold_lines, payable_lines
from procurement.orders.invoices.submitting import SentLine, withdraw_invoice
from procurement.orders.invoices.tables import Invoice
from procurement.orders.tables import Delivery, PurchaseOrder
from tests.procurement.orders.invoices.selling import PRICE, line, sent, stored, submit

TOGETHER = 4
MOMENT = 0.5
"""Seconds in which somebody who does not wait would be done."""


def withdraw(session, world, invoice):
    withdraw_invoice(
        session,
        invoice=invoice,
        reason="开错了",
        actor=world.distributor.actor,
        moment=world.moment,
    )


def test_an_invoice_is_not_withdrawn_while_it_comes_into_the_books(world):
    invoice_id = submit(world, sent(line(world, world.buy(10))))
    is_locked, never = Event(), Event()

    def take_over():
        with transaction(world.engine) as session:
            lock_invoices(session, [invoice_id])
            ids = [one.invoice_line_id for one in payable_lines(session, until=world.day)]
            is_locked.set()
            never.wait(MOMENT)
            hold_lines(session, line_ids=ids, moment=world.moment)

    def take_back():
        is_locked.wait()
        with transaction(world.engine) as session:
            withdraw(session, world, session.get_one(Invoice, invoice_id))

    with ThreadPoolExecutor(2) as pool:
        taking, back = pool.submit(take_over), pool.submit(take_back)
        taking.result()
        with pytest.raises(InvoiceHeldError):
            back.result()
    assert stored(world, invoice_id)[0].status == InvoiceStatus.MATCHED


def test_what_was_withdrawn_meanwhile_is_neither_compared_nor_taken_over(world):
    if world.engine.dialect.name == "sqlite":
        pytest.skip("Its transactions that write come one after the other.")
    invoice_id = submit(world, sent(line(world, world.buy(10))))
    with transaction(world.engine) as session:
        invoice = session.get_one(Invoice, invoice_id)
        assert invoice.status == InvoiceStatus.MATCHED
        with transaction(world.engine) as other:
            withdraw(other, world, other.get_one(Invoice, invoice_id))
        with pytest.raises(InvoiceGoneError):
            match_invoice(session, invoice=invoice, moment=world.moment)
        with pytest.raises(InvoiceGoneError):
            withdraw(session, world, invoice)
        (locked,) = lock_invoices(session, [invoice_id, 9999])
        assert locked is invoice
        assert payable_lines(session, until=world.day) == []
    assert stored(world, invoice_id)[0].status == InvoiceStatus.WITHDRAWN


def test_deliveries_that_invoices_wait_for_together_are_accepted_at_once(world):
    orders = [world.confirm(world.place(10)) for _ in range(TOGETHER)]
    deliveries = [world.ship(order_id) for order_id in orders]
    with world.read() as session:
        numbers = [session.get_one(PurchaseOrder, one).number for one in orders]
    ids = [
        submit(
            world,
            sent(
                *(
                    SentLine("缬沙坦", 2, PRICE, 2 * PRICE, None, number)
                    for number in (numbers if turn % 2 else reversed(numbers))
                ),
                number=str(turn),
            ),
        )
        for turn in range(TOGETHER)
    ]
    start = Barrier(TOGETHER)

    def one(delivery_id):
        start.wait()
        with transaction(world.engine) as session:
            delivery = session.get_one(Delivery, delivery_id)
            accept(
                session,
                delivery=delivery,
                lines=[AcceptedLine(delivery_line_id=delivery.lines[0].id, accepted=10, refused=0)],
                received_on=world.day,
                actor=world.hospital.actor,
                moment=world.moment,
            )

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(one, deliveries))
    assert {stored(world, invoice_id)[0].status for invoice_id in ids} == {InvoiceStatus.MATCHED}


def test_an_acceptance_leaves_invoices_of_other_orders_alone(world):
    waiting = world.ship(world.confirm(world.place(10)))
    with world.read() as session:
        number = session.scalars(select(PurchaseOrder.number)).one()
    named = SentLine("缬沙坦", 10, PRICE, 10 * PRICE, None, number)
    invoice_id = submit(world, sent(named))
    before = stored(world, invoice_id)[0].matched_at
    world.later(minutes=5)
    world.buy(3)
    assert stored(world, invoice_id)[0].matched_at == before
    world.accept(waiting)
    assert stored(world, invoice_id)[0].status == InvoiceStatus.MATCHED
