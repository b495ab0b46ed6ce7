"""What waits for hospitals, manufacturers and distributors about orders."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from procurement.notices import Task
from procurement.orders.listing import buyers_of
from procurement.orders.states import DeliveryStatus, OrderStatus
from procurement.orders.tables import Delivery, OrderLine, PurchaseOrder
from procurement.permissions import Actor, Role

_TO_SHIP = (OrderStatus.CONFIRMED, OrderStatus.SHIPPING)


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    own = actor.organisation_id
    if own is None:
        return []
    tasks: list[Task] = []
    if Role.MANUFACTURER in actor.roles:
        tasks += _to_confirm(session, own)
    if {Role.MANUFACTURER, Role.DISTRIBUTOR} & actor.roles:
        tasks += _to_ship(session, own, moment)
    if {Role.HOSPITAL, Role.PHARMACY} & actor.roles:
        tasks += _to_accept(session, actor, moment)
    return tasks


def _to_confirm(session: Session, own: int) -> Iterator[Task]:
    number = session.scalar(
        select(func.count())
        .where(PurchaseOrder.organisation_id == own)
        .where(PurchaseOrder.status == OrderStatus.PLACED)
    )
    if number:
        yield Task(
            zh=f"确认采购订单：{number:,} 张",
            en=f"Confirm orders: {number:,}",
            link="/orders?status=placed",
            urgent=True,
        )


def _unshipped() -> ColumnElement[bool]:
    return (
        select(OrderLine.id)
        .where(OrderLine.order_id == PurchaseOrder.id)
        .where(OrderLine.packs > OrderLine.shipped_packs + OrderLine.cancelled_packs)
        .exists()
    )


def _to_ship(session: Session, own: int, moment: datetime) -> Iterator[Task]:
    """Orders to ship, and those whose time limit is over; the first limit is the task's."""
    waiting = (
        select(func.count(), func.min(PurchaseOrder.due_at))
        .where(PurchaseOrder.distributor_id == own, PurchaseOrder.status.in_(_TO_SHIP))
        .where(_unshipped())
    )
    number, due_at = session.execute(waiting).one()
    if number:
        yield Task(
            zh=f"配送采购订单：{number:,} 张",
            en=f"Ship orders: {number:,}",
            link="/orders?status=confirmed",
            due_at=due_at,
        )
    late = session.scalar(
        select(func.count())
        .where(PurchaseOrder.distributor_id == own, PurchaseOrder.status.in_(_TO_SHIP))
        .where(PurchaseOrder.due_at < moment)
    )
    if late:
        yield Task(
            zh=f"超过配送时限的订单：{late:,} 张",
            en=f"Orders past their time limit of delivery: {late:,}",
            link="/orders?status=shipping",
            urgent=True,
        )


def _to_accept(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    buyers = [one.id for one in buyers_of(session, actor=actor, moment=moment)]
    number = session.scalar(
        select(func.count())
        .select_from(Delivery)
        .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
        .where(PurchaseOrder.hospital_id.in_(buyers), Delivery.status == DeliveryStatus.SHIPPED)
    )
    if number:
        yield Task(
            zh=f"验收到货：{number:,} 单",
            en=f"Accept deliveries: {number:,}",
            link="/orders?status=shipping",
            urgent=True,
        )
