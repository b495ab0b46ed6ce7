"""A campaign's results in the chain of prices: payment standards with their days."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.sessions.tables import Standard
from procurement.negotiations.tables import Dossier
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price


def record_standard(
    session: Database,
    *,
    dossier: Dossier,
    way: str,
    price: Decimal,
    strength: str,
    pack_units: int,
    moment: datetime,
) -> Standard:
    """Record what a dossier led to as the payment standard of its drug.

    Args:
        session: Session of the caller's transaction.
        dossier: The dossier.
        way: talks, renewal or bidding.
        price: Yuan per priced unit.
        strength: As printed.
        pack_units: Minimal units in the priced unit.
        moment: When.

    Raises:
        NotReadyError: The catalogue does not know the drug.
    """
    campaign = dossier.campaign
    if dossier.generic_product_id is None:
        raise NotReadyError(
            zh="药品目录中没有对应的通用名。", en="The catalogue does not know the drug."
        )
    kept = record_price(
        session,
        organisation_id=dossier.organisation_id,
        generic_product_id=dossier.generic_product_id,
        strength=strength,
        pack_units=pack_units,
        pack_price=price,
        kind=PriceKind.PAYMENT_STANDARD,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        source=campaign.title,
        moment=moment,
        details=PriceDetails(clause=way, bureau_id=campaign.bureau_id, is_public=True),
    )
    standard = Standard(
        dossier_id=dossier.id,
        way=way,
        price_id=kept.id,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        recorded_at=moment,
    )
    session.add(standard)
    session.flush()
    return standard


def standards_of(
    session: Database, *, campaign_id: int
) -> Sequence[tuple[Standard, Dossier, Price]]:
    """Return the payment standards that a campaign led to, by drug."""
    rows = session.execute(
        select(Standard, Dossier, Price)
        .join(Dossier, Dossier.id == Standard.dossier_id)
        .join(Price, Price.id == Standard.price_id)
        .where(Dossier.campaign_id == campaign_id)
        .order_by(Dossier.product, Standard.id)
    )
    return [(standard, dossier, price) for standard, dossier, price in rows]
