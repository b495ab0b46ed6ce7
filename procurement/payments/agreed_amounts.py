"""What a hospital agreed to buy in a term: volumes of signed agreements at their prices."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.agreements.states import AgreementStatus
from procurement.agreements.tables import AgreedSupply, AgreedVolume, Agreement
from procurement.awards.tables import AwardedPrice

CENT = Decimal("0.01")


def agreed_amount(
    session: Session, *, term_id: int, hospital_id: int, distributor_id: int | None = None
) -> Decimal:
    """Add up a hospital's agreed volumes of a term at the winners' prices, to the cent.

    Where a winner has several packs of a strength, the dearest unit counts least: the lowest unit
    price is taken, so that no prepayment exceeds its share whatever pack is ordered.

    Args:
        session: Any session.
        term_id: The term.
        hospital_id: The hospital.
        distributor_id: Of agreements with this distributor alone.

    Returns:
        0 where nothing is signed.
    """
    agreements = (
        select(Agreement.organisation_id)
        .where(Agreement.term_id == term_id, Agreement.hospital_id == hospital_id)
        .where(Agreement.status == AgreementStatus.SIGNED)
    )
    if distributor_id is not None:
        agreements = agreements.where(Agreement.distributor_id == distributor_id)
    rows = session.execute(
        select(
            AgreedSupply.id, AgreedVolume.volume, AwardedPrice.pack_price, AwardedPrice.pack_units
        )
        .join(AgreedVolume, AgreedVolume.supply_id == AgreedSupply.id)
        .join(
            AwardedPrice,
            (AwardedPrice.awarded_bid_id == AgreedSupply.awarded_bid_id)
            & (AwardedPrice.lot_strength_id == AgreedSupply.lot_strength_id),
        )
        .where(AgreedSupply.term_id == term_id, AgreedVolume.hospital_id == hospital_id)
        .where(AgreedSupply.organisation_id.in_(agreements))
    )
    lowest: dict[int, Fraction] = {}
    for supply_id, volume, price, units in rows:
        amount = Fraction(price) * volume / units
        lowest[supply_id] = min(amount, lowest.get(supply_id, amount))
    whole = sum(lowest.values(), Fraction(0))
    exact = Decimal(whole.numerator) / Decimal(whole.denominator)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)
