"""Purchase lines of orders: of what was accepted, and of what went back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.orders.purchases.amounts import amounts_of
from procurement.orders.purchases.recording import PurchaseFacts, record_purchase
from procurement.orders.states import OrderKind, PurchaseSource
from procurement.orders.tables import OrderLine, PurchaseLine, PurchaseOrder
from procurement.rounds.tables import LotStrength


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """Packs that came in, or went back.

    Attributes:
        packs: Accepted packs; below zero for a return.
        received_on: Day in China.
        source: Receipt or return.
        source_id: Id of the receipt's line, or of the return.
    """

    packs: int
    received_on: date
    source: PurchaseSource
    source_id: int


def record_of_order(
    session: Session,
    *,
    order: PurchaseOrder,
    line: OrderLine,
    bought: Bought,
    moment: datetime,
) -> PurchaseLine:
    """Record packs of an order as bought, or as returned.

    Args:
        session: Session of the caller's transaction.
        order: The order.
        line: Its line.
        bought: What came in, or went back.
        moment: When it is recorded.
    """
    came_to = amounts_of(packs=bought.packs, pack_units=line.pack_units, pack_price=line.pack_price)
    strength = (
        None if line.lot_strength_id is None else session.get_one(LotStrength, line.lot_strength_id)
    )
    facts = PurchaseFacts(
        hospital_id=order.hospital_id,
        region=order.region,
        organisation_id=order.organisation_id,
        seller_id=order.distributor_id,
        round_id=order.round_id,
        term_id=order.term_id,
        supply_id=line.supply_id,
        lot_id=None if strength is None else strength.lot_id,
        lot_strength_id=line.lot_strength_id,
        generic_product_id=line.generic_product_id,
        product=line.product,
        received_on=bought.received_on,
        is_winning=line.is_winning,
        is_negotiated=order.kind == OrderKind.NEGOTIATED,
        quantity=came_to.quantity,
        unit_price=came_to.unit_price,
        amount=came_to.amount,
        source=bought.source,
        source_id=bought.source_id,
    )
    return record_purchase(session, facts, moment=moment)
