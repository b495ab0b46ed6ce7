"""Recording the bank's answer as a file: read it, and put it on record as a whole or not at all."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.bank_file.answer_csv import read_answer_csv
from procurement.payments.bank_file.answer_xml import read_answer_xml
from procurement.payments.bank_file.answers import FILE_BYTES_MAX, Answer, Outcome
from procurement.payments.bank_numbers import read_sent
from procurement.payments.bank_results import Reported, ReportedFile, record_results
from procurement.payments.states import BankOutcome
from procurement.payments.tables import BankResultFile, PaymentInstruction
from procurement.permissions import Actor

NAME_LENGTH_MAX = 200
BATCH = 500


def record_answer(
    session: Session, *, agency_id: int, name: str, content: bytes, actor: Actor, moment: datetime
) -> tuple[BankResultFile, int]:
    """Record what the bank answered.

    Args:
        session: Session of the caller's transaction.
        agency_id: Whose bank.
        name: Of the file, as it was sent.
        content: The file: CSV, or an ISO 20022 status report.
        actor: Of the agency.
        moment: Now, aware.

    Returns:
        What was recorded, and how many payments the bank has not finished: they are left alone.

    Raises:
        FileTwiceError: The same file was recorded before.
        InvalidInputError: With every fault of the file; nothing is recorded.
    """
    if len(content) > FILE_BYTES_MAX:
        most = FILE_BYTES_MAX // 1_000_000
        raise InvalidInputError(
            [FieldFault("file", f"文件超过 {most} MB。", f"The file has over {most} MB.")]
        )
    answers = read_answer(content)
    finished = [one for one in answers if one.outcome is not Outcome.PENDING]
    if not finished:
        raise InvalidInputError(
            [FieldFault("file", "银行尚未办结任何一笔。", "The bank has not finished any of it.")]
        )
    amounts = _amounts(session, agency_id, finished)
    file = ReportedFile(
        name=name[:NAME_LENGTH_MAX],
        digest=sha256(content).hexdigest(),
        results=[_reported(one, amounts) for one in finished],
    )
    try:
        stored = record_results(session, agency_id=agency_id, file=file, actor=actor, moment=moment)
    except InvalidInputError as refusal:
        raise InvalidInputError([_at_file(fault) for fault in refusal.faults]) from refusal
    return stored, len(answers) - len(finished)


def read_answer(content: bytes) -> list[Answer]:
    """Read a bank's answer, whichever of the two formats it has.

    Raises:
        InvalidInputError: With every fault of the file.
    """
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return read_answer_xml(content)
    return read_answer_csv(content)


def _amounts(session: Session, agency_id: int, answers: Sequence[Answer]) -> dict[str, Decimal]:
    """What was instructed under each number: a bank need not repeat the amount."""
    numbers = sorted({read_sent(one.number)[0] for one in answers if one.amount is None})
    found: dict[str, Decimal] = {}
    for start in range(0, len(numbers), BATCH):
        rows = session.execute(
            select(PaymentInstruction.number, PaymentInstruction.amount).where(
                PaymentInstruction.agency_id == agency_id,
                PaymentInstruction.number.in_(numbers[start : start + BATCH]),
            )
        )
        found |= {number: amount for number, amount in rows}
    return found


def _reported(answer: Answer, amounts: dict[str, Decimal]) -> Reported:
    amount = answer.amount
    if amount is None:
        amount = amounts.get(read_sent(answer.number)[0], Decimal(0))
    if answer.on is None:
        raise ValueError(f"line {answer.line} is finished and has no day")
    return Reported(
        line=answer.line,
        number=answer.number,
        outcome=BankOutcome(answer.outcome.value),
        amount=amount,
        on_date=answer.on,
        reference=answer.reference,
        reason=answer.reason,
    )


def _at_file(fault: FieldFault) -> FieldFault:
    """The same fault at the form's field: the page has no field for each line of a file."""
    place = "" if fault.field == "file" else f"{fault.field}: "
    return FieldFault("file", fault.zh, f"{place}{fault.en}")
