"""Stock may be reported before or after the delivery is accepted: goods count once."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from procurement.database import transaction
from procurement.orders.mismatches import MismatchKind, mismatches_of
from procurement.orders.movements.kinds import MovementKind, MovementStatus
from procurement.orders.movements.settling import settle_again
from procurement.orders.movements.tables import StockMovement
from procurement.orders.tables import Delivery, DeliveryLine, PurchaseLine
from tests.procurement.orders.movements.stock import (
    APPROVALS,
    DAY,
    PURCHASE,
    RETURN,
    WINNER,
    furnish,
    records,
    send,
)

OWN = PURCHASE | {
    "med_list_codg": WINNER,
    "aprvno": APPROVALS[WINNER],
    "manu_lotnum": "20270101",
    "finl_trns_pric": "30.00",
}


@pytest.fixture
def stock(world):
    """A running round whose products are in the catalogue."""
    return furnish(world)


def kept(world):
    """Units and yuan of all that was bought."""
    with world.read() as session:
        sums = select(func.sum(PurchaseLine.quantity), func.sum(PurchaseLine.amount))
        units, amount = session.execute(sums).one()
        return int(units or 0), Decimal(amount or 0)


def found(world):
    """Mismatches of the day."""
    with world.read() as session:
        return mismatches_of(session, hospital_id=world.hospital.id, since=DAY, until=DAY)


def test_goods_counted_before_their_delivery_is_accepted_count_once(stock):
    send(stock, OWN | {"dynt_no": "SH000001"})
    assert records(stock)[0].status == MovementStatus.COUNTED
    delivery = stock.ship(stock.confirm(stock.place(10)))
    stock.accept(delivery)
    assert records(stock)[0].status == MovementStatus.MATCHED
    assert kept(stock) == (100, Decimal("300.00"))
    assert MismatchKind.OFF_PLATFORM not in {one.kind for one in found(stock)}


def test_without_a_note_the_batch_says_so_since_it_was_shipped(stock):
    send(stock, OWN, OWN | {"purc_retn_stoin_time": "2027-02-01 10:00:00", "fixmedins_bchno": "A"})
    stock.buy(10)
    assert [one.status for one in records(stock)] == [
        MovementStatus.MATCHED,
        # Bought before this delivery was on its way.
        MovementStatus.COUNTED,
    ]
    assert kept(stock) == (200, Decimal("600.00"))


def test_what_may_be_the_delivery_counts_no_longer_and_is_listed(stock):
    name = stock.distributors[0].organisation.name
    other = {"dynt_no": "SH000001", "manu_lotnum": "other", "spler_name": name}
    elsewhere = other | {"spler_name": "别的公司", "fixmedins_bchno": "B-2"}
    send(stock, OWN | other, OWN | elsewhere)
    stock.buy(10)
    assert [one.status for one in records(stock)] == [
        MovementStatus.UNCLEAR,
        # A note of the same number of another seller: it stays what it was.
        MovementStatus.COUNTED,
    ]
    assert kept(stock) == (200, Decimal("600.00"))
    assert MismatchKind.UNCLEAR in {one.kind for one in found(stock)}


def test_what_counts_no_longer_is_not_counted_a_second_time_under_the_same_number(stock):
    name = stock.distributors[0].organisation.name
    send(stock, OWN | {"dynt_no": "SH000001", "manu_lotnum": "other", "spler_name": name})
    stock.buy(10)
    with transaction(stock.engine) as session:
        session.scalars(select(StockMovement)).one().note_number = ""
    with transaction(stock.engine) as session:
        settle_again(session, hospital_id=stock.hospital.id, moment=stock.moment)
    record = records(stock)[0]
    assert (record.status, "counted and taken back" in record.reason_en) == (
        MovementStatus.UNCLEAR,
        True,
    )
    assert kept(stock) == (100, Decimal("300.00"))


def test_returns_go_the_same_way_as_their_purchase(stock):
    send(stock, OWN | {"dynt_no": "SH000001"})
    back = RETURN | {"med_list_codg": WINNER, "purc_retn_cnt": "2"}
    send(stock, back, kind=MovementKind.PURCHASE_RETURN)
    assert kept(stock) == (80, Decimal("240.00"))
    stock.buy(10)
    assert {one.status for one in records(stock)} == {MovementStatus.MATCHED}
    # The platform knows of no return yet: that is listed.
    assert kept(stock) == (100, Decimal("300.00"))
    assert MismatchKind.RETURN in {one.kind for one in found(stock)}


def test_goods_in_stock_whose_delivery_is_refused_count_as_bought_otherwise(stock):
    delivery = stock.ship(stock.confirm(stock.place(10)))
    send(stock, OWN | {"dynt_no": "SH000001"})
    for number in ("1", "2", "3"):
        back = RETURN | {"med_list_codg": WINNER, "purc_retn_cnt": "1"}
        back["fixmedins_bchno"] = f"R-{number}"
        send(stock, back, kind=MovementKind.PURCHASE_RETURN)
    assert {one.status for one in records(stock)} == {MovementStatus.MATCHED}
    stock.accept(delivery, 0)
    assert {one.status for one in records(stock)} == {MovementStatus.COUNTED}
    assert kept(stock) == (70, Decimal("210.00"))
    assert MismatchKind.OFF_PLATFORM in {one.kind for one in found(stock)}


def test_a_refused_delivery_that_is_matched_all_the_same_is_listed(stock):
    delivery = stock.ship(stock.confirm(stock.place(10)))
    stock.accept(delivery, 0)
    send(stock, OWN | {"dynt_no": "SH000001"})
    with transaction(stock.engine) as session:
        record = session.scalars(select(StockMovement)).one()
        record.status = MovementStatus.MATCHED
        record.delivery_line_id = session.scalars(select(DeliveryLine.id)).one()
    (one,) = (one for one in found(stock) if one.kind is MismatchKind.NOT_ACCEPTED)
    with stock.read() as session:
        assert session.get_one(Delivery, delivery).note_number in one.zh
    assert "refused altogether" in one.en
