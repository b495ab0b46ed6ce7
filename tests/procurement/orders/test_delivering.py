"""Shipping: never beyond what is open, never expired, never a pack that is somewhere else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.delivering import ShippedLine, ship
from procurement.orders.states import DeliveryStatus, OrderStatus, TraceCodeStatus, WrongStateError
from procurement.orders.tables import Delivery, DeliveryLine, PurchaseOrder, TraceCode
from tests.procurement.orders.world import DAY

CODES = ("81000000000000000001", "(01)06901234567892(21)A1", "XT-2027/03#7")
"""Of the drug regulator, of GS1, and a firm's own: there is no single form."""


@pytest.fixture
def order_id(world):
    return world.confirm(world.place(10))


def shipping(world, order_id, *batches, note="SH-1"):
    """Ship batches of an order's first line, given as what differs from a faultless one."""
    with transaction(world.engine) as session:
        order = session.get_one(PurchaseOrder, order_id)
        faultless = {
            "order_line_id": order.lines[0].id,
            "packs": 1,
            "batch_number": "20270101",
            "expires_on": date(2029, 1, 1),
        }
        return ship(
            session,
            order=order,
            note_number=note,
            lines=[ShippedLine(**{**faultless, **batch}) for batch in batches],
            actor=world.distributor.actor,
            moment=world.moment,
        )


def faults_of(world, order_id, *batches, **how):
    with world.read() as session:
        before = len(session.scalars(select(DeliveryLine.id)).all())
    with pytest.raises(InvalidInputError) as refused:
        shipping(world, order_id, *batches, **how)
    with world.read() as session:
        assert len(session.scalars(select(DeliveryLine.id)).all()) == before
    return [(one.field, one.en) for one in refused.value.faults]


def codes_in(world):
    with world.read() as session:
        return {one.code: one.status for one in session.scalars(select(TraceCode))}


def test_batches_of_one_line_go_in_one_delivery(world, order_id):
    shipping(world, order_id, {"packs": 4}, {"packs": 3, "batch_number": "20270102"})
    with world.read() as session:
        order = session.get_one(PurchaseOrder, order_id)
        delivery = session.scalars(select(Delivery)).one()
        assert (order.status, delivery.status) == (OrderStatus.SHIPPING, DeliveryStatus.SHIPPED)
        line = order.lines[0]
        assert (line.shipped_packs, line.unshipped_packs, line.open_packs) == (7, 3, 10)
        assert [one.packs for one in delivery.lines] == [4, 3]


def test_nothing_is_shipped_before_the_manufacturer_confirms_or_after_all_is_done(world):
    placed = world.place(1)
    with pytest.raises(WrongStateError):
        shipping(world, placed, {})
    world.accept(world.ship(world.confirm(placed)))
    with pytest.raises(WrongStateError):
        shipping(world, placed, {})


def test_a_delivery_beyond_what_is_open_is_refused(world, order_id):
    assert faults_of(world, order_id, {"packs": 11}) == [
        ("lines.1.packs", "Beyond the order: only 10 packs of it are not shipped.")
    ]
    # Batches of one line are added up.
    assert faults_of(world, order_id, {"packs": 6}, {"packs": 5})[0][0] == "lines.2.packs"
    shipping(world, order_id, {"packs": 8})
    assert faults_of(world, order_id, {"packs": 3}, note="SH-2")[0][0] == "lines.1.packs"
    assert faults_of(world, order_id, {"packs": 2**63}, note="SH-2")[0][0] == "lines.1.packs"


def test_packs_that_were_refused_can_be_shipped_again(world, order_id):
    world.accept(world.ship(order_id, 10), accepted=4)
    assert faults_of(world, order_id, {"packs": 7})[0][0] == "lines.1.packs"
    shipping(world, order_id, {"packs": 6})


def test_goods_past_their_last_day_are_refused(world, order_id):
    (fault,) = faults_of(world, order_id, {"expires_on": DAY - timedelta(days=1)})
    assert fault == ("lines.1.expires_on", "These goods expired on 2027-02-28.")
    shipping(world, order_id, {"expires_on": DAY})


