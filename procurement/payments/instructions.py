"""Instructions to pay: drafted by one person of the agency, confirmed by another.

Drafting takes the amount out of what is owed, at once: nothing can be spent twice. This system
pays nothing; the bank does, and reports back (`procurement.payments.bank_results`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import StaleError
from procurement.payments.bank_accounts import usable_account
from procurement.payments.claim_states import claims_follow
from procurement.payments.errors import NothingLeftError, SamePersonError
from procurement.payments.ledger import NewPosting, post, take_back
from procurement.payments.ledger_tables import LedgerPosting
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.rules.events import (
    Event,
    Sources,
    goods_instructed,
    prepayment_instructed,
    remainder_instructed,
    retained_instructed,
    revolving_instructed,
)
from procurement.payments.rules.ledger import Entry, KeyReusedError
from procurement.payments.states import InstructionKind, InstructionStatus, check_instruction
from procurement.permissions import Actor

_S = InstructionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be paid.

    Attributes:
        kind: What for.
        key: Names it: it is instructed once.
        agency_id: Who pays.
        payee_id: Who gets it.
        hospital_id: For which, or to which, hospital.
        subject: What it is about, such as ``claim/3``.
        sources: Of which money.
        insurance_account: Only the account registered with medical insurance will do.
    """

    kind: InstructionKind
    key: str
    agency_id: int
    payee_id: int
    hospital_id: int
    subject: str
    sources: Sources
    insurance_account: bool = False


_EVENTS: Mapping[InstructionKind, Event] = {
    InstructionKind.GOODS: Event.GOODS_INSTRUCTED,
    InstructionKind.REMAINDER: Event.REMAINDER_INSTRUCTED,
    InstructionKind.PREPAYMENT: Event.PREPAYMENT_INSTRUCTED,
    InstructionKind.REVOLVING: Event.REVOLVING_INSTRUCTED,
    InstructionKind.RETAINED: Event.RETAINED_INSTRUCTED,
}

_ENTRIES: Mapping[InstructionKind, Callable[[Draft], tuple[Entry, ...]]] = {
    InstructionKind.GOODS: lambda draft: goods_instructed(
        draft.agency_id, draft.hospital_id, draft.payee_id, draft.sources
    ),
    InstructionKind.REMAINDER: lambda draft: remainder_instructed(
        draft.agency_id, draft.hospital_id, draft.sources
    ),
    InstructionKind.PREPAYMENT: lambda draft: prepayment_instructed(
        draft.agency_id, draft.hospital_id, draft.payee_id, draft.sources
    ),
    InstructionKind.REVOLVING: lambda draft: revolving_instructed(
        draft.agency_id, draft.hospital_id, draft.sources
    ),
    InstructionKind.RETAINED: lambda draft: retained_instructed(
        draft.agency_id, draft.hospital_id, draft.sources
    ),
}


def draft_instruction(
    session: Session, *, draft: Draft, actor: Actor, moment: datetime
) -> PaymentInstruction:
    """Draft an instruction; one that exists under its key is returned, and nothing drafted.

    Args:
        session: Session of the caller's transaction.
        draft: What is to be paid.
        actor: Of the agency.
        moment: When, aware.

    Raises:
        KeyReusedError: Something else was instructed under the key.
        NothingLeftError: It comes to nothing.
        OverdrawnError: A fund owes the hospital less.
    """
    known = instruction_with(session, key=draft.key)
    if known is not None:
        if not _is_same(known, draft):
            raise KeyReusedError(draft.key)
        return known
    if draft.sources.amount <= 0:
        raise NothingLeftError
    new = NewPosting(
        kind=_EVENTS[draft.kind],
        key=f"{draft.key}/instructed",
        subject=draft.subject,
        entries=_ENTRIES[draft.kind](draft),
    )
    posting = post(session, new=new, actor=actor, moment=moment)
    instruction = PaymentInstruction(
        key=draft.key,
        number=f"ZF{day_in_china(moment):%Y%m%d}{posting.id:07d}",
        kind=draft.kind,
        agency_id=draft.agency_id,
        payee_id=draft.payee_id,
        hospital_id=draft.hospital_id,
        subject=draft.subject,
        amount=draft.sources.amount,
        employee=draft.sources.employee,
        resident=draft.sources.resident,
        reserve=draft.sources.reserve,
        insurance_account=draft.insurance_account,
        status=_S.DRAFTED,
        posting_id=posting.id,
        drafted_by=actor.person_id,
        drafted_at=moment,
    )
    session.add(instruction)
    session.flush()
    _note(session, actor, "draft-instruction", instruction, moment)
    return instruction


def instruction_with(session: Session, *, key: str) -> PaymentInstruction | None:
    """Return what was instructed under a key, if anything was."""
    return session.scalars(
        select(PaymentInstruction).where(PaymentInstruction.key == key)
    ).one_or_none()


