"""Instructions to pay by machine: reading, the second person's word, what the bank reports."""

from dataclasses import dataclass
from datetime import date

from litestar import get, post
from litestar.params import JSONBody

from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.at_edge import instruction_for, own_id, scope_for, written, yuan
from procurement.payments.bank_results import Reported, ReportedFile, record_results
from procurement.payments.instructions import (
    cancel_instruction,
    confirm_instruction,
    redraft_instruction,
)
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.reading.instructions import instructions_seen
from procurement.payments.returned_payments import post_set_aside
from procurement.payments.states import BankOutcome, InstructionStatus
from procurement.permissions import Action
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["payments"]
PATH = "/api/v1/payments/instructions"
RESULTS_MAX = 10_000
DIGEST_LENGTH, NAME_LENGTH_MAX, REFERENCE_LENGTH_MAX, REASON_LENGTH_MAX = 64, 200, 60, 300


@dataclass(frozen=True, slots=True)
class VersionBody:
    """The version of an instruction as it was read."""

    version: int


@dataclass(frozen=True, slots=True)
class ResultBody:
    """What a bank reports of one instruction.

    Attributes:
        number: Of the instruction, as it stood in the file for the bank.
        outcome: paid or returned.
        amount: Yuan, a decimal as text.
        on_date: Day of the payment, or of its return.
        reference: The bank's own number.
        reason: Why it was returned.
    """

    number: str
    outcome: str
    amount: str
    on_date: date
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResultsBody:
    """A bank's report.

    Attributes:
        name: Of the file, or of the message.
        digest: SHA-256 of it, 64 hexadecimal digits: the same twice is refused.
        results: What it says; all is recorded, or nothing.
    """

    name: str
    digest: str
    results: list[ResultBody]


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """A bank's report, as recorded: its id, and how many results it has."""

    id: int
    lines: int


