"""The manufacturer confirms or declines; the hospital cancels what is not shipped."""

from datetime import timedelta

import pytest

from procurement.accounts.tables import Organisation
from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.orders.cancelling import cancel_lines
from procurement.orders.confirming import confirm_order, decline_order
from procurement.orders.states import OrderStatus, Urgency, WrongStateError
from procurement.orders.tables import PurchaseOrder
from procurement.orders.tasks import waiting_for


def doing(world, order_id, service, **how):
    with transaction(world.engine) as session:
        order = session.get_one(PurchaseOrder, order_id)
        return service(session, order=order, actor=world.hospital.actor, moment=world.moment, **how)


def cancel(world, order_id, packs=None, reason="不再需要"):
    return doing(world, order_id, cancel_lines, packs=packs, reason=reason)


def decline(world, order_id, reason="停产"):
    return doing(world, order_id, decline_order, reason=reason)


def line_of(world, order_id):
    with world.read() as session:
        return session.get_one(PurchaseOrder, order_id).lines[0]


def test_a_confirmed_order_carries_the_limit_of_the_regions_rules_if_there_are_any(world):
    order_id = world.confirm(world.place(3))
    with world.read() as session:
        order = session.get_one(PurchaseOrder, order_id)
    assert (order.status, order.version) == (OrderStatus.CONFIRMED, 2)
    assert order.confirmed_at == world.moment
    # No rule of Beijing is known: none is made up.
    assert (order.due_at, order.due_rule) == (None, "")


def test_an_emergency_in_a_region_that_states_a_limit_is_due_by_it(world):
    with transaction(world.engine) as session:
        for one in (world.outsider, world.distributor):
            session.get_one(Organisation, one.id).region = "430100"
    order_id = world.place(
        1,
        "达格列净",
        hospital=world.outsider,
        distributor_id=world.distributor.id,
        urgency=Urgency.EMERGENCY,
    )
    world.later(hours=3)
    world.confirm(order_id)
    with world.read() as session:
        order = session.get_one(PurchaseOrder, order_id)
    # Hunan: 12 hours from the confirmation.
    assert order.due_at == world.moment + timedelta(hours=12)
    assert order.due_rule.startswith("fulfilment-hunan-2025")
    assert tasks(world, world.distributor)[0].due_at == order.due_at
    world.later(hours=13)
    (late, ship_it) = tasks(world, world.distributor)
    assert late.urgent and "past their time limit" in late.en and not ship_it.urgent


def tasks(world, somebody):
    with world.read() as session:
        found = waiting_for(session, actor=somebody.actor, moment=world.moment)
    return sorted(found, key=lambda one: not one.urgent)


def test_each_party_finds_what_waits_for_it(world):
    order_id = world.place(3)
    maker = world.maker
    assert [one.en for one in tasks(world, maker)] == ["Confirm orders: 1"]
    assert tasks(world, world.distributor) == tasks(world, world.hospital) == []
    world.confirm(order_id)
    assert tasks(world, maker) == []
    assert [one.en for one in tasks(world, world.distributor)] == ["Ship orders: 1"]
    delivery_id = world.ship(order_id)
    assert tasks(world, world.distributor) == []
    assert [one.en for one in tasks(world, world.hospital)] == ["Accept deliveries: 1"]
    world.accept(delivery_id)
    assert tasks(world, world.hospital) == []


def test_a_group_lead_finds_the_deliveries_of_its_members(world):
    world.ship(world.confirm(world.place(1, "阿那曲唑", hospital=world.members[0])))
    assert [one.en for one in tasks(world, world.lead)] == ["Accept deliveries: 1"]


def test_an_order_is_answered_once(world):
    order_id = world.confirm(world.place(3))
    for again in (confirm_order, decline_order):
        how = {"reason": "停产"} if again is decline_order else {}
        with pytest.raises(WrongStateError):
            doing(world, order_id, again, **how)


def test_of_a_declined_order_nothing_stays_open(world):
    order = decline(world, world.place(3))
    line = line_of(world, order.id)
    assert (order.status, order.reason) == (OrderStatus.DECLINED, "停产")
    assert (line.cancelled_packs, line.open_packs) == (3, 0)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_declining_and_cancelling_take_a_reason(world, reason):
    order_id = world.place(3)
    for service in (decline, cancel):
        with pytest.raises(InvalidInputError) as refused:
            service(world, order_id, reason=reason)
        assert [one.field for one in refused.value.faults] == ["reason"]


def test_a_part_is_cancelled_and_the_rest_stays_open(world):
    order_id = world.place(10)
    cancel(world, order_id, {line_of(world, order_id).id: 4})
    line = line_of(world, order_id)
    assert (line.cancelled_packs, line.open_packs) == (4, 6)
    assert cancel(world, order_id).status == OrderStatus.CANCELLED


def test_what_is_on_its_way_cannot_be_cancelled(world):
    order_id = world.confirm(world.place(10))
    delivery_id = world.ship(order_id, 6)
    line_id = line_of(world, order_id).id
    with pytest.raises(InvalidInputError) as refused:
        cancel(world, order_id, {line_id: 5})
    assert refused.value.faults[0].en == "Only 4 packs are not shipped yet."
    assert cancel(world, order_id).status == OrderStatus.SHIPPING
    world.accept(delivery_id)
    with world.read() as session:
        assert session.get_one(PurchaseOrder, order_id).status == OrderStatus.CLOSED


def test_an_order_whose_goods_were_all_refused_can_be_cancelled(world):
    order_id = world.confirm(world.place(10))
    world.accept(world.ship(order_id), accepted=0)
    assert cancel(world, order_id).status == OrderStatus.CANCELLED
    with pytest.raises(WrongStateError):
        cancel(world, order_id)


@pytest.mark.parametrize("packs", [{}, {10**9: 1}, {10**9: 0}])
def test_cancelling_nothing_or_other_lines_is_refused(world, packs):
    with pytest.raises(InvalidInputError):
        cancel(world, world.place(10), packs)


def test_less_than_no_pack_is_not_cancelled(world):
    order_id = world.place(10)
    with pytest.raises(InvalidInputError):
        cancel(world, order_id, {line_of(world, order_id).id: -1})


def test_a_page_that_is_behind_changes_nothing(world):
    order_id = world.place(10)
    with pytest.raises(StaleError):
        doing(world, order_id, confirm_order, version=2)
    world.confirm(order_id)
    with pytest.raises(StaleError):
        doing(world, order_id, cancel_lines, packs=None, reason="不再需要", version=1)
