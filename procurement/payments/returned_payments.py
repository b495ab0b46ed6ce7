"""Payments that came back: posted back; set aside where what they had brought was used since.

Such a return is on record with the bank's words (a `BankResult` without a posting, while its
instruction still counts as paid), and the agency is told; it is posted back once that can be done.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import StaleError
from procurement.notices import notify
from procurement.payments.claim_states import claims_follow
from procurement.payments.errors import NothingLeftError
from procurement.payments.ledger import take_back
from procurement.payments.ledger_tables import LedgerPosting
from procurement.payments.paying_tables import BankResult, PaymentInstruction
from procurement.payments.states import BankOutcome, InstructionStatus
from procurement.permissions import Actor


def put_returned(instruction: PaymentInstruction) -> None:
    """Put an instruction into the status of one that was not paid."""
    instruction.status, instruction.paid_on = InstructionStatus.RETURNED, None
    instruction.version += 1


def post_return(
    session: Session,
    instruction: PaymentInstruction,
    *,
    memo: str,
    actor: Actor,
    moment: datetime,
) -> LedgerPosting | None:
    """Take the payment back, if it had been reported paid before.

    Raises:
        OverdrawnError: What it brought was used since; nothing was posted.
    """
    if instruction.status != InstructionStatus.PAID:
        return None
    last = session.scalars(
        select(LedgerPosting)
        .join(BankResult, BankResult.posting_id == LedgerPosting.id)
        .where(BankResult.instruction_id == instruction.id, BankResult.outcome == BankOutcome.PAID)
        .order_by(BankResult.id.desc())
        .limit(1)
    ).one()
    return take_back(session, posting=last, memo=memo, actor=actor, moment=moment)


def set_aside(session: Session, *, instruction: PaymentInstruction) -> BankResult | None:
    """Return what the bank said of a return that could not be posted back, if it waits for that."""
    if instruction.status != InstructionStatus.PAID:
        return None
    last = session.scalars(
        select(BankResult)
        .where(BankResult.instruction_id == instruction.id)
        .order_by(BankResult.id.desc())
        .limit(1)
    ).one_or_none()
    return last if last is not None and last.outcome == BankOutcome.RETURNED else None


def post_set_aside(
    session: Session,
    *,
    instruction: PaymentInstruction,
    version: int,
    actor: Actor,
    moment: datetime,
) -> PaymentInstruction:
    """Post a return back that was set aside, once the money that had been used is there again.

    Raises:
        StaleError: The instruction was changed since.
        NothingLeftError: No return of it was set aside.
        OverdrawnError: The money is not there yet.
    """
    session.refresh(instruction, with_for_update=True)
    if instruction.version != version:
        raise StaleError
    waiting = set_aside(session, instruction=instruction)
    if waiting is None:
        raise NothingLeftError
    post_return(session, instruction, memo=waiting.reason, actor=actor, moment=moment)
    put_returned(instruction)
    session.flush()
    claims_follow(session, instruction=instruction, moment=moment, note=waiting.reason)
    record(
        session,
        actor=actor,
        action="post-returned-payment",
        subject=f"instruction/{instruction.number}",
        facts={"result": str(waiting.id)},
        moment=moment,
    )
    return instruction


def tell_set_aside(session: Session, instruction: PaymentInstruction, moment: datetime) -> None:
    """Tell the agency that a return waits: it is on record, and not in the books."""
    number = instruction.sent_as
    notify(
        session,
        organisation_id=instruction.agency_id,
        zh=f"指令 {number} 被银行退回，但款项已被使用，暂未冲正：请查明后处理",
        en=f"Instruction {number} was returned by the bank, but its money was used: it is not "
        "posted back yet, see to it",
        link=f"/payments/instructions/{instruction.id}",
        moment=moment,
    )
