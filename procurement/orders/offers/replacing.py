"""What another supplier delivers because a winner's supply failed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.orders.errors import NoPriceError
from procurement.orders.fulfilment.tables import SupplyReplacement
from procurement.orders.offers.offer import Offer, Seller
from procurement.orders.states import OrderKind
from procurement.prices.rules import valid_on
from procurement.prices.service import versions_of
from procurement.prices.tables import Price

REPLACEMENT = "replacement"
"""What keys of these offers begin with."""


def replacement_offers(session: Session, *, agreed: Sequence[Offer], day: date) -> list[Offer]:
    """Return what took the place of supplies that failed, for the hospital that sees those.

    Args:
        session: Any session.
        agreed: What winners supply to the hospital's region.
        day: The day of ordering.
    """
    by_supply = {one.supply_id: one for one in agreed}
    rows = session.execute(
        select(SupplyReplacement, Organisation)
        .join(Organisation, Organisation.id == SupplyReplacement.organisation_id)
        .where(SupplyReplacement.supply_id.in_(by_supply), SupplyReplacement.starts_on <= day)
        .where(or_(SupplyReplacement.ends_on.is_(None), SupplyReplacement.ends_on >= day))
        .order_by(SupplyReplacement.id)
    )
    return [_offer(session, row, maker, by_supply[row.supply_id], day) for row, maker in rows.all()]


def _offer(
    session: Session, row: SupplyReplacement, maker: Organisation, failed: Offer, day: date
) -> Offer:
    decided = session.get_one(Price, row.price_id)
    own = [
        one
        for one in versions_of(session, series=decided.series)
        if one.version >= decided.version and one.lot_strength_id == decided.lot_strength_id
    ]
    held = valid_on(own, day)
    seller = session.get_one(Organisation, row.distributor_id)
    return replace(
        failed,
        key=f"{REPLACEMENT}-{row.id}",
        kind=OrderKind.REPLACEMENT,
        organisation_id=maker.id,
        manufacturer=maker.name,
        strength=decided.strength,
        pack_units=decided.pack_units,
        pack_price=None if held is None else held.pack_price,
        price_id=None if held is None else held.id,
        sellers=(Seller(seller.id, seller.name),),
        starts_on=row.starts_on,
        ends_on=row.ends_on or failed.ends_on,
        agreement_id=None,
        refusal=NoPriceError(day) if held is None else None,
    )
