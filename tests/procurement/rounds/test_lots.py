"""Lots of a draft: added, changed, taken out, and only their prices while hospitals report."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from procurement.database import make_engine, transaction, upgrade
from procurement.errors import InvalidInputError, StaleError
from procurement.permissions import NotFoundForActorError
from procurement.rounds.ending import LotEndedError, fail_lot
from procurement.rounds.lots import (
    LotFacts,
    StrengthFacts,
    add_lot,
    change_lot,
    find_lot,
    lot_facts,
    lot_faults,
    remove_lot,
    strengths_of,
)
from procurement.rounds.progress import events_of
from procurement.rounds.rules import FourEyesError, PartFixedError
from procurement.rounds.tables import LotStrength, RoundEventKind
from tests.procurement.rounds import world

NOW = world.MOMENT

FACTS = LotFacts(
    code="L09",
    product="恩替卡韦口服常释剂型",
    unit="片",
    dosage_form="oral-solid",
    by_brand=True,
    daily_dose=Decimal("0.5"),
    strengths=(
        StrengthFacts(strength="0.5mg", ratio=Decimal(1), price_ceiling=Decimal("2.7500")),
        StrengthFacts(strength="1mg", ratio=Decimal("2.0"), benchmark_price=Decimal("4.6000")),
    ),
)


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


@pytest.fixture(scope="module")
def in_memory():
    """A session for checks that only read: what differs by database is tested elsewhere."""
    engine = make_engine("sqlite://")
    upgrade(engine)
    with transaction(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def round_(session):
    return world.new_round(session)


@pytest.fixture
def by(session, round_):
    return {
        "actor": world.actor_of(session, world.second_officer(session, round_)),
        "moment": NOW,
    }


def test_a_lot_reads_back_as_it_was_written(session, round_, by):
    version = round_.version
    lot = add_lot(session, round_=round_, facts=FACTS, **by)
    session.expire_all()
    assert lot_facts(session, lot=lot) == FACTS
    assert round_.version == version + 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "a/b"}, ["code"]),
        ({"code": "L" * 31}, ["code"]),
        ({"code": "甲-1"}, []),
        ({"product": ""}, ["product"]),
        ({"product": "x\u200b"}, ["product"]),
        ({"unit": "x" * 21}, ["unit"]),
        ({"dosage_form": "syrup"}, ["dosage_form"]),
        ({"category": "rare"}, ["category"]),
        ({"daily_dose": Decimal(0)}, ["daily_dose"]),
        ({"generic_product_id": 999}, ["generic_product_id"]),
        ({"strengths": ()}, ["strength-1"]),
    ],
)
def test_every_fault_of_a_lot_stands_at_its_field(in_memory, changes, wrong):
    faults = lot_faults(in_memory, facts=replace(FACTS, **changes))
    assert [fault.field for fault in faults] == wrong


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"strength": ""}, "strength-2"),
        ({"strength": "0.5mg"}, "strength-2"),
        ({"strength": "x" * 61}, "strength-2"),
        ({"ratio": Decimal(0)}, "ratio-2"),
        ({"ratio": Decimal(-1)}, "ratio-2"),
        ({"ratio": Decimal("NaN")}, "ratio-2"),
        ({"ratio": Decimal("1E+9")}, "ratio-2"),
        ({"ratio": Decimal("0." + "1" * 39)}, "ratio-2"),
        ({"ratio": Decimal("1E-999999999")}, "ratio-2"),
        ({"price_ceiling": Decimal("1E-999999999")}, "ceiling-2"),
        ({"price_ceiling": Decimal("1E+999999999")}, "ceiling-2"),
        ({"price_ceiling": Decimal(0)}, "ceiling-2"),
        ({"price_ceiling": Decimal("0.00001")}, "ceiling-2"),
        ({"price_ceiling": Decimal("1E+14")}, "ceiling-2"),
        ({"price_ceiling": Decimal("NaN")}, "ceiling-2"),
        ({"benchmark_price": Decimal("-0.01")}, "benchmark-2"),
        ({"price_ceiling": Decimal("0.0001")}, None),
        ({"ratio": Decimal("0." + "1" * 38)}, None),
    ],
)
def test_strengths_are_checked_at_their_borders(in_memory, changes, wrong):
    second = replace(StrengthFacts(strength="1mg", ratio=Decimal(2)), **changes)
    facts = replace(FACTS, strengths=(FACTS.strengths[0], second))
    faults = [fault.field for fault in lot_faults(in_memory, facts=facts)]
    assert faults == ([] if wrong is None else [wrong])


def test_faulty_lots_and_codes_that_are_taken_are_not_stored(session, round_, by):
    for facts in (replace(FACTS, code="L01"), replace(FACTS, unit="")):
        with pytest.raises(InvalidInputError):
            add_lot(session, round_=round_, facts=facts, **by)
    assert [lot.code for lot in world.lots_of(session, round_)] == ["L01", "L02"]


def test_a_changed_lot_keeps_the_ids_of_the_strengths_that_stay(session, round_, by):
    lot = add_lot(session, round_=round_, facts=FACTS, **by)
    before = {one.strength: one.id for one in strengths_of(session, lot_id=lot.id)}
    kept, gone = FACTS.strengths
    wanted = replace(
        FACTS,
        strengths=(
            replace(kept, price_ceiling=Decimal("2.5000")),
            replace(gone, strength="2mg", ratio=Decimal(4)),
        ),
    )
    change_lot(session, round_=round_, lot=lot, facts=wanted, version=lot.version, **by)
    after = {one.strength: one.id for one in strengths_of(session, lot_id=lot.id)}
    assert lot_facts(session, lot=lot) == wanted
    assert after["0.5mg"] == before["0.5mg"]
    assert set(after) == {"0.5mg", "2mg"}


def test_a_stale_lot_is_not_overwritten(session, round_, by):
    lot = add_lot(session, round_=round_, facts=FACTS, **by)
    seen = lot.version
    changed = replace(FACTS, unit="粒")
    change_lot(session, round_=round_, lot=lot, facts=changed, version=seen, **by)
    with pytest.raises(StaleError):
        change_lot(session, round_=round_, lot=lot, facts=FACTS, version=seen, **by)
    assert lot.unit == "粒"


def test_two_lots_are_changed_by_two_officers_at_once(session, round_, by):
    first, second = world.lots_of(session, round_)
    seen = (first.version, second.version)
    for lot, version in ((first, seen[0]), (second, seen[1])):
        facts = replace(lot_facts(session, lot=lot), by_brand=False)
        change_lot(session, round_=round_, lot=lot, facts=facts, version=version, **by)
    assert not first.by_brand
    assert not second.by_brand


def test_only_prices_change_while_hospitals_report(session, round_, by):
    world.start_reporting(session, round_)
    lot = find_lot(session, round_id=round_.id, code="L01")
    present = lot_facts(session, lot=lot)
    cheaper = replace(
        present,
        strengths=tuple(replace(one, price_ceiling=Decimal("9.0000")) for one in present.strengths),
    )
    change_lot(session, round_=round_, lot=lot, facts=cheaper, version=lot.version, **by)
    assert lot_facts(session, lot=lot) == cheaper
    for other in (replace(cheaper, unit="袋"), replace(cheaper, by_brand=False)):
        with pytest.raises(PartFixedError):
            change_lot(session, round_=round_, lot=lot, facts=other, version=lot.version, **by)
    with pytest.raises(PartFixedError):
        add_lot(session, round_=round_, facts=FACTS, **by)
    with pytest.raises(PartFixedError):
        remove_lot(session, round_=round_, lot=lot, **by)


def test_prices_stand_after_the_publication(session, round_, by):
    world.publish_round(session, round_)
    lot = find_lot(session, round_id=round_.id, code="L01")
    with pytest.raises(PartFixedError):
        change_lot(
            session,
            round_=round_,
            lot=lot,
            facts=lot_facts(session, lot=lot),
            version=lot.version,
            **by,
        )


def test_a_lot_that_is_taken_out_is_gone_with_its_strengths(session, round_, by):
    lot = find_lot(session, round_id=round_.id, code="L02")
    ident = lot.id
    remove_lot(session, round_=round_, lot=lot, **by)
    left = select(func.count()).select_from(LotStrength).where(LotStrength.lot_id == ident)
    assert session.scalar(left) == 0
    with pytest.raises(NotFoundForActorError):
        find_lot(session, round_id=round_.id, code="L02")


def fail(session, round_, code, reason="无企业申报", person_id=None, second_person_id=None):
    lot = find_lot(session, round_id=round_.id, code=code)
    return fail_lot(
        session,
        round_=round_,
        lot=lot,
        reason=reason,
        moment=NOW,
        person_id=person_id,
        second_person_id=second_person_id,
    )


def test_a_lot_fails_once_with_a_reason_and_on_record(session, round_):
    with pytest.raises(LotEndedError):
        fail(session, round_, "L01")
    world.start_reporting(session, round_)
    for reason in ("", " ", "x" * 301):
        with pytest.raises(InvalidInputError):
            fail(session, round_, "L01", reason)
    lot = fail(session, round_, "L01", person_id=round_.drafted_by)
    event = events_of(session, round_id=round_.id)[-1]
    assert (event.kind, event.lot_id) == (RoundEventKind.LOT_FAILED, lot.id)
    with pytest.raises(LotEndedError):
        fail(session, round_, "L01")


def test_after_publication_a_lot_fails_by_two_officers(session, round_):
    world.publish_round(session, round_)
    first, second = round_.drafted_by, world.second_officer(session, round_).id
    for people in ((first, None), (first, first), (None, None)):
        with pytest.raises(FourEyesError):
            fail(session, round_, "L01", person_id=people[0], second_person_id=people[1])
    assert fail(session, round_, "L01", person_id=first, second_person_id=second).failed_reason
