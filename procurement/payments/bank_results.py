"""What the bank reports of instructions: paid, or returned; each is posted.

A file is recorded as a whole or not at all: a result that does not fit refuses all of it. Banks'
answers may be cumulative: what was recorded before is left out. Each export of an instruction has
its own number, so that an answer to an earlier one is never taken for one to a later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.payments.bank_numbers import read_sent
from procurement.payments.claim_states import claims_follow
from procurement.payments.errors import FileTwiceError
from procurement.payments.instructions import sources_of
from procurement.payments.ledger import NewPosting, post
from procurement.payments.ledger_tables import LedgerPosting
from procurement.payments.paying_tables import BankResult, BankResultFile, PaymentInstruction
from procurement.payments.returned_payments import post_return, put_returned, tell_set_aside
from procurement.payments.rules.events import Event, Payment, paid
from procurement.payments.rules.ledger import OverdrawnError
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
        number: Of the instruction, as it was exported (`PaymentInstruction.sent_as`).
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
    results = _new_ones(session, file.results, instructions)
    faults = list(_faults(results, instructions, _references(session, instructions)))
    if faults:
        raise InvalidInputError(faults)
    stored = BankResultFile(
        agency_id=agency_id,
        name=file.name,
        digest=file.digest,
        lines=len(results),
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(stored)
    session.flush()
    for result in results:
        _record(session, stored, result, instructions[_known(result)], actor)
    record(
        session,
        actor=actor,
        action="record-bank-results",
        subject=f"organisation/{agency_id}",
        facts={"file": file.name, "digest": file.digest, "lines": str(stored.lines)},
        moment=moment,
    )
    return stored


def _known(result: Reported) -> str:
    """The number of the instruction of which a bank speaks."""
    return read_sent(result.number)[0]


def _instructions(
    session: Session, agency_id: int, results: Sequence[Reported]
) -> dict[str, PaymentInstruction]:
    wanted = (
        select(PaymentInstruction)
        .where(
            PaymentInstruction.agency_id == agency_id,
            PaymentInstruction.number.in_({_known(result) for result in results}),
        )
        .order_by(PaymentInstruction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.number: one for one in session.scalars(wanted)}


def _new_ones(
    session: Session,
    results: Sequence[Reported],
    instructions: Mapping[str, PaymentInstruction],
) -> list[Reported]:
    """What was not recorded before, word by word, of the same export."""
    ids = [one.id for one in instructions.values()]
    before = {
        (one.instruction_id, one.export, one.outcome, one.amount, one.on_date, one.reference)
        for one in session.scalars(select(BankResult).where(BankResult.instruction_id.in_(ids)))
    }

    def is_repeat(result: Reported) -> bool:
        number, export = read_sent(result.number)
        if number not in instructions:
            return False
        said = (result.outcome, result.amount, result.on_date, result.reference)
        return (instructions[number].id, export, *said) in before

    new = [result for result in results if not is_repeat(result)]
    if results and not new:
        said = "其中的结果都已登记过。", "All of its results were recorded before."
        raise InvalidInputError([FieldFault("file", *said)])
    return new


def _references(
    session: Session, instructions: Mapping[str, PaymentInstruction]
) -> dict[tuple[int, str], int]:
    """Which export of an instruction a bank's own number belongs to."""
    ids = [one.id for one in instructions.values()]
    rows = session.execute(
        select(BankResult.instruction_id, BankResult.reference, BankResult.export).where(
            BankResult.instruction_id.in_(ids), BankResult.reference != ""
        )
    )
    return {(instruction_id, reference): export for instruction_id, reference, export in rows}


def _faults(
    results: Sequence[Reported],
    instructions: Mapping[str, PaymentInstruction],
    references: Mapping[tuple[int, str], int],
) -> Iterator[FieldFault]:
    # A payment that came back may stand in one file twice: paid, then returned.
    seen: dict[str, BankOutcome] = {}
    if not results:
        yield FieldFault("file", "没有任何结果。", "There are no results in it.")
    for result in results:
        for zh, en in _fault_of(result, instructions.get(_known(result)), seen, references):
            place = f"line {result.line}"
            yield FieldFault(place, f"第 {result.line} 行：{zh}", en)
        seen[result.number] = result.outcome


def _fault_of(
    result: Reported,
    known: PaymentInstruction | None,
    seen: Mapping[str, BankOutcome],
    references: Mapping[tuple[int, str], int],
) -> Iterator[tuple[str, str]]:
    if known is None:
        number = result.number
        yield f"没有编号为 {number} 的指令。", f"There is no instruction {number}."
        return
    before = seen.get(result.number)
    if before is result.outcome:
        yield f"指令 {result.number} 出现两次。", f"Instruction {result.number} stands twice."
        return
    if result.number != known.sent_as:
        yield (
            f"{result.number} 不是该指令最近一次导出的编号（{known.sent_as}）；"
            "请先向银行查明这笔款项是否已经支付。",
            f"{result.number} is not the number of the instruction's last export "
            f"({known.sent_as}): first find out at the bank whether that payment was made.",
        )
        return
    present = known.status if before is None else before.value
    yield from _amount_and_state(result, known, InstructionStatus(present))
    yield from _of_another_export(result, known, references)


def _amount_and_state(
    result: Reported, known: PaymentInstruction, present: InstructionStatus
) -> Iterator[tuple[str, str]]:
    if result.amount != known.amount:
        yield (
            f"金额 {result.amount} 与指令 {known.amount} 不符。",
            f"{result.amount} yuan, but {known.amount} was instructed.",
        )
    wanted = InstructionStatus(result.outcome.value)
    if wanted not in INSTRUCTION_TRANSITIONS[present]:
        zh, en = INSTRUCTION_NAMES[present]
        yield f"指令状态为“{zh}”，不能登记该结果。", f"The instruction is “{en}”."


def _of_another_export(
    result: Reported, known: PaymentInstruction, references: Mapping[tuple[int, str], int]
) -> Iterator[tuple[str, str]]:
    exported_on = None if known.exported_at is None else day_in_china(known.exported_at)
    if exported_on is not None and result.on_date < exported_on:
        yield (
            f"日期 {result.on_date} 早于导出日 {exported_on}。",
            f"{result.on_date} is before the day of the export, {exported_on}.",
        )
    export = references.get((known.id, result.reference), known.exports)
    if export != known.exports:
        yield (
            f"银行流水号 {result.reference} 属于该指令第 {export} 次导出。",
            f"The bank's number {result.reference} belongs to export {export} of it.",
        )


def _record(
    session: Session,
    stored: BankResultFile,
    result: Reported,
    instruction: PaymentInstruction,
    actor: Actor,
) -> None:
    moment = stored.recorded_at
    posting: LedgerPosting | None = None
    is_set_aside = False
    if result.outcome is BankOutcome.PAID:
        posting = _post_payment(session, stored, result, instruction, actor)
        instruction.status, instruction.paid_on = InstructionStatus.PAID, result.on_date
        instruction.version += 1
    else:
        try:
            posting = post_return(
                session, instruction, memo=result.reason, actor=actor, moment=moment
            )
        except OverdrawnError:
            is_set_aside = True
        else:
            put_returned(instruction)
    session.add(
        BankResult(
            file_id=stored.id,
            line=result.line,
            instruction_id=instruction.id,
            export=instruction.exports,
            outcome=result.outcome,
            amount=result.amount,
            on_date=result.on_date,
            reference=result.reference,
            reason=result.reason,
            posting_id=None if posting is None else posting.id,
        )
    )
    session.flush()
    if is_set_aside:
        tell_set_aside(session, instruction, moment)
        return
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