def test_a_batch_has_a_number_and_possible_days(world, order_id):
    faults = faults_of(
        world,
        order_id,
        {"batch_number": " ", "packs": 0},
        {"manufactured_on": DAY + timedelta(days=1)},
        {"manufactured_on": DAY, "expires_on": DAY},
        {"order_line_id": 0},
    )
    assert [field for field, _ in faults] == [
        "lines.1.packs",
        "lines.1.batch_number",
        "lines.2.manufactured_on",
        "lines.3.manufactured_on",
        "lines.4.order_line_id",
    ]


@pytest.mark.parametrize("note", ["", " ", "长" * 61])
def test_a_delivery_note_has_a_number(world, order_id, note):
    assert [field for field, _ in faults_of(world, order_id, {}, note=note)] == ["note_number"]


def test_a_delivery_notes_number_is_used_once_by_a_distributor(world, order_id):
    shipping(world, order_id, {})
    (fault,) = faults_of(world, order_id, {}, note=" SH-1 ")
    assert fault[0] == "note_number" and "exists already" in fault[1]


def test_a_delivery_of_nothing_is_refused(world, order_id):
    assert faults_of(world, order_id)[0][0] == "lines"


def test_trace_codes_of_any_form_are_kept(world, order_id):
    shipping(world, order_id, {"packs": 3, "trace_codes": CODES})
    assert codes_in(world) == dict.fromkeys(CODES, TraceCodeStatus.DELIVERED)
    # Goods that bear none are shipped without.
    shipping(world, order_id, {"packs": 1}, note="SH-2")


@pytest.mark.parametrize("code", ["", "8100 0001", "８１", "a\n", "x" * 65, "é"])
def test_what_can_be_no_trace_code_is_refused(world, order_id, code):
    (fault,) = faults_of(world, order_id, {"trace_codes": (code,)})
    assert fault[0] == "lines.1.trace_codes" and "is no trace code" in fault[1]


def test_a_code_twice_in_a_delivery_and_more_codes_than_packs_are_refused(world, order_id):
    same = {"packs": 1, "trace_codes": CODES[:1]}
    (fault,) = faults_of(world, order_id, same, same)
    assert fault == ("lines.2.trace_codes", f"Trace code {CODES[0]} is given twice.")
    (fault,) = faults_of(world, order_id, {"packs": 2, "trace_codes": CODES})
    assert fault == ("lines.1.trace_codes", "3 trace codes for 2 packs.")


def test_a_code_seen_before_is_blocked_and_its_own_distributor_learns_where(world, order_id):
    shipping(world, order_id, {"trace_codes": CODES[:1]}, note="SH-7")
    with world.read() as session:
        number = session.get_one(PurchaseOrder, order_id).number
    another = world.confirm(world.place(5))
    (fault,) = faults_of(world, another, {"trace_codes": CODES[:1]})
    assert fault[0] == "lines.1.trace_codes"
    assert f"delivery note SH-7 of order {number}, on its way" in fault[1]


def test_another_distributor_does_not_learn_whose_the_pack_is(world, order_id):
    shipping(world, order_id, {"trace_codes": CODES[:1]}, note="SH-7")
    other = world.distributors[1]
    foreign = world.confirm(world.place(5, "达格列净", distributor_id=other.id))
    (fault,) = faults_of(world, foreign, {"trace_codes": CODES[:1]})
    assert "another distributor's, on its way" in fault[1]
    assert "SH-7" not in fault[1]


def test_codes_follow_their_packs_through_refusal_return_and_a_new_delivery(world, order_id):
    delivery_id = world.ship(order_id, 3, trace_codes=CODES)
    receipt_id = world.accept(delivery_id, accepted=2, refused_codes=CODES[:1])
    assert codes_in(world) == {
        CODES[0]: TraceCodeStatus.REFUSED,
        CODES[1]: TraceCodeStatus.ACCEPTED,
        CODES[2]: TraceCodeStatus.ACCEPTED,
    }
    world.send_back(receipt_id, 1, trace_codes=CODES[1:2])
    assert codes_in(world)[CODES[1]] == TraceCodeStatus.RETURNED
    # What came back may be delivered again; what is in the hospital may not.
    assert faults_of(world, order_id, {"packs": 1, "trace_codes": CODES[2:]})
    shipping(world, order_id, {"packs": 2, "trace_codes": CODES[:2]})
    assert codes_in(world)[CODES[0]] == TraceCodeStatus.DELIVERED
