"""An invoice is compared with its order and its receipt, and paid only where they agree."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.invoices.errors import InvoiceGoneError, InvoiceHeldError, InvoiceTwiceError
from procurement.orders.invoices.invoiceable import invoiceable_buyers, invoiceable_lines
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.listing import invoices_seen, lines_of
from procurement.orders.invoices.matching import match_invoice
from procurement.orders.invoices.payable import hold_lines, payable_lines, release_lines
from procurement.orders.invoices.subjects import invoice_subject
from procurement.orders.invoices.submitting import SentLine, withdraw_invoice
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.tables import Delivery, PurchaseOrder, ReceiptLine
from tests.procurement.orders.invoices.selling import (
    PRICE,
    line,
    numbers_of,
    sent,
    stored,
    submit,
)
from tests.procurement.rounds.world import REGIONS

UNTIL = date(2027, 12, 31)


def payable(world, **wanted):
    with world.read() as session:
        return payable_lines(session, until=wanted.pop("until", UNTIL), **wanted)


def withdraw(world, invoice_id, reason="开错了"):
    with transaction(world.engine) as session:
        withdraw_invoice(
            session,
            invoice=session.get_one(Invoice, invoice_id),
            reason=reason,
            actor=world.distributor.actor,
            moment=world.moment,
        )


def test_an_invoice_that_agrees_can_be_paid(world):
    receipt = world.buy(10)
    invoice_id = submit(world, sent(line(world, receipt, 4), line(world, receipt, 6)))
    invoice, lines = stored(world, invoice_id)
    assert invoice.status == InvoiceStatus.MATCHED
    assert [one.fault_zh for one in lines] == [None, None]
    found = payable(world)
    assert [(one.packs, one.amount) for one in found] == [(4, Decimal(120)), (6, Decimal(180))]
    first = found[0]
    assert (first.seller_id, first.hospital_id) == (world.distributor.id, world.hospital.id)
    assert (first.organisation_id, first.received_on) == (world.maker.id, world.day)
    assert (first.term_id, first.is_winning) == (world.term_id, True)
    assert payable(world, until=date(2027, 2, 28)) == []
    assert payable(world, seller_id=world.maker.id) == []
    assert len(payable(world, hospital_id=world.hospital.id)) == 2
    with world.read() as session:
        assert invoiceable_lines(session, seller_id=world.distributor.id) == []


def test_everything_that_differs_is_said_with_both_values(world):
    receipt = world.buy(10)
    wrong = line(
        world, receipt, 11, price=Decimal("31.00"), amount=Decimal("300"), product="阿那曲唑"
    )
    invoice, lines = stored(world, submit(world, sent(wrong, amount=Decimal("999"))))
    assert invoice.status == InvoiceStatus.MISMATCHED
    assert invoice.fault_en == "The total is 999.00, the lines add up to 300.00."
    said = lines[0].fault_en
    assert said.startswith("“阿那曲唑” was not ordered; the order says “缬沙坦")
    assert "Price 31.00; the order has 30.00." in said
    assert "11 packs: accepted 10, returned 0, invoiced before 0, so at most 10." in said
    assert "Amount 300.00; 11 packs at 31.00 are 341.00." in said
    assert "最多 10 盒" in lines[0].fault_zh
    assert payable(world) == []


def test_one_line_that_differs_keeps_the_whole_invoice_from_being_paid(world):
    receipt = world.buy(10)
    submit(world, sent(line(world, receipt, 3), line(world, receipt, 8)))
    assert payable(world) == []
    # The line that agrees uses its packs up all the same: seven are left.
    second = stored(world, submit(world, sent(line(world, receipt, 8), number="2")))[1][0]
    assert "invoiced before 3, so at most 7" in second.fault_en


def test_the_same_invoice_twice_is_refused_and_explained(world):
    receipt = world.buy(10)
    invoice = sent(line(world, receipt, 5), number="001", file_digest="a" * 64, file_name="1.pdf")
    invoice_id = submit(world, invoice)
    with pytest.raises(InvoiceTwiceError) as twice:
        submit(world, replace(invoice, file_digest=None))
    assert "2027-03-01" in twice.value.zh and "001" in twice.value.en
    with pytest.raises(InvoiceTwiceError, match="This file was submitted"):
        submit(world, replace(invoice, number="002"))
    # Another seller's invoices are counted by themselves.
    named = replace(line(world, receipt, 5), receipt_line_id=None, order_number="none")
    theirs = sent(named, number="001", file_digest="a" * 64)
    assert submit(world, theirs, seller=world.distributors[1])
    withdraw(world, invoice_id)
    again, _ = stored(world, submit(world, invoice))
    assert again.status == InvoiceStatus.MATCHED


def test_a_withdrawn_invoice_is_neither_matched_nor_withdrawn_again(world):
    invoice_id = submit(world, sent(line(world, world.buy(10))))
    with pytest.raises(InvalidInputError):
        withdraw(world, invoice_id, reason=" ")
    withdraw(world, invoice_id)
    assert payable(world) == []
    with pytest.raises(InvoiceGoneError):
        withdraw(world, invoice_id)
    with pytest.raises(InvoiceGoneError), transaction(world.engine) as session:
        match_invoice(session, invoice=session.get_one(Invoice, invoice_id), moment=world.moment)


def test_an_invoice_that_comes_with_the_goods_waits_for_their_acceptance(world):
    order_id = world.confirm(world.place(10))
    delivery = world.ship(order_id)
    order_number, note = numbers_before(world, order_id)
    early = line_for(order_number, note, 8)
    invoice_id = submit(world, sent(early))
    invoice, lines = stored(world, invoice_id)
    assert invoice.status == InvoiceStatus.SUBMITTED
    assert lines[0].fault_en == "The hospital has not accepted it yet."
    assert payable(world) == []
    # Accepting compares it again.
    world.accept(delivery, accepted=8)
    invoice, lines = stored(world, invoice_id)
    assert invoice.status == InvoiceStatus.MATCHED
    assert lines[0].receipt_line_id is not None
    assert [one.packs for one in payable(world)] == [8]


def test_more_than_was_shipped_differs_even_before_acceptance(world):
    order_id = world.confirm(world.place(10))
    world.ship(order_id, 6)
    order_number, note = numbers_before(world, order_id)
    _, lines = stored(world, submit(world, sent(line_for(order_number, note, 7))))
    assert "7 packs; 6 were shipped" in lines[0].fault_en


def numbers_before(world, order_id):
    """Order and delivery note of an order that is shipped and not accepted."""
    with world.read() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.order_id == order_id)).one()
        return session.get_one(PurchaseOrder, order_id).number, delivery.note_number


def line_for(order_number, note, packs):
    return SentLine("缬沙坦", packs, PRICE, packs * PRICE, None, order_number, note)


def test_where_an_order_came_in_parts_the_note_or_the_packs_say_which_is_meant(world):
    order_id = world.confirm(world.place(12))
    first = world.accept(world.ship(order_id, 5))
    second = world.accept(world.ship(order_id))
    order_number, note = numbers_of(world, second)
    named = {"order_number": order_number}
    _, lines = stored(world, submit(world, sent(line(world, first, 2, **named), number="1")))
    assert "Several deliveries fit" in lines[0].fault_en
    _, lines = stored(world, submit(world, sent(line(world, first, 7, **named), number="2")))
    assert lines[0].fault_en is None
    named["note_number"] = note
    _, lines = stored(world, submit(world, sent(line(world, first, 1, **named), number="3")))
    assert "accepted 7, returned 0, invoiced before 7" in lines[0].fault_en


def refusals(world, invoice, **by):
    with pytest.raises(InvalidInputError) as refused:
        submit(world, invoice, **by)
    return [(fault.field, fault.en) for fault in refused.value.faults]


def test_a_line_for_goods_of_another_seller_or_hospital_is_refused_as_one_for_none(world):
    receipt = world.buy(10)
    good = line(world, receipt)
    elsewhere = world.hospitals[world.hospital.organisation.region][1]
    place = "lines.2.receipt_line_id"
    said = {
        *refusals(world, sent(good, good), seller=world.distributors[1]),
        *refusals(world, sent(good, good), hospital=elsewhere),
        *(
            one
            for number in (0, -1, 9999, 2**40)
            for one in refusals(world, sent(good, replace(good, receipt_line_id=number)))
        ),
    }
    assert {field for field, _ in said} == {"lines.1.receipt_line_id", place}
    assert {text for _, text in said} == {
        "No such line of a receipt of this hospital for goods that you delivered."
    }
    with world.read() as session:
        assert session.scalar(select(func.count()).select_from(Invoice)) == 0


def test_nothing_is_shown_of_goods_that_are_not_of_the_invoice(world):
    receipt = world.buy(10)
    named = sent(line(world, receipt, order_number="unknown"))
    invoice_id = submit(world, named, seller=world.distributors[1])
    _, (stored_line,) = stored(world, invoice_id)
    assert (stored_line.receipt_line_id, stored_line.fault_en[:16]) == (None, "No delivery fits")
    # As rows might be that were stored before lines of others were refused.
    with transaction(world.engine) as session:
        key = session.scalars(select(ReceiptLine.id)).one()
        session.get_one(InvoiceLine, stored_line.id).receipt_line_id = key
    with world.read() as session:
        invoice = session.get_one(Invoice, invoice_id)
        (view,) = lines_of(session, invoice=invoice)
        assert (view.goods, view.invoiced) == (None, 0)
        maker = world.maker.actor
        seen = invoice_subject(session, invoice=invoice, actor=maker, moment=world.moment)
        assert seen.organisation_id != world.maker.id
        assert not session.scalars(invoices_seen(actor=maker, moment=world.moment)).all()


def test_what_is_open_is_found_by_the_database_and_given_in_parts(world):
    receipts = [world.buy(10), world.buy(4), world.buy(3)]
    elsewhere = next(one for one in world.hospitals[REGIONS[0]] if one.id != world.hospital.id)
    world.buy(2, hospital=elsewhere)
    submit(world, sent(line(world, receipts[0], 10), line(world, receipts[1], 1)))
    world.send_back(receipts[1], 1)
    seller = world.distributor.id
    with world.read() as session:
        found = invoiceable_lines(session, seller_id=seller)
        assert [one.packs_left for one in found] == [2, 3, 2]
        own = invoiceable_lines(session, seller_id=seller, hospital_id=world.hospital.id)
        assert [one.packs_left for one in own] == [2, 3]
        assert len(invoiceable_lines(session, seller_id=seller, limit=1)) == 1
        keys = [own[1].receipt_line_id]
        named = invoiceable_lines(session, seller_id=seller, receipt_line_ids=keys)
        assert named == [own[1]]
        buyers = invoiceable_buyers(session, seller_id=seller)
        assert sorted((one.id, one.lines, one.amount) for one in buyers) == sorted(
            [(world.hospital.id, 2, 5 * PRICE), (elsewhere.id, 1, 2 * PRICE)]
        )


def test_what_goes_back_after_the_invoice_is_not_paid_until_the_red_invoice_is_there(world):
    receipt = world.buy(10)
    submit(world, sent(line(world, receipt), number="1"))
    world.send_back(receipt, 3)
    assert payable(world) == []
    with world.read() as session:
        left = invoiceable_lines(session, seller_id=world.distributor.id)
        assert [one.packs_left for one in left] == [-3]
    _, lines = stored(world, submit(world, sent(line(world, receipt, -11), number="2")))
    assert "11 packs are taken back; 10 were invoiced before." in lines[0].fault_en
    red, _ = stored(world, submit(world, sent(line(world, receipt, -3), number="3")))
    assert (red.status, red.amount) == (InvoiceStatus.MATCHED, Decimal(-90))
    assert sum(one.amount for one in payable(world)) == 7 * PRICE


def test_an_invoice_on_which_a_payment_rests_stays_as_it_is(world):
    receipt = world.buy(10)
    invoice_id = submit(world, sent(line(world, receipt)))
    held = [one.invoice_line_id for one in payable(world)]
    with transaction(world.engine) as session:
        hold_lines(session, line_ids=held, moment=world.moment)
    with pytest.raises(InvoiceHeldError):
        withdraw(world, invoice_id)
    with transaction(world.engine) as session:
        release_lines(session, line_ids=held)
    withdraw(world, invoice_id)


def test_impossible_input_is_refused_with_every_fault(world):
    receipt = world.buy(10)
    good = line(world, receipt)
    bad = replace(good, product=" ", packs=0, pack_price=Decimal("1.23456"), receipt_line_id=None)
    red = replace(good, packs=-1, amount=Decimal(30))
    invoice = sent(good, bad, red, number="一二", code="x y", issued_on=date(2027, 3, 2))
    with pytest.raises(InvalidInputError) as refused:
        submit(world, invoice)
    assert [fault.field for fault in refused.value.faults] == [
        "code",
        "number",
        "issued_on",
        "lines.2.product",
        "lines.2.packs",
        "lines.2.pack_price",
        "lines.2.order_number",
        "lines.3.amount",
    ]
    with world.read() as session:
        assert session.scalar(select(func.count()).select_from(Invoice)) == 0


def test_everybody_sees_the_invoices_of_the_own_concern(world):
    receipt = world.buy(10)
    invoice_id = submit(world, sent(line(world, receipt)))

    def seen(actor):
        with world.read() as session:
            found = session.scalars(invoices_seen(actor=actor, moment=world.moment))
            return [one.id for one in found]

    for one in (world.distributor, world.hospital, world.maker, world.agency):
        assert seen(one.actor) == [invoice_id]
    for one in (world.distributors[1], world.outsider, world.other_maker):
        assert seen(one.actor) == []
