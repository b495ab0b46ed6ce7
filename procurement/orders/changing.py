"""What every change of an order begins and ends with: its lock, its status, its record."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.orders.states import OrderStatus, check_order
from procurement.orders.tables import REASON_LENGTH_MAX, PurchaseOrder
from procurement.permissions import Actor


def lock_order(session: Session, *, order: PurchaseOrder, version: int | None = None) -> None:
    """Read an order and its lines anew, and keep others from changing it until the end.

    Args:
        session: Session of the caller's transaction.
        order: The order.
        version: The version that a page showed, if a page asks.

    Raises:
        StaleError: It was changed since.
    """
    session.flush()
    # SQLite's writer holds the whole file already and ignores FOR UPDATE.
    session.refresh(order, with_for_update=True)
    for line in order.lines:
        session.refresh(line)
    if version is not None and order.version != version:
        raise StaleError


def set_order_status(order: PurchaseOrder, status: OrderStatus) -> None:
    """Change the status of an order.

    Raises:
        WrongStateError: `ORDER_TRANSITIONS` does not list the change.
    """
    check_order(OrderStatus(order.status), status)
    order.status = status


def close_if_done(order: PurchaseOrder, *, moment: datetime) -> None:
    """Close an order of which nothing is open: completed, or cancelled if nothing was accepted."""
    if any(line.open_packs for line in order.lines):
        return
    accepted = any(line.accepted_packs for line in order.lines)
    set_order_status(order, OrderStatus.CLOSED if accepted else OrderStatus.CANCELLED)
    order.closed_at = moment


def note(
    session: Session,
    order: PurchaseOrder,
    *,
    actor: Actor,
    action: str,
    moment: datetime,
    **facts: str,
) -> None:
    """Count the change of an order, and put it into the audit trail."""
    order.version += 1
    session.flush()
    record(
        session,
        actor=actor,
        action=action,
        subject=f"order/{order.number}",
        facts=facts,
        moment=moment,
    )


def require_reason(reason: str) -> str:
    """Return a reason that was given.

    Raises:
        InvalidInputError: It is empty, or too long.
    """
    text = reason.strip()
    if not 0 < len(text) <= REASON_LENGTH_MAX:
        zh = f"请写明原因（不超过 {REASON_LENGTH_MAX} 字）。"
        en = f"Say why, in at most {REASON_LENGTH_MAX} characters."
        raise InvalidInputError([FieldFault("reason", zh, en)])
    return text
