"""Objections stop payment, red invoices stay in claims, and who did what is on record."""

import json

import pytest

from procurement.audit import entries_about
from procurement.database import transaction
from procurement.payments.errors import ClaimsWaitError, NothingLeftError, RedLineStaysError
from procurement.payments.instructions import cancel_instruction
from procurement.payments.objections import answer_objection, end_objection, raise_objection
from procurement.payments.states import ClaimStatus, ObjectionStatus, WrongStateError
from procurement.payments.tables import (
    Claim,
    ClaimLine,
    ClaimObjection,
    GoodsPayable,
    Offset,
    PaymentInstruction,
)
from tests.procurement.orders.invoices.selling import line, sent, submit
from tests.procurement.payments.world import APRIL_2


@pytest.fixture
def month_id(world):
    world.account(world.seller)
    world.account(world.hospital)
    return world.month()


def object_to(world, claim_id, *, by=None, line_id=None) -> int:
    with transaction(world.engine) as session:
        return raise_objection(
            session,
            claim=session.get_one(Claim, claim_id),
            line_id=line_id,
            reason="价格不符",
            actor=(by or world.hospital).actor,
            moment=APRIL_2,
        ).id


def answer(world, objection_id) -> None:
    with transaction(world.engine) as session:
        row = session.get_one(ClaimObjection, objection_id)
        answer_objection(
            session, objection=row, answer="见合同", actor=world.seller.actor, moment=APRIL_2
        )


def end(world, objection_id, *, uphold, by=None) -> None:
    with transaction(world.engine) as session:
        end_objection(
            session,
            objection=session.get_one(ClaimObjection, objection_id),
            uphold=uphold,
            actor=(by or world.hospital).actor,
            moment=APRIL_2,
        )


def lines_of(world, claim_id):
    with world.read() as session:
        rows = session.query(ClaimLine).filter_by(claim_id=claim_id)
        return rows.order_by(ClaimLine.id).all()


def give_back(world, packs: int) -> None:
    """Deliver ten packs, invoice them, take some back with a red invoice."""
    receipt = world.orders.buy(10)
    submit(world.orders, sent(line(world.orders, receipt, 10), number="25342100000000000001"))
    world.orders.send_back(receipt, packs)
    red = submit(world.orders, sent(line(world.orders, receipt, -packs), number="R25342100000001"))
    assert red


def test_a_claim_with_an_objection_is_not_instructed_open_or_answered(world, month_id):
    world.receive(10)
    claim_id = world.claim(month_id)
    world.reconcile(claim_id)
    world.owe("1000")
    objection = object_to(world, claim_id)
    offset_id = world.set_off(month_id)
    with world.read() as session:
        # The claim stays covered; only what it does not need goes to the hospital.
        offset = session.get_one(Offset, offset_id)
        assert (offset.goods_due, offset.held, offset.to_hospital) == (0, 300, 700)
        assert session.get_one(Claim, claim_id).status == ClaimStatus.RECONCILED
    answer(world, objection)
    with pytest.raises(ClaimsWaitError):
        world.set_off(month_id)
    end(world, objection, uphold=False)
    world.set_off(month_id)
    world.pay(*world.instructions())
    with world.read() as session:
        assert session.get_one(Claim, claim_id).status == ClaimStatus.PAID
    assert world.faults() == []


@pytest.mark.parametrize("is_paid", [False, True])
def test_nothing_leaves_a_claim_that_is_instructed_or_paid(world, month_id, is_paid):
    world.receive(10)
    claim_id = world.claim(month_id)
    world.reconcile(claim_id)
    world.owe("300")
    world.set_off(month_id)
    (one,) = world.instructions()
    if is_paid:
        world.pay(one)
    with transaction(world.engine) as session:
        # As an objection that was stored before claims with objections were left out.
        row = ClaimObjection(
            claim_id=claim_id,
            at_step=ClaimStatus.RECONCILED,
            raised_by_id=world.hospital.id,
            reason="价格不符",
            raised_at=APRIL_2,
            status=ObjectionStatus.OPEN,
        )
        session.add(row)
        session.flush()
        objection = row.id
    with pytest.raises(WrongStateError):
        object_to(world, claim_id)
    for somebody in (world.hospital, world.seller):
        with pytest.raises(WrongStateError):
            end(world, objection, uphold=True, by=somebody)
    assert all(one.live_goods_id for one in lines_of(world, claim_id))
    with pytest.raises(NothingLeftError):
        world.claim(month_id)
    # Nothing is in the way of dropping it.
    end(world, objection, uphold=False)


def test_after_an_instruction_is_cancelled_an_objection_takes_the_claim_back(world, month_id):
    world.receive(10)
    claim_id = world.claim(month_id)
    world.reconcile(claim_id)
    world.owe("300")
    world.set_off(month_id)
    with transaction(world.engine) as session:
        (row,) = session.query(PaymentInstruction)
        cancel_instruction(
            session,
            instruction=row,
            version=row.version,
            actor=world.agency.actor,
            moment=APRIL_2,
        )
    (only,) = lines_of(world, claim_id)
    whole, one = object_to(world, claim_id), object_to(world, claim_id, line_id=only.id)
    end(world, one, uphold=True)
    with world.read() as session:
        assert session.get_one(Claim, claim_id).status == ClaimStatus.WITHDRAWN
        assert session.get_one(ClaimObjection, whole).status == ObjectionStatus.DROPPED
    assert world.claim(month_id) != claim_id


def test_red_invoices_are_in_the_claim_named_or_not(world, month_id):
    give_back(world, 3)
    world.claim(month_id)
    with transaction(world.engine) as session:
        goods = session.query(GoodsPayable).order_by(GoodsPayable.id).all()
        (claim,) = session.query(Claim)
        assert [one.amount for one in goods] == [300, -90]
        assert claim.amount == 210
    whole = object_to(world, claim.id)
    end(world, whole, uphold=True)
    named = world.claim(month_id, goods_ids=[goods[0].id])
    assert [one.amount for one in lines_of(world, named)] == [300, -90]
    red = lines_of(world, named)[1]
    # Nor does the company get rid of it by objecting to it.
    own = object_to(world, named, by=world.seller, line_id=red.id)
    with pytest.raises(RedLineStaysError):
        end(world, own, uphold=True, by=world.seller)
    end(world, own, uphold=False, by=world.seller)
    with world.read() as session:
        assert session.get_one(Claim, named).amount == 210


def test_who_raised_answered_and_ended_an_objection_is_on_record(world, month_id):
    world.receive(10)
    claim_id = world.claim(month_id)
    objection = object_to(world, claim_id)
    answer(world, objection)
    end(world, objection, uphold=False)
    with world.read() as session:
        row = session.get_one(ClaimObjection, objection)
        claim = session.get_one(Claim, claim_id)
        assert (row.answered_by_id, row.answered_by) == (
            world.seller.id,
            world.seller.actor.person_id,
        )
        assert (row.ended_by_id, row.ended_by) == (
            world.hospital.id,
            world.hospital.actor.person_id,
        )
        entries = entries_about(session, subject=f"claim/{claim.number}")[1:]
        assert [(one.action, one.person_id) for one in entries] == [
            ("raise-objection", world.hospital.actor.person_id),
            ("answer-objection", world.seller.actor.person_id),
            ("end-objection", world.hospital.actor.person_id),
        ]
        assert [json.loads(one.facts)["status"] for one in entries] == [
            "open",
            "answered",
            "dropped",
        ]
