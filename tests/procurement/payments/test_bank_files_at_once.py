"""Files for the bank against closed accounts and withdrawals: nothing goes where it must not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from procurement.accounts.tables import Organisation
from procurement.database import transaction
from procurement.errors import InvalidInputError, RefusedError
from procurement.payments.bank_accounts import close_account
from procurement.payments.bank_file.exporting import Wanted, export_bank_file, hand_out
from procurement.payments.bank_file.recording import record_answer
from procurement.payments.bank_file.tables import BankFile, BankFileLine, BankFormat
from procurement.payments.bank_file.withdrawing import (
    AnsweredError,
    WithdrawnError,
    withdraw_bank_file,
)
from procurement.payments.errors import SamePersonError
from procurement.payments.instructions import redraft_instruction
from procurement.payments.states import ClaimStatus, InstructionStatus
from procurement.payments.tables import BankAccount, Claim, PaymentInstruction
from tests.procurement.payments.world import APRIL_2, KEY


@pytest.fixture
def confirmed(world):
    """A confirmed instruction of 300 yuan for the seller; `payee` is its account."""
    world.payee, world.payer = world.account(world.seller), world.account(world.agency)
    world.receive(10)
    month = world.month()
    world.claimed = world.claim(month)
    world.reconcile(world.claimed)
    world.owe("300")
    world.set_off(month)
    (world.one,) = world.instructions()
    world.confirm(world.one)
    return world


def export(world):
    with transaction(world.engine) as session:
        wanted = Wanted([world.one], world.payer, BankFormat.CSV, date(2027, 4, 8))
        return export_bank_file(
            session,
            agency_id=world.agency.id,
            wanted=wanted,
            key=KEY,
            actor=world.agency.actor,
            moment=APRIL_2,
        ).id


def close(world):
    with transaction(world.engine) as session:
        account = session.get_one(BankAccount, world.payee)
        close_account(session, account=account, actor=world.seller.actor, moment=APRIL_2)


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


def withdraw(world, file, actor=None, reason="银行未受理"):
    with transaction(world.engine) as session:
        withdraw_bank_file(
            session,
            file=session.get_one(BankFile, file),
            reason=reason,
            actor=actor or world.second(world.agency),
            moment=APRIL_2,
        )


def answer(world, number, outcome="成功"):
    with transaction(world.engine) as session:
        text = f"指令编号,结果,日期\n{number},{outcome},2027-04-08\n"
        record_answer(
            session,
            agency_id=world.agency.id,
            name="回单.csv",
            content=text.encode(),
            actor=world.agency.actor,
            moment=APRIL_2,
        )


def sent_as(world):
    with world.read() as session:
        return session.get_one(PaymentInstruction, world.one).sent_as


def test_an_account_that_was_closed_after_the_second_person_is_not_paid(confirmed):
    world = confirmed
    close(world)
    with pytest.raises(InvalidInputError) as refusal:
        export(world)
    assert sent_as(world) in str(refusal.value)
    assert world.instructions(InstructionStatus.CONFIRMED) == [world.one]
    redraft(world)
    world.account(world.seller, number="6217000000888888")
    world.confirm(world.one)
    export(world)
    assert world.instructions(InstructionStatus.EXPORTED) == [world.one]


def test_a_payee_that_was_renamed_is_not_paid_under_its_old_name(confirmed):
    world = confirmed
    with transaction(world.engine) as session:
        session.get_one(Organisation, world.seller.id).name = "另一家医药公司"
    with pytest.raises(InvalidInputError) as refusal:
        export(world)
    assert "另一家医药公司" in refusal.value.faults[0].zh


def test_closing_and_exporting_at_the_same_time_come_one_after_the_other(confirmed):
    world, start = confirmed, Barrier(2)

    def run(act):
        start.wait()
        try:
            act(world)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        closed, exported = pool.map(run, (close, export))
    assert closed
    with world.read() as session:
        assert (session.query(BankFile).count() == 1) is exported


def test_a_second_person_withdraws_a_file_that_the_bank_never_took(confirmed):
    world = confirmed
    file, first = export(world), sent_as(world)
    for actor, reason, refusal in (
        (world.agency.actor, "银行未受理", SamePersonError),
        (None, " ", InvalidInputError),
        (None, "x" * 301, InvalidInputError),
    ):
        with pytest.raises(refusal):
            withdraw(world, file, actor, reason)
    withdraw(world, file)
    assert world.instructions(InstructionStatus.RETURNED) == [world.one]
    with pytest.raises(WithdrawnError):
        withdraw(world, file)
    with transaction(world.engine) as session, pytest.raises(WithdrawnError):
        row = session.get_one(BankFile, file)
        hand_out(session, file=row, again=True, key=KEY, actor=world.agency.actor, moment=APRIL_2)
    # An answer to the withdrawn file changes nothing, before and after the next export.
    with pytest.raises(InvalidInputError):
        answer(world, first)
    redraft(world)
    world.confirm(world.one)
    export(world)
    with pytest.raises(InvalidInputError):
        answer(world, first)
    answer(world, f"{first}-2")
    with world.read() as session:
        assert session.get_one(Claim, world.claimed).status == ClaimStatus.PAID
        sent = session.query(BankFileLine).order_by(BankFileLine.id)
        assert [one.sent_as for one in sent] == [first, f"{first}-2"]
    assert world.faults() == []


def test_a_file_for_which_the_bank_answered_is_not_withdrawn(confirmed):
    world = confirmed
    file = export(world)
    answer(world, sent_as(world), "退回")
    with pytest.raises(AnsweredError):
        withdraw(world, file)
    redraft(world)
    world.confirm(world.one)
    export(world)
    # Its instruction stands in a later file now.
    with pytest.raises(AnsweredError):
        withdraw(world, file)
