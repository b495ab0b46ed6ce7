"""Who takes over a supply that fails: the spare supplier or another winner, on record."""

from datetime import date, timedelta

import pytest

from procurement.awards.regions.tables import RegionTurn
from procurement.awards.tables import AwardedBid
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.fulfilment.candidates import candidates_for
from procurement.orders.fulfilment.consortia import members_of, record_member
from procurement.orders.fulfilment.errors import (
    AlreadyReplacedError,
    MemberExistsError,
    NotACandidateError,
)
from procurement.orders.fulfilment.progress import progress_of
from procurement.orders.fulfilment.replacements import (
    Replaced,
    end_replacement,
    replace_supplier,
    replacements_of,
)
from procurement.orders.fulfilment.scope import By, Scope
from procurement.orders.fulfilment.tables import SupplyReplacement
from procurement.orders.placing import Wanted, place_order
from procurement.orders.states import OrderKind
from procurement.orders.tables import PurchaseLine
from procurement.prices.service import record_price
from procurement.prices.tables import Price
from procurement.rounds.tables import LotStrength


def failing(world, session):
    """The supply of L01 to the hospital's region."""
    return world.supply(session, "L01", "1mg", region=world.hospital.organisation.region)


def replaced(world, session, **wanted):
    supply = failing(world, session)
    candidate = candidates_for(session, supply_id=supply.id, day=world.day)[0]
    known = {
        "supply_id": supply.id,
        "by_awarded_bid_id": candidate.awarded_bid_id,
        "price_id": candidate.prices[0].id,
        "distributor_id": world.distributor.id,
        "reason": "生产线停产",
        "document": "替补通知〔2027〕1号",
        "starts_on": world.day,
    }
    return Replaced(**{**known, **wanted})


def replace(world, **wanted) -> int:
    with transaction(world.engine) as session:
        return replace_supplier(
            session,
            replaced=replaced(world, session, **wanted),
            actor=world.officer,
            moment=world.moment,
        ).id


def test_candidates_are_the_other_winners_of_the_product_the_spare_supplier_first(world):
    with transaction(world.engine) as session:
        supply = failing(world, session)
        found = candidates_for(session, supply_id=supply.id, day=world.day)
        assert len(found) == 2
        assert supply.organisation_id not in {one.organisation_id for one in found}
        assert not any(one.is_spare for one in found)
        assert [one.rank for one in found] == sorted(one.rank or 0 for one in found)
        assert all(one.prices for one in found)
        assert found[0].distributors
        _choose_spare(session, found[1].awarded_bid_id, supply.region)
        again = candidates_for(session, supply_id=supply.id, day=world.day)
        assert [one.is_spare for one in again] == [True, False]
        assert again[0].awarded_bid_id == found[1].awarded_bid_id
        late = candidates_for(session, supply_id=supply.id, day=date(2029, 1, 1))
        assert not any(one.prices for one in late)


def _choose_spare(session, awarded_bid_id, region):
    """Let a winner have chosen the region as its spare one."""
    own = session.query(RegionTurn).first()
    session.add(
        RegionTurn(
            choice_id=own.choice_id,
            lot_id=session.get_one(AwardedBid, awarded_bid_id).lot_id,
            awarded_bid_id=awarded_bid_id,
            spare=True,
            number=99,
            opened_at=own.opened_at,
            due_at=own.due_at,
            way=own.way,
            region=region,
        )
    )
    session.flush()


def test_what_is_bought_from_whoever_took_over_counts_to_the_volume_that_was_agreed(world):
    replace(world)
    with transaction(world.engine) as session:
        supply = failing(world, session)
        (offer,) = world.offers(session, kind=OrderKind.REPLACEMENT)
        assert (offer.supply_id, offer.is_winning) == (supply.id, True)
        assert offer.organisation_id != supply.organisation_id
        key, supply_id, maker = offer.key, supply.id, offer.organisation_id
    world.accept(world.ship(world.confirm(order(world, key))))
    with transaction(world.engine) as session:
        (line,) = session.query(PurchaseLine).all()
        assert (line.supply_id, line.organisation_id) == (supply_id, maker)
        scope = Scope(term=world.term(session), day=world.day)
        rows = {row.key: row for row in progress_of(session, scope=scope, by=By.SUPPLY)}
        assert rows[supply_id].progress.received == line.quantity > 0


def test_a_replacement_ends_with_a_reason_and_another_may_follow(world):
    first = replace(world)
    with pytest.raises(AlreadyReplacedError):
        replace(world)
    with transaction(world.engine) as session:
        row = session.get_one(SupplyReplacement, first)
        for wrong in ({"reason": " "}, {"ends_on": world.day - timedelta(days=1)}):
            given = {"reason": "恢复供应", "ends_on": world.day, **wrong}
            with pytest.raises(InvalidInputError):
                end_replacement(
                    session, replacement=row, actor=world.officer, moment=world.moment, **given
                )
        end_replacement(
            session,
            replacement=row,
            reason="恢复供应",
            ends_on=world.day,
            actor=world.officer,
            moment=world.moment,
        )
    with pytest.raises(AlreadyReplacedError):
        replace(world)
    second = replace(world, starts_on=world.day + timedelta(days=1), ends_on=date(2027, 5, 1))
    with transaction(world.engine) as session:
        ids = [row.id for row in replacements_of(session, round_id=world.round_id)]
        assert ids == [second, first]
        today = replacements_of(session, round_id=world.round_id, day=world.day)
        assert [row.id for row in today] == [first]
    # Before it begins the supply is free.
    replace(world, starts_on=date(2027, 5, 2))


