"""All packs of a winning product: each gets its price by the price ratio rules (差比价规则)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pricing.money import SIGNIFICANT_DIGITS
from procurement.catalogue.kinds import ProductStatus
from procurement.catalogue.tables import Product, ProductStrength
from procurement.prices.rules import converted_price, pack_factor
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price

CLAUSE = "发改价格〔2011〕2452 号"
"""The price ratio rules that every converted price cites."""


@dataclass(frozen=True, slots=True)
class RatioBases:
    """The bases of the price ratio rules, as the round's rulebook states them.

    Attributes:
        pack: ``conversion.pack_base``.
        strength: ``conversion.strength_base``.
    """

    pack: Decimal
    strength: Decimal


@dataclass(frozen=True, slots=True)
class Packs:
    """What came of converting a winning price.

    Attributes:
        prices: One for each further pack.
        unconverted: Packs whose content relative to the winning one is not known, so that no rule
            gives their price.
    """

    prices: tuple[Price, ...]
    unconverted: tuple[Product, ...]


def record_all_packs(
    session: Session, *, winning: Price, bases: RatioBases, moment: datetime
) -> Packs:
    """Give every other pack of a winner's product its price, converted from the winning one.

    A pack for which a price with the same first day stands already keeps it: what a firm declared
    itself for a strength is not converted over.

    Args:
        session: Session of the caller's transaction.
        winning: The recorded winning price of the pack that was bid.
        bases: Of the rulebook that the round keeps.
        moment: When it is recorded, aware.

    Returns:
        The new prices, and the packs that could not be converted. Nothing where the catalogue does
        not know the product.
    """
    prices, unconverted = [], []
    contents = _contents(session, winning)
    for product, strength in _packs_of(session, winning):
        if _is_the_same(winning, product, strength) or _stands(session, winning, product, strength):
            continue
        ratio = _content_ratio(contents.get(winning.strength), strength, winning)
        if ratio is None:
            unconverted.append(product)
            continue
        factor = _factor(winning, product.pack_units, ratio, bases)
        prices.append(_record(session, winning, (product, strength.label), factor, moment))
    return Packs(tuple(prices), tuple(unconverted))


@dataclass(frozen=True, slots=True)
class ConvertedPrice:
    """A price that was converted from another one.

    Attributes:
        pack_price: Yuan a pack.
        factor: By which the other one was multiplied.
    """

    pack_price: Decimal
    factor: Decimal


def price_in_pack(
    session: Session, *, winning: Price, strength: str, pack_units: int, bases: RatioBases
) -> ConvertedPrice | None:
    """Convert a winning price to a pack that the catalogue may not list.

    Args:
        session: Any session.
        winning: The price.
        strength: Of the wanted pack, as printed.
        pack_units: Minimal units in it.
        bases: Of the rulebook that the round keeps.

    Returns:
        The price, or None where the contents of the two strengths do not compare.
    """
    ratio: Decimal | None = Decimal(1)
    if strength != winning.strength:
        contents = _contents(session, winning)
        other = contents.get(strength)
        ratio = (
            None
            if other is None
            else _content_ratio(contents.get(winning.strength), other, winning)
        )
    if ratio is None:
        return None
    factor = _factor(winning, pack_units, ratio, bases)
    return ConvertedPrice(converted_price(winning.pack_price, factor), factor)


def _factor(winning: Price, pack_units: int, content_ratio: Decimal, bases: RatioBases) -> Decimal:
    return pack_factor(
        pack_ratio=SIGNIFICANT_DIGITS.divide(Decimal(pack_units), Decimal(winning.pack_units)),
        content_ratio=content_ratio,
        pack_base=bases.pack,
        strength_base=bases.strength,
    )


def _packs_of(session: Session, winning: Price) -> Sequence[tuple[Product, ProductStrength]]:
    firm = winning.organisation_id
    rows = session.execute(
        select(Product, ProductStrength)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .where(Product.generic_product_id == winning.generic_product_id)
        .where(or_(Product.holder_id == firm, Product.maker_id == firm))
        .where(Product.status == ProductStatus.ACTIVE)
        .order_by(Product.id)
    )
    return [(product, strength) for product, strength in rows]


def _contents(session: Session, winning: Price) -> dict[str, ProductStrength]:
    strengths = session.scalars(
        select(ProductStrength).where(
            ProductStrength.generic_product_id == winning.generic_product_id
        )
    )
    return {one.label: one for one in strengths}


def _is_the_same(winning: Price, product: Product, strength: ProductStrength) -> bool:
    return strength.label == winning.strength and product.pack_units == winning.pack_units


def _stands(session: Session, winning: Price, product: Product, strength: ProductStrength) -> bool:
    """Whether the firm's own price for this strength and pack begins on the same day."""
    own = (
        select(Price.id)
        .where(Price.kind == winning.kind, Price.organisation_id == winning.organisation_id)
        .where(Price.generic_product_id == winning.generic_product_id)
        .where(Price.strength == strength.label, Price.pack_units == product.pack_units)
        .where(Price.region == winning.region, Price.starts_on == winning.starts_on)
        .where(Price.converted_from_id.is_(None))
        .limit(1)
    )
    return session.scalar(own) is not None


def _content_ratio(
    main: ProductStrength | None, other: ProductStrength, winning: Price
) -> Decimal | None:
    if other.label == winning.strength:
        return Decimal(1)
    if main is None or main.content is None or other.content is None or main.content == 0:
        return None
    if main.content_unit != other.content_unit or other.content == 0:
        return None
    return SIGNIFICANT_DIGITS.divide(other.content, main.content)


def _record(
    session: Session,
    winning: Price,
    pack: tuple[Product, str],
    factor: Decimal,
    moment: datetime,
) -> Price:
    product, label = pack
    details = PriceDetails(
        clause=CLAUSE,
        region=winning.region,
        bureau_id=winning.bureau_id,
        is_public=winning.is_public,
        converted_from_id=winning.id,
        factor=factor,
    )
    return record_price(
        session,
        organisation_id=winning.organisation_id,
        generic_product_id=winning.generic_product_id,
        lot_strength_id=winning.lot_strength_id,
        strength=label,
        pack_units=product.pack_units,
        pack_price=converted_price(winning.pack_price, factor),
        kind=winning.kind,
        starts_on=winning.starts_on,
        ends_on=winning.ends_on,
        source=winning.source,
        moment=moment,
        details=replace(details, product_id=product.id),
    )
