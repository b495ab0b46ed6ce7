"""The list of orders: a party's own, or those that a bureau or an agency looks after."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from litestar import Response, get

from procurement.china_days import day_in_china
from procurement.orders.listing import OrderFilter, count_by_status, names_of, orders_seen
from procurement.orders.pages.sheets import Heading, Value, sheet_answer
from procurement.orders.pages.typed import filters_tail, page_number
from procurement.orders.pages.words import words
from procurement.orders.states import OrderStatus
from procurement.orders.summaries import OrderSummary, every_summary, summaries_of
from procurement.orders.tables import PurchaseOrder
from procurement.permissions import Action
from procurement.web import Visit, paginate, reads, render

QUERY_LENGTH_MAX = 60
PRODUCTS_SHOWN = 2
_FILTERS = ("q", "status")
_RUNNING = (OrderStatus.CONFIRMED, OrderStatus.SHIPPING)


@get("/orders", include_in_schema=False)
@reads
def show_orders(visit: Visit) -> Response[Any]:
    """List the orders that are the visitor's concern."""
    visit.require_ever(Action.READ_ORDER)
    session = visit.session
    everything = orders_seen(session, actor=visit.actor, moment=visit.moment)
    newest = _seen(visit).order_by(PurchaseOrder.id.desc())
    page = paginate(session, newest, number=page_number(visit))
    return render(
        visit,
        "orders/orders.html",
        page=page,
        rows=[_shown(visit, one) for one in summaries_of(session, page.rows)],
        counts=count_by_status(session, everything),
        names=names_of(session, page.rows),
        filters=visit.query,
        tail=filters_tail(visit, _FILTERS),
        is_new="new" in visit.query,
        may=_may(visit),
        **words(visit),
    )


def _seen(visit: Visit) -> Any:  # noqa: ANN401 - a statement
    text, status = visit.query.get("q", "")[:QUERY_LENGTH_MAX], visit.query.get("status", "")
    is_number = text[:1].isdigit()
    wanted = OrderFilter(
        status=status if status in set(OrderStatus) else "",
        number=text if is_number else "",
        product="" if is_number else text,
    )
    return orders_seen(visit.session, actor=visit.actor, moment=visit.moment, wanted=wanted)


def _may(visit: Visit) -> dict[str, bool]:
    return {
        "place": visit.may_ever(Action.PLACE_ORDER),
        "invoices": visit.may_ever(Action.READ_INVOICE),
        "movements": visit.may_ever(Action.READ_MOVEMENTS),
        "fulfilment": visit.may_ever(Action.READ_FULFILMENT),
    }


def _shown(visit: Visit, one: OrderSummary) -> dict[str, object]:
    order = one.order
    return {
        "order": order,
        "products": one.products[:PRODUCTS_SHOWN],
        "more": len(one.products) if len(one.products) > PRODUCTS_SHOWN else 0,
        "packs": one.packs,
        "accepted": one.accepted,
        "open": one.open,
        "amount": one.amount,
        "placed_on": day_in_china(order.placed_at),
        "is_late": is_late(order, visit.moment),
    }


def is_late(order: PurchaseOrder, moment: datetime) -> bool:
    """Tell whether something is to be delivered still, past the time limit."""
    return order.status in _RUNNING and order.due_at is not None and order.due_at < moment


_HEADINGS: tuple[Heading, ...] = (
    ("订单号", "order"),
    ("药品", "medicines"),
    ("医疗机构", "hospital"),
    ("生产企业", "manufacturer"),
    ("配送企业", "distributor"),
    ("类别", "kind"),
    ("订购（盒）", "packs ordered"),
    ("已验收（盒）", "packs accepted"),
    ("未到货（盒）", "packs open"),
    ("金额（元）", "amount (yuan)"),
    ("下单日期", "placed on"),
    ("配送时限", "delivery limit"),
    ("状态", "status"),
)


@get(["/orders/orders.xlsx", "/orders/orders.csv"], include_in_schema=False)
@reads
def orders_file(visit: Visit) -> Response[bytes]:
    """Give the list, as it is filtered, as a file."""
    visit.require_ever(Action.READ_ORDER)
    return sheet_answer(
        visit, name=visit.text("订单", "orders"), headings=_HEADINGS, rows=_rows(visit)
    )


def _rows(visit: Visit) -> Iterator[tuple[Value, ...]]:
    known, together = words(visit), None
    names: dict[int, str] = {}
    for one, some in every_summary(visit.session, _seen(visit)):
        if some is not together:
            together, names = some, names_of(visit.session, some)
        order = one.order
        yield (
            order.number,
            "; ".join(one.products),
            names[order.hospital_id],
            names[order.organisation_id],
            names[order.distributor_id],
            known["kind_names"][order.kind],
            one.packs,
            one.accepted,
            one.open,
            one.amount,
            day_in_china(order.placed_at),
            None if order.due_at is None else order.due_at.isoformat(),
            known["order_names"][order.status],
        )


ROUTES = (show_orders, orders_file)
"""Handlers of these pages."""
