"""What a credit grade bars cannot be ordered; what it marks says so to the buyer."""

from datetime import date

import pytest

from procurement.accounts.tables import Organisation
from procurement.credit_rating.matters import record_matter
from procurement.credit_rating.repair import clear_matter
from procurement.credit_rating.words import ClearanceKind, GradeWord
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.errors import BarredByCreditError
from procurement.orders.offers import offers_for
from procurement.orders.placing import place_order
from procurement.orders.states import OrderKind
from procurement.orders.wanted import Wanted
from procurement.permissions import Actor

BY_SUM = {
    GradeWord.DISHONEST: "20000",
    GradeWord.SERIOUS: "600000",
    GradeWord.ESPECIALLY_SERIOUS: "1000000",
}


def rate(world, organisation_id: int, word: GradeWord, *, region: str = "110000") -> int:
    with transaction(world.engine) as session:
        raw = {
            "organisation": session.get_one(Organisation, organisation_id).name,
            "region": region,
            "matter": "bribery",
            "cumulated": BY_SUM[word],
            "basis": "judgement",
            "document": "刑事判决书",
            "found_on": "2027-01-05",
            "in_force_from": "2027-02-01",
        }
        matter = record_matter(session, raw=raw, actor=Actor(), moment=world.moment)
        assert matter.grade == word
        return matter.id


def offers(world, hospital=None):
    with world.read() as session:
        return world.offers(session, hospital)


def listed(world):
    return next(one for one in offers(world) if one.kind == OrderKind.OTHER and not one.is_winning)


def test_all_products_of_an_especially_serious_firm_lose_their_listing(world):
    assert listed(world).refusal is None
    matter_id = rate(world, listed(world).organisation_id, GradeWord.ESPECIALLY_SERIOUS)
    offer = listed(world)
    assert isinstance(offer.refusal, BarredByCreditError)
    with (
        pytest.raises(InvalidInputError, match="credit grade"),
        transaction(world.engine) as session,
    ):
        place_order(
            session,
            hospital_id=world.hospital.id,
            actor=world.hospital.actor,
            lines=[Wanted(offer.key, 1, offer.pack_price)],
            distributor_id=offer.sellers[0].id,
            moment=world.moment,
        )
    with transaction(world.engine) as session:
        clear_matter(
            session,
            matter_id=matter_id,
            kind=ClearanceKind.WITHDRAWN,
            cleared_on=date(2027, 2, 20),
            reason="再审撤销",
            actor=Actor(),
            moment=world.moment,
        )
    assert listed(world).refusal is None


def test_another_provinces_grade_bars_nothing_here(world):
    rate(world, listed(world).organisation_id, GradeWord.ESPECIALLY_SERIOUS, region="440000")
    assert listed(world).refusal is None
    assert listed(world).mark is None


def test_a_low_grade_marks_and_bars_nothing(world):
    rate(world, listed(world).organisation_id, GradeWord.DISHONEST)
    offer = listed(world)
    assert offer.refusal is None
    assert offer.mark is not None
    assert (offer.mark.word, offer.mark.zh) == (GradeWord.DISHONEST, "失信")


def test_what_a_winner_supplies_stays_with_a_mark(world):
    agreed = next(one for one in offers(world) if one.kind == OrderKind.AGREED)
    rate(world, agreed.organisation_id, GradeWord.ESPECIALLY_SERIOUS)
    same = next(one for one in offers(world) if one.key == agreed.key)
    assert same.refusal is None
    assert same.mark is not None


def test_a_barred_distributor_delivers_nothing(world):
    barred = world.distributor.id
    before = {one.key for one in offers(world) if barred in {seller.id for seller in one.sellers}}
    assert before
    rate(world, barred, GradeWord.ESPECIALLY_SERIOUS)
    after = {one.key: one for one in offers(world)}
    for key in before:
        offer = after[key]
        assert barred not in {seller.id for seller in offer.sellers}
        assert isinstance(offer.refusal, BarredByCreditError) == (not offer.sellers)


def test_hospitals_of_other_provinces_are_not_concerned(world):
    rate(world, listed(world).organisation_id, GradeWord.ESPECIALLY_SERIOUS)
    with world.read() as session:
        for one in world.every_hospital():
            region = session.get_one(Organisation, one.id).region
            for offer in offers_for(session, hospital_id=one.id, day=world.day):
                is_refused = isinstance(offer.refusal, BarredByCreditError)
                assert not is_refused or region.startswith("11")
