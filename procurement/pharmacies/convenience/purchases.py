"""What a pharmacy paid: the newest accepted order of a pack, and the sums of a year."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import Product, ProductStrength
from procurement.china_days import first_moment
from procurement.orders.tables import OrderLine, PurchaseOrder
from procurement.pharmacies.places.tables import Place


def purchase_prices(
    session: Session, *, place: Place, product_ids: Collection[int]
) -> dict[int, Decimal]:
    """Return what was last paid for packs, by product; those never accepted are left out.

    Orders are the organisation's that keeps the place: a chain buys for all its pharmacies.

    Args:
        session: Any session.
        place: The pharmacy.
        product_ids: Packs.
    """
    if place.organisation_id is None or not product_ids:
        return {}
    rows = session.execute(
        select(Product.id, OrderLine.pack_price)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .join(
            OrderLine,
            and_(
                OrderLine.generic_product_id == Product.generic_product_id,
                OrderLine.strength == ProductStrength.label,
                OrderLine.pack_units == Product.pack_units,
            ),
        )
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .where(
            Product.id.in_(product_ids),
            PurchaseOrder.hospital_id == place.organisation_id,
            or_(
                PurchaseOrder.organisation_id == Product.holder_id,
                PurchaseOrder.organisation_id == Product.maker_id,
            ),
            OrderLine.accepted_packs > OrderLine.returned_packs,
        )
        .order_by(PurchaseOrder.placed_at, OrderLine.id)
    )
    return {product_id: price for product_id, price in rows}


def bought_in_year(session: Session, *, organisation_id: int, year: int) -> tuple[int, Decimal]:
    """Return the winning products that an organisation accepted in a year: units and yuan.

    Returns less what was returned; orders count in the year in which they were placed.
    """
    start = first_moment(date(year, 1, 1))
    end = first_moment(date(year, 12, 31) + timedelta(days=1))
    packs = OrderLine.accepted_packs - OrderLine.returned_packs
    rows = session.execute(
        select(OrderLine.pack_price, func.sum(packs), func.sum(packs * OrderLine.pack_units))
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .where(PurchaseOrder.hospital_id == organisation_id, OrderLine.is_winning.is_(True))
        .where(PurchaseOrder.placed_at >= start, PurchaseOrder.placed_at < end)
        .group_by(OrderLine.pack_price)
    ).all()
    amount = sum((price * int(number) for price, number, _ in rows), Decimal(0))
    return sum(int(units) for _, _, units in rows), amount
