"""Invoices by machine: handing in, reading what differs, taking back."""

import re
from decimal import Decimal
from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.api.invoice_shapes import (
    InvoiceableEntry,
    InvoiceablePage,
    InvoiceBody,
    InvoiceDetail,
    InvoicePage,
    LineEntry,
    WithdrawalBody,
    entry,
)
from procurement.orders.invoices.invoice_file import submit_invoice_file
from procurement.orders.invoices.invoiceable import Invoiceable, open_lines
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.listing import (
    find_invoice,
    invoices_seen,
    lines_of,
)
from procurement.orders.invoices.matching import match_invoice
from procurement.orders.invoices.rules import shown
from procurement.orders.invoices.subjects import invoice_subject, own_invoices, sellers_own
from procurement.orders.invoices.submitting import (
    SentInvoice,
    SentLine,
    submit_invoice,
    withdraw_invoice,
)
from procurement.orders.invoices.tables import Invoice
from procurement.orders.tables import ReceiptLine
from procurement.permissions import Action, Subject
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["orders"]
PATH = "/api/v1/invoices"
FILE_BYTES_MAX = 5_000_000

HospitalId = Annotated[int | None, QueryParameter(name="hospital_id", ge=1, le=2**31 - 1)]

_AMOUNT = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,4})?")


def _detail(visit: Visit, invoice: Invoice) -> InvoiceDetail:
    lines = [
        LineEntry(
            view.line.id,
            view.line.number,
            view.line.receipt_line_id,
            view.line.order_number,
            view.line.product,
            view.line.packs,
            shown(view.line.pack_price),
            shown(view.line.amount),
            None if view.goods is None else shown(view.goods.pack_price),
            None if view.goods is None else view.goods.accepted,
            None if view.goods is None else view.goods.returned,
            view.invoiced,
            view.line.fault_zh,
            view.line.fault_en,
        )
        for view in lines_of(visit.session, invoice=invoice)
    ]
    return InvoiceDetail(entry(invoice), lines)


def _found(visit: Visit, invoice_id: int, action: Action) -> Invoice:
    visit.require_ever(action)
    invoice = find_invoice(visit.session, invoice_id=invoice_id)
    subject = (
        invoice_subject(visit.session, invoice=invoice, actor=visit.actor, moment=visit.moment)
        if action is Action.READ_INVOICE
        else sellers_own(invoice)
    )
    visit.require(action, subject)
    return invoice


def _seller(visit: Visit) -> int:
    own = visit.actor.organisation_id
    visit.require(Action.SUBMIT_INVOICE, Subject(organisation_id=own))
    assert own is not None  # noqa: S101 - whoever has a role has an organisation
    return own


@get(PATH, tags=TAGS)
@reads
def list_invoices(visit: Visit, page_size: PageSize = 50, cursor: Cursor = None) -> InvoicePage:
    """List the invoices that are one's concern (``?status=`` for one status)."""
    visit.require(Action.READ_INVOICE, own_invoices(visit.actor))
    asked = visit.query.get("status", "")
    seen = invoices_seen(
        actor=visit.actor,
        moment=visit.moment,
        status=InvoiceStatus(asked) if asked in set(InvoiceStatus) else None,
    )
    found = paginate_by_key(
        visit.session,
        seen.order_by(None),
        key=Invoice.id,  # type: ignore[arg-type]
        cursor=cursor,
        size=page_size,
    )
    return InvoicePage([entry(row) for row in found.rows], found.next_cursor)


@get(PATH + "/{invoice_id:int}", tags=TAGS)
@reads
def read_invoice(visit: Visit, invoice_id: RowId) -> InvoiceDetail:
    """Read an invoice beside orders and receipts, with all that differs."""
    return _detail(visit, _found(visit, invoice_id, Action.READ_INVOICE))


