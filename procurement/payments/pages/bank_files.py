"""Files for the bank: exporting, handing out, recording what the bank answers."""

from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.status_codes import HTTP_200_OK

from procurement.agreements.at_edge import file_answer
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.bank_file import csv_file, pain_001
from procurement.payments.bank_file.answers import FILE_BYTES_MAX
from procurement.payments.bank_file.exporting import Wanted, export_bank_file, hand_out
from procurement.payments.bank_file.recording import record_answer
from procurement.payments.bank_file.tables import BankFile, BankFileWithdrawal, BankFormat
from procurement.payments.bank_file.withdrawing import withdraw_bank_file, withdrawal_of
from procurement.payments.pages.finding import (
    PAGE,
    names_of,
    one_of,
    own_subject,
    page_number,
    secret_key,
    seen_by,
    shown,
    typed,
    typed_day,
)
from procurement.payments.reading.instructions import (
    bank_files_seen,
    confirmed_accounts,
    downloads_of,
    exportable,
    find_account,
    find_bank_file,
    instructions_in,
    people_named,
    result_files_seen,
    sent_in,
    withdrawn_among,
)
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.states import InstructionStatus
from procurement.payments.subjects import bank_file_subject
from procurement.permissions import Action, NotPermittedError
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import RowId, Visit, paginate, reads, redirect, writes

HERE = "/payments/bank-files"
MEDIA_TYPES = {BankFormat.CSV: csv_file.MEDIA_TYPE, BankFormat.XML: pain_001.MEDIA_TYPE}
RESULTS_SHOWN = 50


def _scope(visit: Visit) -> Scope:
    scope = seen_by(visit)
    if not scope.is_regional:
        raise NotPermittedError(Action.INSTRUCT_PAYMENT)
    return scope


@get(HERE, include_in_schema=False)
@reads
def show_bank_files(visit: Visit) -> Response[Any]:
    """Show what can be exported, and what was."""
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    scope, session = _scope(visit), visit.session
    page = paginate(session, bank_files_seen(scope), number=page_number(visit), size=PAGE)
    results = paginate(session, result_files_seen(scope), number=1, size=RESULTS_SHOWN).rows
    may_export = visit.may(Action.INSTRUCT_PAYMENT, own_subject(visit))
    own = scope.organisation_id
    waiting = exportable(session, agency_id=own) if may_export else []
    accounts = confirmed_accounts(session, organisation_id=own) if may_export else []
    people = [*(row.exported_by for row in page.rows), *(row.recorded_by for row in results)]
    return shown(
        visit,
        "bank_files",
        scope,
        refusal=refusal,
        page=page,
        results=results,
        waiting=waiting,
        total=sum((row.amount for row in waiting), start=Decimal(0)),
        accounts=[(one.id, f"{one.bank} …{one.number_tail}") for one in accounts],
        names=names_of(visit, [row.payee_id for row in waiting]),
        people=people_named(session, people),
        withdrawn=withdrawn_among(session, files=page.rows),
        may_export=may_export,
        may_record=visit.may(Action.RECORD_BANK_RESULT, own_subject(visit)),
        values=visit.form if visit.form else _usual(visit),
    )


def _usual(visit: Visit) -> dict[str, str]:
    return {"pay_on": day_in_china(visit.moment).isoformat(), "format": BankFormat.XML.value}


