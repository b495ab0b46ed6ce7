"""What is ordered without a round: negotiated drugs, and other listed products."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.catalogue.kinds import ProductStatus
from procurement.catalogue.tables import GenericProduct, Product
from procurement.orders.offers.offer import SERIES_SHOWN, Offer
from procurement.orders.offers.sellers import ListedSellers
from procurement.orders.states import OrderKind
from procurement.prices.kinds import PriceKind
from procurement.prices.listing import holds_on
from procurement.prices.service import EVERYWHERE
from procurement.prices.tables import Price

NEGOTIATED, LISTED = "negotiated", "listed"
"""What keys of these offers begin with."""

_KINDS = {
    PriceKind.PAYMENT_STANDARD: (NEGOTIATED, OrderKind.NEGOTIATED),
    PriceKind.LISTING: (LISTED, OrderKind.OTHER),
}

Pack = tuple[int, int | None, str]
"""Manufacturer, generic product, strength."""


def listed_offers(
    session: Session,
    *,
    hospital: Organisation,
    day: date,
    won: Collection[Pack] = (),
    series: str | None = None,
) -> list[Offer]:
    """Return negotiated drugs with a standard in force, and products with a listing price.

    The narrowest region's price of a pack is the price; a payment standard goes before a listing
    price of the same pack.

    Args:
        session: Any session.
        hospital: Who would order.
        day: The day of ordering.
        won: What winners of the hospital's region supply: ordered from the round instead.
        series: Only prices of series that begin so.
    """
    regions = _regions(hospital.region)
    held = (
        select(Price, GenericProduct, Organisation)
        .join(GenericProduct, GenericProduct.id == Price.generic_product_id)
        .join(Organisation, Organisation.id == Price.organisation_id)
        .outerjoin(Product, Product.id == Price.product_id)
        .where(or_(Product.id.is_(None), Product.status == ProductStatus.ACTIVE))
        .where(Price.kind.in_(_KINDS), Price.hospital_id.is_(None), holds_on(day))
        .where(Price.region.in_(regions), Organisation.is_active)
        .order_by(GenericProduct.name, Price.strength, Price.pack_units, Price.id)
    )
    chosen: dict[tuple[object, ...], tuple[Price, GenericProduct, Organisation]] = {}
    for price, generic, maker in session.execute(held):
        pack = (maker.id, generic.id, price.strength)
        if pack in won:
            continue
        place = (*pack, price.pack_units, price.product_id)
        known = chosen.get(place)
        if known is None or _rank(price, regions) < _rank(known[0], regions):
            chosen[place] = (price, generic, maker)
    sellers = ListedSellers(session, hospital)
    return [
        _offer(*found, sellers)
        for found in chosen.values()
        if series is None or found[0].series.startswith(series)
    ]


def _regions(region: str) -> tuple[str, ...]:
    """Codes of a division and of what it lies in, the narrowest first.

    Examples:
        >>> _regions("341523")
        ('341523', '341500', '340000', '000000')
    """
    return region, f"{region[:4]}00", f"{region[:2]}0000", EVERYWHERE


def _rank(price: Price, regions: Sequence[str]) -> tuple[bool, int, int]:
    return price.kind != PriceKind.PAYMENT_STANDARD, regions.index(price.region), -price.id


def _offer(
    price: Price, generic: GenericProduct, maker: Organisation, sellers: ListedSellers
) -> Offer:
    word, kind = _KINDS[PriceKind(price.kind)]
    return Offer(
        key=f"{word}-{price.series[:SERIES_SHOWN]}",
        kind=kind,
        is_winning=False,
        organisation_id=maker.id,
        manufacturer=maker.name,
        product=f"{generic.name}{generic.printed_form}",
        strength=price.strength,
        unit=generic.unit,
        pack_units=price.pack_units,
        pack_price=price.pack_price,
        price_id=price.id,
        sellers=sellers.of(maker),
        starts_on=price.starts_on,
        ends_on=price.ends_on,
        generic_product_id=generic.id,
        product_id=price.product_id,
    )
