"""Purchase lines of orders: of what was accepted, and of what went back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.orders.purchases.amounts import amounts_of
from procurement.orders.purchases.lots import lot_of_order, lot_of_receipt
from procurement.orders.purchases.recording import PurchaseFacts, record_purchase
from procurement.orders.states import OrderKind, PurchaseSource
from procurement.orders.tables import OrderLine, PurchaseLine, PurchaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """Packs that came in, or went back.

    Attributes:
        packs: Accepted packs; below zero for a return.
        received_on: Day in China.
        source: Receipt or return.
        source_id: Id of the receipt's line, or of the return.
        receipt_line_id: What was accepted, where it goes back.
    """

    packs: int
    received_on: date
    source: PurchaseSource
    source_id: int
    receipt_line_id: int | None = None


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
    returned = bought.receipt_line_id
    known = None if returned is None else lot_of_receipt(session, receipt_line_id=returned)
    lot = known or lot_of_order(session, order=order, line=line, day=bought.received_on)
    facts = PurchaseFacts(
        hospital_id=order.hospital_id,
        region=order.region,
        organisation_id=order.organisation_id,
        seller_id=order.distributor_id,
        round_id=lot.round_id,
        term_id=lot.term_id,
        supply_id=lot.supply_id,
        lot_id=lot.lot_id,
        lot_strength_id=lot.lot_strength_id,
        generic_product_id=line.generic_product_id,
        product=line.product,
        received_on=bought.received_on,
        is_winning=lot.is_winning,
        is_negotiated=order.kind == OrderKind.NEGOTIATED,
        quantity=came_to.quantity,
        unit_price=came_to.unit_price,
        amount=came_to.amount,
        source=bought.source,
        source_id=bought.source_id,
    )
    return record_purchase(session, facts, moment=moment)
