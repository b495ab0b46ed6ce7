"""The lot that an order outside of agreements counts against, and what it counts as."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct, Product
from procurement.orders.purchases.lot_rules import fitting_supplies
from procurement.orders.purchases.supplies import supplies_in
from procurement.orders.states import OrderKind, PurchaseSource
from procurement.orders.tables import OrderLine, PurchaseLine, PurchaseOrder
from procurement.prices.tables import Price
from procurement.rounds.tables import LotStrength


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """Under what a purchase counts.

    Attributes:
        is_winning: A winner of the hospital's region, or who took over for one.
        round_id: Of the agreement.
        term_id: Of the agreement.
        supply_id: Of the agreement.
        lot_id: The lot in which the generic product is bought, where there is one.
        lot_strength_id: Its strength.
    """

    is_winning: bool
    round_id: int | None
    term_id: int | None
    supply_id: int | None
    lot_id: int | None
    lot_strength_id: int | None


def lot_of_order(session: Session, *, order: PurchaseOrder, line: OrderLine, day: date) -> LotFacts:
    """Say under what goods of an order count that come in on a day.

    What is ordered under an agreement counts under it. Other listed products count against the
    lot of their generic product that is in force in the hospital's region that day, as they do
    when the hospital reports them as bought off the platform. Where several lots may be meant
    none is chosen.

    Args:
        session: Any session.
        order: The order.
        line: Its line.
        day: On which the goods came in, in China.
    """
    agreed = _as_ordered(session, order, line)
    generic_id = line.generic_product_id
    if order.kind != OrderKind.OTHER or agreed.lot_id is not None or generic_id is None:
        return agreed
    generic = session.get_one(GenericProduct, generic_id)
    known = supplies_in(session, division=order.region, generics={generic_id: generic.name})
    makers = (order.organisation_id, *_makers(session, line))
    best = fitting_supplies(
        known[generic_id],
        generic_product_id=generic_id,
        strength=line.strength,
        makers=makers,
        day=day,
    )
    if len({one.lot_id for one in best}) != 1:
        return agreed
    supply = best[0]
    is_winning, is_same = supply.organisation_id in makers, supply.strength == line.strength
    return LotFacts(
        is_winning=is_winning,
        round_id=supply.round_id,
        term_id=supply.term_id,
        supply_id=supply.supply_id if is_winning and is_same else None,
        lot_id=supply.lot_id,
        lot_strength_id=supply.lot_strength_id if is_same else None,
    )


def lot_of_receipt(session: Session, *, receipt_line_id: int) -> LotFacts | None:
    """Say under what accepted goods counted: what goes back of them counts under the same."""
    row = session.scalars(
        select(PurchaseLine).where(
            PurchaseLine.source == PurchaseSource.RECEIPT,
            PurchaseLine.source_id == receipt_line_id,
        )
    ).one_or_none()
    if row is None:
        return None
    return LotFacts(
        is_winning=row.is_winning,
        round_id=row.round_id,
        term_id=row.term_id,
        supply_id=row.supply_id,
        lot_id=row.lot_id,
        lot_strength_id=row.lot_strength_id,
    )


def _as_ordered(session: Session, order: PurchaseOrder, line: OrderLine) -> LotFacts:
    strength_id = line.lot_strength_id
    lot_id = None if strength_id is None else session.get_one(LotStrength, strength_id).lot_id
    return LotFacts(
        is_winning=line.is_winning,
        round_id=order.round_id,
        term_id=order.term_id,
        supply_id=line.supply_id,
        lot_id=lot_id,
        lot_strength_id=strength_id,
    )


def _makers(session: Session, line: OrderLine) -> tuple[int | None, ...]:
    """Holder and maker of the pack whose price it is, where the catalogue knows it."""
    product_id = session.get_one(Price, line.price_id).product_id
    if product_id is None:
        return ()
    product = session.get_one(Product, product_id)
    return product.holder_id, product.maker_id