def test_an_end_that_was_decided_only_comes_earlier(world):
    first = replace(world, ends_on=date(2027, 4, 30))
    second = replace(world, starts_on=date(2027, 5, 1))
    given = {"reason": "恢复供应", "actor": world.officer, "moment": world.moment}
    with transaction(world.engine) as session:
        row = session.get_one(SupplyReplacement, first)
        with pytest.raises(InvalidInputError) as refused:
            end_replacement(session, replacement=row, ends_on=date(2027, 5, 1), **given)
        assert "after its last day, 2027-04-30" in refused.value.faults[0].en
        end_replacement(session, replacement=row, ends_on=date(2027, 3, 31), **given)
        with pytest.raises(InvalidInputError):
            end_replacement(session, replacement=row, ends_on=date(2027, 4, 30), **given)
    with transaction(world.engine) as session:
        days = date(2027, 5, 1)
        found = replacements_of(session, round_id=world.round_id, day=days)
        assert [row.id for row in found] == [second]


def test_another_strength_does_not_take_over(world):
    with transaction(world.engine) as session:
        supply = failing(world, session)
        (candidate, *_) = candidates_for(session, supply_id=supply.id, day=world.day)
        own = candidate.prices[0]
        lot_strength = session.get_one(LotStrength, supply.lot_strength_id)
        other = LotStrength(lot_id=lot_strength.lot_id, strength="2mg", strength_ratio=2)
        session.add(other)
        session.flush()
        wrong = record_price(
            session,
            organisation_id=candidate.organisation_id,
            generic_product_id=own.generic_product_id,
            lot_strength_id=other.id,
            strength=other.strength,
            pack_units=own.pack_units,
            pack_price=own.pack_price * 2,
            starts_on=own.starts_on,
            ends_on=own.ends_on,
            source="2mg",
            moment=world.moment,
        ).id
        again = candidates_for(session, supply_id=supply.id, day=world.day)
        assert wrong not in {price.id for one in again for price in one.prices}
    with pytest.raises(NotACandidateError, match="same strength"):
        replace(world, price_id=wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"document": " "},
        {"supply_id": 10**6},
        {"ends_on": date(2027, 2, 1)},
        {"notice_id": 10**6},
        {"distributor_id": 10**6},
    ],
)
def test_what_is_missing_is_told_and_nothing_stored(world, wrong):
    with pytest.raises(InvalidInputError):
        replace(world, **wrong)
    with transaction(world.engine) as session:
        assert not replacements_of(session, round_id=world.round_id)


def test_only_a_winner_of_the_product_at_its_own_price_takes_over(world):
    with transaction(world.engine) as session:
        supply = failing(world, session)
        own = supply.awarded_bid_id
    for wrong in ({"by_awarded_bid_id": own}, {"price_id": world.listed_price_id}):
        with pytest.raises(NotACandidateError):
            replace(world, **wrong)


def order(world, key) -> int:
    """Order five packs of an offer."""
    with transaction(world.engine) as session:
        return place_order(
            session,
            hospital_id=world.hospital.id,
            actor=world.hospital.actor,
            lines=[Wanted(key, 5)],
            distributor_id=world.distributor.id,
            moment=world.moment,
        ).id


def member(world, **wanted):
    with transaction(world.engine) as session:
        supply = failing(world, session)
        known = {
            "awarded_bid_id": supply.awarded_bid_id,
            "organisation_id": world.other_maker.id,
            "document": "联合体协议",
        }
        return record_member(
            session, **{**known, **wanted}, actor=world.officer, moment=world.moment
        ).id


def test_a_member_of_a_joint_bid_gets_the_winners_prices_once(world):
    member(world)
    with pytest.raises(MemberExistsError):
        member(world)
    with transaction(world.engine) as session:
        supply = failing(world, session)
        found = members_of(session, awarded_bid_ids=[supply.awarded_bid_id])
        assert found == {supply.awarded_bid_id: (world.other_maker.id,)}
        prices = session.query(Price).filter_by(kind="winning")
        own = {
            (price.strength, price.pack_units, price.pack_price)
            for price in prices.filter_by(organisation_id=world.other_maker.id)
        }
        standing = {
            (price.strength, price.pack_units, price.pack_price)
            for price in prices.filter_by(organisation_id=supply.organisation_id)
            if price.strength == "1mg"
        }
        assert own == standing


@pytest.mark.parametrize(
    "wrong", [{"document": ""}, {"awarded_bid_id": 10**6}, {"organisation_id": 10**6}]
)
def test_a_member_without_a_paper_or_a_bid_is_refused(world, wrong):
    with pytest.raises(InvalidInputError):
        member(world, **wrong)
