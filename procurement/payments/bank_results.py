"""What the bank reports of instructions: paid, or returned; each is posted.

A file is recorded as a whole or not at all: a result that does not fit refuses all of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.payments.claim_states import claims_follow
from procurement.payments.errors import FileTwiceError
from procurement.payments.instructions import sources_of
from procurement.payments.ledger import NewPosting, post, take_back
from procurement.payments.ledger_tables import LedgerPosting
from procurement.payments.paying_tables import BankResult, BankResultFile, PaymentInstruction
from procurement.payments.rules.events import Event, Payment, paid
from procurement.payments.states import (
    INSTRUCTION_NAMES,
    INSTRUCTION_TRANSITIONS,
    BankOutcome,
    InstructionKind,
    InstructionStatus,
)
from procurement.permissions import Actor


@dataclass(frozen=True, slots=True)
class Reported:
    """What a bank says of one instruction.

    Attributes:
        line: Line of its file.
        number: Of the instruction.
        outcome: Paid, or returned.
        amount: Yuan; as instructed.
        on_date: Day of the payment, or of its return.
        reference: The bank's own number.
        reason: Why it was returned; empty for a payment.
    """

    line: int
    number: str
    outcome: BankOutcome
    amount: Decimal
    on_date: date
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """A file of results: its name, the SHA-256 of its bytes, what it says."""

    name: str
    digest: str
    results: Sequence[Reported]


def record_results(
    session: Session, *, agency_id: int, file: ReportedFile, actor: Actor, moment: datetime
) -> BankResultFile:
    """Record what an agency's bank reports: payments are posted, returned ones are posted back.

    Args:
        session: Session of the caller's transaction.
        agency_id: Whose bank.
        file: What it reports.
        actor: Of the agency.
        moment: When, aware.

    Raises:
        FileTwiceError: The same file was recorded before.
        InvalidInputError: Results that do not fit what was instructed; all are named, and nothing
            is recorded.
    """
    same = select(BankResultFile.name).where(
        BankResultFile.agency_id == agency_id, BankResultFile.digest == file.digest
    )
    before = session.scalar(same)
    if before is not None:
        raise FileTwiceError(before)
    instructions = _instructions(session, agency_id, file.results)
    faults = list(_faults(file.results, instructions))
    if faults:
        raise InvalidInputError(faults)
    stored = BankResultFile(
        agency_id=agency_id,
        name=file.name,
        digest=file.digest,
        lines=len(file.results),
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(stored)
    session.flush()
    for result in file.results:
        _record(session, stored, result, instructions[result.number], actor)
    record(
        session,
        actor=actor,
        action="record-bank-results",
        subject=f"organisation/{agency_id}",
        facts={"file": file.name, "digest": file.digest, "lines": str(stored.lines)},
        moment=moment,
    )
    return stored


def _instructions(
    session: Session, agency_id: int, results: Sequence[Reported]
) -> dict[str, PaymentInstruction]:
    wanted = (
        select(PaymentInstruction)
        .where(
            PaymentInstruction.agency_id == agency_id,
            PaymentInstruction.number.in_({result.number for result in results}),
        )
        .order_by(PaymentInstruction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.number: one for one in session.scalars(wanted)}


def _faults(
    results: Sequence[Reported], instructions: Mapping[str, PaymentInstruction]
) -> Iterator[FieldFault]:
    seen: set[str] = set()
    if not results:
        yield FieldFault("file", "没有任何结果。", "There are no results in it.")
    for result in results:
        for zh, en in _fault_of(result, instructions.get(result.number), seen):
            place = f"line {result.line}"
            yield FieldFault(place, f"第 {result.line} 行：{zh}", en)
        seen.add(result.number)


def _fault_of(
    result: Reported, known: PaymentInstruction | None, seen: set[str]
) -> Iterator[tuple[str, str]]:
    if known is None:
        number = result.number
        yield f"没有编号为 {number} 的指令。", f"There is no instruction {number}."
        return
    if result.number in seen:
        yield f"指令 {result.number} 出现两次。", f"Instruction {result.number} stands twice."
        return
    if result.amount != known.amount:
        yield (
            f"金额 {result.amount} 与指令 {known.amount} 不符。",
            f"{result.amount} yuan, but {known.amount} was instructed.",
        )
    wanted = InstructionStatus(result.outcome.value)
    present = InstructionStatus(known.status)
    if wanted not in INSTRUCTION_TRANSITIONS[present]:
        zh, en = INSTRUCTION_NAMES[present]
        yield f"指令状态为“{zh}”，不能登记该结果。", f"The instruction is “{en}”."


def _record(
    session: Session,
    stored: BankResultFile,
    result: Reported,
    instruction: PaymentInstruction,
    actor: Actor,
) -> None:
    moment = stored.recorded_at
    if result.outcome is BankOutcome.PAID:
        posting: LedgerPosting | None = _post_payment(session, stored, result, instruction, actor)
        instruction.status, instruction.paid_on = InstructionStatus.PAID, result.on_date
    else:
        posting = _post_return(session, result, instruction, actor, moment)
        instruction.status, instruction.paid_on = InstructionStatus.RETURNED, None
    instruction.version += 1
    session.add(
        BankResult(
            file_id=stored.id,
            line=result.line,
            instruction_id=instruction.id,
            outcome=result.outcome,
            amount=result.amount,
            on_date=result.on_date,
            reference=result.reference,
            reason=result.reason,
            posting_id=None if posting is None else posting.id,
        )
    )
    session.flush()
    claims_follow(session, instruction=instruction, moment=moment, note=result.reason)
    _tell(session, instruction, result, moment)


def _post_payment(
    session: Session,
    stored: BankResultFile,
    result: Reported,
    instruction: PaymentInstruction,
    actor: Actor,
) -> LedgerPosting:
    payment = Payment(
        agency=instruction.agency_id,
        hospital=instruction.hospital_id,
        payee=instruction.payee_id,
        sources=sources_of(instruction),
        is_prepayment=instruction.kind == InstructionKind.PREPAYMENT,
    )
    new = NewPosting(
        kind=Event.PAID,
        key=f"{instruction.number}/paid/{stored.id}-{result.line}",
        subject=instruction.subject,
        entries=paid(payment),
        memo=f"{result.on_date.isoformat()} {result.reference}".strip(),
    )
    return post(session, new=new, actor=actor, moment=stored.recorded_at)


def _post_return(
    session: Session,
    result: Reported,
    instruction: PaymentInstruction,
    actor: Actor,
    moment: datetime,
) -> LedgerPosting | None:
    """Take the payment back, if it had been reported paid before."""
    if instruction.status != InstructionStatus.PAID:
        return None
    last = session.scalars(
        select(LedgerPosting)
        .join(BankResult, BankResult.posting_id == LedgerPosting.id)
        .where(BankResult.instruction_id == instruction.id, BankResult.outcome == BankOutcome.PAID)
        .order_by(BankResult.id.desc())
        .limit(1)
    ).one()
    return take_back(session, posting=last, memo=result.reason, actor=actor, moment=moment)


def _tell(
    session: Session, instruction: PaymentInstruction, result: Reported, moment: datetime
) -> None:
    is_paid = result.outcome is BankOutcome.PAID
    notify(
        session,
        organisation_id=instruction.payee_id if is_paid else instruction.agency_id,
        zh=f"指令 {instruction.number} {'已支付' if is_paid else '被银行退回'}",
        en=f"Instruction {instruction.number} was {'paid' if is_paid else 'returned by the bank'}",
        link=f"/payments/instructions/{instruction.id}",
        moment=moment,
    )
