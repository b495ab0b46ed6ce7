"""Recording what was bought."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.orders.states import PurchaseSource
from procurement.orders.tables import PurchaseLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseFacts:
    """What a purchase line says.

    Attributes:
        hospital_id: The buyer.
        region: Its division code.
        product: Generic name.
        received_on: Day in China.
        is_winning: A winner of the hospital's region, or who took over for one.
        is_negotiated: Bought at a negotiated payment standard.
        quantity: Minimal units; below zero for a return.
        unit_price: Yuan a minimal unit, see `procurement.orders.purchases.amounts`.
        amount: Yuan, exact; below zero for a return.
        source: What it comes from.
        source_id: Id of that.
        organisation_id: The manufacturer, where it is known.
        seller_id: The distributor, where it is known.
        round_id: Of the agreement.
        term_id: Of the agreement.
        supply_id: Of the agreement.
        lot_id: The lot in which the generic product is bought, where there is one.
        lot_strength_id: Its strength.
        generic_product_id: In the catalogue.
    """

    hospital_id: int
    region: str
    product: str
    received_on: date
    is_winning: bool
    is_negotiated: bool
    quantity: int
    unit_price: Decimal
    amount: Decimal
    source: PurchaseSource
    source_id: int
    organisation_id: int | None = None
    seller_id: int | None = None
    round_id: int | None = None
    term_id: int | None = None
    supply_id: int | None = None
    lot_id: int | None = None
    lot_strength_id: int | None = None
    generic_product_id: int | None = None


def record_purchase(session: Session, facts: PurchaseFacts, *, moment: datetime) -> PurchaseLine:
    """Record what was bought.

    Args:
        session: Session of the caller's transaction.
        facts: What.
        moment: When it is recorded, aware.

    Raises:
        sqlalchemy.exc.IntegrityError: Something of this source and id is recorded already.
    """
    line = PurchaseLine(**asdict(facts), recorded_at=moment)
    session.add(line)
    session.flush()
    return line
