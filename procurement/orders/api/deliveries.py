"""Deliveries by machine: shipping, accepting, returning."""

from dataclasses import dataclass
from datetime import date

from litestar import get, post
from litestar.params import JSONBody

from procurement.china_days import day_in_china
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.api.orders import TAGS
from procurement.orders.api.shapes import (
    DeliveryEntry,
    ReceiptEntry,
    ReturnEntry,
    delivery_entry,
    receipt_entry,
    return_entry,
)
from procurement.orders.at_edge import delivery_for, order_for, receipt_line_for
from procurement.orders.delivering import ShippedLine, ship
from procurement.orders.listing import deliveries_of, receipt_of
from procurement.orders.returning import Returned, return_goods
from procurement.orders.tables import Delivery
from procurement.orders.trace_codes import codes_of
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import RowId, Visit, reads, writes

_ORDER = "/api/v1/orders/{order_id:int}"


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """The deliveries of an order.

    Attributes:
        items: The first one first.
    """

    items: list[DeliveryEntry]


@dataclass(frozen=True, slots=True)
class BatchBody:
    """A batch that is shipped.

    Attributes:
        order_line_id: Of the order.
        packs: How many.
        batch_number: As printed.
        expires_on: Last day of use.
        manufactured_on: Day of making; null where it is not known.
        trace_codes: Of packs or cases; any form, up to 64 visible characters.
    """

    order_line_id: int
    packs: int
    batch_number: str
    expires_on: date
    manufactured_on: date | None = None
    trace_codes: list[str] | None = None


@dataclass(frozen=True, slots=True)
class DeliveryBody:
    """A delivery.

    Attributes:
        note_number: Of the delivery note.
        lines: Its batches.
        version: Of the order as it was read; null to not compare.
    """

    note_number: str
    lines: list[BatchBody]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AcceptedBody:
    """What is said of a batch.

    Attributes:
        delivery_line_id: The batch.
        accepted: Packs that are taken.
        refused: Packs that go back.
        reason: Why; needed where packs are refused.
        refused_codes: Trace codes of those packs, where a part of the batch is refused.
    """

    delivery_line_id: int
    accepted: int
    refused: int
    reason: str = ""
    refused_codes: list[str] | None = None


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """An acceptance.

    Attributes:
        lines: Every batch, once.
        received_on: Day in China; null for today.
    """

    lines: list[AcceptedBody]
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReturnBody:
    """What goes back.

    Attributes:
        packs: How many.
        reason: Why.
        returned_on: Day in China; null for today.
        trace_codes: Of the packs.
    """

    packs: int
    reason: str
    returned_on: date | None = None
    trace_codes: list[str] | None = None


@get(f"{_ORDER}/deliveries", tags=TAGS)
@reads
def list_deliveries(visit: Visit, order_id: RowId) -> DeliveryList:
    """List the deliveries of an order, with batches and trace codes."""
    found = order_for(visit, order_id, Action.READ_ORDER)
    rows = deliveries_of(visit.session, order_id=found.order.id)
    return DeliveryList([_entry(visit, one) for one in rows])


@post(f"{_ORDER}/deliveries", tags=TAGS, status_code=201)
@writes
def post_delivery(visit: Visit, order_id: RowId, data: JSONBody[DeliveryBody]) -> DeliveryEntry:
    """Ship batches of an order, as its distributor."""
    found = order_for(visit, order_id, Action.DELIVER_ORDER)
    delivery = ship(
        visit.session,
        order=found.order,
        note_number=data.note_number,
        lines=[_shipped(one) for one in data.lines],
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return _entry(visit, delivery)


@get(f"{_ORDER}/deliveries/{{delivery_id:int}}/receipt", tags=TAGS)
@reads
def read_receipt(visit: Visit, order_id: RowId, delivery_id: RowId) -> ReceiptEntry:
    """Read what was accepted of a delivery."""
    delivery = delivery_for(visit, order_id, delivery_id, Action.READ_ORDER)
    receipt = receipt_of(visit.session, delivery_id=delivery.id)
    if receipt is None:
        raise NotFoundForActorError
    return receipt_entry(receipt)


@post(f"{_ORDER}/deliveries/{{delivery_id:int}}/receipt", tags=TAGS, status_code=201)
@writes
def post_receipt(
    visit: Visit, order_id: RowId, delivery_id: RowId, data: JSONBody[ReceiptBody]
) -> ReceiptEntry:
    """Accept or refuse every batch of a delivery, as the hospital."""
    delivery = delivery_for(visit, order_id, delivery_id, Action.ACCEPT_DELIVERY)
    receipt = accept(
        visit.session,
        delivery=delivery,
        lines=[_accepted(one) for one in data.lines],
        received_on=data.received_on or day_in_china(visit.moment),
        actor=visit.actor,
        moment=visit.moment,
    )
    return receipt_entry(receipt)


@post(f"{_ORDER}/receipt-lines/{{receipt_line_id:int}}/returns", tags=TAGS, status_code=201)
@writes
def post_return(
    visit: Visit, order_id: RowId, receipt_line_id: RowId, data: JSONBody[ReturnBody]
) -> ReturnEntry:
    """Send accepted packs back, as the hospital."""
    line = receipt_line_for(visit, order_id, receipt_line_id, Action.RETURN_GOODS)
    given = Returned(
        packs=data.packs,
        reason=data.reason,
        returned_on=data.returned_on or day_in_china(visit.moment),
        trace_codes=tuple(data.trace_codes or ()),
    )
    row = return_goods(
        visit.session, receipt_line=line, given=given, actor=visit.actor, moment=visit.moment
    )
    return return_entry(row)


def _entry(visit: Visit, delivery: Delivery) -> DeliveryEntry:
    codes = codes_of(visit.session, line_ids=[line.id for line in delivery.lines])
    return delivery_entry(delivery, codes)


def _shipped(given: BatchBody) -> ShippedLine:
    return ShippedLine(
        order_line_id=given.order_line_id,
        packs=given.packs,
        batch_number=given.batch_number,
        expires_on=given.expires_on,
        manufactured_on=given.manufactured_on,
        trace_codes=tuple(given.trace_codes or ()),
    )


def _accepted(given: AcceptedBody) -> AcceptedLine:
    return AcceptedLine(
        delivery_line_id=given.delivery_line_id,
        accepted=given.accepted,
        refused=given.refused,
        reason=given.reason,
        refused_codes=tuple(given.refused_codes or ()),
    )


ROUTES = (list_deliveries, post_delivery, read_receipt, post_receipt, post_return)