def sources_of(instruction: PaymentInstruction) -> Sources:
    """Of which money an instruction is paid."""
    return Sources(instruction.employee, instruction.resident, instruction.reserve)


def _is_same(known: PaymentInstruction, draft: Draft) -> bool:
    return (
        known.kind == draft.kind
        and sources_of(known) == draft.sources
        and (known.agency_id, known.payee_id, known.hospital_id)
        == (draft.agency_id, draft.payee_id, draft.hospital_id)
    )


def confirm_instruction(
    session: Session,
    *,
    instruction: PaymentInstruction,
    version: int,
    actor: Actor,
    moment: datetime,
) -> PaymentInstruction:
    """Confirm an instruction as the second person; the payee's account is kept in it.

    Raises:
        SamePersonError: The actor drafted it.
        StaleError: It was changed since.
        WrongStateError: It is not waiting for that.
        NoAccountError: The payee has no confirmed account in its own name.
    """
    _lock(session, instruction, version)
    check_instruction(_S(instruction.status), _S.CONFIRMED)
    if actor.person_id is None or actor.person_id == instruction.drafted_by:
        raise SamePersonError
    account = usable_account(
        session, organisation_id=instruction.payee_id, insurance=instruction.insurance_account
    )
    instruction.bank_account_id = account.id
    instruction.holder, instruction.bank = account.holder, account.bank
    instruction.bank_code = account.bank_code
    instruction.number_sealed, instruction.number_tail = account.number_sealed, account.number_tail
    instruction.confirmed_by, instruction.confirmed_at = actor.person_id, moment
    _set(session, instruction, _S.CONFIRMED)
    _note(session, actor, "confirm-instruction", instruction, moment)
    return instruction


def cancel_instruction(
    session: Session,
    *,
    instruction: PaymentInstruction,
    version: int,
    actor: Actor,
    moment: datetime,
) -> PaymentInstruction:
    """Cancel an instruction that no bank has: what was taken out of what is owed goes back.

    Raises:
        StaleError: It was changed since.
        WrongStateError: It was exported or paid, or is cancelled.
        OverdrawnError: What it brought was used since: the hospital repaid the reserve.
    """
    _lock(session, instruction, version)
    check_instruction(_S(instruction.status), _S.CANCELLED)
    posting = session.get_one(LedgerPosting, instruction.posting_id)
    take_back(session, posting=posting, memo="cancelled", actor=actor, moment=moment)
    _set(session, instruction, _S.CANCELLED)
    claims_follow(session, instruction=instruction, moment=moment)
    _note(session, actor, "cancel-instruction", instruction, moment)
    return instruction


def redraft_instruction(
    session: Session,
    *,
    instruction: PaymentInstruction,
    version: int,
    actor: Actor,
    moment: datetime,
) -> PaymentInstruction:
    """Draft an instruction again: it is confirmed and exported anew.

    Either the bank returned it, or it is confirmed and no bank has it: its payee's account changed.

    Raises:
        StaleError: It was changed since.
        WrongStateError: The bank has it or has paid it, or it was cancelled.
    """
    _lock(session, instruction, version)
    check_instruction(_S(instruction.status), _S.DRAFTED)
    instruction.drafted_by, instruction.drafted_at = actor.person_id, moment
    instruction.confirmed_by = instruction.confirmed_at = instruction.exported_at = None
    instruction.bank_account_id = instruction.number_sealed = instruction.number_tail = None
    instruction.holder = instruction.bank = instruction.bank_code = None
    _set(session, instruction, _S.DRAFTED)
    _note(session, actor, "redraft-instruction", instruction, moment)
    return instruction


def mark_exported(
    session: Session, *, instructions: Sequence[PaymentInstruction], moment: datetime
) -> None:
    """Note that instructions stand in a file for the bank, each under a number of this export.

    Raises:
        WrongStateError: One of them is not confirmed.
    """
    for instruction in instructions:
        check_instruction(_S(instruction.status), _S.EXPORTED)
        instruction.exported_at = moment
        instruction.exports += 1
        _set(session, instruction, _S.EXPORTED)


def _lock(session: Session, instruction: PaymentInstruction, version: int) -> None:
    session.refresh(instruction, with_for_update=True)
    if instruction.version != version:
        raise StaleError


def _set(session: Session, instruction: PaymentInstruction, status: InstructionStatus) -> None:
    instruction.status = status
    instruction.version += 1
    session.flush()


def _note(
    session: Session,
    actor: Actor,
    action: str,
    instruction: PaymentInstruction,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"instruction/{instruction.number}",
        facts={"kind": instruction.kind, "payee": str(instruction.payee_id)},
        moment=moment,
    )
