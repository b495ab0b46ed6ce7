"""Listing prices (挂网价): an officer records at which price a product is listed in a region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.audit import record
from procurement.catalogue.kinds import ProductStatus
from procurement.catalogue.tables import Product, ProductStrength
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price

SOURCE_LENGTH_MAX = 300
_CENTS = -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is recorded of one product.

    Attributes:
        product: National drug code of the pack, or its id in the catalogue.
        region: Division code of where it holds; ``000000`` for everywhere.
        pack_price: Yuan a pack.
        starts_on: First day.
        ends_on: Last day, if known.
        source: The document or decision.
    """

    product: str
    region: str
    pack_price: Decimal
    starts_on: date
    source: str
    ends_on: date | None = None


def record_listings(
    session: Session, *, listings: Sequence[Listing], actor: Actor, moment: datetime
) -> list[Price]:
    """Record listing prices: all of them, or none.

    Args:
        session: Session of the caller's transaction.
        listings: What, by product and region.
        actor: An officer whose region covers all of them.
        moment: When, aware.

    Returns:
        The prices, in the order of the listings.

    Raises:
        InvalidInputError: With every fault, at ``lines.1.product`` and so on.
    """
    products = _products(session, listings)
    faults = [
        fault
        for number, one in enumerate(listings, start=1)
        for fault in _faults(f"lines.{number}", one, products.get(one.product))
    ]
    if faults:
        raise InvalidInputError(faults)
    prices = [_record(session, one, products[one.product], actor, moment) for one in listings]
    record(
        session,
        actor=actor,
        action="record-listings",
        subject="prices/listing",
        facts={"prices": ", ".join(str(one.id) for one in prices[:100]), "lines": str(len(prices))},
        moment=moment,
    )
    return prices


_Pack = tuple[Product, str]


def _products(session: Session, listings: Sequence[Listing]) -> dict[str, _Pack]:
    """Find products by what names them."""
    found: dict[str, _Pack] = {}
    for name in {one.product for one in listings}:
        known = select(Product, ProductStrength.label).join(
            ProductStrength, ProductStrength.id == Product.strength_id
        )
        is_id = name.isascii() and name.isdigit() and len(name) < 10
        by = Product.id == int(name) if is_id else Product.drug_code == name
        row = session.execute(known.where(by)).one_or_none()
        if row is not None:
            found[name] = (row[0], row[1])
    return found


def _faults(place: str, one: Listing, pack: _Pack | None) -> list[FieldFault]:
    faults = []
    if pack is None or pack[0].status != ProductStatus.ACTIVE:
        zh, en = "药品目录中没有这一产品。", "The catalogue has no such product in use."
        faults.append(FieldFault(f"{place}.product", zh, en))
    if not is_division(one.region):
        zh, en = "须为 6 位行政区划代码。", "Expected a division code of 6 digits."
        faults.append(FieldFault(f"{place}.region", zh, en))
    if not _is_price(one.pack_price):
        zh = "须为大于 0、至多两位小数的金额。"
        en = "Expected an amount above 0 with at most two decimals."
        faults.append(FieldFault(f"{place}.pack_price", zh, en))
    if one.ends_on is not None and one.ends_on < one.starts_on:
        zh, en = "终止日早于起始日。", "It ends before the day on which it begins."
        faults.append(FieldFault(f"{place}.ends_on", zh, en))
    if not 0 < len(one.source.strip()) <= SOURCE_LENGTH_MAX:
        zh = f"请写明依据（不超过 {SOURCE_LENGTH_MAX} 字）。"
        en = f"Name the source, in at most {SOURCE_LENGTH_MAX} characters."
        faults.append(FieldFault(f"{place}.source", zh, en))
    return faults


def _is_price(price: Decimal) -> bool:
    if not price.is_finite() or not 0 < price <= MONEY_MAX:
        return False
    exponent = price.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _CENTS


def _record(session: Session, one: Listing, pack: _Pack, actor: Actor, moment: datetime) -> Price:
    product, strength = pack
    return record_price(
        session,
        organisation_id=product.holder_id,
        generic_product_id=product.generic_product_id,
        strength=strength,
        pack_units=product.pack_units,
        pack_price=one.pack_price,
        kind=PriceKind.LISTING,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        source=one.source.strip(),
        moment=moment,
        details=PriceDetails(
            product_id=product.id,
            region=one.region,
            bureau_id=actor.organisation_id,
            # What is listed for purchase is there to be seen.
            is_public=True,
        ),
    )
