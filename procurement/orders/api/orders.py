"""Orders by machine: what may be ordered, placing, confirming, declining, cancelling."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from pricing.money import PriceError, parse_price
from procurement.agreements.at_edge import file_answer
from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.api.shapes import (
    OfferEntry,
    OrderEntry,
    OrderLineEntry,
    line_entry,
    offer_entry,
    order_entry,
)
from procurement.orders.at_edge import buyer_for, order_for
from procurement.orders.cancelling import cancel_lines
from procurement.orders.confirming import confirm_order, decline_order
from procurement.orders.listing import OrderFilter, orders_seen
from procurement.orders.offers import offers_for
from procurement.orders.placing import Terms, Wanted, place_order
from procurement.orders.placing_file import order_template, place_from_file
from procurement.orders.states import OrderStatus, Urgency
from procurement.orders.tables import PurchaseOrder
from procurement.permissions import Action
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["orders"]
_ROOM = 100_000
"""Bytes of a form around its file."""

Hospital = Annotated[int | None, QueryParameter(name="hospital_id", ge=1, le=2**31 - 1)]
Status = Annotated[OrderStatus | None, QueryParameter(name="status")]
Text = Annotated[str, QueryParameter(name="product", max_length=100)]
HospitalId = Annotated[int, Meta(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class OfferList:
    """What a hospital may order on a day.

    Attributes:
        on_date: The day in China.
        items: By round and lot, then negotiated drugs and other listed products.
    """

    on_date: date
    items: list[OfferEntry]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[OrderEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """A whole order.

    Attributes:
        order: As in the list.
        lines: By number.
    """

    order: OrderEntry
    lines: list[OrderLineEntry]


@dataclass(frozen=True, slots=True)
class WantedBody:
    """One line that is wanted.

    Attributes:
        offer: Key of an offer.
        packs: How many.
        pack_price: The price that the client knows; must be the one in force. Null: not compared.
    """

    offer: str
    packs: int
    pack_price: str | None = None


@dataclass(frozen=True, slots=True)
class OrderBody:
    """An order.

    Attributes:
        lines: Of one manufacturer and one agreement.
        distributor_id: One of the offers' sellers; null where there is only one.
        hospital_id: A member of the group that the own hospital leads; null for the own one.
        urgency: ordinary or emergency.
        is_remote: The hospital lies remote.
        is_cold_chain: The goods are kept cold.
    """

    lines: list[WantedBody]
    distributor_id: int | None = None
    hospital_id: HospitalId | None = None
    urgency: Urgency = Urgency.ORDINARY
    is_remote: bool = False
    is_cold_chain: bool = False


@dataclass(frozen=True, slots=True)
class ReasonBody:
    """Why an order is declined.

    Attributes:
        reason: For the hospital.
        version: As it was read; null to not compare.
    """

    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ConfirmBody:
    """A confirmation.

    Attributes:
        version: As it was read; null to not compare.
    """

    version: int | None = None


@dataclass(frozen=True, slots=True)
class CancelBody:
    """What is cancelled.

    Attributes:
        reason: For manufacturer and distributor.
        packs: By id of the line; null for all that is not shipped.
        version: As it was read; null to not compare.
    """

    reason: str
    packs: dict[int, int] | None = None
    version: int | None = None


@get("/api/v1/orders/offers", tags=TAGS)
@reads
def list_offers(visit: Visit, hospital_id: Hospital = None, product: Text = "") -> OfferList:
    """List what the own hospital, or a member of its group, may order today."""
    buyer = buyer_for(visit, hospital_id)
    day = day_in_china(visit.moment)
    found = offers_for(visit.session, hospital_id=buyer.id, day=day, query=product)
    return OfferList(day, [offer_entry(one) for one in found])


@get("/api/v1/orders/template", tags=TAGS)
@reads
def read_template(visit: Visit, hospital_id: Hospital = None) -> Response[bytes]:
    """Fetch the CSV file to order with: fill in the packs, and send it to ``order-files``."""
    buyer = buyer_for(visit, hospital_id)
    content = order_template(visit.session, hospital_id=buyer.id, day_at=visit.moment)
    return file_answer(content, name="采购订单.csv", media_type="text/csv")


@get("/api/v1/orders", tags=TAGS)
@reads
def list_orders(
    visit: Visit,
    cursor: Cursor = None,
    page_size: PageSize = 50,
    status: Status = None,
    hospital_id: Hospital = None,
    product: Text = "",
) -> OrderPage:
    """List the orders that are one's concern."""
    visit.require_ever(Action.READ_ORDER)
    wanted = OrderFilter(status=status or "", hospital_id=hospital_id, product=product)
    seen = orders_seen(visit.session, actor=visit.actor, moment=visit.moment, wanted=wanted)
    page = paginate_by_key(
        visit.session, seen, key=PurchaseOrder.id.expression, cursor=cursor, size=page_size
    )
    return OrderPage([order_entry(one) for one in page.rows], page.next_cursor)


