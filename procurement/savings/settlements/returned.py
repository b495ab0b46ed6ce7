"""Returns dated after the year's end of goods that were bought in the year: listed, not counted.

No source says whether they change what was settled. The sums stay; the bureau sees what went back.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from procurement.accounts.tables import Organisation
from procurement.orders.movements.kinds import MovementStatus
from procurement.orders.movements.tables import StockMovement
from procurement.orders.states import PurchaseSource
from procurement.orders.tables import GoodsReturn, PurchaseLine, Receipt, ReceiptLine
from procurement.savings.settlements.lines import supplies_of
from procurement.savings.settlements.terms import TermView, in_region, terms_of
from procurement.savings.tables import SavingsSettlement


@dataclass(frozen=True, slots=True)
class LateReturn:
    """Goods of a batch-year that went back after it.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        product: What went back.
        batch: The batch-year in which it was bought.
        bought_on: Day on which it came in.
        returned_on: Day on which it went back.
        is_winning: Whether a winner supplied it.
        quantity: Minimal units; above zero.
        amount: Yuan; above zero.
    """

    hospital_id: int
    hospital: str
    product: str
    batch: str
    bought_on: date
    returned_on: date
    is_winning: bool
    quantity: int
    amount: Decimal


def returned_after_year(session: Session, *, settlement: SavingsSettlement) -> list[LateReturn]:
    """Return what went back after the year's end of goods bought in it, as it is known now."""
    found: list[LateReturn] = []
    for term in terms_of(session, settlement=settlement):
        supplies = supplies_of(session, term_ids=[term.term_id]).values()
        lots = {one.lot_id for one in supplies}
        for wanted in (_of_platform(term), _of_movements(term)):
            rows = session.execute(
                wanted.where(PurchaseLine.lot_id.in_(lots), in_region(settlement.region))
            )
            found += [
                LateReturn(
                    hospital_id=line.hospital_id,
                    hospital=hospital,
                    product=line.product,
                    batch=term.batch,
                    bought_on=bought_on,
                    returned_on=line.received_on,
                    is_winning=line.is_winning,
                    quantity=-line.quantity,
                    amount=-line.amount,
                )
                for line, hospital, bought_on in rows
            ]
    return sorted(found, key=lambda one: (one.hospital, one.returned_on, one.product))


def _of_platform(term: TermView) -> Select[PurchaseLine, str, date]:
    """Returns of deliveries: from returns, which are rare, to what was accepted."""
    return (
        select(PurchaseLine, Organisation.name, Receipt.received_on)
        .select_from(GoodsReturn)
        .join(ReceiptLine, ReceiptLine.id == GoodsReturn.receipt_line_id)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .join(PurchaseLine, PurchaseLine.source_id == GoodsReturn.id)
        .join(Organisation, Organisation.id == PurchaseLine.hospital_id)
        .where(PurchaseLine.source == PurchaseSource.RETURN)
        .where(GoodsReturn.returned_on > term.ends_on)
        .where(Receipt.received_on.between(term.starts_on, term.ends_on))
        .order_by(PurchaseLine.id)
    )


def _of_movements(term: TermView) -> Select[PurchaseLine, str, date]:
    """Returns that hospitals report, of purchases that they reported."""
    bought = aliased(StockMovement)
    return (
        select(PurchaseLine, Organisation.name, bought.happened_on)
        .select_from(StockMovement)
        .join(bought, bought.id == StockMovement.original_id)
        .join(PurchaseLine, PurchaseLine.source_id == StockMovement.id)
        .join(Organisation, Organisation.id == PurchaseLine.hospital_id)
        .where(PurchaseLine.source == PurchaseSource.MOVEMENT, PurchaseLine.quantity < 0)
        .where(StockMovement.status == MovementStatus.COUNTED)
        .where(StockMovement.happened_on > term.ends_on)
        .where(bought.happened_on.between(term.starts_on, term.ends_on))
        .order_by(PurchaseLine.id)
    )
