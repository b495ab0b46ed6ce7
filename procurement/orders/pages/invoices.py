"""Invoices: everybody concerned sees what was compared; the seller may take one back."""

from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post

from procurement.errors import RefusedError
from procurement.orders.invoices.kinds import STATUS_NAMES, InvoiceStatus
from procurement.orders.invoices.listing import find_invoice, invoices_seen, lines_of
from procurement.orders.invoices.subjects import invoice_subject, own_invoices, sellers_own
from procurement.orders.invoices.submitting import withdraw_invoice
from procurement.orders.invoices.tables import Invoice
from procurement.orders.pages.parties import organisation_names
from procurement.orders.pages.sheets import Heading, Value, sheet_answer
from procurement.orders.pages.typed import filters_tail, page_number
from procurement.orders.pages.words import named
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, paginate, reads, redirect, render, writes

_FILTERS = ("status",)
_MARKS = {
    InvoiceStatus.SUBMITTED: "info",
    InvoiceStatus.MATCHED: "good",
    InvoiceStatus.MISMATCHED: "bad",
    InvoiceStatus.WITHDRAWN: "neutral",
}


@get("/orders/invoices", include_in_schema=False)
@reads
def show_invoices(visit: Visit) -> Response[Any]:
    """List the invoices that are the visitor's concern."""
    visit.require(Action.READ_INVOICE, own_invoices(visit.actor))
    page = paginate(visit.session, _seen(visit), number=page_number(visit))
    return render(
        visit,
        "orders/invoices.html",
        page=page,
        counts={one: _count(visit, one) for one in InvoiceStatus},
        names=_names(visit, page.rows),
        filters=visit.query,
        tail=filters_tail(visit, _FILTERS),
        may={"submit": visit.may_ever(Action.SUBMIT_INVOICE)},
        **_words(visit),
    )


def _seen(visit: Visit) -> Any:  # noqa: ANN401 - a statement
    asked = visit.query.get("status", "")
    return invoices_seen(
        actor=visit.actor,
        moment=visit.moment,
        status=InvoiceStatus(asked) if asked in set(InvoiceStatus) else None,
    )


def _count(visit: Visit, status: InvoiceStatus) -> int:
    seen = invoices_seen(actor=visit.actor, moment=visit.moment, status=status)
    return paginate(visit.session, seen, number=1, size=1).total


def _names(visit: Visit, invoices: Iterable[Invoice]) -> dict[int, str]:
    ids = (one for row in invoices for one in (row.seller_id, row.hospital_id))
    return organisation_names(visit, ids)


def _words(visit: Visit) -> dict[str, Any]:
    return {"invoice_names": named(visit, STATUS_NAMES), "invoice_marks": _MARKS}


_HEADINGS: tuple[Heading, ...] = (
    ("发票代码", "code"),
    ("发票号码", "number"),
    ("开票日期", "issued on"),
    ("开票企业", "seller"),
    ("医疗机构", "hospital"),
    ("价税合计（元）", "sum with tax (yuan)"),
    ("状态", "status"),
    ("不符", "what differs"),
)


@get(["/orders/invoices/invoices.xlsx", "/orders/invoices/invoices.csv"], include_in_schema=False)
@reads
def invoices_file(visit: Visit) -> Response[bytes]:
    """Give the list as a file."""
    visit.require(Action.READ_INVOICE, own_invoices(visit.actor))
    rows = visit.session.scalars(_seen(visit)).all()
    names, words = _names(visit, rows), named(visit, STATUS_NAMES)
    return sheet_answer(
        visit,
        name=visit.text("发票", "invoices"),
        headings=_HEADINGS,
        rows=(_row(visit, one, names, words) for one in rows),
    )


def _row(
    visit: Visit, row: Invoice, names: dict[int, str], words: dict[str, str]
) -> tuple[Value, ...]:
    return (
        row.code,
        row.number,
        row.issued_on,
        names[row.seller_id],
        names[row.hospital_id],
        row.amount,
        words[row.status],
        visit.text(row.fault_zh or "", row.fault_en or ""),
    )


@get("/orders/invoices/{invoice_id:int}", include_in_schema=False)
@reads
def show_invoice(visit: Visit, invoice_id: RowId) -> Response[Any]:
    """Show an invoice beside orders and receipts."""
    return _invoice_page(visit, _invoice_for(visit, invoice_id, Action.READ_INVOICE), None)


def _invoice_for(visit: Visit, invoice_id: int, action: Action) -> Invoice:
    visit.require_ever(action)
    invoice = find_invoice(visit.session, invoice_id=invoice_id)
    subject = (
        sellers_own(invoice)
        if action is Action.SUBMIT_INVOICE
        else invoice_subject(visit.session, invoice=invoice, actor=visit.actor, moment=visit.moment)
    )
    visit.require(action, subject)
    return invoice


def _invoice_page(visit: Visit, invoice: Invoice, refusal: RefusedError | None) -> Response[Any]:
    may_submit = visit.may(Action.SUBMIT_INVOICE, sellers_own(invoice))
    return render(
        visit,
        "orders/invoice.html",
        status=200 if refusal is None else status_of(refusal),
        invoice=invoice,
        lines=lines_of(visit.session, invoice=invoice),
        names=_names(visit, [invoice]),
        may={"withdraw": may_submit and invoice.status != InvoiceStatus.WITHDRAWN},
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **_words(visit),
    )


@post("/orders/invoices/{invoice_id:int}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, invoice_id: RowId) -> Response[Any]:
    """Take an invoice back."""
    invoice = _invoice_for(visit, invoice_id, Action.SUBMIT_INVOICE)

    def change() -> None:
        withdraw_invoice(
            visit.session,
            invoice=invoice,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _invoice_page(visit, invoice, refusal)
    return redirect(f"/orders/invoices/{invoice.id}")


ROUTES = (show_invoices, invoices_file, show_invoice, withdraw)
"""Handlers of these pages."""
