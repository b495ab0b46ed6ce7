"""Names and marks that the pages of orders share."""

from typing import Any

from procurement.accounts.divisions import division_name
from procurement.orders.states import (
    DELIVERY_NAMES,
    KIND_NAMES,
    ORDER_NAMES,
    TRACE_CODE_NAMES,
    URGENCY_NAMES,
    DeliveryStatus,
    OrderStatus,
)
from procurement.web import Visit

ORDER_MARKS = {
    OrderStatus.PLACED: "warning",
    OrderStatus.CONFIRMED: "info",
    OrderStatus.SHIPPING: "info",
    OrderStatus.CLOSED: "good",
    OrderStatus.CANCELLED: "neutral",
    OrderStatus.DECLINED: "bad",
}
DELIVERY_MARKS = {
    DeliveryStatus.SHIPPED: "warning",
    DeliveryStatus.ACCEPTED: "good",
    DeliveryStatus.PARTLY_ACCEPTED: "warning",
    DeliveryStatus.REFUSED: "bad",
}


def named(visit: Visit, names: Any) -> dict[str, str]:  # noqa: ANN401 - any of the tables of names
    """Return a table of names in the visitor's language."""
    return {key: visit.text(*both) for key, both in names.items()}


def words(visit: Visit) -> dict[str, Any]:
    """What every page of orders names things with."""
    return {
        "order_names": named(visit, ORDER_NAMES),
        "order_marks": ORDER_MARKS,
        "delivery_names": named(visit, DELIVERY_NAMES),
        "delivery_marks": DELIVERY_MARKS,
        "kind_names": named(visit, KIND_NAMES),
        "urgency_names": named(visit, URGENCY_NAMES),
        "trace_names": named(visit, TRACE_CODE_NAMES),
        "region_name": lambda code: visit.text(*division_name(code)),
    }
