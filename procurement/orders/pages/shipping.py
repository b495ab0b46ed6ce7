"""Shipping: the distributor enters a delivery note, batch by batch."""

from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.errors import InvalidInputError, RefusedError
from procurement.orders.at_edge import OrderVisit, order_for
from procurement.orders.delivering import ShippedLine, ship
from procurement.orders.listing import names_of
from procurement.orders.pages.typed import GoodsReader, renamed
from procurement.orders.pages.words import words
from procurement.orders.tables import OrderLine, PurchaseOrder
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import Form, RowId, Visit, reads, redirect, render, writes

BATCHES_MAX = 20
"""Batches of one product on one page; more go onto another delivery note."""

_NAMES = {
    "packs": "packs",
    "batch_number": "batch",
    "manufactured_on": "made",
    "expires_on": "expires",
    "trace_codes": "codes",
    "order_line_id": "packs",
}
"""What the service calls what the form calls otherwise."""


@get("/orders/{order_id:int}/deliveries/new", include_in_schema=False)
@reads
def shipment_form(visit: Visit, order_id: RowId) -> Response[Any]:
    """Ask for what is shipped."""
    return _page(visit, order_for(visit, order_id, Action.DELIVER_ORDER), None, {})


def _page(
    visit: Visit,
    found: OrderVisit,
    refusal: RefusedError | None,
    fields: dict[str, str],
    more: int = 0,
) -> Response[Any]:
    order = found.order
    lines = [line for line in order.lines if line.unshipped_packs]
    return render(
        visit,
        "orders/ship.html",
        status=200 if refusal is None else status_of(refusal),
        order=order,
        lines=lines,
        batches={line.id: _batches(visit.form, line, more) for line in lines},
        names=names_of(visit.session, [order]),
        values=visit.form,
        faults=renamed(faults_of(refusal), fields),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _batches(form: Form, line: OrderLine, more: int = 0) -> int:
    """How many batches of a line the form has."""
    given = typed_id(form.get(f"batches-{line.id}", "")) or 1
    return min(given + (more == line.id), BATCHES_MAX)


@post("/orders/{order_id:int}/deliveries/new", include_in_schema=False)
@writes
def shipment(visit: Visit, order_id: RowId) -> Response[Any]:
    """Ship, or give room for another batch."""
    found = order_for(visit, order_id, Action.DELIVER_ORDER)
    if visit.form.get("add"):
        return _page(visit, found, None, {}, typed_id(visit.form["add"]))
    reader = GoodsReader(visit.form)
    keys = _keys_sent(visit.form, found.order)

    def change() -> None:
        lines = [_line(reader, line_id, key) for line_id, key in keys]
        if reader.faults:
            raise InvalidInputError(reader.faults)
        ship(
            visit.session,
            order=found.order,
            note_number=reader.text("note_number"),
            lines=[line for line in lines if line is not None],
            actor=visit.actor,
            moment=visit.moment,
            version=reader.version,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.refresh(found.order)
        return _page(visit, found, refusal, _fields(keys))
    return redirect(f"/orders/{found.order.id}")


def _keys_sent(form: Form, order: PurchaseOrder) -> list[tuple[int, str]]:
    """Line and key of each batch in which something was typed."""
    return [
        (line.id, key)
        for line in order.lines
        for number in range(1, _batches(form, line) + 1)
        for key in [f"{line.id}-{number}"]
        if any(form.get(f"{name}-{key}") for name in ("packs", "batch", "expires", "codes"))
    ]


def _fields(keys: list[tuple[int, str]]) -> dict[str, str]:
    return {
        f"lines.{number}.{theirs}": f"{ours}-{key}"
        for number, (_, key) in enumerate(keys, 1)
        for theirs, ours in _NAMES.items()
    } | {"lines": "note_number"}


def _line(reader: GoodsReader, line_id: int, key: str) -> ShippedLine | None:
    packs, expires_on = reader.whole(f"packs-{key}"), reader.day(f"expires-{key}", needed=True)
    made_on = reader.day(f"made-{key}")
    if expires_on is None:
        return None
    return ShippedLine(
        order_line_id=line_id,
        packs=packs or 0,
        batch_number=reader.text(f"batch-{key}"),
        manufactured_on=made_on,
        expires_on=expires_on,
        trace_codes=tuple(reader.form.get(f"codes-{key}", "").split()),
    )


ROUTES = (shipment_form, shipment)
"""Handlers of these pages."""