@get("/api/v1/orders/{order_id:int}", tags=TAGS)
@reads
def read_order(visit: Visit, order_id: RowId) -> OrderDetail:
    """Read an order with its lines."""
    return _detail(order_for(visit, order_id, Action.READ_ORDER).order)


@post("/api/v1/orders", tags=TAGS, status_code=201)
@writes
def post_order(visit: Visit, data: JSONBody[OrderBody]) -> OrderDetail:
    """Place an order, at the price in force."""
    buyer = buyer_for(visit, data.hospital_id)
    order = place_order(
        visit.session,
        hospital_id=buyer.id,
        actor=visit.actor,
        lines=_wanted(data.lines),
        distributor_id=data.distributor_id,
        urgency=data.urgency,
        is_remote=data.is_remote,
        is_cold_chain=data.is_cold_chain,
        moment=visit.moment,
    )
    return _detail(order)


@post("/api/v1/order-files", tags=TAGS, status_code=201, request_max_body_size=BYTES_MAX + _ROOM)
@writes
def post_order_file(visit: Visit, hospital_id: Hospital = None) -> OrderPage:
    """Place the orders of a CSV file, all or none.

    Multipart: ``file``, and if wanted ``urgency``, ``is_remote`` (yes), ``is_cold_chain`` (yes).
    """
    buyer = buyer_for(visit, hospital_id)
    upload, urgency = visit.form.files.get("file"), visit.form.get("urgency") or Urgency.ORDINARY
    faults = []
    if upload is None:
        faults.append(FieldFault("file", "请选择文件。", "Choose a file."))
    if urgency not in set(Urgency):
        zh, en = "应为 ordinary 或 emergency。", "Expected ordinary or emergency."
        faults.append(FieldFault("urgency", zh, en))
    if upload is None or faults:
        raise InvalidInputError(faults)
    orders = place_from_file(
        visit.session,
        hospital_id=buyer.id,
        content=upload.file.read(BYTES_MAX + 1),
        terms=Terms(
            urgency=Urgency(urgency),
            is_remote=visit.form.get("is_remote") == "yes",
            is_cold_chain=visit.form.get("is_cold_chain") == "yes",
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return OrderPage([order_entry(one) for one in orders], None)


@post("/api/v1/orders/{order_id:int}/confirmation", tags=TAGS, status_code=201)
@writes
def post_confirmation(visit: Visit, order_id: RowId, data: JSONBody[ConfirmBody]) -> OrderDetail:
    """Confirm an order, as its manufacturer."""
    found = order_for(visit, order_id, Action.CONFIRM_ORDER)
    order = confirm_order(
        visit.session,
        order=found.order,
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return _detail(order)


@post("/api/v1/orders/{order_id:int}/refusal", tags=TAGS, status_code=201)
@writes
def post_refusal(visit: Visit, order_id: RowId, data: JSONBody[ReasonBody]) -> OrderDetail:
    """Decline an order, as its manufacturer."""
    found = order_for(visit, order_id, Action.CONFIRM_ORDER)
    order = decline_order(
        visit.session,
        order=found.order,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return _detail(order)


@post("/api/v1/orders/{order_id:int}/cancellation", tags=TAGS, status_code=201)
@writes
def post_cancellation(visit: Visit, order_id: RowId, data: JSONBody[CancelBody]) -> OrderDetail:
    """Cancel packs that are not shipped yet, as the hospital."""
    found = order_for(visit, order_id, Action.PLACE_ORDER)
    order = cancel_lines(
        visit.session,
        order=found.order,
        packs=data.packs,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return _detail(order)


def _detail(order: PurchaseOrder) -> OrderDetail:
    return OrderDetail(order_entry(order), [line_entry(line) for line in order.lines])


def _wanted(lines: list[WantedBody]) -> list[Wanted]:
    """Read the lines of a body.

    Raises:
        InvalidInputError: Prices that are none.
    """
    faults, wanted = [], []
    for number, line in enumerate(lines, start=1):
        price = None
        if line.pack_price is not None:
            try:
                price = parse_price(line.pack_price)
            except PriceError:
                zh, en = "须为大于 0 的金额，如 12.34。", "Expected an amount above 0, like 12.34."
                faults.append(FieldFault(f"lines.{number}.price", zh, en))
        wanted.append(Wanted(line.offer, line.packs, price))
    if faults:
        raise InvalidInputError(faults)
    return wanted


ROUTES = (
    list_offers,
    read_template,
    list_orders,
    read_order,
    post_order,
    post_order_file,
    post_confirmation,
    post_refusal,
    post_cancellation,
)
