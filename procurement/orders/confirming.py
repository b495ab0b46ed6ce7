"""The manufacturer confirms an order, or declines it."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.notices import notify
from procurement.orders.changing import lock_order, note, require_reason, set_order_status
from procurement.orders.fulfilment.limits import delivery_due
from procurement.orders.states import OrderStatus, Urgency
from procurement.orders.tables import RULE_LENGTH_MAX, PurchaseOrder
from procurement.permissions import Actor


def confirm_order(
    session: Session,
    *,
    order: PurchaseOrder,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> PurchaseOrder:
    """Confirm an order, as its manufacturer: the distributor is told to deliver.

    From now on the time limit of delivery runs, where a rule of the region states one.

    Args:
        session: Session of the caller's transaction.
        order: The order.
        actor: Of the manufacturer.
        moment: When, aware.
        version: The version that a page showed.

    Raises:
        WrongStateError: It was answered or cancelled already.
        StaleError: It was changed since the page was loaded.
    """
    lock_order(session, order=order, version=version)
    set_order_status(order, OrderStatus.CONFIRMED)
    order.confirmed_at = moment
    limit = delivery_due(
        session,
        region=order.region,
        confirmed_at=moment,
        is_emergency=order.urgency == Urgency.EMERGENCY,
        is_remote=order.is_remote,
        is_cold_chain=order.is_cold_chain,
    )
    order.due_at, order.due_rule = limit.due_at, limit.rule[:RULE_LENGTH_MAX]
    note(session, order, actor=actor, action="confirm-order", moment=moment)
    for organisation_id in sorted({order.distributor_id, order.hospital_id}):
        notify(
            session,
            organisation_id=organisation_id,
            zh=f"企业已确认订单 {order.number}，待配送。",
            en=f"Order {order.number} is confirmed by its manufacturer; it is to be delivered.",
            link=f"/orders/{order.id}",
            moment=moment,
        )
    return order


def decline_order(
    session: Session,
    *,
    order: PurchaseOrder,
    reason: str,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> PurchaseOrder:
    """Decline an order, as its manufacturer; nothing of it stays open.

    Args:
        session: Session of the caller's transaction.
        order: The order.
        reason: Why, for the hospital and the bureau.
        actor: Of the manufacturer.
        moment: When, aware.
        version: The version that a page showed.

    Raises:
        InvalidInputError: No reason is given.
        WrongStateError: It was answered or cancelled already.
        StaleError: It was changed since the page was loaded.
    """
    text = require_reason(reason)
    lock_order(session, order=order, version=version)
    set_order_status(order, OrderStatus.DECLINED)
    for line in order.lines:
        line.cancelled_packs = line.packs
    order.reason, order.closed_at = text, moment
    note(session, order, actor=actor, action="decline-order", moment=moment)
    notify(
        session,
        organisation_id=order.hospital_id,
        zh=f"企业未接受订单 {order.number}：{text}",
        en=f"Order {order.number} is declined by its manufacturer: {text}",
        link=f"/orders/{order.id}",
        moment=moment,
    )
    return order
