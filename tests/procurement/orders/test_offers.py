"""What a hospital may order, and from whom; what it may not order says why."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import update

from procurement.accounts.tables import Organisation
from procurement.agreements.states import AgreementStatus
from procurement.agreements.tables import Agreement, AgreementTerm
from procurement.agreements.terms import extension
from procurement.database import transaction
from procurement.orders.errors import (
    CycleNotBegunError,
    CycleOverError,
    NoPriceError,
    UnsignedAgreementError,
)
from procurement.orders.fulfilment.tables import SupplyReplacement
from procurement.orders.offers import find_offer, offers_for
from procurement.orders.offers.sellers import ListedSellers
from procurement.orders.states import OrderKind
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.orders.world import CYCLE_ENDS_ON, DAY, NEGOTIATED
from tests.procurement.rounds.world import MOMENT


def offers_of(world, day=DAY, **how):
    with world.read() as session:
        return offers_for(session, hospital_id=world.hospital.id, day=day, **how)


def test_agreed_supplies_carry_volumes_price_and_the_distributor_of_the_agreement(world):
    offer = next(one for one in offers_of(world) if one.kind == OrderKind.AGREED)
    with world.read() as session:
        agreement = world.agreement_with(session, offer.organisation_id)
        agreed = world.agreed(session, offer.supply_id)
    assert offer.agreed == agreed > 0
    assert offer.agreement_id == agreement.id
    assert [one.id for one in offer.sellers] == [world.distributor.id]
    assert (offer.pack_units, offer.pack_price) == (14, Decimal(28))
    assert (offer.is_winning, offer.refusal, offer.ends_on) == (True, None, CYCLE_ENDS_ON)


def test_what_was_ordered_and_received_is_counted_in_minimal_units(world):
    receipt_id = world.buy(3)
    world.send_back(receipt_id, 1)
    world.place(2)
    with world.read() as session:
        offer = world.offer(session)
    assert (offer.ordered, offer.received, offer.agreed) == (50, 20, 7)
    assert offer.remaining == 0


def test_a_hospital_without_an_agreement_buys_winners_from_confirmed_distributors(world):
    with world.read() as session:
        offer = world.offer(session, hospital=world.outsider)
    assert (offer.kind, offer.is_winning, offer.agreed) == (OrderKind.OTHER, True, None)
    assert [one.id for one in offer.sellers] == [world.distributor.id]


def test_distributors_of_other_provinces_are_not_offered_and_lists_are_shared(world):
    with transaction(world.engine) as session:
        kinds = {"is_winning": False, "kind": OrderKind.NEGOTIATED}
        before = world.offer(session, "", **kinds).sellers
        assert world.distributors[1].id in {one.id for one in before}
        session.get_one(Organisation, world.distributors[1].id).region = "650000"
        session.flush()
        # The first one is registered elsewhere too, and confirmed to deliver to the region.
        sellers = world.offer(session, "", **kinds).sellers
        assert [one.id for one in sellers] == [world.distributor.id, world.negotiated_maker.id]
        hospital = session.get_one(Organisation, world.hospital.id)
        maker = session.get_one(Organisation, world.negotiated_maker.id)
        listed = ListedSellers(session, hospital)
        assert listed.of(maker) is listed.of(maker)


def test_negotiated_and_other_listed_products_are_offered_at_their_prices(world):
    found = {one.kind: one for one in offers_of(world) if not one.is_winning}
    negotiated, other = found[OrderKind.NEGOTIATED], found[OrderKind.OTHER]
    assert negotiated.pack_price == Decimal(NEGOTIATED[4])
    assert other.pack_price == Decimal("19.90")
    # No round names who delivers them: any distributor there, or the manufacturer itself.
    assert {one.id for one in negotiated.sellers} == {
        *(one.id for one in world.distributors),
        world.negotiated_maker.id,
    }


def test_offers_are_found_by_product_and_by_manufacturer(world):
    assert {one.product for one in offers_of(world, query="缬沙")} == {"缬沙坦口服常释剂型"}
    maker = offers_of(world)[0].manufacturer
    assert {one.manufacturer for one in offers_of(world, query=maker)} == {maker}
    assert offers_of(world, query="无此药品") == []


def test_outside_of_the_cycle_nothing_is_offered_from_the_round(world):
    for day in (date(2026, 12, 31), CYCLE_ENDS_ON + timedelta(days=1)):
        assert not [one for one in offers_of(world, day) if one.round_id is not None]


def test_a_key_of_a_supply_says_when_its_cycle_is_over_or_not_begun(world):
    key = next(one for one in offers_of(world) if one.supply_id).key
    with world.read() as session:
        for day, why in (
            (date(2026, 12, 31), CycleNotBegunError),
            (CYCLE_ENDS_ON + timedelta(days=1), CycleOverError),
        ):
            offer = find_offer(session, hospital_id=world.hospital.id, day=day, key=key)
            assert isinstance(offer.refusal, why)


def test_the_winning_price_holds_to_the_end_of_the_cycle_beyond_the_term(world):
    with transaction(world.engine) as session:
        session.execute(update(AgreementTerm).values(ends_on=date(2027, 5, 31)))
        offer = world.offer(session)
        record_price(
            session,
            organisation_id=offer.organisation_id,
            generic_product_id=offer.generic_product_id,
            lot_strength_id=offer.lot_strength_id,
            strength=offer.strength,
            pack_units=offer.pack_units,
            pack_price=Decimal("29.50"),
            starts_on=date(2027, 7, 1),
            ends_on=CYCLE_ENDS_ON,
            source="价格联动",
            moment=MOMENT,
            details=PriceDetails(bureau_id=world.bureau.id, is_public=True),
        )
    after_term = offers_of(world, CYCLE_ENDS_ON, query="缬沙坦")[0]
    assert (after_term.refusal, after_term.pack_price) == (None, Decimal("29.50"))
    assert after_term.ends_on == CYCLE_ENDS_ON
    assert not offers_of(world, CYCLE_ENDS_ON + timedelta(days=1), query="缬沙坦")
    # Before the new price begins, the old one is the price.
    assert offers_of(world, query="缬沙坦")[0].pack_price == Decimal(30)


def test_in_an_extension_the_winning_price_holds_on_under_agreements_signed_anew(world):
    day, first = date(2028, 1, 15), world.term_id
    old = offers_of(world, query="缬沙坦")[0]
    with world.read() as session:
        facts = extension(world.term(session), months=3, basis="延期通知")
    world.term_id = world.start(facts)
    world.run_job(world.term_id)
    unsigned = offers_of(world, day, query="缬沙坦")[0]
    assert isinstance(unsigned.refusal, UnsignedAgreementError)
    world.choose_distributors()
    world.sign_all()
    offer = offers_of(world, day, query="缬沙坦")[0]
    assert (offer.refusal, offer.pack_price) == (None, Decimal(30))
    assert (offer.term_id, offer.ends_on) == (world.term_id, date(2028, 3, 31))
    assert not offers_of(world, date(2028, 4, 1), query="缬沙坦")
    # In the first year orders still fall into the first term.
    assert offers_of(world, query="缬沙坦")[0].term_id == first
    with world.read() as session:
        for key, on_day, why in (
            (old.key, day, CycleOverError),
            (offer.key, DAY, CycleNotBegunError),
        ):
            found = find_offer(session, hospital_id=world.hospital.id, day=on_day, key=key)
            assert isinstance(found.refusal, why)


def test_an_agreement_that_is_not_signed_is_shown_with_its_reason(world):
    with transaction(world.engine) as session:
        offer = world.offer(session)
        session.execute(
            update(Agreement)
            .where(Agreement.id == offer.agreement_id)
            .values(status=AgreementStatus.SIGNING)
        )
    offer = offers_of(world, query="缬沙坦")[0]
    assert isinstance(offer.refusal, UnsignedAgreementError)


def test_a_supply_without_a_price_in_the_chain_is_shown_with_its_reason(world):
    with transaction(world.engine) as session:
        offer = world.offer(session)
        record_price(
            session,
            organisation_id=offer.organisation_id,
            generic_product_id=offer.generic_product_id,
            lot_strength_id=offer.lot_strength_id,
            strength=offer.strength,
            pack_units=offer.pack_units,
            pack_price=Decimal("29.50"),
            starts_on=date(2027, 2, 1),
            ends_on=date(2027, 2, 28),
            source="价格联动",
            moment=MOMENT,
        )
    # The newest price has ended: an older one does not come back to life.
    offer = offers_of(world, query="缬沙坦")[0]
    assert isinstance(offer.refusal, NoPriceError)
    assert (offer.pack_price, offer.price_id) == (None, None)


def test_the_narrowest_regions_listing_price_is_the_price(world):
    with transaction(world.engine) as session:
        everywhere = world.price(session, world.listed_price_id)
        for region, price in (("110000", "18.80"), ("340000", "17.70")):
            record_price(
                session,
                organisation_id=everywhere.organisation_id,
                generic_product_id=everywhere.generic_product_id,
                strength="1mg",
                pack_units=everywhere.pack_units,
                pack_price=Decimal(price),
                kind=PriceKind.LISTING,
                starts_on=date(2027, 1, 1),
                source="地方挂网",
                moment=MOMENT,
                details=PriceDetails(region=region, is_public=True),
            )
    found = [one for one in offers_of(world, query="阿那曲唑") if not one.is_winning]
    assert [one.pack_price for one in found] == [Decimal("18.80")]


def test_who_took_over_a_supply_is_offered_beside_the_winner(world):
    with transaction(world.engine) as session:
        supply = world.supply(session, "L03", "80mg")
        other = world.offer(session, "阿那曲唑", is_winning=True)
        session.add(
            SupplyReplacement(
                supply_id=supply.id,
                by_awarded_bid_id=supply.awarded_bid_id,
                organisation_id=other.organisation_id,
                is_spare=True,
                price_id=other.price_id,
                distributor_id=world.distributors[1].id,
                region=supply.region,
                reason="断供",
                document="采购办〔2027〕3 号",
                starts_on=date(2027, 2, 1),
                ends_on=date(2027, 6, 30),
                decided_at=MOMENT,
            )
        )
    found = [one for one in offers_of(world) if one.kind == OrderKind.REPLACEMENT]
    assert [one.organisation_id for one in found] == [other.organisation_id]
    assert (found[0].supply_id, found[0].pack_price) == (supply.id, other.pack_price)
    assert [one.id for one in found[0].sellers] == [world.distributors[1].id]
    later = [one.kind for one in offers_of(world, date(2027, 7, 1))]
    assert OrderKind.REPLACEMENT not in later
