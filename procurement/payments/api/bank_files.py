"""Files for the bank by machine: exporting confirmed instructions, handing a file out."""

from dataclasses import dataclass
from datetime import date, datetime

from litestar import Response, get, post
from litestar.params import JSONBody

from procurement.agreements.at_edge import file_answer
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.at_edge import known_id, own_id, scope_for, written
from procurement.payments.bank_file import csv_file, pain_001
from procurement.payments.bank_file.exporting import Wanted, export_bank_file, hand_out
from procurement.payments.bank_file.tables import BankFile, BankFormat
from procurement.payments.bank_file.withdrawing import withdraw_bank_file
from procurement.payments.reading.instructions import bank_files_seen, find_bank_file
from procurement.payments.reading.scope import Scope
from procurement.payments.subjects import bank_file_subject
from procurement.permissions import Action, NotPermittedError
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["payments"]
PATH = "/api/v1/payments/bank-files"
MEDIA_TYPES = {BankFormat.CSV: csv_file.MEDIA_TYPE, BankFormat.XML: pain_001.MEDIA_TYPE}


@dataclass(frozen=True, slots=True)
class ExportBody:
    """What is to be exported.

    Attributes:
        instruction_ids: Confirmed instructions; each is exported once.
        account_id: Confirmed account of the agency, from which it is paid.
        format: csv or xml (ISO 20022, pain.001.001.09).
        pay_on: Day on which the bank is to pay.
    """

    instruction_ids: list[int]
    account_id: int
    format: str
    pay_on: date


@dataclass(frozen=True, slots=True)
class HandOutBody:
    """Whether one knows that a file was handed out before."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawBody:
    """How it is known that the bank pays nothing of a file."""

    reason: str


@dataclass(frozen=True, slots=True)
class BankFileEntry:
    """A file for the bank.

    Attributes:
        id: Names it in addresses.
        number: As it stands in the file.
        agency_id: Whose.
        format: csv or xml.
        pay_on: Day on which the bank is asked to pay.
        transfers: How many.
        total: Yuan.
        digest: SHA-256 of the file.
        exported_at: When it was made.
    """

    id: int
    number: str
    agency_id: int
    format: str
    pay_on: date
    transfers: int
    total: str
    digest: str
    exported_at: datetime


@dataclass(frozen=True, slots=True)
class BankFilePage:
    """Some files.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[BankFileEntry]
    next_cursor: str | None


def _entry(file: BankFile) -> BankFileEntry:
    return BankFileEntry(
        file.id,
        file.number,
        file.agency_id,
        file.format,
        file.pay_on,
        file.transfers,
        written(file.total),
        file.digest,
        file.exported_at,
    )


def _scope(visit: Visit) -> Scope:
    scope = scope_for(visit)
    if not scope.is_regional:
        raise NotPermittedError(Action.INSTRUCT_PAYMENT)
    return scope


def _key(visit: Visit) -> bytes:
    key = visit.settings.secret_key
    if key is None:
        raise ValueError("the settings have no secret key: see with_installation_key")
    return key


@get(PATH, tags=TAGS)
@reads
def list_bank_files(visit: Visit, page_size: PageSize = 50, cursor: Cursor = None) -> BankFilePage:
    """List the files of one's agency, or of the agencies of a bureau's region."""
    found = paginate_by_key(
        visit.session,
        bank_files_seen(_scope(visit)).order_by(None),
        key=BankFile.id,  # type: ignore[arg-type]
        cursor=cursor,
        size=page_size,
    )
    return BankFilePage([_entry(row) for row in found.rows], found.next_cursor)


@post(PATH, tags=TAGS, status_code=201)
@writes
def add_bank_file(visit: Visit, data: JSONBody[ExportBody]) -> BankFileEntry:
    """Write confirmed instructions of one's agency into a file; they count as exported."""
    own = own_id(visit, Action.INSTRUCT_PAYMENT)
    if data.format not in set(BankFormat):
        said = "须为 csv 或 xml。", "Expected csv or xml."
        raise InvalidInputError([FieldFault("format", *said)])
    wanted = Wanted(
        instruction_ids=[known_id(one, "instruction_ids") for one in data.instruction_ids],
        account_id=known_id(data.account_id, "account_id"),
        format=BankFormat(data.format),
        pay_on=data.pay_on,
    )
    file = export_bank_file(
        visit.session,
        agency_id=own,
        wanted=wanted,
        key=_key(visit),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(file)


@get(PATH + "/{file_id:int}", tags=TAGS)
@reads
def read_bank_file(visit: Visit, file_id: RowId) -> BankFileEntry:
    """Read a file's totals and its digest; its content is handed out by a request of its own."""
    return _entry(find_bank_file(visit.session, scope=_scope(visit), file_id=file_id))


@post(PATH + "/{file_id:int}/download", tags=TAGS, status_code=200)
@writes
def download(visit: Visit, file_id: RowId, data: JSONBody[HandOutBody]) -> Response[bytes]:
    """Hand a file out, on record; a second time only with ``again``."""
    own_id(visit, Action.INSTRUCT_PAYMENT)
    file = find_bank_file(visit.session, scope=_scope(visit), file_id=file_id)
    content = hand_out(
        visit.session,
        file=file,
        again=data.again,
        key=_key(visit),
        actor=visit.actor,
        moment=visit.moment,
    )
    written_as = BankFormat(file.format)
    name = f"{file.number}.{written_as}"
    return file_answer(content, name=name, media_type=MEDIA_TYPES[written_as])


@post(PATH + "/{file_id:int}/withdraw", tags=TAGS, status_code=200)
@writes
def withdraw(visit: Visit, file_id: RowId, data: JSONBody[WithdrawBody]) -> BankFileEntry:
    """Withdraw a file that the bank never took, as another person: its instructions come back."""
    visit.require_ever(Action.CONFIRM_PAYMENT)
    file = find_bank_file(visit.session, scope=_scope(visit), file_id=file_id)
    visit.require(Action.CONFIRM_PAYMENT, bank_file_subject(file))
    withdraw_bank_file(
        visit.session, file=file, reason=data.reason, actor=visit.actor, moment=visit.moment
    )
    return _entry(file)


ROUTES = (list_bank_files, add_bank_file, read_bank_file, download, withdraw)
"""Handlers of these addresses."""
