"""Delivery rates from orders: declined, cancelled, late, and a month without orders."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from pricing.stated_rules import RuleNotStatedError
from procurement.database import transaction
from procurement.orders.confirming import decline_order
from procurement.orders.fulfilment.parameters import rules_of
from procurement.orders.fulfilment.rules.delivery_rate import MEASURES, Month
from procurement.orders.fulfilment.rules.region_rules import GivenRule, RegionRules
from procurement.orders.fulfilment.suppliers import SupplierRole, delivery_months, supplier_flags
from procurement.orders.tables import PurchaseOrder

MARCH, APRIL = Month(2027, 3), Month(2027, 4)


def rates(world, role, *months, **wanted):
    with transaction(world.engine) as session:
        found = delivery_months(session, role=role, months=months, **wanted)
        return {
            one.organisation_id: [[str(rate) for rate in one.rates(way)] for way in MEASURES]
            for one in found
        }


def test_packs_and_orders_are_counted_by_the_month_of_ordering(world):
    world.accept(world.ship(world.confirm(world.place(10)), 8))
    world.buy(10)
    found = rates(world, SupplierRole.MANUFACTURER, MARCH, APRIL)
    assert found == {
        world.maker.id: [["9/10", "None"], ["9/10", "None"], ["1/2", "None"], ["1/2", "None"]]
    }
    assert rates(world, SupplierRole.DISTRIBUTOR, APRIL) == {}
    assert rates(world, SupplierRole.DISTRIBUTOR, MARCH).keys() == {world.distributor.id}


def test_what_a_manufacturer_declines_is_not_delivered_by_it_and_none_of_the_distributors(world):
    world.buy(10)
    order_id = world.place(30)
    with transaction(world.engine) as session:
        order = session.get_one(PurchaseOrder, order_id)
        actor = world.actor_for(order.organisation_id)
        decline_order(session, order=order, reason="停产", actor=actor, moment=world.moment)
    assert rates(world, SupplierRole.MANUFACTURER, MARCH)[world.maker.id][0] == ["1/4"]
    assert rates(world, SupplierRole.DISTRIBUTOR, MARCH)[world.distributor.id][0] == ["1"]


def test_goods_that_arrive_after_the_limit_are_late(world):
    order_id = world.confirm(world.place(10))
    with transaction(world.engine) as session:
        session.get_one(PurchaseOrder, order_id).due_at = world.moment
    world.accept(world.ship(order_id, 4))
    world.later(hours=1)
    world.accept(world.ship(order_id))
    found = rates(world, SupplierRole.DISTRIBUTOR, MARCH)[world.distributor.id]
    assert found == [["1"], ["2/5"], ["1"], ["0"]]


def test_only_orders_of_the_region_count(world):
    world.buy(10)
    assert rates(world, SupplierRole.MANUFACTURER, MARCH, region="650000") == {}
    own = world.hospital.organisation.region
    assert rates(world, SupplierRole.MANUFACTURER, MARCH, region=own)
    other = world.distributor.id
    assert rates(world, SupplierRole.MANUFACTURER, MARCH, organisation_id=other) == {}


def flags(world, *given, region, until=MARCH):
    rules = RegionRules(region, date(2027, 4, 1), given=given)
    with transaction(world.engine) as session:
        return supplier_flags(session, role=SupplierRole.MANUFACTURER, rules=rules, until=until)


def test_a_supplier_below_the_limit_of_its_region_is_flagged_with_the_rule(world):
    world.accept(world.ship(world.confirm(world.place(10)), 6))
    region = world.hospital.organisation.region
    given = [
        GivenRule(region, key, value, date(2027, 1, 1), "本地文件")
        for key, value in (
            ("supplier.rate_min", Fraction(7, 10)),
            ("supplier.months_in_row", 1),
            ("supplier.rate_measure", "packs"),
        )
    ]
    (flag,) = flags(world, *given, region=region)
    assert flag.supplier.organisation_id == world.maker.id
    assert flag.crossing.en == "monthly delivery rate below 70.00 %: 2027-03 60.00%"
    in_row = GivenRule(region, "supplier.months_in_row", 2, date(2027, 1, 2), "本地文件")
    assert flags(world, *given, in_row, region=region) == []
    assert flags(world, *given, region=region, until=APRIL) == []


def test_where_nobody_says_what_the_rate_measures_nobody_is_flagged(world):
    world.buy(10)
    with pytest.raises(RuleNotStatedError, match="rate_measure"):
        flags(world, region="630000")
    assert flags(world, region="340000") == []


def test_rules_of_the_platform_are_those_of_the_day(engine):
    with transaction(engine) as session:
        day = datetime(2026, 1, 1, tzinfo=UTC).date()
        rules = rules_of(session, region="460100", day=day)
        assert rules.count("supplier.months_in_row") == 1
