"""Accepting all, a part or nothing; returns; and what is recorded as bought."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from procurement.audit import entries_about
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.purchases.recording import PurchaseFacts, record_purchase
from procurement.orders.returning import Returned, return_goods
from procurement.orders.states import (
    DeliveryStatus,
    OrderKind,
    OrderStatus,
    PurchaseSource,
    TraceCodeStatus,
    WrongStateError,
)
from procurement.orders.tables import (
    Delivery,
    GoodsReturn,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    TraceCode,
)
from tests.procurement.orders.world import DAY


@pytest.fixture
def order_id(world):
    return world.confirm(world.place(10))


@pytest.fixture
def delivery_id(world, order_id):
    return world.ship(order_id)


def accepting(world, delivery_id, *lines, received_on=None):
    """Accept a delivery; lines are given as accepted, refused, and what else is said."""
    with transaction(world.engine) as session:
        delivery = session.get_one(Delivery, delivery_id)
        said = [
            AcceptedLine(
                **{
                    "delivery_line_id": row.id,
                    "accepted": accepted,
                    "refused": refused,
                    **(more[0] if more else {}),
                }
            )
            for row, (accepted, refused, *more) in zip(delivery.lines * 2, lines, strict=False)
        ]
        accept(
            session,
            delivery=delivery,
            lines=said,
            received_on=received_on or world.day,
            actor=world.hospital.actor,
            moment=world.moment,
        )


def faults_of(world, delivery_id, *lines, **how):
    with pytest.raises(InvalidInputError) as refused:
        accepting(world, delivery_id, *lines, **how)
    with world.read() as session:
        assert session.scalars(select(Receipt)).all() == []
    return [(one.field.split(".")[-1], one.en) for one in refused.value.faults]


def purchases(world):
    with world.read() as session:
        return session.scalars(select(PurchaseLine).order_by(PurchaseLine.id)).all()


@pytest.mark.parametrize(
    ("accepted", "status", "order_status", "bought"),
    [
        (10, DeliveryStatus.ACCEPTED, OrderStatus.CLOSED, [100]),
        (3, DeliveryStatus.PARTLY_ACCEPTED, OrderStatus.SHIPPING, [30]),
        (0, DeliveryStatus.REFUSED, OrderStatus.SHIPPING, []),
    ],
)
def test_all_a_part_or_nothing_is_accepted(
    world, order_id, delivery_id, accepted, status, order_status, bought
):
    accepting(world, delivery_id, (accepted, 10 - accepted, {"reason": "破损"}))
    with world.read() as session:
        delivery = session.get_one(Delivery, delivery_id)
        order = session.get_one(PurchaseOrder, order_id)
        assert (delivery.status, order.status) == (status, order_status)
        assert delivery.arrived_at == world.moment
        line = order.lines[0]
        assert (line.accepted_packs, line.open_packs) == (accepted, 10 - accepted)
        assert line.shipped_packs == accepted
    assert [one.quantity for one in purchases(world)] == bought


def test_a_delivery_is_accepted_once(world, delivery_id):
    accepting(world, delivery_id, (10, 0))
    with pytest.raises(WrongStateError):
        accepting(world, delivery_id, (10, 0))
    assert len(purchases(world)) == 1


@pytest.mark.parametrize("parts", [(11, 0), (9, 0), (-1, 11), (11, -1), (2**63, 0)])
def test_parts_that_are_not_the_whole_are_refused(world, delivery_id, parts):
    assert ("accepted", "Accepted and refused packs must add up to 10, neither below 0.") in (
        faults_of(world, delivery_id, (*parts, {"reason": "破损"}))
    )


def test_every_batch_is_said_something_of_once(world, delivery_id):
    (fault,) = faults_of(world, delivery_id)
    assert fault[1] == "Expected each line once."
    assert faults_of(world, delivery_id, (10, 0), (10, 0))[0][1] == "Expected each line once."
    faults = faults_of(world, delivery_id, (10, 0, {"delivery_line_id": 10**9}))
    assert [en for _, en in faults] == [
        "Expected each line once.",
        "The delivery has no such line.",
    ]


def test_refusing_takes_a_reason(world, delivery_id):
    (fault,) = faults_of(world, delivery_id, (4, 6))
    assert fault[0] == "reason"


def test_the_day_lies_between_shipping_and_today(world, delivery_id):
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        (fault,) = faults_of(world, delivery_id, (10, 0), received_on=day)
        assert fault[0] == "received_on"


def test_goods_that_expired_on_the_way_can_only_be_refused(world, order_id):
    delivery_id = world.ship(order_id, 10, expires_on=DAY)
    world.later(days=1)
    (fault,) = faults_of(world, delivery_id, (10, 0))
    assert fault == ("accepted", "This batch expired on 2027-03-01: it can only be refused.")
    accepting(world, delivery_id, (0, 10, {"reason": "过期"}))


def test_where_every_pack_bears_a_code_those_that_go_back_are_named(world, order_id):
    codes = tuple(f"8100000000000000000{number}" for number in range(3))
    delivery_id = world.ship(order_id, 3, trace_codes=codes)
    part = {"reason": "破损"}
    assert faults_of(world, delivery_id, (1, 2, part))[0][0] == "refused_codes"
    wrong = {**part, "refused_codes": (codes[0], "other")}
    assert (
        faults_of(world, delivery_id, (1, 2, wrong))[0][1] == "The batch has no trace code other."
    )
    needless = {"refused_codes": codes[:1]}
    assert faults_of(world, delivery_id, (3, 0, needless))[0][0] == "refused_codes"
    accepting(world, delivery_id, (1, 2, {**part, "refused_codes": codes[:2]}))


def test_purchase_lines_say_what_was_bought_from_whom_under_what(world):
    world.buy(2)
    world.buy(1, "达格列净", distributor_id=world.distributors[1].id)
    with world.read() as session:
        listed = world.offer(session, "阿那曲唑", is_winning=False)
    assert listed.kind == OrderKind.OTHER
    winning, negotiated = purchases(world)
    assert (winning.is_winning, winning.is_negotiated) == (True, False)
    assert (winning.round_id, winning.term_id) == (world.round_id, world.term_id)
    assert winning.quantity * winning.unit_price == winning.amount == Decimal(60)
    assert (negotiated.is_winning, negotiated.is_negotiated) == (False, True)
    assert (negotiated.round_id, negotiated.lot_id, negotiated.supply_id) == (None, None, None)
    assert negotiated.generic_product_id == world.negotiated_generic_id
    assert negotiated.organisation_id == world.negotiated_maker.id
    assert negotiated.seller_id == world.distributors[1].id
    # 61.04 / 14 = 4.36: exact; the amount is that of the pack.
    assert (negotiated.unit_price, negotiated.amount) == (Decimal("4.36"), Decimal("61.04"))


def returning(world, receipt_id, **given):
    with transaction(world.engine) as session:
        line = session.get_one(Receipt, receipt_id).lines[0]
        return return_goods(
            session,
            receipt_line=line,
            given=Returned(**{"packs": 1, "reason": "质量", "returned_on": world.day, **given}),
            actor=world.hospital.actor,
            moment=world.moment,
        )


def test_what_goes_back_is_bought_less_and_the_order_stays_closed(world):
    receipt_id = world.buy(10)
    world.later(days=2)
    returning(world, receipt_id, packs=4)
    returning(world, receipt_id, packs=6)
    lines = purchases(world)
    assert [one.quantity for one in lines] == [100, -40, -60]
    assert sum(one.amount for one in lines) == 0
    assert [one.source for one in lines[1:]] == [PurchaseSource.RETURN] * 2
    assert lines[1].received_on == DAY + timedelta(days=2)
    with world.read() as session:
        order = session.scalars(select(PurchaseOrder)).one()
        assert (order.status, order.lines[0].returned_packs) == (OrderStatus.CLOSED, 10)


@pytest.mark.parametrize("packs", [0, -1, 11, 2**63])
def test_no_more_goes_back_than_was_accepted(world, packs):
    receipt_id = world.buy(10)
    with pytest.raises(InvalidInputError) as refused:
        returning(world, receipt_id, packs=packs)
    assert refused.value.faults[0].en.startswith("Expected 1 to 10")
    returning(world, receipt_id, packs=8)
    with pytest.raises(InvalidInputError):
        returning(world, receipt_id, packs=3)


def test_a_return_has_a_possible_day_a_reason_and_codes_of_its_batch(world):
    receipt_id = world.buy(10)
    for given in (
        {"returned_on": DAY - timedelta(days=1)},
        {"returned_on": DAY + timedelta(days=1)},
        {"reason": " "},
        {"trace_codes": ("other",)},
    ):
        with pytest.raises(InvalidInputError):
            returning(world, receipt_id, **given)


def coded(world, codes=("A-1", "A-2", "A-3")):
    """A receipt of three packs with these codes."""
    return world.accept(world.ship(world.confirm(world.place(3)), 3, trace_codes=codes))


def statuses(world):
    with world.read() as session:
        rows = session.scalars(select(TraceCode).order_by(TraceCode.code))
        return [one.status for one in rows]


def test_packs_that_all_bear_codes_are_named_when_a_part_goes_back(world):
    receipt_id = coded(world)
    for named in ((), ("A-1",), ("A-1", "A-2", "A-3")):
        with pytest.raises(InvalidInputError):
            returning(world, receipt_id, packs=2, trace_codes=named)
    returning(world, receipt_id, packs=2, trace_codes=("A-1", "A-2"))
    accepted, returned = TraceCodeStatus.ACCEPTED, TraceCodeStatus.RETURNED
    assert statuses(world) == [returned, returned, accepted]


def test_all_codes_of_a_batch_that_goes_back_altogether_may_be_delivered_again(world):
    # One code is of a case that holds all packs: nobody names it.
    receipt_id = coded(world, ("CASE",))
    returning(world, receipt_id, packs=2)
    assert statuses(world) == [TraceCodeStatus.ACCEPTED]
    returning(world, receipt_id, packs=1)
    assert statuses(world) == [TraceCodeStatus.RETURNED]
    world.ship(world.confirm(world.place(3)), 3, trace_codes=("CASE",))
    assert statuses(world) == [TraceCodeStatus.DELIVERED]


def test_the_audit_trail_tells_the_whole_order_without_a_price(world):
    receipt_id = world.buy(10)
    world.send_back(receipt_id, 1)
    with world.read() as session:
        order = session.scalars(select(PurchaseOrder)).one()
        trail = entries_about(session, subject=f"order/{order.number}")
    assert [one.action for one in trail] == [
        "place-order",
        "confirm-order",
        "ship-order",
        "accept-delivery",
        "return-goods",
    ]
    assert order.version == 5
    assert not [one for one in trail if "300" in one.facts or "price" in one.facts]


def test_receipts_returns_and_purchase_lines_only_grow(world):
    world.send_back(world.buy(10), 1)
    for table in (Receipt, ReceiptLine, GoodsReturn, PurchaseLine):
        for change in (delete(table), update(table).values(id=table.id + 1000)):
            with pytest.raises(IntegrityError), transaction(world.engine) as session:
                session.execute(change)


def test_the_same_thing_is_recorded_as_bought_once(world):
    facts = PurchaseFacts(
        hospital_id=1,
        region="110000",
        product="阿那曲唑",
        received_on=date(2027, 3, 1),
        is_winning=True,
        is_negotiated=False,
        quantity=1,
        unit_price=Decimal(1),
        amount=Decimal(1),
        source=PurchaseSource.MOVEMENT,
        source_id=1,
    )
    with transaction(world.engine) as session:
        record_purchase(session, facts, moment=world.moment)
    with pytest.raises(IntegrityError), transaction(world.engine) as session:
        record_purchase(session, facts, moment=world.moment)
