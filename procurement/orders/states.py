"""The states of orders, deliveries and trace codes, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class OrderKind(StrEnum):
    """Under what something is ordered."""

    AGREED = "agreed"
    """Under a signed agreement of a round, at the winning price."""
    NEGOTIATED = "negotiated"
    """A negotiated drug at its payment standard."""
    REPLACEMENT = "replacement"
    """From the supplier that took over a winner's supply."""
    OTHER = "other"
    """Anything else at the price that the chain has for it."""


class Urgency(StrEnum):
    """How soon it is needed."""

    ORDINARY = "ordinary"
    EMERGENCY = "emergency"


class OrderStatus(StrEnum):
    """Where an order stands; `ORDER_TRANSITIONS` says what may follow."""

    PLACED = "placed"
    """The manufacturer is to confirm it."""
    CONFIRMED = "confirmed"
    """The distributor is to deliver."""
    SHIPPING = "shipping"
    """Something was shipped, and something is open still."""
    CLOSED = "closed"
    """Nothing is open; something was accepted."""
    CANCELLED = "cancelled"
    """Nothing is open; nothing was accepted."""
    DECLINED = "declined"
    """The manufacturer does not supply it."""


class DeliveryStatus(StrEnum):
    """Where a delivery stands; `DELIVERY_TRANSITIONS` says what may follow."""

    SHIPPED = "shipped"
    """On its way, or waiting to be accepted."""
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly-accepted"
    REFUSED = "refused"


class TraceCodeStatus(StrEnum):
    """Where a pack with a trace code was last seen."""

    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETURNED = "returned"


class PurchaseSource(StrEnum):
    """What a purchase line comes from."""

    RECEIPT = "receipt"
    RETURN = "return"
    MOVEMENT = "movement"
    """A stock movement that the hospital reported, of goods that no order of this platform has."""


_O = OrderStatus

ORDER_TRANSITIONS: Mapping[OrderStatus, tuple[OrderStatus, ...]] = {
    _O.PLACED: (_O.CONFIRMED, _O.DECLINED, _O.CANCELLED),
    _O.CONFIRMED: (_O.SHIPPING, _O.CANCELLED),
    _O.SHIPPING: (_O.CLOSED, _O.CANCELLED),
    # A return is a fact of its own: it opens no order again.
    _O.CLOSED: (),
    _O.CANCELLED: (),
    _O.DECLINED: (),
}
"""For each status of an order, what may follow it."""

DELIVERY_TRANSITIONS: Mapping[DeliveryStatus, tuple[DeliveryStatus, ...]] = {
    DeliveryStatus.SHIPPED: (
        DeliveryStatus.ACCEPTED,
        DeliveryStatus.PARTLY_ACCEPTED,
        DeliveryStatus.REFUSED,
    ),
    DeliveryStatus.ACCEPTED: (),
    DeliveryStatus.PARTLY_ACCEPTED: (),
    DeliveryStatus.REFUSED: (),
}
"""For each status of a delivery, what may follow it."""

ORDER_NAMES: dict[OrderStatus, tuple[str, str]] = {
    _O.PLACED: ("待企业确认", "to be confirmed"),
    _O.CONFIRMED: ("待配送", "to be shipped"),
    _O.SHIPPING: ("配送中", "being delivered"),
    _O.CLOSED: ("已完成", "completed"),
    _O.CANCELLED: ("已取消", "cancelled"),
    _O.DECLINED: ("企业未接单", "declined"),
}
DELIVERY_NAMES: dict[DeliveryStatus, tuple[str, str]] = {
    DeliveryStatus.SHIPPED: ("待验收", "to be accepted"),
    DeliveryStatus.ACCEPTED: ("已验收", "accepted"),
    DeliveryStatus.PARTLY_ACCEPTED: ("部分验收", "partly accepted"),
    DeliveryStatus.REFUSED: ("拒收", "refused"),
}
KIND_NAMES: dict[OrderKind, tuple[str, str]] = {
    OrderKind.AGREED: ("协议采购", "under an agreement"),
    OrderKind.NEGOTIATED: ("谈判药品", "negotiated drug"),
    OrderKind.REPLACEMENT: ("替补供应", "replacement supply"),
    OrderKind.OTHER: ("其他挂网产品", "other listed product"),
}
URGENCY_NAMES: dict[Urgency, tuple[str, str]] = {
    Urgency.ORDINARY: ("一般", "ordinary"),
    Urgency.EMERGENCY: ("急救", "emergency"),
}
TRACE_CODE_NAMES: dict[TraceCodeStatus, tuple[str, str]] = {
    TraceCodeStatus.DELIVERED: ("配送中", "on its way"),
    TraceCodeStatus.ACCEPTED: ("已验收入库", "accepted"),
    TraceCodeStatus.REFUSED: ("拒收", "refused"),
    TraceCodeStatus.RETURNED: ("已退货", "returned"),
}


class WrongStateError(RefusedError):
    """Something cannot be done in the present state."""

    def __init__(self, present: tuple[str, str], wanted: tuple[str, str]) -> None:
        """Keep both names, Chinese and English."""
        super().__init__(
            zh=f"当前状态为“{present[0]}”，不能变为“{wanted[0]}”；没有作任何改动。",
            en=f"It is “{present[1]}” and cannot become “{wanted[1]}”; nothing was changed.",
        )
        self.present = present
        self.wanted = wanted


def check_order(present: OrderStatus, wanted: OrderStatus) -> None:
    """Let a change of an order pass, or raise.

    Raises:
        WrongStateError: `ORDER_TRANSITIONS` does not list it.

    Examples:
        >>> check_order(OrderStatus.PLACED, OrderStatus.CONFIRMED)
        >>> check_order(OrderStatus.CLOSED, OrderStatus.CANCELLED)
        Traceback (most recent call last):
        ...
        procurement.orders.states.WrongStateError: It is “completed” and cannot become \
“cancelled”; nothing was changed.
    """
    if wanted not in ORDER_TRANSITIONS[present]:
        raise WrongStateError(ORDER_NAMES[present], ORDER_NAMES[wanted])


def check_delivery(present: DeliveryStatus, wanted: DeliveryStatus) -> None:
    """Let a change of a delivery pass, or raise.

    Raises:
        WrongStateError: `DELIVERY_TRANSITIONS` does not list it.
    """
    if wanted not in DELIVERY_TRANSITIONS[present]:
        raise WrongStateError(DELIVERY_NAMES[present], DELIVERY_NAMES[wanted])