@post(HERE, include_in_schema=False)
@writes
def export(visit: Visit) -> Response[Any]:
    """Write confirmed instructions into a file; each is exported once."""
    visit.require(Action.INSTRUCT_PAYMENT, own_subject(visit))
    made: list[BankFile] = []

    def change() -> None:
        made.append(
            export_bank_file(
                visit.session,
                agency_id=visit.actor.organisation_id or 0,
                wanted=_wanted(visit),
                key=secret_key(visit),
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal else redirect(f"{HERE}/{made[0].id}")


def _wanted(visit: Visit) -> Wanted:
    reader, form = FormReader(visit.form), visit.form
    pay_on, written_as = typed_day(form.get("pay_on")), one_of(form.get("format"), BankFormat)
    if pay_on is None:
        reader.faults.append(FieldFault("pay_on", "请填写日期。", "Give a day."))
    if not written_as:
        reader.faults.append(FieldFault("format", "请选择格式。", "Choose a format."))
    if pay_on is None or not written_as:
        raise InvalidInputError(reader.faults)
    return Wanted(
        instruction_ids=[typed(one) for one in form.all("instruction")],
        account_id=typed(form.get("account_id")),
        format=BankFormat(written_as),
        pay_on=pay_on,
    )


@post("/payments/bank-files/results", include_in_schema=False)
@writes
def record_results(visit: Visit) -> Response[Any]:
    """Record the bank's answer: the whole file, or nothing of it."""
    visit.require(Action.RECORD_BANK_RESULT, own_subject(visit))
    upload = visit.form.files.get("file")

    def change() -> None:
        if upload is None:
            raise InvalidInputError([FieldFault("file", "请选择文件。", "Choose a file.")])
        record_answer(
            visit.session,
            agency_id=visit.actor.organisation_id or 0,
            name=upload.filename,
            content=upload.file.read(FILE_BYTES_MAX + 1),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal else redirect(HERE)


@get("/payments/bank-files/{file_id:int}", include_in_schema=False)
@reads
def show_bank_file(visit: Visit, file_id: RowId) -> Response[Any]:
    """Show a file: its totals, its digest, its instructions, who was given it."""
    file = find_bank_file(visit.session, scope=_scope(visit), file_id=file_id)
    return _one(visit, file, None)


def _one(visit: Visit, file: BankFile, refusal: RefusedError | None) -> Response[Any]:
    session, rows = visit.session, instructions_in(visit.session, file=file)
    scope, withdrawal = _scope(visit), withdrawal_of(session, file=file)
    is_own = scope.side is Side.AGENCY and file.agency_id == scope.organisation_id
    return shown(
        visit,
        "bank_file",
        scope,
        refusal=refusal,
        file=file,
        rows=rows,
        account=find_account(
            session, organisation_id=file.agency_id, account_id=file.bank_account_id
        ),
        names=names_of(visit, [file.agency_id, *(row.payee_id for row in rows)]),
        people=people_named(session, _people(file, withdrawal)),
        downloads=downloads_of(session, file=file),
        sent=sent_in(session, file=file),
        withdrawal=withdrawal,
        may_export=is_own and withdrawal is None,
        may_withdraw=withdrawal is None
        and visit.may(Action.CONFIRM_PAYMENT, bank_file_subject(file))
        and all(row.status == InstructionStatus.EXPORTED for row in rows),
    )


def _people(file: BankFile, withdrawal: BankFileWithdrawal | None) -> list[int | None]:
    return [file.exported_by, None if withdrawal is None else withdrawal.withdrawn_by]


@post("/payments/bank-files/{file_id:int}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, file_id: RowId) -> Response[Any]:
    """Withdraw a file that the bank never took or refused as a whole, as another person."""
    visit.require_ever(Action.CONFIRM_PAYMENT)
    file = find_bank_file(visit.session, scope=_scope(visit), file_id=file_id)
    visit.require(Action.CONFIRM_PAYMENT, bank_file_subject(file))

    def change() -> None:
        withdraw_bank_file(
            visit.session,
            file=file,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _one(visit, file, refusal) if refusal else redirect(f"{HERE}/{file.id}")


@post(
    "/payments/bank-files/{file_id:int}/download", include_in_schema=False, status_code=HTTP_200_OK
)
@writes
def download(visit: Visit, file_id: RowId) -> Response[Any]:
    """Hand a file out; a second time only to somebody who says that he knows."""
    visit.require(Action.INSTRUCT_PAYMENT, own_subject(visit))
    file = find_bank_file(visit.session, scope=_scope(visit), file_id=file_id)
    given: list[bytes] = []

    def change() -> None:
        given.append(
            hand_out(
                visit.session,
                file=file,
                again=visit.form.get("again") == "yes",
                key=secret_key(visit),
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _one(visit, file, refusal)
    written_as = BankFormat(file.format)
    return file_answer(
        given[0], name=f"{file.number}.{written_as}", media_type=MEDIA_TYPES[written_as]
    )


ROUTES = (show_bank_files, export, record_results, show_bank_file, download, withdraw)
"""Handlers of these pages."""
