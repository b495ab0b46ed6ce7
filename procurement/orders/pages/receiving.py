"""Accepting a delivery, its receipt, and sending goods back."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.at_edge import delivery_for, may
from procurement.orders.listing import names_of, receipt_of
from procurement.orders.pages.typed import GoodsReader, renamed
from procurement.orders.pages.words import words
from procurement.orders.returning import Returned, return_goods
from procurement.orders.states import DeliveryStatus
from procurement.orders.summaries import returns_of
from procurement.orders.tables import Delivery, DeliveryLine, GoodsReturn, Receipt, ReceiptLine
from procurement.orders.trace_codes import codes_of
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, reads, redirect, render, writes

_PLACE = "/orders/{order_id:int}/deliveries/{delivery_id:int}"


@get(f"{_PLACE}/receipt", include_in_schema=False)
@reads
def show_receipt(visit: Visit, order_id: RowId, delivery_id: RowId) -> Response[Any]:
    """Show the form to accept a delivery, or what was accepted."""
    delivery = delivery_for(visit, order_id, delivery_id, Action.READ_ORDER)
    return _page(visit, delivery, None)


def _page(
    visit: Visit,
    delivery: Delivery,
    refusal: RefusedError | None,
    faults: Sequence[FieldFault] = (),
) -> Response[Any]:
    session, order = visit.session, delivery.order
    receipt = receipt_of(session, delivery_id=delivery.id)
    is_waiting = delivery.status == DeliveryStatus.SHIPPED
    may_accept = is_waiting and may(visit, order, Action.ACCEPT_DELIVERY)
    if receipt is None and not may_accept:
        raise NotFoundForActorError
    returns = () if receipt is None else returns_of(session, receipt_id=receipt.id)
    returnable = _returnable(receipt, returns)
    return render(
        visit,
        "orders/receipt.html",
        status=200 if refusal is None else status_of(refusal),
        order=order,
        delivery=delivery,
        receipt=receipt,
        returns=returns,
        returned=_returned(returns),
        returnable=[(line.id, _batch(visit, line.delivery_line)) for line in returnable],
        codes=codes_of(session, line_ids=[line.id for line in delivery.lines]),
        names=names_of(session, [order]),
        may={
            "accept": may_accept,
            "return_goods": bool(returnable) and may(visit, order, Action.RETURN_GOODS),
        },
        values=visit.form or _filled(visit, delivery),
        faults=tuple(faults) or faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _filled(visit: Visit, delivery: Delivery) -> Mapping[str, str]:
    """What stands in the form at first: everything came, today."""
    today = day_in_china(visit.moment).isoformat()
    packs = {f"accepted-{line.id}": str(line.packs) for line in delivery.lines}
    return {"received_on": today, "returned_on": today, **packs}


def _returned(returns: Sequence[GoodsReturn]) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in returns:
        found[one.receipt_line_id] = found.get(one.receipt_line_id, 0) + one.packs
    return found


def _returnable(receipt: Receipt | None, returns: Sequence[GoodsReturn]) -> list[ReceiptLine]:
    """What of a receipt has not gone back yet."""
    gone = _returned(returns)
    lines = [] if receipt is None else receipt.lines
    return [line for line in lines if line.accepted_packs > gone.get(line.id, 0)]


def _batch(visit: Visit, line: DeliveryLine) -> str:
    name = f"{line.order_line.product} {line.order_line.strength}"
    return visit.text(f"{name}，批号 {line.batch_number}", f"{name}, batch {line.batch_number}")


@post(f"{_PLACE}/receipt", include_in_schema=False)
@writes
def receive(visit: Visit, order_id: RowId, delivery_id: RowId) -> Response[Any]:
    """Accept a delivery, or a part of it, or nothing."""
    delivery = delivery_for(visit, order_id, delivery_id, Action.ACCEPT_DELIVERY)
    reader = GoodsReader(visit.form)

    def change() -> None:
        received_on = reader.day("received_on", needed=True)
        lines = [_line(reader, line.id) for line in delivery.lines]
        if reader.faults or received_on is None:
            raise InvalidInputError(reader.faults)
        accept(
            visit.session,
            delivery=delivery,
            lines=lines,
            received_on=received_on,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.expire_all()
        faults = renamed(faults_of(refusal), _fields(delivery))
        return _page(visit, delivery, refusal, faults)
    return redirect(f"/orders/{order_id}")


def _line(reader: GoodsReader, line_id: int) -> AcceptedLine:
    return AcceptedLine(
        delivery_line_id=line_id,
        accepted=reader.whole(f"accepted-{line_id}") or 0,
        refused=reader.whole(f"refused-{line_id}") or 0,
        reason=reader.text(f"reason-{line_id}"),
        refused_codes=tuple(reader.form.get(f"codes-{line_id}", "").split()),
    )


def _fields(delivery: Delivery) -> dict[str, str]:
    names = {"": "accepted", ".accepted": "accepted", ".reason": "reason"}
    names[".refused_codes"] = "codes"
    return {
        f"lines.{line.id}{theirs}": f"{ours}-{line.id}"
        for line in delivery.lines
        for theirs, ours in names.items()
    }


@post(f"{_PLACE}/returns", include_in_schema=False)
@writes
def send_back(visit: Visit, order_id: RowId, delivery_id: RowId) -> Response[Any]:
    """Send accepted goods back."""
    delivery = delivery_for(visit, order_id, delivery_id, Action.RETURN_GOODS)
    reader = GoodsReader(visit.form)
    receipt = receipt_of(visit.session, delivery_id=delivery.id)
    lines = {} if receipt is None else {line.id: line for line in receipt.lines}

    def change() -> None:
        line = lines.get(typed_id(visit.form.get("line", "")))
        packs, day = reader.whole("packs"), reader.day("returned_on", needed=True)
        if line is None:
            reader.fault("line", "请选择退哪一批。", "Choose the batch that goes back.")
        if reader.faults or line is None or day is None:
            raise InvalidInputError(reader.faults)
        return_goods(
            visit.session,
            receipt_line=line,
            given=Returned(
                packs=packs or 0,
                reason=visit.form.get("reason", ""),
                returned_on=day,
                trace_codes=tuple(visit.form.get("trace_codes", "").split()),
            ),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.expire_all()
        return _page(visit, delivery, refusal)
    return redirect(f"/orders/{order_id}/deliveries/{delivery_id}/receipt")


ROUTES = (show_receipt, receive, send_back)
"""Handlers of these pages."""
