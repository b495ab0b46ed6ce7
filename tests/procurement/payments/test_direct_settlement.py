"""From an invoice to the payment: claim, checks, offset, instructions, results of the bank."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.database import transaction
from procurement.orders.invoices.tables import InvoiceLine
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.claims import advance, withdraw_claim
from procurement.payments.errors import (
    ClaimsWaitError,
    MonthNotOverError,
    NoAccountError,
    NotClaimableError,
    NothingLeftError,
    ObjectionOpenError,
    RuleMissingError,
    SamePersonError,
)
from procurement.payments.facts import paid_on
from procurement.payments.instructions import (
    cancel_instruction,
    confirm_instruction,
    redraft_instruction,
)
from procurement.payments.ledger import balance
from procurement.payments.months import NewMonth, interest_rule, open_month, whole_due_on
from procurement.payments.objections import answer_objection, end_objection, raise_objection
from procurement.payments.offsets import plan_for
from procurement.payments.reconciliation import Concern, reconcile
from procurement.payments.states import (
    BankOutcome,
    ClaimStatus,
    InstructionKind,
    InstructionStatus,
    WrongStateError,
)
from procurement.payments.tables import (
    Claim,
    ClaimLine,
    ClaimObjection,
    ClaimStep,
    GoodsPayable,
    Offset,
    PaymentInstruction,
    SettlementMonth,
)
from procurement.permissions import NotFoundForActorError
from tests.procurement.payments.world import APRIL_2, MARCH, PACK, PARAMETERS

K = AccountKind


def held(world, kind, owner, counterpart=None, fund=Fund.NONE):
    with world.read() as session:
        return balance(session, account=Account(kind, owner, counterpart, fund))


def status_of(world, claim_id):
    with world.read() as session:
        return session.get_one(Claim, claim_id).status


@pytest.fixture
def ready(world):
    """A reconciled claim of 300 yuan, with accounts for company and hospital."""
    world.receive(10)
    world.account(world.seller)
    world.account(world.hospital)
    world.month_id = world.month()
    world.claim_id = world.claim(world.month_id)
    world.reconcile(world.claim_id)
    return world


def test_goods_are_paid_by_setting_off_and_the_rest_goes_to_the_hospital(ready):
    world = ready
    world.owe("1000")
    world.set_off(world.month_id)
    goods, remainder = world.instructions()
    with world.read() as session:
        rows = [session.get_one(PaymentInstruction, one) for one in (goods, remainder)]
        assert [(one.kind, one.amount) for one in rows] == [
            (InstructionKind.GOODS, 10 * PACK),
            (InstructionKind.REMAINDER, Decimal(700)),
        ]
    world.pay(goods, remainder)
    assert status_of(world, world.claim_id) == ClaimStatus.PAID
    hospital, agency, seller = world.hospital.id, world.agency.id, world.seller.id
    assert held(world, K.OWED_TO_SELLER, hospital, seller) == 0
    assert held(world, K.OWED_TO_HOSPITAL, agency, hospital, Fund.EMPLOYEE) == 0
    assert held(world, K.FUND_MONEY, agency, None, Fund.EMPLOYEE) == -1000
    assert held(world, K.OWN_MONEY, hospital) == 700
    assert world.faults() == []
    with world.read() as session:
        assert reconcile(session, concern=Concern(hospital_id=hospital)) == []
        line = session.query(GoodsPayable).one()
        receipt_line = session.get_one(InvoiceLine, line.invoice_line_id).receipt_line_id
        assert paid_on(session, [receipt_line]) == {receipt_line: date(2027, 4, 8)}


def test_the_reserve_bridges_what_the_fund_does_not_owe(ready):
    world = ready
    world.owe("200")
    world.fill("500")
    offset_id = world.set_off(world.month_id)
    with world.read() as session:
        offset = session.get_one(Offset, offset_id)
        assert (offset.from_employee, offset.from_reserve) == (Decimal(200), Decimal(100))
        assert (offset.to_hospital, offset.reserve_debt) == (Decimal(0), Decimal(100))
    world.pay(*world.instructions())
    assert held(world, K.RESERVE_MONEY, world.agency.id) == 400
    assert held(world, K.LENT_BY_RESERVE, world.agency.id, world.hospital.id) == 100
    # In the month after, what the fund owes refills the reserve first of the remainder.
    world.owe("150", Fund.RESIDENT, month=date(2027, 4, 1))
    second = world.set_off(world.month_id)
    with world.read() as session:
        offset = session.get_one(Offset, second)
        assert (offset.refilled, offset.to_hospital) == (Decimal(100), Decimal(50))
    assert held(world, K.RESERVE_MONEY, world.agency.id) == 500
    assert held(world, K.LENT_BY_RESERVE, world.agency.id, world.hospital.id) == 0
    assert world.faults() == []


def test_a_claim_waits_where_neither_fund_nor_reserve_suffices(ready):
    world = ready
    owed = (K.OWED_TO_HOSPITAL, world.agency.id, world.hospital.id, Fund.EMPLOYEE)
    world.owe("10")
    world.fill("20")
    # What the fund owes does not go to the hospital while the company waits for it.
    with pytest.raises(ClaimsWaitError) as refusal:
        world.set_off(world.month_id)
    assert (refusal.value.amount, held(world, *owed)) == (Decimal(300), Decimal(-10))
    assert world.instructions() == []
    assert status_of(world, world.claim_id) == ClaimStatus.RECONCILED
    world.owe("290", month=date(2027, 4, 1))
    world.set_off(world.month_id)
    world.pay(*world.instructions())
    assert status_of(world, world.claim_id) == ClaimStatus.PAID
    assert held(world, *owed) == 0
    assert world.faults() == []


def test_what_the_fund_owes_is_kept_for_claims_that_are_not_reconciled(ready):
    world = ready
    world.receive(5)
    second = world.claim(world.month_id)
    world.owe("400")
    offset_id = world.set_off(world.month_id)
    with world.read() as session:
        offset = session.get_one(Offset, offset_id)
        assert (offset.from_employee, offset.held, offset.to_hospital) == (300, 100, 0)
    with pytest.raises(ClaimsWaitError):
        world.set_off(world.month_id)
    world.reconcile(second)
    world.owe("60", month=date(2027, 4, 1))
    offset_id = world.set_off(world.month_id)
    with world.read() as session:
        offset = session.get_one(Offset, offset_id)
        assert (offset.from_employee, offset.held, offset.to_hospital) == (150, 0, 10)
    assert world.faults() == []


def test_what_the_fund_owes_is_kept_for_a_claim_of_another_month(ready):
    world = ready
    world.owe("10")
    with transaction(world.engine) as session:
        new = NewMonth(world.agency.id, date(2027, 4, 1), "direct-fujian-2017", PARAMETERS)
        april = open_month(session, new=new, actor=world.agency.actor, moment=APRIL_2).id
    with pytest.raises(ClaimsWaitError):
        world.set_off(april)


def test_without_the_order_of_the_funds_nothing_is_set_off(world):
    world.receive(10)
    month_id = world.month(parameters={"direct.refill": "after-goods"})
    world.reconcile(world.claim(month_id))
    with world.read() as session, pytest.raises(RuleMissingError) as refusal:
        plan_for(
            session,
            month=session.get_one(SettlementMonth, month_id),
            hospital_id=world.hospital.id,
        )
    assert refusal.value.key == "direct.fund_order"


def test_goods_are_claimed_once_and_not_before_the_month_is_over(world):
    world.receive(10)
    month_id = world.month()
    with pytest.raises(MonthNotOverError):
        world.claim(month_id, moment=world.moment)
    claim_id = world.claim(month_id)
    with pytest.raises(NothingLeftError):
        world.claim(month_id)
    with world.read() as session:
        goods_id = session.query(ClaimLine).filter_by(claim_id=claim_id).one().goods_id
    with pytest.raises(NotClaimableError):
        world.claim(month_id, goods_ids=[goods_id])
    with transaction(world.engine) as session:
        claim = session.get_one(Claim, claim_id)
        withdraw_claim(
            session,
            claim=claim,
            version=claim.version,
            reason="金额有误",
            actor=world.seller.actor,
            moment=APRIL_2,
        )
    assert world.claim(month_id, goods_ids=[goods_id]) != claim_id


def test_late_steps_are_done_and_shown_as_late(world):
    world.receive(10)
    month_id = world.month("direct-heilongjiang-2025")
    claim_id = world.claim(month_id, moment=APRIL_2 + timedelta(days=2))
    with transaction(world.engine) as session:
        claim = session.get_one(Claim, claim_id)
        advance(
            session,
            claim=claim,
            to=ClaimStatus.HOSPITAL_CHECKED,
            version=claim.version,
            actor=world.hospital.actor,
            moment=APRIL_2 + timedelta(days=3),
        )
    with world.read() as session:
        steps = session.query(ClaimStep).filter_by(claim_id=claim_id).order_by(ClaimStep.id)
        assert [(one.due_on, one.is_late) for one in steps] == [
            (date(2027, 4, 3), True),
            (date(2027, 4, 5), False),
        ]


def test_an_objection_stops_a_claim_until_it_is_settled(world):
    world.receive(10)
    world.receive(5)
    month_id = world.month()
    claim_id = world.claim(month_id)
    with transaction(world.engine) as session:
        claim = session.get_one(Claim, claim_id)
        line = session.query(ClaimLine).filter_by(claim_id=claim_id).order_by(ClaimLine.id)[1]
        objection = raise_objection(
            session,
            claim=claim,
            line_id=line.id,
            reason="未收到",
            actor=world.hospital.actor,
            moment=APRIL_2,
        ).id
    with pytest.raises(ObjectionOpenError):
        world.reconcile(claim_id, until=ClaimStatus.HOSPITAL_CHECKED)
    with transaction(world.engine) as session:
        row = session.get_one(ClaimObjection, objection)
        answer_objection(
            session, objection=row, answer="见签收单", actor=world.seller.actor, moment=APRIL_2
        )
        with pytest.raises(NotFoundForActorError):
            end_objection(
                session, objection=row, uphold=False, actor=world.seller.actor, moment=APRIL_2
            )
        end_objection(
            session, objection=row, uphold=True, actor=world.hospital.actor, moment=APRIL_2
        )
    world.reconcile(claim_id)
    with world.read() as session:
        assert session.get_one(Claim, claim_id).amount == 300
    # The line that left can be claimed again.
    assert status_of(world, world.claim(month_id)) == ClaimStatus.APPLIED


def test_two_persons_and_an_account_in_the_own_name_are_needed(world):
    world.receive(10)
    month_id = world.month()
    world.reconcile(world.claim(month_id))
    world.owe("300")
    world.set_off(month_id)
    (one,) = world.instructions()
    with pytest.raises(NoAccountError):
        world.confirm(one)
    world.account(world.seller)
    with transaction(world.engine) as session, pytest.raises(SamePersonError):
        row = session.get_one(PaymentInstruction, one)
        confirm_instruction(
            session,
            instruction=row,
            version=row.version,
            actor=world.agency.actor,
            moment=APRIL_2,
        )
    world.confirm(one)
    with world.read() as session:
        assert session.get_one(PaymentInstruction, one).number_tail is not None


def test_guangdong_pays_only_to_the_account_of_medical_insurance(world):
    world.receive(10)
    month_id = world.month("direct-guangdong-2025")
    world.reconcile(world.claim(month_id))
    world.owe("300")
    world.set_off(month_id)
    (one,) = world.instructions()
    world.account(world.seller)
    with pytest.raises(NoAccountError):
        world.confirm(one)
    world.account(world.seller, is_insurance=True, number="6217000000999999")
    world.confirm(one)
    with world.read() as session:
        assert session.get_one(PaymentInstruction, one).number_tail == "9999"


def test_a_returned_payment_is_posted_back_and_sent_again(ready):
    world = ready
    world.owe("300")
    world.set_off(world.month_id)
    (one,) = world.instructions()
    world.pay(one)
    seller = (world.hospital.id, world.seller.id)
    assert held(world, K.OWED_TO_SELLER, *seller) == 0
    world.bank(one, outcome=BankOutcome.RETURNED)
    assert held(world, K.OWED_TO_SELLER, *seller) == -300
    assert status_of(world, world.claim_id) == ClaimStatus.INSTRUCTED
    with world.read() as session:
        (fault,) = reconcile(session, concern=Concern(agency_id=world.agency.id))
        assert fault.kind == "returned"
    with transaction(world.engine) as session:
        row = session.get_one(PaymentInstruction, one)
        redraft_instruction(
            session,
            instruction=row,
            version=row.version,
            actor=world.agency.actor,
            moment=APRIL_2,
        )
    world.pay(one)
    assert held(world, K.OWED_TO_SELLER, *seller) == 0
    assert status_of(world, world.claim_id) == ClaimStatus.PAID
    assert world.faults() == []


def test_a_cancelled_instruction_gives_back_what_it_took(ready):
    world = ready
    world.owe("300")
    world.set_off(world.month_id)
    (one,) = world.instructions()
    with transaction(world.engine) as session:
        row = session.get_one(PaymentInstruction, one)
        cancel_instruction(
            session,
            instruction=row,
            version=row.version,
            actor=world.agency.actor,
            moment=APRIL_2,
        )
        with pytest.raises(WrongStateError):
            cancel_instruction(
                session,
                instruction=row,
                version=row.version,
                actor=world.agency.actor,
                moment=APRIL_2,
            )
    owed = (K.OWED_TO_HOSPITAL, world.agency.id, world.hospital.id, Fund.EMPLOYEE)
    assert held(world, *owed) == -300
    assert status_of(world, world.claim_id) == ClaimStatus.RECONCILED
    world.set_off(world.month_id)
    world.pay(*world.instructions())
    assert status_of(world, world.claim_id) == ClaimStatus.PAID
    assert len(world.instructions(InstructionStatus.CANCELLED)) == 1
    assert world.faults() == []


def test_fujian_settles_within_23_working_days_and_no_source_knows_interest(world):
    month_id = world.month()
    with world.read() as session:
        month = session.get_one(SettlementMonth, month_id)
        # Friday, 2 April 2027, and four weekends and a half later.
        assert whole_due_on(month, applied_on=date(2027, 4, 2)) == date(2027, 5, 5)
        assert interest_rule(month) is None


def test_the_month_belongs_to_the_agency_of_the_region(world):
    assert world.month()
    with world.read() as session:
        month = session.query(SettlementMonth).one()
        assert (month.month, month.agency_id) == (MARCH, world.agency.id)
