"""The hospital cancels what is not shipped yet."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.orders.changing import close_if_done, lock_order, note, require_reason
from procurement.orders.states import ORDER_NAMES, OrderStatus, WrongStateError
from procurement.orders.tables import PurchaseOrder
from procurement.permissions import Actor

_OPEN = (OrderStatus.PLACED, OrderStatus.CONFIRMED, OrderStatus.SHIPPING)


def cancel_lines(
    session: Session,
    *,
    order: PurchaseOrder,
    packs: Mapping[int, int] | None,
    reason: str,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> PurchaseOrder:
    """Cancel packs that are neither shipped nor cancelled.

    Args:
        session: Session of the caller's transaction.
        order: The order.
        packs: How many, by id of the line; None for all that is not shipped.
        reason: Why, for manufacturer and distributor.
        actor: Of the hospital.
        moment: When, aware.
        version: The version that a page showed.

    Raises:
        InvalidInputError: More than is left, no line of the order, nothing at all, no reason.
        WrongStateError: Nothing of the order is open.
        StaleError: It was changed since the page was loaded.
    """
    text = require_reason(reason)
    lock_order(session, order=order, version=version)
    if order.status not in _OPEN:
        present = ORDER_NAMES[OrderStatus(order.status)]
        raise WrongStateError(present, ORDER_NAMES[OrderStatus.CANCELLED])
    wanted = {line.id: line.unshipped_packs for line in order.lines} if packs is None else packs
    _check(order, wanted)
    for line in order.lines:
        line.cancelled_packs += wanted.get(line.id, 0)
    order.reason = text
    close_if_done(order, moment=moment)
    total = sum(wanted.values())
    note(session, order, actor=actor, action="cancel-lines", moment=moment, packs=str(total))
    _tell(session, order, total, text, moment)
    return order


def _check(order: PurchaseOrder, wanted: Mapping[int, int]) -> None:
    left = {line.id: line.unshipped_packs for line in order.lines}
    faults = []
    for line_id, packs in wanted.items():
        if not 0 <= packs <= left.get(line_id, 0):
            most = left.get(line_id, 0)
            zh = f"未发货的只有 {most:,} 盒。"
            en = f"Only {most:,} packs are not shipped yet."
            faults.append(FieldFault(f"lines.{line_id}.packs", zh, en))
    if not faults and not sum(wanted.values()):
        zh, en = "没有可取消的数量。", "Nothing to cancel."
        faults.append(FieldFault("lines", zh, en))
    if faults:
        raise InvalidInputError(faults)


def _tell(
    session: Session, order: PurchaseOrder, packs: int, reason: str, moment: datetime
) -> None:
    for organisation_id in sorted({order.organisation_id, order.distributor_id}):
        notify(
            session,
            organisation_id=organisation_id,
            zh=f"医疗机构取消订单 {order.number} 中的 {packs:,} 盒：{reason}",
            en=f"The hospital cancels {packs:,} packs of order {order.number}: {reason}",
            link=f"/orders/{order.id}",
            moment=moment,
        )
