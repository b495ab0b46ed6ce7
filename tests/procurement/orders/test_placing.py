"""Placing orders: only what may be ordered, at the price in force; every fault is said at once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from procurement.accounts.tables import Organisation
from procurement.agreements.states import AgreementStatus
from procurement.agreements.tables import Agreement
from procurement.audit import entries_about
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.notices import notices_of
from procurement.orders.placing import Wanted, place_order
from procurement.orders.states import OrderKind, OrderStatus, Urgency
from procurement.orders.tables import OrderLine, PurchaseOrder
from procurement.orders.wanted import QUANTITY_MAX
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.orders.world import CYCLE_ENDS_ON
from tests.procurement.rounds.world import MOMENT


def placing(world, *lines, **how):
    """Order lines for the hospital, and return what is wrong with them."""
    wanted = {"hospital_id": world.hospital.id, "distributor_id": None, "moment": world.moment}
    with transaction(world.engine) as session:
        place_order(session, actor=world.hospital.actor, lines=lines, **{**wanted, **how})


def faults_of(world, *lines, **how):
    with pytest.raises(InvalidInputError) as refused:
        placing(world, *lines, **how)
    with world.read() as session:
        assert session.scalars(select(PurchaseOrder)).all() == []
    return [(one.field, one.en) for one in refused.value.faults]


@pytest.fixture
def offer(world):
    with world.read() as session:
        return world.offer(session)


def test_an_order_keeps_what_it_was_placed_under(world, offer):
    order_id = world.place(5, urgency=Urgency.EMERGENCY, is_remote=True, is_cold_chain=True)
    with world.read() as session:
        order = session.get_one(PurchaseOrder, order_id)
        assert (order.status, order.kind, order.version) == (OrderStatus.PLACED, "agreed", 1)
        assert order.number == f"20270301-{world.hospital.id:06d}-0001"
        assert (order.urgency, order.is_remote, order.is_cold_chain) == ("emergency", True, True)
        assert (order.term_id, order.agreement_id) == (offer.term_id, offer.agreement_id)
        assert order.region == "110000"
        line = order.lines[0]
        assert (line.supply_id, line.price_id) == (offer.supply_id, offer.price_id)
        assert (line.packs, line.pack_units, line.pack_price) == (5, 10, Decimal(30))
        assert line.open_packs == line.unshipped_packs == 5


def test_the_manufacturer_is_told_and_the_audit_trail_names_no_price(world, offer):
    order_id = world.place(5)
    with world.read() as session:
        order = session.get_one(PurchaseOrder, order_id)
        told = notices_of(session, organisation_id=order.organisation_id)[0]
        assert order.number in told.zh and told.link == f"/orders/{order_id}"
        (entry,) = entries_about(session, subject=f"order/{order.number}")
        assert (entry.action, entry.person_id) == ("place-order", world.hospital.actor.person_id)
        assert "30" not in entry.facts.replace(str(world.distributor.id), "")


def test_numbers_count_within_hospital_and_day(world):
    ids = [world.place(1), world.place(1, hospital=world.outsider), world.place(1)]
    world.later(days=1)
    ids.append(world.place(1))
    with world.read() as session:
        numbers = [session.get_one(PurchaseOrder, one).number for one in ids]
    assert [one[:8] + one[-5:] for one in numbers] == [
        "20270301-0001",
        "20270301-0001",
        "20270301-0002",
        "20270302-0001",
    ]


def test_more_than_was_agreed_may_be_ordered_at_the_winning_price(world, offer):
    assert offer.agreed == 7
    placing(world, Wanted(offer.key, 1000, offer.pack_price))
    with world.read() as session:
        assert world.offer(session).ordered == 10_000


def test_a_negotiated_drug_is_ordered_at_its_standard(world):
    with world.read() as session:
        offer = world.offer(session, "达格列净")
    assert faults_of(world, Wanted(offer.key, 1)) == [
        ("distributor_id", "Choose one of the distributors that may deliver it.")
    ]
    placing(world, Wanted(offer.key, 1), distributor_id=world.distributors[1].id)
    with world.read() as session:
        order = session.scalars(select(PurchaseOrder)).one()
        assert (order.kind, order.round_id) == (OrderKind.NEGOTIATED, None)
        assert order.lines[0].pack_price == offer.pack_price


def test_a_price_that_is_not_the_one_in_force_is_refused(world, offer):
    for price in (Decimal("29.99"), Decimal("30.01")):
        assert faults_of(world, Wanted(offer.key, 1, price)) == [
            ("lines.1.price", f"The price is 30 yuan a pack, not {price}.")
        ]
    placing(world, Wanted(offer.key, 1, Decimal("30.00")))


def test_the_price_of_the_day_of_ordering_is_asked_for(world, offer):
    with transaction(world.engine) as session:
        record_price(
            session,
            organisation_id=offer.organisation_id,
            generic_product_id=offer.generic_product_id,
            lot_strength_id=offer.lot_strength_id,
            strength=offer.strength,
            pack_units=offer.pack_units,
            pack_price=Decimal(25),
            starts_on=date(2027, 3, 2),
            source="价格联动",
            moment=MOMENT,
            details=PriceDetails(bureau_id=world.bureau.id),
        )
    world.later(days=1)
    (fault,) = faults_of(world, Wanted(offer.key, 1, Decimal(30)))
    assert fault == ("lines.1.price", "The price is 25 yuan a pack, not 30.")


def test_nothing_is_ordered_after_the_last_day_of_the_cycle(world, offer):
    # Seven in the morning of 1 January in China; at the same moment it is still 31 December UTC.
    late = datetime(2027, 12, 31, 23, tzinfo=UTC)
    (fault,) = faults_of(world, Wanted(offer.key, 1), moment=late)
    assert fault[0] == "lines.1.offer"
    assert f"ended on {CYCLE_ENDS_ON}" in fault[1]
    placing(world, Wanted(offer.key, 1), moment=datetime(2027, 12, 31, 15, 59, tzinfo=UTC))


def test_nothing_is_ordered_under_an_agreement_that_is_not_signed(world, offer):
    with transaction(world.engine) as session:
        session.execute(update(Agreement).values(status=AgreementStatus.OPEN))
    (fault,) = faults_of(world, Wanted(offer.key, 1))
    assert fault[0] == "lines.1.offer" and "not signed" in fault[1]


@pytest.mark.parametrize(
    "key", ["", "agreed-", "agreed-0", "agreed-99999999999999999999", "agreed-１", "listed-0", "x"]
)
def test_an_offer_that_nobody_made_is_refused(world, key):
    (fault,) = faults_of(world, Wanted(key, 1))
    assert fault == ("lines.1.offer", f"Nothing that this hospital may order is called “{key}”.")


def test_a_supply_of_another_region_is_no_offer(world):
    with world.read() as session:
        elsewhere = world.offer(session, hospital=world.hospitals["310000"][0])
    (fault,) = faults_of(world, Wanted(elsewhere.key, 1))
    assert fault[0] == "lines.1.offer"


def test_a_hospital_that_is_not_registered_is_refused(world, offer):
    ids = [10**6, world.distributor.id]
    with transaction(world.engine) as session:
        session.get_one(Organisation, world.outsider.id).is_active = False
        ids.append(world.outsider.id)
    for hospital_id in ids:
        (fault,) = faults_of(world, Wanted(offer.key, 1), hospital_id=hospital_id)
        assert fault == ("hospital_id", "No such hospital is registered and active.")


@pytest.mark.parametrize("packs", [2**62, 2**63, 2**64 + 1, 10**30, QUANTITY_MAX // 10 + 1])
def test_what_no_64_bits_hold_is_refused_and_never_wrapped(world, offer, packs):
    (fault,) = faults_of(world, Wanted(offer.key, packs, offer.pack_price))
    assert fault[0] == "lines.1.packs" and "Too much" in fault[1]


@pytest.mark.parametrize("packs", [0, -1, -(2**63)])
def test_fewer_than_one_pack_is_refused(world, offer, packs):
    assert faults_of(world, Wanted(offer.key, packs)) == [
        ("lines.1.packs", "Expected a whole number from 1.")
    ]


def test_every_fault_of_every_line_is_said_at_once(world, offer):
    with world.read() as session:
        other = world.offer(session, "阿莫西林")
    fields = [
        field
        for field, _ in faults_of(
            world,
            Wanted(offer.key, 0, Decimal(1)),
            Wanted("no-such", 1),
            Wanted(offer.key, 1),
            Wanted(other.key, 2**63, Decimal(1)),
        )
    ]
    assert fields == [
        "lines.1.packs",
        "lines.1.price",
        "lines.2.offer",
        "lines.3.offer",
        "lines.4.price",
        "lines.4.packs",
        "lines",
    ]


def test_one_order_goes_to_one_manufacturer(world, offer):
    with world.read() as session:
        other = world.offer(session, "阿莫西林")
    assert offer.organisation_id != other.organisation_id
    (fault,) = faults_of(world, Wanted(offer.key, 1), Wanted(other.key, 1))
    assert fault[0] == "lines" and "one manufacturer" in fault[1]


def test_two_strengths_of_one_agreement_are_one_order(world):
    with world.read() as session:
        both = [one for one in world.offers(session) if "阿莫西林" in one.product]
    placing(world, *(Wanted(one.key, 2) for one in both))
    with world.read() as session:
        lines = session.scalars(select(OrderLine).order_by(OrderLine.number)).all()
    assert [(one.number, one.strength) for one in lines] == [(1, "250mg"), (2, "500mg")]


def test_who_does_not_deliver_it_cannot_be_chosen(world, offer):
    for distributor_id in (world.distributors[1].id, offer.organisation_id, 0):
        (fault,) = faults_of(world, Wanted(offer.key, 1), distributor_id=distributor_id)
        assert fault[0] == "distributor_id"


def test_an_order_of_nothing_is_refused(world):
    assert faults_of(world)[0] == ("lines", "Expected 1 to 2000 lines.")