@dataclass(frozen=True, slots=True)
class InstructionEntry:
    """An instruction to pay.

    Attributes:
        id: Names it in addresses.
        number: As the bank knows it: each export of the instruction has its own.
        kind: goods, remainder, prepayment, revolving or retained.
        agency_id: Who pays.
        payee_id: Whom.
        hospital_id: For which, or to which, hospital.
        subject: What it pays.
        amount: Yuan.
        employee: From the employee fund.
        resident: From the resident fund.
        reserve: From the reserve.
        status: drafted, confirmed, exported, paid, returned or cancelled.
        number_tail: Last digits of the account; null until it is confirmed.
        paid_on: As the bank reports; null until then.
        version: Counts changes.
    """

    id: int
    number: str
    kind: str
    agency_id: int
    payee_id: int
    hospital_id: int
    subject: str
    amount: str
    employee: str
    resident: str
    reserve: str
    status: str
    number_tail: str | None
    paid_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class InstructionPage:
    """Some instructions.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[InstructionEntry]
    next_cursor: str | None


def _entry(row: PaymentInstruction) -> InstructionEntry:
    return InstructionEntry(
        row.id,
        row.sent_as,
        row.kind,
        row.agency_id,
        row.payee_id,
        row.hospital_id,
        row.subject,
        written(row.amount),
        written(row.employee),
        written(row.resident),
        written(row.reserve),
        row.status,
        row.number_tail,
        row.paid_on,
        row.version,
    )


@get(PATH, tags=TAGS)
@reads
def list_instructions(
    visit: Visit, page_size: PageSize = 50, cursor: Cursor = None
) -> InstructionPage:
    """List the instructions that concern one (``?status=`` for one status)."""
    asked = visit.query.get("status", "")
    status = asked if asked in set(InstructionStatus) else ""
    found = paginate_by_key(
        visit.session,
        instructions_seen(scope_for(visit), status=status).order_by(None),
        key=PaymentInstruction.id,  # type: ignore[arg-type]
        cursor=cursor,
        size=page_size,
    )
    return InstructionPage([_entry(row) for row in found.rows], found.next_cursor)


@get(PATH + "/{instruction_id:int}", tags=TAGS)
@reads
def read_instruction(visit: Visit, instruction_id: RowId) -> InstructionEntry:
    """Read an instruction."""
    return _entry(instruction_for(visit, instruction_id, Action.READ_LEDGER))


@post(PATH + "/{instruction_id:int}/confirm", tags=TAGS, status_code=200)
@writes
def confirm(visit: Visit, instruction_id: RowId, data: JSONBody[VersionBody]) -> InstructionEntry:
    """Confirm an instruction, as the agency's second person."""
    row = confirm_instruction(
        visit.session,
        instruction=instruction_for(visit, instruction_id, Action.CONFIRM_PAYMENT),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(row)


@post(PATH + "/{instruction_id:int}/cancel", tags=TAGS, status_code=200)
@writes
def cancel(visit: Visit, instruction_id: RowId, data: JSONBody[VersionBody]) -> InstructionEntry:
    """Cancel an instruction that no bank has."""
    row = cancel_instruction(
        visit.session,
        instruction=instruction_for(visit, instruction_id, Action.INSTRUCT_PAYMENT),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(row)


@post(PATH + "/{instruction_id:int}/again", tags=TAGS, status_code=200)
@writes
def draft_again(
    visit: Visit, instruction_id: RowId, data: JSONBody[VersionBody]
) -> InstructionEntry:
    """Draft an instruction again that the bank returned."""
    row = redraft_instruction(
        visit.session,
        instruction=instruction_for(visit, instruction_id, Action.INSTRUCT_PAYMENT),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(row)


@post(PATH + "/{instruction_id:int}/post-back", tags=TAGS, status_code=200)
@writes
def post_back(visit: Visit, instruction_id: RowId, data: JSONBody[VersionBody]) -> InstructionEntry:
    """Post a return back that was set aside, as the money had been used."""
    row = post_set_aside(
        visit.session,
        instruction=instruction_for(visit, instruction_id, Action.INSTRUCT_PAYMENT),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(row)


@post("/api/v1/payments/bank-results", tags=TAGS, status_code=201)
@writes
def add_results(visit: Visit, data: JSONBody[ResultsBody]) -> RecordedEntry:
    """Record what the bank of one's agency reports: all of it, or nothing with all faults."""
    own = own_id(visit, Action.RECORD_BANK_RESULT)
    file = record_results(
        visit.session, agency_id=own, file=_file(data), actor=visit.actor, moment=visit.moment
    )
    return RecordedEntry(file.id, file.lines)


def _file(data: ResultsBody) -> ReportedFile:
    faults: list[FieldFault] = []
    digest = data.digest.lower()
    if len(digest) != DIGEST_LENGTH or not set(digest) <= set("0123456789abcdef"):
        said = "须为 64 位十六进制数。", "Expected 64 hexadecimal digits."
        faults.append(FieldFault("digest", *said))
    if not 0 < len(data.name) <= NAME_LENGTH_MAX:
        said = f"须为 1 至 {NAME_LENGTH_MAX} 字。", f"Expected 1 to {NAME_LENGTH_MAX} characters."
        faults.append(FieldFault("name", *said))
    if len(data.results) > RESULTS_MAX:
        said = f"至多 {RESULTS_MAX} 条。", f"Expected at most {RESULTS_MAX}."
        faults.append(FieldFault("results", *said))
    results: list[Reported] = []
    for number, one in enumerate(data.results[:RESULTS_MAX], start=1):
        try:
            results.append(_reported(number, one))
        except InvalidInputError as refusal:
            faults += refusal.faults
    if faults:
        raise InvalidInputError(faults)
    return ReportedFile(data.name, digest, results)


def _reported(number: int, one: ResultBody) -> Reported:
    field = f"results.{number}"
    if one.outcome not in set(BankOutcome):
        said = "须为 paid 或 returned。", "Expected paid or returned."
        raise InvalidInputError([FieldFault(field, *said)])
    return Reported(
        line=number,
        number=one.number,
        outcome=BankOutcome(one.outcome),
        amount=yuan(one.amount, field),
        on_date=one.on_date,
        reference=one.reference[:REFERENCE_LENGTH_MAX],
        reason=one.reason[:REASON_LENGTH_MAX],
    )


ROUTES = (
    list_instructions,
    read_instruction,
    confirm,
    cancel,
    draft_again,
    post_back,
    add_results,
)
