"""Where platform, hospital and invoices differ, each with both values and a link."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.orders.mismatches import MismatchKind, mismatches_of
from procurement.orders.movements.kinds import CountedIn, MovementKind
from procurement.orders.tables import Delivery, PurchaseOrder
from tests.procurement.orders.invoices.selling import line, sent, submit
from tests.procurement.orders.movements.stock import (
    AMOUNT,
    PURCHASE,
    RETURN,
    WINNER,
    furnish,
    of_delivery,
    send,
)

YEAR = (date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture
def stock(world):
    """A running round whose products are in the catalogue."""
    return furnish(world)


def found(world, since=YEAR[0], until=YEAR[1]):
    with world.read() as session:
        return mismatches_of(session, hospital_id=world.hospital.id, since=since, until=until)


def kinds(world, **days):
    return [one.kind for one in found(world, **days)]


def test_nothing_differs_where_order_receipt_stock_and_invoice_agree(stock):
    receipt = stock.buy(10)
    send(stock, of_delivery(stock, receipt))
    submit(stock, sent(line(stock, receipt)))
    assert found(stock) == []


def test_where_no_stock_is_sent_that_is_said_once_and_invoices_are_compared_all_the_same(stock):
    stock.buy(10)
    stock.buy(5)
    first, *others = found(stock)
    assert (first.kind, first.link) == (MismatchKind.NO_MOVEMENTS, "/orders/movements")
    assert [one.kind for one in others] == [MismatchKind.NOT_INVOICED] * 2
    with stock.read() as session:
        order = session.scalars(select(PurchaseOrder).order_by(PurchaseOrder.id)).first()
    assert others[0].link == f"/orders/{order.id}"
    assert order.number in others[0].zh and others[0].amount == Decimal("300.00")
    assert "10 packs kept, 0 invoiced" in others[0].en
    assert found(stock, since=date(2027, 4, 1))[0].kind == MismatchKind.NO_MOVEMENTS


def test_quantities_and_prices_of_stock_that_differ_are_told_with_both_values(stock):
    receipt = stock.buy(10)
    send(stock, of_delivery(stock, receipt, purc_retn_cnt="8", finl_trns_pric="31.00"))
    submit(stock, sent(line(stock, receipt)))
    quantity, price = found(stock)
    assert (quantity.kind, quantity.amount) == (MismatchKind.QUANTITY, Decimal("60.00"))
    assert "100 units accepted, 80 taken into stock" in quantity.en
    assert (price.kind, price.amount) == (MismatchKind.PRICE, Decimal("8.00"))
    assert "订单单价 30 元，院内入库单价 31 元" in price.zh


def test_a_unit_price_is_compared_as_far_as_it_was_sent(stock):
    receipt = stock.buy(10)
    record = of_delivery(stock, receipt, purc_retn_cnt="100", finl_trns_pric="3")
    send(stock, record, counted_in=CountedIn.UNITS)
    submit(stock, sent(line(stock, receipt)))
    assert found(stock) == []


def test_goods_that_are_accepted_and_not_in_stock_or_the_other_way_are_told(stock):
    stock.buy(10)
    waiting = stock.ship(stock.confirm(stock.place(4)))
    with stock.read() as session:
        note = session.get_one(Delivery, waiting).note_number
    record = PURCHASE | {
        "med_list_codg": WINNER,
        "aprvno": "国药准字H20010001",
        "dynt_no": note,
        "manu_lotnum": "20270101",
        "purc_retn_cnt": "4",
    }
    send(stock, record)
    assert kinds(stock) == [
        MismatchKind.NOT_WAREHOUSED,
        MismatchKind.NOT_INVOICED,
        MismatchKind.NOT_ACCEPTED,
    ]


def test_returns_that_only_one_side_knows_are_told(stock):
    receipt = stock.buy(10)
    send(stock, of_delivery(stock, receipt))
    submit(stock, sent(line(stock, receipt)))
    stock.send_back(receipt, 2)
    returned, over = found(stock)
    assert "20 units returned on the platform, 0 by stock" in returned.en
    assert (over.kind, over.amount) == (MismatchKind.OVER_INVOICED, Decimal("60.00"))
    back = RETURN | {"med_list_codg": WINNER, "purc_retn_cnt": "2"}
    send(stock, back, kind=MovementKind.PURCHASE_RETURN)
    assert kinds(stock) == [MismatchKind.OVER_INVOICED]
    submit(stock, sent(line(stock, receipt, -2), number="2"))
    assert found(stock) == []


def test_purchases_beside_the_platform_and_unclear_ones_are_listed(stock):
    first = send(stock, PURCHASE)
    second = send(stock, PURCHASE | {"fixmedins_bchno": "B-2", "finl_trns_pric": ""})
    off, unclear = found(stock)
    assert (off.kind, off.amount) == (MismatchKind.OFF_PLATFORM, AMOUNT)
    assert off.link == f"/orders/movements/{first}"
    assert "a product that did not win" in off.en
    assert (unclear.kind, unclear.link) == (
        MismatchKind.UNCLEAR,
        f"/orders/movements/{second}",
    )
    assert "没有成交单价" in unclear.zh


def test_an_invoice_that_differs_is_listed_with_what_differs(stock):
    receipt = stock.buy(10)
    send(stock, of_delivery(stock, receipt))
    invoice_id = submit(stock, sent(line(stock, receipt, 11)))
    missing, differs = found(stock)
    assert missing.kind == MismatchKind.NOT_INVOICED
    assert (differs.kind, differs.link) == (
        MismatchKind.INVOICE,
        f"/orders/invoices/{invoice_id}",
    )
    assert "Line 1: 11 packs: accepted 10" in differs.en