@post(PATH, tags=TAGS, status_code=201)
@writes
def send_invoice(visit: Visit, data: JSONBody[InvoiceBody]) -> InvoiceDetail:
    """Hand in an invoice; it is compared with order and receipt at once."""
    row = submit_invoice(
        visit.session,
        seller_id=_seller(visit),
        hospital_id=_small(data.hospital_id, "hospital_id"),
        invoice=_sent(data),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _detail(visit, row)


@post("/api/v1/invoice-files", tags=TAGS, status_code=201, request_max_body_size=FILE_BYTES_MAX)
@writes
def send_invoice_file(visit: Visit) -> InvoicePage:
    """Hand in many invoices as CSV (multipart: ``file``): all of them, or none with all faults."""
    seller_id = _seller(visit)
    upload = visit.form.files.get("file")
    if upload is None:
        raise InvalidInputError([FieldFault("file", "请选择文件。", "Expected a file.")])
    rows = submit_invoice_file(
        visit.session,
        seller_id=seller_id,
        content=upload.file.read(FILE_BYTES_MAX + 1),
        actor=visit.actor,
        moment=visit.moment,
    )
    return InvoicePage([entry(row) for row in rows], None)


@get("/api/v1/invoiceable-lines", tags=TAGS)
@reads
def list_invoiceable(
    visit: Visit,
    hospital_id: HospitalId = None,
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> InvoiceablePage:
    """List accepted goods of the own deliveries of which packs are not invoiced yet.

    ``?hospital_id=`` gives those of one hospital.
    """
    found = paginate_by_key(
        visit.session,
        open_lines(seller_id=_seller(visit), hospital_id=hospital_id),
        key=ReceiptLine.id,  # type: ignore[arg-type]
        cursor=cursor,
        size=page_size,
    )
    items = [_invoiceable(Invoiceable(*row)) for row in found.rows]
    return InvoiceablePage(items, found.next_cursor)


def _invoiceable(one: Invoiceable) -> InvoiceableEntry:
    return InvoiceableEntry(
        one.receipt_line_id,
        one.hospital_id,
        one.order_number,
        one.note_number,
        one.batch_number,
        one.product,
        one.strength,
        one.received_on,
        one.packs_left,
        shown(one.pack_price),
    )


@post(PATH + "/{invoice_id:int}/matching", tags=TAGS, status_code=200)
@writes
def match_again(visit: Visit, invoice_id: RowId) -> InvoiceDetail:
    """Compare an invoice again, after goods were accepted or returned."""
    invoice = _found(visit, invoice_id, Action.SUBMIT_INVOICE)
    match_invoice(visit.session, invoice=invoice, moment=visit.moment)
    return _detail(visit, invoice)


@post(PATH + "/{invoice_id:int}/withdrawal", tags=TAGS, status_code=200)
@writes
def withdraw(visit: Visit, invoice_id: RowId, data: JSONBody[WithdrawalBody]) -> InvoiceDetail:
    """Take an invoice back; its number may be handed in again."""
    invoice = _found(visit, invoice_id, Action.SUBMIT_INVOICE)
    withdraw_invoice(
        visit.session,
        invoice=invoice,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _detail(visit, invoice)


def _sent(data: InvoiceBody) -> SentInvoice:
    faults: list[FieldFault] = []
    lines = [
        SentLine(
            product=line.product,
            packs=line.packs,
            pack_price=_amount(line.pack_price, f"lines.{number}.pack_price", faults),
            amount=_amount(line.amount, f"lines.{number}.amount", faults),
            receipt_line_id=None
            if line.receipt_line_id is None
            else _small(line.receipt_line_id, f"lines.{number}.receipt_line_id"),
            order_number=line.order_number,
            note_number=line.note_number,
        )
        for number, line in enumerate(data.lines[:1000], 1)
    ]
    total = _amount(data.amount, "amount", faults)
    if faults:
        raise InvalidInputError(faults)
    return SentInvoice(data.code, data.number, data.issued_on, total, lines)


def _amount(text: str, field: str, faults: list[FieldFault]) -> Decimal:
    if _AMOUNT.fullmatch(text):
        return Decimal(text)
    zh, en = "须为金额（元），至多四位小数。", "Expected yuan with at most four decimals."
    faults.append(FieldFault(field, zh, en))
    return Decimal(0)


def _small(number: int, field: str) -> int:
    """An id that a column can be compared with."""
    if 0 < number < 2**31:
        return number
    raise InvalidInputError([FieldFault(field, "没有该编号。", "There is no such number.")])


ROUTES = (
    list_invoices,
    read_invoice,
    send_invoice,
    send_invoice_file,
    list_invoiceable,
    match_again,
    withdraw,
)
"""Handlers of the interface."""
