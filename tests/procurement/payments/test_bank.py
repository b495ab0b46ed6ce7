"""Bank accounts, what banks report, what hospitals pay themselves, what funds owe."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.jobs import JobRun
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.bank_accounts import (
    AccountDetails,
    account_number,
    accounts_of,
    confirm_account,
    propose_account,
)
from procurement.payments.bank_results import Reported, ReportedFile, record_results
from procurement.payments.errors import (
    FileTwiceError,
    NotClaimableError,
    OtherHolderError,
    SamePersonError,
)
from procurement.payments.goods import open_goods, take_over_invoices
from procurement.payments.instructions import confirm_instruction, redraft_instruction
from procurement.payments.jobs import HANDLERS, TAKE_OVER_JOB
from procurement.payments.ledger import balance
from procurement.payments.own_payments import OwnPayment, record_own_payment
from procurement.payments.reconciliation import Concern, reconcile
from procurement.payments.rules.ledger import KeyReusedError, OverdrawnError
from procurement.payments.states import BankOutcome, InstructionStatus
from procurement.payments.tables import BankResult, FundPayable, PaymentInstruction
from procurement.payments.tasks import waiting_for
from procurement.settings import Settings
from tests.procurement.payments.world import APRIL_2, KEY

K = AccountKind


def propose(world, **facts):
    known = {
        "holder": world.seller.organisation.name,
        "bank": "中国银行",
        "number": "6217 0000 1234 5678",
        **facts,
    }
    with transaction(world.engine) as session:
        return propose_account(
            session,
            organisation_id=world.seller.id,
            details=AccountDetails(**known),
            secret_key=KEY,
            actor=world.seller.actor,
            moment=world.moment,
        ).id


def test_an_account_bears_the_own_name_and_another_person_confirms_it(world):
    with pytest.raises(OtherHolderError):
        propose(world, holder="别的公司")
    propose(world)
    with transaction(world.engine) as session:
        (account,) = accounts_of(session, organisation_id=world.seller.id)
        assert "6217" not in account.number_sealed
        assert account_number(account, secret_key=KEY) == "6217000012345678"
        with pytest.raises(SamePersonError):
            confirm_account(session, account=account, actor=world.seller.actor, moment=world.moment)
        second = world.second(world.seller)
        waiting = waiting_for(session, actor=second, moment=world.moment)
        assert [task.link for task in waiting] == ["/payments/accounts"]
        confirm_account(session, account=account, actor=second, moment=world.moment)


def test_all_that_is_wrong_with_an_account_is_said_at_once(world):
    with pytest.raises(InvalidInputError) as refusal:
        propose(world, bank=" ", number="12a", bank_code="1")
    assert {fault.field for fault in refusal.value.faults} == {"bank", "number", "bank_code"}


@pytest.fixture
def exported(world):
    """An instruction of 300 yuan in a file for the bank."""
    world.receive(10)
    world.account(world.seller)
    month = world.month()
    world.reconcile(world.claim(month))
    world.owe("300")
    world.set_off(month)
    (world.one,) = world.instructions()
    world.confirm(world.one)
    world.export(world.one)
    return world


def reported(world, *results, digest="a" * 64):
    with transaction(world.engine) as session:
        return record_results(
            session,
            agency_id=world.agency.id,
            file=ReportedFile("回单.csv", digest, results),
            actor=world.agency.actor,
            moment=APRIL_2,
        ).id


def result(world, line=2, **facts):
    with world.read() as session:
        number = session.get_one(PaymentInstruction, world.one).sent_as
    known = {
        "number": number,
        "outcome": BankOutcome.PAID,
        "amount": Decimal(300),
        "on_date": date(2027, 4, 8),
        **facts,
    }
    return Reported(line=line, **known)


def test_a_file_with_one_bad_line_records_nothing_and_lists_all_faults(exported):
    world = exported
    bad = (
        result(world),
        result(world, 3),
        result(world, 4, number="ZF0"),
        result(world, 5, number="ZF1", amount=Decimal(1)),
    )
    with pytest.raises(InvalidInputError) as refusal:
        reported(world, *bad)
    assert [fault.field for fault in refusal.value.faults] == ["line 3", "line 4", "line 5"]
    with pytest.raises(InvalidInputError) as refusal:
        reported(world, result(world, amount=Decimal("299.99")))
    assert "299.99" in str(refusal.value)
    assert world.instructions(InstructionStatus.EXPORTED) == [world.one]
    with world.read() as session:
        assert session.query(BankResult).count() == 0


def test_the_same_file_twice_is_refused(exported):
    world = exported
    reported(world, result(world))
    with pytest.raises(FileTwiceError):
        reported(world, result(world))
    # Neither is the same payment in another file.
    with pytest.raises(InvalidInputError):
        reported(world, result(world), digest="b" * 64)
    assert world.faults() == []


def test_a_stale_page_confirms_nothing(exported):
    world = exported
    with transaction(world.engine) as session, pytest.raises(StaleError):
        confirm_instruction(
            session,
            instruction=session.get_one(PaymentInstruction, world.one),
            version=1,
            actor=world.second(world.agency),
            moment=APRIL_2,
        )


def own(world, goods_ids, voucher="V1"):
    payment = OwnPayment(
        hospital_id=world.hospital.id,
        seller_id=world.seller.id,
        goods_ids=goods_ids,
        paid_on=world.orders.day,
        voucher=voucher,
    )
    with transaction(world.engine) as session:
        return record_own_payment(
            session, payment=payment, actor=world.hospital.actor, moment=world.orders.moment
        ).amount


def test_a_hospital_pays_itself_once(world):
    world.receive(10)
    with transaction(world.engine) as session:
        take_over_invoices(session, moment=world.orders.moment)
        ids = [one.goods.id for one in open_goods(session)]
    assert own(world, ids) == 300
    with pytest.raises(NotClaimableError):
        own(world, ids, "V2")
    with pytest.raises(KeyReusedError):
        own(world, ids)
    with world.read() as session:
        assert reconcile(session, concern=Concern(hospital_id=world.hospital.id)) == []
    assert world.faults() == []


def test_a_fund_payable_is_corrected_by_a_later_one_and_never_below_what_was_set_off(exported):
    world = exported
    world.owe("500")
    with world.read() as session:
        rows = session.query(FundPayable).order_by(FundPayable.revision)
        assert [(one.revision, one.amount) for one in rows] == [
            (1, Decimal(300)),
            (2, Decimal(500)),
        ]
    account = Account(K.OWED_TO_HOSPITAL, world.agency.id, world.hospital.id, Fund.EMPLOYEE)
    with world.read() as session:
        assert balance(session, account=account) == -200
    with pytest.raises(OverdrawnError):
        world.owe("299")
    world.owe("300")
    assert world.faults() == []


def test_the_daily_job_takes_over_what_was_matched(world):
    world.receive(10)
    with world.read() as session:
        assert open_goods(session) == []
    moment = world.orders.moment
    settings = Settings(Path(), str(world.engine.url))
    for _ in range(2):
        HANDLERS[TAKE_OVER_JOB](JobRun(1, {}, world.engine, settings, lambda: moment))
    with world.read() as session:
        assert [one.left for one in open_goods(session)] == [Decimal(300)]


def sent_again(world):
    """The bank returns the instruction; it is drafted, confirmed and exported anew."""
    world.bank(world.one, outcome=BankOutcome.RETURNED)
    redraft(world)
    world.confirm(world.one)
    world.export(world.one)


def redraft(world):
    with transaction(world.engine) as session:
        row = session.get_one(PaymentInstruction, world.one)
        redraft_instruction(
            session,
            instruction=row,
            version=row.version,
            actor=world.agency.actor,
            moment=APRIL_2,
        )


def test_an_answer_to_an_earlier_export_is_not_taken_for_one_to_a_later(exported):
    world = exported
    old = result(world, reference="R1")
    sent_again(world)
    assert result(world).number == f"{old.number}-2"
    for late in (
        old,
        # As it stands in no file.
        replace(old, number=f"{old.number}-1"),
        replace(old, number=f"{old.number}-3"),
        # Before it was exported, or with what the bank called the earlier payment.
        result(world, on_date=date(2027, 4, 1)),
        result(world, reference=f"B{old.number}"),
    ):
        with pytest.raises(InvalidInputError):
            reported(world, late)
    assert world.instructions(InstructionStatus.EXPORTED) == [world.one]
    reported(world, result(world, reference="R2"))
    assert world.instructions(InstructionStatus.PAID) == [world.one]
    assert world.faults() == []


def test_what_a_cumulative_answer_repeats_is_left_out(exported):
    world = exported
    paid_one = result(world, reference="R1")
    reported(world, paid_one)
    back = result(
        world,
        3,
        outcome=BankOutcome.RETURNED,
        on_date=date(2027, 4, 9),
        reference="R2",
        reason="销户",
    )
    reported(world, paid_one, back, digest="b" * 64)
    assert world.instructions(InstructionStatus.RETURNED) == [world.one]
    redraft(world)
    world.confirm(world.one)
    world.export(world.one)
    new = result(world, 4, reference="R3")
    reported(world, paid_one, back, new, digest="c" * 64)
    assert world.instructions(InstructionStatus.PAID) == [world.one]
    with world.read() as session:
        assert [one.export for one in session.query(BankResult).order_by(BankResult.id)] == [
            1,
            1,
            2,
        ]
    assert world.faults() == []


def test_one_answer_may_say_that_it_was_paid_and_came_back(exported):
    world = exported
    back = result(world, 3, outcome=BankOutcome.RETURNED, reason="销户")
    with pytest.raises(InvalidInputError):
        reported(world, back, result(world, 4))
    reported(world, result(world), back)
    assert world.instructions(InstructionStatus.RETURNED) == [world.one]
    assert world.faults() == []


def test_a_confirmed_instruction_is_drafted_again_without_its_account(world):
    world.receive(10)
    world.account(world.seller)
    month = world.month()
    world.reconcile(world.claim(month))
    world.owe("300")
    world.set_off(month)
    (world.one,) = world.instructions()
    world.confirm(world.one)
    redraft(world)
    with world.read() as session:
        row = session.get_one(PaymentInstruction, world.one)
        assert (row.number_tail, row.number_sealed, row.confirmed_by) == (None, None, None)
    world.pay(world.one)
    assert world.faults() == []
