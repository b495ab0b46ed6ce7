"""Products that did not win count against their lot also where they are ordered on the platform."""

from decimal import Decimal

from sqlalchemy import select, update

from procurement.agreements.tables import AgreementTerm
from procurement.database import transaction
from procurement.orders.offers import offers_for
from procurement.orders.placing import Wanted, place_order
from procurement.orders.tables import PurchaseLine


def buy_listed(world, packs=10, name="阿那曲唑", *, hospital=None):
    """Order a listed product that did not win, and let it come in; return the receipt."""
    buyer = hospital or world.hospital
    with transaction(world.engine) as session:
        found = offers_for(session, hospital_id=buyer.id, day=world.day, query=name)
        offer = next(one for one in found if one.key.startswith("listed-"))
        order_id = place_order(
            session,
            hospital_id=buyer.id,
            actor=buyer.actor,
            lines=[Wanted(offer.key, packs, offer.pack_price)],
            distributor_id=world.distributor.id,
            moment=world.moment,
        ).id
    return world.accept(world.ship(world.confirm(order_id)))


def lines(world):
    with world.read() as session:
        return session.scalars(select(PurchaseLine).order_by(PurchaseLine.id)).all()


def test_a_listed_product_counts_against_the_lot_of_its_generic(world):
    receipt = buy_listed(world)
    world.send_back(receipt, 4)
    came, went = lines(world)
    with world.read() as session:
        supply = world.supply(session, "L01", "1mg")
    assert (came.quantity, went.quantity, came.amount) == (100, -40, Decimal(199))
    for one in (came, went):
        assert (one.is_winning, one.supply_id) == (False, None)
        assert (one.lot_strength_id, one.term_id) == (supply.lot_strength_id, world.term_id)
        assert (one.round_id, one.lot_id is not None) == (world.round_id, True)


def test_what_goes_back_after_the_term_counts_as_what_came_in(world):
    receipt = buy_listed(world)
    with transaction(world.engine) as session:
        session.execute(update(AgreementTerm).values(starts_on=world.day, ends_on=world.day))
    world.later(days=400)
    world.send_back(receipt, 10)
    came, went = lines(world)
    assert came.lot_id == went.lot_id is not None


def test_where_no_agreement_runs_a_listed_product_belongs_to_no_lot(world):
    with transaction(world.engine) as session:
        session.execute(update(AgreementTerm).values(status="open"))
    buy_listed(world)
    assert [one.lot_id for one in lines(world)] == [None]


def test_goods_under_an_agreement_count_under_it(world):
    world.buy(10)
    (line,) = lines(world)
    assert (line.is_winning, line.term_id) == (True, world.term_id)
    assert line.supply_id is not None
