"""The payment standard that a drug has now, by the chain of prices: a renewal starts from it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.negotiations.dossiers.packs import same_strength
from procurement.negotiations.tables import Dossier
from procurement.prices.kinds import PriceKind
from procurement.prices.service import EVERYWHERE, price_on
from procurement.prices.tables import Price


def standards_in_force(
    session: Session, *, dossier: Dossier, strength: str, pack_units: int, day: date
) -> frozenset[Decimal]:
    """Return the payment standards of a maker's pack that hold on a day.

    Args:
        session: Any session.
        dossier: Whose maker and drug.
        strength: As printed.
        pack_units: Minimal units in the pack.
        day: The day.

    Returns:
        None of them where the chain of prices does not know the drug; more than one only where
        the strength was written in several ways.
    """
    rows = session.execute(
        select(Price.series, Price.strength)
        .where(Price.kind == PriceKind.PAYMENT_STANDARD, Price.region == EVERYWHERE)
        .where(Price.organisation_id == dossier.organisation_id)
        .where(Price.generic_product_id == dossier.generic_product_id)
        .where(Price.pack_units == pack_units, Price.hospital_id.is_(None))
        .distinct()
    )
    wanted = same_strength(strength)
    series = [one for one, written in rows if same_strength(written) == wanted]
    holding = [price_on(session, series=one, day=day) for one in series]
    return frozenset(price.pack_price for price in holding if price is not None)
