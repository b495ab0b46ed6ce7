"""Which orders somebody sees: the own ones, those of the led group, or those of a region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.orders.states import OrderStatus
from procurement.orders.tables import Delivery, OrderLine, PurchaseOrder, Receipt
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round
from procurement.volumes.groups import members_of
from procurement.volumes.rules import region_prefix

_COLUMN_OF_ROLE = {
    Role.MANUFACTURER: PurchaseOrder.organisation_id,
    Role.DISTRIBUTOR: PurchaseOrder.distributor_id,
}
_IN_CHARGE = frozenset({Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR, Role.FUND_AGENCY})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """What a list of orders is narrowed to; empty narrows nothing.

    Attributes:
        status: Only orders in this status.
        hospital_id: Only of this hospital.
        product: Part of the name of a product in it.
        number: Part of the order's number.
    """

    status: str = ""
    hospital_id: int | None = None
    product: str = ""
    number: str = ""


NO_FILTER = OrderFilter()

BUYING = frozenset({Role.HOSPITAL, Role.PHARMACY})
"""Hospitals, and convenience pharmacies."""


def buyers_of(session: Session, *, actor: Actor, moment: datetime) -> Sequence[Organisation]:
    """Return the hospitals that somebody may order for: the own one, and the members it leads."""
    own = (
        None if actor.organisation_id is None else session.get(Organisation, actor.organisation_id)
    )
    if own is None or not BUYING & actor.roles:
        return ()
    return (own, *members_of(session, lead_id=own.id, day=day_in_china(moment)))


def orders_seen(
    session: Session, *, actor: Actor, moment: datetime, wanted: OrderFilter = NO_FILTER
) -> Select[PurchaseOrder]:
    """Select the orders that somebody sees, without an order.

    Args:
        session: Any session.
        actor: Who looks: a party, or somebody of a bureau or an agency.
        moment: Now, aware.
        wanted: The filter.
    """
    found: Select[Any] = select(PurchaseOrder)
    own = actor.organisation_id
    if BUYING & actor.roles:
        buyers = [one.id for one in buyers_of(session, actor=actor, moment=moment)]
        found = found.where(PurchaseOrder.hospital_id.in_(buyers))
    elif parties := [_COLUMN_OF_ROLE[one] for one in actor.roles if one in _COLUMN_OF_ROLE]:
        # A manufacturer may deliver on its own: then it is asked for both.
        columns = {*parties, PurchaseOrder.distributor_id}
        found = found.where(or_(*(column == own for column in columns)))
    elif actor.roles & _IN_CHARGE:
        prefix = region_prefix(actor.region)
        led = select(Round.id).where(Round.bureau_id == own)
        in_region = PurchaseOrder.region.startswith(prefix, autoescape=True)
        found = found.where(or_(in_region, PurchaseOrder.round_id.in_(led)))
    else:
        found = found.where(false())
    return _narrowed(found, wanted)


def _narrowed(found: Select[Any], wanted: OrderFilter) -> Select[Any]:
    if wanted.status:
        found = found.where(PurchaseOrder.status == wanted.status)
    if wanted.hospital_id is not None:
        found = found.where(PurchaseOrder.hospital_id == wanted.hospital_id)
    if wanted.number:
        found = found.where(PurchaseOrder.number.contains(wanted.number, autoescape=True))
    if wanted.product:
        named = select(OrderLine.order_id).where(
            OrderLine.product.contains(wanted.product, autoescape=True)
        )
        found = found.where(PurchaseOrder.id.in_(named))
    return found


def count_by_status(session: Session, seen: Select[PurchaseOrder]) -> dict[str, int]:
    """Count orders by status; a status without any is 0."""
    inner = seen.order_by(None).subquery()
    rows = session.execute(
        select(inner.c.status, func.count()).select_from(inner).group_by(inner.c.status)
    )
    found: dict[str, int] = {str(status): number for status, number in rows}
    return {status.value: found.get(status, 0) for status in OrderStatus}


def deliveries_of(session: Session, *, order_id: int) -> Sequence[Delivery]:
    """Return the deliveries of an order, the first one first."""
    return session.scalars(
        select(Delivery).where(Delivery.order_id == order_id).order_by(Delivery.id)
    ).all()


def receipt_of(session: Session, *, delivery_id: int) -> Receipt | None:
    """Return the receipt of a delivery, or None while it is on its way."""
    return session.scalars(select(Receipt).where(Receipt.delivery_id == delivery_id)).one_or_none()


def names_of(session: Session, orders: Sequence[PurchaseOrder]) -> dict[int, str]:
    """Return the names of all parties of some orders."""
    ids = {
        one for row in orders for one in (row.hospital_id, row.organisation_id, row.distributor_id)
    }
    rows: Any = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    )
    return {one: name for one, name in rows}
