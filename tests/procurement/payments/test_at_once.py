"""People who act at the same moment: goods are claimed, paid and posted once.

The first of two has done its part and not yet committed when the second begins.
"""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest

from procurement.database import transaction
from procurement.errors import RefusedError
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.submitting import withdraw_invoice
from procurement.orders.invoices.tables import Invoice
from procurement.payments.account_kinds import Account, AccountKind
from procurement.payments.claims import Wanted, apply_for, withdraw_claim
from procurement.payments.goods import open_goods, take_over_invoices, use_prepaid
from procurement.payments.ledger import NewPosting, balance, post
from procurement.payments.objections import end_objection, raise_objection
from procurement.payments.offsets import instruct_month
from procurement.payments.own_payments import OwnPayment, record_own_payment
from procurement.payments.rules.events import Event, prepayment_passed_on
from procurement.payments.states import ClaimStatus
from procurement.payments.tables import (
    Claim,
    ClaimLine,
    ClaimObjection,
    GoodsPayable,
    HospitalPayment,
    PaymentInstruction,
    PrepaymentClearing,
    SettlementMonth,
)
from tests.procurement.payments.world import APRIL_2, PACK

PATIENCE = 1
"""Seconds in which the second comes as far as it can."""


@pytest.fixture
def goods(world):
    """Goods of 450 yuan in the books, and an open month."""
    world.month_id = world.month()
    world.receive(10)
    world.receive(5)
    with transaction(world.engine) as session:
        take_over_invoices(session, moment=world.moment)
    return world


@pytest.fixture
def reconciled(world):
    """A reconciled claim, and a fund that owes as much."""
    world.month_id = world.month()
    world.receive(10)
    world.owe("300")
    world.claim_id = world.claim(world.month_id)
    world.reconcile(world.claim_id)
    return world


def one_then_other(world, first, second) -> bool:
    """Let the second begin before the first commits; tell whether it was done too."""

    def begin():
        try:
            with transaction(world.engine) as session:
                second(world, session)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(1) as pool:
        with transaction(world.engine) as session:
            first(world, session)
            begun = pool.submit(begin)
            wait([begun], timeout=PATIENCE)
        done: bool = begun.result()
        return done


def claim(world, session):
    apply_for(
        session,
        month=session.get_one(SettlementMonth, world.month_id),
        wanted=Wanted(world.seller.id, world.hospital.id),
        actor=world.seller.actor,
        moment=APRIL_2,
    )


def pay_oneself(world, session):
    payment = OwnPayment(
        hospital_id=world.hospital.id,
        seller_id=world.seller.id,
        goods_ids=[one.id for one in session.query(GoodsPayable)],
        paid_on=date(2027, 4, 1),
        voucher="V-1",
    )
    record_own_payment(session, payment=payment, actor=world.hospital.actor, moment=APRIL_2)


def use(world, session):
    use_prepaid(session, hospital_id=world.hospital.id, seller_id=world.seller.id, moment=APRIL_2)


def take_over(world, session):
    take_over_invoices(session, moment=APRIL_2)


def set_off(world, session):
    instruct_month(
        session,
        month=session.get_one(SettlementMonth, world.month_id),
        hospital_id=world.hospital.id,
        actor=world.agency.actor,
        moment=APRIL_2,
    )


def object_to(world, session):
    raise_objection(
        session,
        claim=session.get_one(Claim, world.claim_id),
        line_id=None,
        reason="价格不符",
        actor=world.hospital.actor,
        moment=APRIL_2,
    )


def uphold(world, session):
    end_objection(
        session,
        objection=session.query(ClaimObjection).one(),
        uphold=True,
        actor=world.hospital.actor,
        moment=APRIL_2,
    )


def take_claim_back(world, session):
    row = session.get_one(Claim, world.claim_id)
    withdraw_claim(
        session,
        claim=row,
        version=row.version,
        reason="金额有误",
        actor=world.seller.actor,
        moment=APRIL_2,
    )


def take_invoice_back(world, session):
    withdraw_invoice(
        session,
        invoice=session.query(Invoice).one(),
        reason="开错了",
        actor=world.seller.actor,
        moment=APRIL_2,
    )


