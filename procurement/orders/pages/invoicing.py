"""The form of an invoice: the seller fills in what is printed, beside what was accepted."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError, RefusedError
from procurement.orders.invoices.invoiceable import (
    LINES_SHOWN,
    Invoiceable,
    invoiceable_buyers,
    invoiceable_lines,
)
from procurement.orders.invoices.submitting import SentInvoice, SentLine, submit_invoice
from procurement.orders.pages.typed import GoodsReader, renamed
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import Form, Visit, reads, redirect, render, writes

FILE_BYTES_MAX = 20_000_000
_LIMIT = LINES_SHOWN + 1
"""One more than is shown: then the page says that there are more."""
_PACKS = "packs-"
_NAMES = {
    "product": "product",
    "packs": "packs",
    "pack_price": "price",
    "amount": "amount",
    "receipt_line_id": "packs",
}
"""What the service calls what the form calls otherwise."""


@get("/orders/invoices/new", include_in_schema=False)
@reads
def invoice_form(visit: Visit) -> Response[Any]:
    """Ask for which hospital, then for what is printed."""
    return _page(visit, typed_id(visit.query.get("hospital", "")), None)


def _page(visit: Visit, hospital_id: int, refusal: RefusedError | None) -> Response[Any]:
    seller_id = _seller(visit)
    session = visit.session
    own = invoiceable_lines(session, seller_id=seller_id, hospital_id=hospital_id, limit=_LIMIT)
    is_more, own = len(own) == _LIMIT, own[:LINES_SHOWN]
    return render(
        visit,
        "orders/invoice_form.html",
        status=200 if refusal is None else status_of(refusal),
        hospital_id=hospital_id,
        hospital_name=own[0].hospital if own else "",
        hospitals=[] if own else invoiceable_buyers(session, seller_id=seller_id),
        lines=own,
        lines_shown=LINES_SHOWN if is_more else 0,
        values=visit.form if refusal is not None else _filled(visit, own),
        faults=renamed(faults_of(refusal), _fields(visit.form)),
        refusal=whole_of(refusal),
    )


def _seller(visit: Visit) -> int:
    own = visit.actor.organisation_id
    visit.require(Action.SUBMIT_INVOICE, Subject(organisation_id=own))
    assert own is not None  # noqa: S101 - only of an organisation is it permitted
    return own


def _filled(visit: Visit, lines: Sequence[Invoiceable]) -> dict[str, str]:
    """What stands in the form at first: all that is not invoiced, at the order's price."""
    values = {"issued_on": day_in_china(visit.moment).isoformat()}
    total = Decimal(0)
    for one in lines:
        amount = one.packs_left * one.pack_price
        total += amount
        values[f"product-{one.receipt_line_id}"] = f"{one.product} {one.strength}"
        values[f"packs-{one.receipt_line_id}"] = str(one.packs_left)
        values[f"price-{one.receipt_line_id}"] = _plain(one.pack_price)
        values[f"amount-{one.receipt_line_id}"] = _plain(amount)
    return {**values, "amount": _plain(total)}


def _plain(amount: Decimal) -> str:
    """An amount as it is typed, at least with cents.

    Examples:
        >>> _plain(Decimal("12.5000")), _plain(Decimal("0.0912"))
        ('12.50', '0.0912')
    """
    exponent = amount.normalize().as_tuple().exponent
    return f"{amount:.{max(2, -exponent if isinstance(exponent, int) else 2)}f}"


def _keys_sent(form: Form) -> list[int]:
    """The lines of receipts of which the form has packs, in its order."""
    names = (name.removeprefix(_PACKS) for name in form if name.startswith(_PACKS))
    return [typed_id(key) for key in names if form[f"{_PACKS}{key}"] not in ("", "0")]


def _fields(form: Form) -> dict[str, str]:
    return {
        f"lines.{number}.{theirs}": f"{ours}-{key}"
        for number, key in enumerate(_keys_sent(form), 1)
        for theirs, ours in _NAMES.items()
    }


@post("/orders/invoices/new", include_in_schema=False, request_max_body_size=FILE_BYTES_MAX)
@writes
def submit(visit: Visit) -> Response[Any]:
    """Hand an invoice in."""
    seller_id, hospital_id = _seller(visit), typed_id(visit.form.get("hospital", ""))
    found = invoiceable_lines(
        visit.session,
        seller_id=seller_id,
        hospital_id=hospital_id,
        receipt_line_ids=_keys_sent(visit.form)[:LINES_SHOWN],
    )
    done: list[int] = []

    def change() -> None:
        invoice = submit_invoice(
            visit.session,
            seller_id=seller_id,
            hospital_id=hospital_id,
            invoice=_sent(visit, {one.receipt_line_id: one for one in found}),
            actor=visit.actor,
            moment=visit.moment,
        )
        done.append(invoice.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, hospital_id, refusal)
    return redirect(f"/orders/invoices/{done[0]}")


def _sent(visit: Visit, goods: Mapping[int, Invoiceable]) -> SentInvoice:
    reader = GoodsReader(visit.form)
    issued_on = reader.day("issued_on", needed=True)
    amount = reader.amount("amount")
    keys = _keys_sent(visit.form)
    if 0 in keys:
        reader.fault("lines", "没有该验收记录。", "There is no such line of a receipt.")
    lines = [_line(reader, key, goods.get(key)) for key in keys]
    upload = visit.form.files.get("file")
    content = b"" if upload is None else upload.file.read(FILE_BYTES_MAX)
    if reader.faults or issued_on is None or amount is None:
        raise InvalidInputError(reader.faults)
    return SentInvoice(
        code=reader.text("code"),
        number=reader.text("number"),
        issued_on=issued_on,
        amount=amount,
        lines=[line for line in lines if line is not None],
        file_digest=hashlib.sha256(content).hexdigest() if content else None,
        file_name=upload.filename[:200] if upload is not None and content else None,
    )


def _line(reader: GoodsReader, key: int, goods: Invoiceable | None) -> SentLine | None:
    """One line; goods that were invoiced since are sent all the same, and compared."""
    packs = reader.signed(f"packs-{key}")
    price, amount = reader.amount(f"price-{key}"), reader.amount(f"amount-{key}")
    if packs is None or price is None or amount is None:
        return None
    return SentLine(
        product=reader.text(f"product-{key}"),
        packs=packs,
        pack_price=price,
        amount=amount,
        receipt_line_id=key,
        order_number="" if goods is None else goods.order_number,
        note_number="" if goods is None else goods.note_number,
    )


ROUTES = (invoice_form, submit)
"""Handlers of these pages."""
