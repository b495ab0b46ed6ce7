"""The distributor ships an order, in one delivery or in several."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.orders.changing import lock_order, note, set_order_status
from procurement.orders.shipment_checks import ShippedLine, shipment_faults
from procurement.orders.states import (
    ORDER_NAMES,
    DeliveryStatus,
    OrderStatus,
    WrongStateError,
)
from procurement.orders.tables import Delivery, DeliveryLine, PurchaseOrder
from procurement.orders.trace_codes import put_on_their_way
from procurement.permissions import Actor

__all__ = ["ShippedLine", "ship"]


def ship(
    session: Session,
    *,
    order: PurchaseOrder,
    note_number: str,
    lines: Sequence[ShippedLine],
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> Delivery:
    """Ship batches of an order, as its distributor.

    Args:
        session: Session of the caller's transaction.
        order: A confirmed order.
        note_number: Of the delivery note (随货同行单号).
        lines: The batches.
        actor: Of the distributor.
        moment: When, aware.
        version: The version that a page showed.

    Returns:
        The delivery; the hospital is told.

    Raises:
        InvalidInputError: With every fault: packs beyond what is open, goods past their last day,
            a trace code that was seen before, a note's number that was used.
        TraceCodeSeenError: The same pack was shipped by somebody else at the same moment.
        WrongStateError: The order is not confirmed, or closed.
        StaleError: It was changed since the page was loaded.
    """
    lock_order(session, order=order, version=version)
    if order.status not in (OrderStatus.CONFIRMED, OrderStatus.SHIPPING):
        present = ORDER_NAMES[OrderStatus(order.status)]
        raise WrongStateError(present, ORDER_NAMES[OrderStatus.SHIPPING])
    number = note_number.strip()
    faults = shipment_faults(
        session, order=order, note_number=number, lines=lines, day=day_in_china(moment)
    )
    if faults:
        raise InvalidInputError(faults)
    if order.status == OrderStatus.CONFIRMED:
        set_order_status(order, OrderStatus.SHIPPING)
    delivery = _store(session, order, number, lines, actor, moment)
    note(
        session,
        order,
        actor=actor,
        action="ship-order",
        moment=moment,
        note=number,
        packs=str(sum(line.packs for line in lines)),
    )
    notify(
        session,
        organisation_id=order.hospital_id,
        zh=f"订单 {order.number} 已发货（随货同行单 {number}），请在到货后验收。",
        en=f"Order {order.number} is on its way (delivery note {number}). Please accept it.",
        link=f"/orders/{order.id}",
        moment=moment,
    )
    return delivery


def _store(
    session: Session,
    order: PurchaseOrder,
    number: str,
    lines: Sequence[ShippedLine],
    actor: Actor,
    moment: datetime,
) -> Delivery:
    delivery = Delivery(
        order_id=order.id,
        note_number=number,
        distributor_id=order.distributor_id,
        shipped_by=actor.person_id,
        shipped_at=moment,
        status=DeliveryStatus.SHIPPED,
    )
    session.add(delivery)
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        zh, en = "该随货同行单号已使用过。", "A delivery with this number exists already."
        raise InvalidInputError([FieldFault("note_number", zh, en)]) from error
    by_id = {line.id: line for line in order.lines}
    for line in lines:
        by_id[line.order_line_id].shipped_packs += line.packs
        row = DeliveryLine(
            delivery_id=delivery.id,
            order_line_id=line.order_line_id,
            packs=line.packs,
            batch_number=line.batch_number.strip(),
            manufactured_on=line.manufactured_on,
            expires_on=line.expires_on,
            accepted_packs=0,
            refused_packs=0,
        )
        session.add(row)
        session.flush()
        put_on_their_way(session, line=row, codes=line.trace_codes, moment=moment)
    session.refresh(delivery)
    return delivery