@pytest.mark.parametrize("first", [claim, pay_oneself])
@pytest.mark.parametrize("second", [claim, pay_oneself])
def test_goods_are_claimed_or_paid_by_one_of_two(goods, first, second):
    world = goods
    assert not one_then_other(world, first, second)
    with world.read() as session:
        done = session.query(Claim).count() + session.query(HospitalPayment).count()
        assert done == 1
    assert world.faults() == []


@pytest.mark.parametrize("other", [claim, pay_oneself])
@pytest.mark.parametrize("prepaid_first", [True, False])
def test_what_a_prepayment_pays_is_neither_claimed_nor_paid_again(goods, other, prepaid_first):
    world = goods
    hospital, seller = world.hospital.id, world.seller.id
    with transaction(world.engine) as session:
        new = NewPosting(
            kind=Event.PREPAYMENT_PASSED_ON,
            key="prepayment/1/passed/1",
            subject="prepayment/1",
            entries=prepayment_passed_on(hospital, seller, 4 * PACK),
        )
        post(session, new=new, actor=None, moment=APRIL_2)
    pair = (use, other) if prepaid_first else (other, use)
    assert one_then_other(world, *pair)
    with world.read() as session:
        cleared = sum(one.amount for one in session.query(PrepaymentClearing))
        claimed = sum(one.amount for one in session.query(ClaimLine))
        paid = sum(one.amount for one in session.query(HospitalPayment))
        assert cleared == (4 * PACK if prepaid_first else 0)
        assert cleared + claimed + paid == 15 * PACK
        owed = balance(session, account=Account(AccountKind.OWED_TO_SELLER, hospital, seller))
        assert owed == -claimed
    assert world.faults() == []


def test_invoices_come_into_the_books_once(world):
    world.receive(10)
    world.receive(5)
    assert one_then_other(world, take_over, take_over)
    with world.read() as session:
        assert [one.left for one in open_goods(session)] == [10 * PACK, 5 * PACK]
    assert world.faults() == []


@pytest.mark.parametrize("taken_first", [True, False])
def test_an_invoice_is_withdrawn_or_comes_into_the_books(world, taken_first):
    world.receive(10)
    if taken_first:
        assert not one_then_other(world, take_over, take_invoice_back)
    else:
        # What is withdrawn is not there any more: nothing is taken over.
        assert one_then_other(world, take_invoice_back, take_over)
    with world.read() as session:
        assert session.query(GoodsPayable).count() == (1 if taken_first else 0)
        expected = InvoiceStatus.MATCHED if taken_first else InvoiceStatus.WITHDRAWN
        assert session.query(Invoice).one().status == expected
    assert world.faults() == []


@pytest.mark.parametrize("second", [object_to, take_claim_back])
def test_a_claim_that_is_being_instructed_is_not_stopped_any_more(reconciled, second):
    assert not one_then_other(reconciled, set_off, second)
    with reconciled.read() as session:
        assert session.get_one(Claim, reconciled.claim_id).status == ClaimStatus.INSTRUCTED


@pytest.mark.parametrize("first", [object_to, take_claim_back])
def test_a_claim_that_is_being_stopped_is_not_instructed(reconciled, first):
    # Where it is withdrawn the fund owes the hospital what is left: the remainder.
    one_then_other(reconciled, first, set_off)
    with reconciled.read() as session:
        assert session.get_one(Claim, reconciled.claim_id).instruction_id is None
        payees = {one.payee_id for one in session.query(PaymentInstruction)}
        assert reconciled.seller.id not in payees


def test_an_objection_that_is_upheld_meanwhile_takes_the_claim_out(reconciled):
    with transaction(reconciled.engine) as session:
        object_to(reconciled, session)
    one_then_other(reconciled, uphold, set_off)
    with reconciled.read() as session:
        claim_now = session.get_one(Claim, reconciled.claim_id)
        assert (claim_now.status, claim_now.instruction_id) == (ClaimStatus.WITHDRAWN, None)
