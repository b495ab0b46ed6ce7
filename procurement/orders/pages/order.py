"""The page of one order: its life, and what each side can do next."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.errors import InvalidInputError, RefusedError
from procurement.orders.at_edge import OrderVisit, may, order_for
from procurement.orders.cancelling import cancel_lines
from procurement.orders.confirming import confirm_order, decline_order
from procurement.orders.listing import deliveries_of, names_of
from procurement.orders.pages.parties import agreement_address, person_name
from procurement.orders.pages.typed import GoodsReader, renamed
from procurement.orders.pages.words import words
from procurement.orders.states import DeliveryStatus, OrderStatus
from procurement.orders.tables import Delivery, PurchaseOrder
from procurement.orders.trace_codes import codes_of
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, reads, redirect, render, writes

_RUNNING = (OrderStatus.CONFIRMED, OrderStatus.SHIPPING)


@get("/orders/{order_id:int}", include_in_schema=False)
@reads
def show_order(visit: Visit, order_id: RowId) -> Response[Any]:
    """Show an order."""
    return order_page(visit, order_for(visit, order_id, Action.READ_ORDER), None)


def order_page(visit: Visit, found: OrderVisit, refusal: RefusedError | None) -> Response[Any]:
    """Show the page, also with what was refused."""
    order = found.order
    deliveries = deliveries_of(visit.session, order_id=order.id)
    ids = [line.id for delivery in deliveries for line in delivery.lines]
    fields = {f"lines.{line.id}.packs": f"packs-{line.id}" for line in order.lines}
    return render(
        visit,
        "orders/order.html",
        status=200 if refusal is None else status_of(refusal),
        order=order,
        deliveries=deliveries,
        codes=codes_of(visit.session, line_ids=ids),
        names=names_of(visit.session, [order]),
        total=sum((line.packs * line.pack_price for line in order.lines), Decimal(0)),
        agreement_address=agreement_address(visit, order),
        is_new="new" in visit.query,
        may=_may(visit, order),
        entries=list(_entries(visit, order, deliveries)),
        values=visit.form,
        faults=renamed(faults_of(refusal), fields),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _may(visit: Visit, order: PurchaseOrder) -> dict[str, bool]:
    """What the visitor can do with the order as it stands."""
    status = OrderStatus(order.status)
    left = any(line.unshipped_packs for line in order.lines)
    is_placed, is_running = status is OrderStatus.PLACED, status in _RUNNING
    return {
        "confirm": is_placed and may(visit, order, Action.CONFIRM_ORDER),
        "ship": is_running and left and may(visit, order, Action.DELIVER_ORDER),
        "invoice": any(line.accepted_packs for line in order.lines)
        and visit.may(Action.SUBMIT_INVOICE, Subject(organisation_id=order.distributor_id)),
        "accept": may(visit, order, Action.ACCEPT_DELIVERY),
        "cancel": (is_placed or is_running) and left and may(visit, order, Action.PLACE_ORDER),
    }


def _entries(
    visit: Visit, order: PurchaseOrder, deliveries: Sequence[Delivery]
) -> Iterator[dict[str, object]]:
    """The life of the order, and what is still to come."""
    by = person_name(visit, order.placed_by)
    yield _entry(visit, ("下单", "Placed"), order.placed_at, actor=by)
    if order.status == OrderStatus.DECLINED:
        yield _entry(visit, ("企业未接单", "Declined"), order.closed_at, "missed", order.reason)
        return
    if order.confirmed_at is not None:
        yield _entry(visit, ("企业确认", "Confirmed"), order.confirmed_at)
    for delivery in deliveries:
        number = delivery.note_number
        note = visit.text(f"随货同行单 {number}", f"delivery note {number}")
        yield _entry(visit, ("发货", "Shipped"), delivery.shipped_at, note=note)
        if delivery.status != DeliveryStatus.SHIPPED:
            is_refused = delivery.status == DeliveryStatus.REFUSED
            words_ = ("拒收", "Refused") if is_refused else ("验收入库", "Accepted")
            state = "missed" if is_refused else "done"
            yield _entry(visit, words_, delivery.arrived_at, state, note)
    if order.closed_at is not None:
        is_done = order.status == OrderStatus.CLOSED
        names = ("完成", "Completed") if is_done else ("取消", "Cancelled")
        state = "done" if is_done else "missed"
        yield _entry(visit, names, order.closed_at, state, "" if is_done else order.reason)
        return
    yield from _to_come(visit, order, deliveries)


def _to_come(
    visit: Visit, order: PurchaseOrder, deliveries: Sequence[Delivery]
) -> Iterator[dict[str, object]]:
    rest = ("其余发货", "Shipment of the rest") if deliveries else ("发货", "Shipment")
    steps = [("企业确认", "Confirmation"), rest, ("验收入库", "Acceptance")]
    reached = 0 if order.confirmed_at is None else 1
    if any(one.status == DeliveryStatus.SHIPPED for one in deliveries):
        reached = 2
    for number, names in enumerate(steps[reached:]):
        yield _entry(visit, names, None, "next" if number else "now")


def _entry(
    visit: Visit,
    names: tuple[str, str],
    moment: object,
    state: str = "done",
    note: str = "",
    actor: str = "",
) -> dict[str, object]:
    return {
        "title": visit.text(*names),
        "moment": moment,
        "state": state,
        "note": note,
        "actor": actor,
    }


@post("/orders/{order_id:int}/confirm", include_in_schema=False)
@writes
def confirm(visit: Visit, order_id: RowId) -> Response[Any]:
    """Confirm an order, as its manufacturer."""
    found = order_for(visit, order_id, Action.CONFIRM_ORDER)
    reader = GoodsReader(visit.form)

    def change() -> None:
        confirm_order(
            visit.session,
            order=found.order,
            actor=visit.actor,
            moment=visit.moment,
            version=reader.version,
        )

    return _answered(visit, found, attempt(visit, change))


@post("/orders/{order_id:int}/decline", include_in_schema=False)
@writes
def decline(visit: Visit, order_id: RowId) -> Response[Any]:
    """Decline an order, as its manufacturer."""
    found = order_for(visit, order_id, Action.CONFIRM_ORDER)
    reader = GoodsReader(visit.form)

    def change() -> None:
        decline_order(
            visit.session,
            order=found.order,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
            version=reader.version,
        )

    return _answered(visit, found, attempt(visit, change))


@post("/orders/{order_id:int}/cancel", include_in_schema=False)
@writes
def cancel(visit: Visit, order_id: RowId) -> Response[Any]:
    """Cancel what is not shipped yet, as the hospital."""
    found = order_for(visit, order_id, Action.PLACE_ORDER)
    reader = GoodsReader(visit.form)

    def change() -> None:
        typed = {line.id: reader.whole(f"packs-{line.id}") for line in found.order.lines}
        if reader.faults:
            raise InvalidInputError(reader.faults)
        cancel_lines(
            visit.session,
            order=found.order,
            packs={line: packs for line, packs in typed.items() if packs},
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
            version=reader.version,
        )

    return _answered(visit, found, attempt(visit, change))


def _answered(visit: Visit, found: OrderVisit, refusal: RefusedError | None) -> Response[Any]:
    if refusal is not None:
        visit.session.refresh(found.order)
        return order_page(visit, found, refusal)
    return redirect(f"/orders/{found.order.id}")


ROUTES = (show_order, confirm, decline, cancel)
"""Handlers of these pages."""
