"""How much a hospital has ordered and received of agreed supplies."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.orders.tables import OrderLine, PurchaseOrder


def bought_of(
    session: Session, *, hospital_id: int, supply_ids: Collection[int]
) -> dict[int, tuple[int, int]]:
    """Return minimal units ordered and received, by supply.

    Args:
        session: Any session.
        hospital_id: Who ordered.
        supply_ids: Of which supplies; one that nothing was ordered of is not in the answer.

    Returns:
        Ordered without what was cancelled, and accepted without what was returned.
    """
    units = OrderLine.pack_units
    rows = session.execute(
        select(
            OrderLine.supply_id,
            func.sum((OrderLine.packs - OrderLine.cancelled_packs) * units),
            func.sum((OrderLine.accepted_packs - OrderLine.returned_packs) * units),
        )
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .where(PurchaseOrder.hospital_id == hospital_id, OrderLine.supply_id.in_(supply_ids))
        .group_by(OrderLine.supply_id)
    )
    # A sum of 64-bit numbers is a decimal in PostgreSQL.
    return {one: (int(ordered), int(received)) for one, ordered, received in rows if one}
