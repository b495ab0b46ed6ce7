"""Transfers and reductions: requested, approved, signed anew, and adding up to the unit."""

import pytest
from sqlalchemy import select

from procurement.agreements.changes import (
    ChangeFacts,
    changes_of,
    decide_change,
    find_change,
    request_change,
    withdraw_change,
)
from procurement.agreements.states import (
    AgreementStatus,
    ChangeKind,
    ChangeStatus,
    Party,
    WrongStateError,
)
from procurement.agreements.tables import AgreedSupply, AgreedVolume
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.permissions import NotFoundForActorError
from tests.procurement.agreements.test_making import sums
from tests.procurement.rounds.world import REGIONS


def place(world, number=0):
    """A supply in which a hospital of the first region has volume."""
    hospital = world.hospitals[REGIONS[0]][number]
    with world.read() as session:
        row = session.scalars(
            select(AgreedVolume)
            .where(AgreedVolume.hospital_id == hospital.id)
            .order_by(AgreedVolume.volume.desc())
            .limit(1)
        ).one()
        return hospital, session.get_one(AgreedSupply, row.supply_id), row


def ask(world, volume, *, to=None, kind=None, number=0, reason="服务人口减少", hospital_id=None):
    hospital, supply, _ = place(world, number)
    facts = ChangeFacts(
        supply_id=supply.id,
        kind=kind or (ChangeKind.REDUCTION if to is None else ChangeKind.TRANSFER),
        hospital_id=hospital_id or hospital.id,
        to_hospital_id=to,
        volume=volume,
        reason=reason,
    )
    with transaction(world.engine) as session:
        return request_change(
            session,
            round_=world.round(session),
            facts=facts,
            actor=hospital.actor,
            moment=database_moment(session),
        ).id


def decide(world, change_id, *, approves=True, decision="同意"):
    with transaction(world.engine) as session:
        decide_change(
            session,
            round_=world.round(session),
            change=find_change(session, round_id=world.round_id, change_id=change_id),
            approves=approves,
            decision=decision,
            actor=world.officer,
            moment=database_moment(session),
        )


def volumes(world, supply_id):
    with world.read() as session:
        rows = session.scalars(select(AgreedVolume).where(AgreedVolume.supply_id == supply_id))
        return {one.hospital_id: one.volume for one in rows}


def check_sums(world):
    with world.read() as session:
        assert all(row[:2] == row[2:] for row in sums(session, world.term_id))


def test_a_transfer_leaves_what_is_supplied_as_it_is(world):
    hospital, supply, row = place(world)
    other = world.hospitals[REGIONS[0]][1]
    before = volumes(world, supply.id)
    change = ask(world, 7, to=other.id)
    assert volumes(world, supply.id) == before
    decide(world, change)
    after = volumes(world, supply.id)
    assert sum(after.values()) == sum(before.values()) == supply.volume
    assert after[hospital.id] == row.volume - 7
    assert after[other.id] == before.get(other.id, 0) + 7
    check_sums(world)


def test_a_reduction_lowers_what_is_supplied(world):
    _, supply, row = place(world)
    decide(world, ask(world, row.volume))
    with world.read() as session:
        assert session.get_one(AgreedSupply, supply.id).volume == supply.volume - row.volume
    check_sums(world)


def test_an_agreement_without_volume_is_void_until_it_has_some_again(world):
    hospital, supply, row = place(world)
    with world.read() as session:
        own = session.scalars(
            select(AgreedVolume)
            .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
            .where(AgreedSupply.organisation_id == supply.organisation_id)
            .where(AgreedVolume.hospital_id == hospital.id)
        ).all()
    for one in own:
        facts = ChangeFacts(
            supply_id=one.supply_id,
            kind=ChangeKind.REDUCTION,
            hospital_id=hospital.id,
            to_hospital_id=None,
            volume=one.volume,
            reason="停业",
        )
        with transaction(world.engine) as session:
            change = request_change(
                session,
                round_=world.round(session),
                facts=facts,
                actor=hospital.actor,
                moment=database_moment(session),
            ).id
        decide(world, change)
    both = {"hospital_id": hospital.id, "organisation_id": supply.organisation_id}
    with world.read() as session:
        assert world.agreements(session, **both)[0].status == AgreementStatus.VOID
    other, other_supply, _ = place(world, 1)
    if other_supply.organisation_id == supply.organisation_id:
        decide(world, ask(world, 1, to=hospital.id, number=1))
        with world.read() as session:
            assert world.agreements(session, **both)[0].status == AgreementStatus.WAITING
    assert row.volume and other
    check_sums(world)


def test_a_signed_agreement_that_changes_is_signed_anew(world):
    world.nominate_everywhere()
    world.choose_distributors()
    world.sign_all()
    hospital, supply, _ = place(world)
    both = {"hospital_id": hospital.id, "organisation_id": supply.organisation_id}
    decide(world, ask(world, 5))
    with world.read() as session:
        agreement = world.agreements(session, **both)[0]
        assert (agreement.status, agreement.revision) == (AgreementStatus.OPEN, 2)
        assert not agreement.hospital_signed and agreement.digest is None
    world.sign(Party.HOSPITAL, hospital.id, hospital.actor, agreement.id)


def test_more_than_there_is_or_elsewhere_or_without_a_reason_is_refused(world):
    hospital, supply, row = place(world)
    before = volumes(world, supply.id)
    elsewhere = world.hospitals[REGIONS[1]][0].id
    for wrong in (
        {"volume": row.volume + 1},
        {"volume": 0},
        {"volume": 1, "reason": " "},
        {"volume": 1, "to": elsewhere},
        {"volume": 1, "to": hospital.id},
        {"volume": 1, "to": world.maker("A").id},
        {"volume": 1, "kind": ChangeKind.TRANSFER},
        {"volume": 1, "kind": ChangeKind.REDUCTION, "to": world.hospitals[REGIONS[0]][1].id},
    ):
        with pytest.raises(InvalidInputError):
            ask(world, **wrong)
    with pytest.raises(InvalidInputError):
        ask(world, 1, hospital_id=elsewhere)
    assert volumes(world, supply.id) == before


def test_requests_that_wait_count_against_the_volume(world):
    _, _, row = place(world)
    ask(world, row.volume)
    with pytest.raises(InvalidInputError):
        ask(world, 1)


def test_a_request_is_decided_once(world):
    change = ask(world, 3)
    with pytest.raises(InvalidInputError):
        decide(world, change, approves=False, decision="")
    decide(world, change, approves=False, decision="理由不足")
    with pytest.raises(WrongStateError):
        decide(world, change)
    other = ask(world, 3)
    with transaction(world.engine) as session:
        withdraw_change(
            session,
            round_=world.round(session),
            change=find_change(session, round_id=world.round_id, change_id=other),
            actor=world.officer,
            moment=database_moment(session),
        )
    with world.read() as session:
        found = changes_of(session, round_id=world.round_id)
        assert [one.status for one, _ in found] == [ChangeStatus.WITHDRAWN, ChangeStatus.REJECTED]
        with pytest.raises(NotFoundForActorError):
            find_change(session, round_id=world.round_id, change_id=10**9)
    check_sums(world)
