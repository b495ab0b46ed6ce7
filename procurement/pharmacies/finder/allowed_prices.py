"""The public prices that a sale price is compared with: payment standard and winning price."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.catalogue.tables import Product, ProductStrength
from procurement.pharmacies.finder.kinds import PriceLimitKind
from procurement.pharmacies.listed.service import lists_above
from procurement.prices.kinds import PriceKind
from procurement.prices.listing import holds_on
from procurement.prices.tables import Price

_KINDS = {
    PriceKind.PAYMENT_STANDARD: PriceLimitKind.PAYMENT_STANDARD,
    PriceKind.WINNING: PriceLimitKind.WINNING,
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """A price of a pack.

    Attributes:
        kind: What it is.
        price: Yuan per pack.
        price_id: Where it stands.
        is_public: Anybody may see it.
    """

    kind: PriceLimitKind
    price: Decimal
    price_id: int
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class PublicPrices:
    """The prices of one pack in one county, public unless asked otherwise; None where none is.

    Attributes:
        standard: The payment standard.
        winning: The winning price.
    """

    standard: Allowed | None = None
    winning: Allowed | None = None

    def passed_by(self, price: Decimal) -> Allowed | None:
        """Return the lowest of the prices that a sale price is above, or None.

        Examples:
            >>> standard = Allowed(PriceLimitKind.PAYMENT_STANDARD, Decimal("9.80"), 1)
            >>> PublicPrices(standard).passed_by(Decimal("9.80")) is None
            True
            >>> PublicPrices(standard).passed_by(Decimal("9.81")).price
            Decimal('9.80')
        """
        both = [one for one in (self.standard, self.winning) if one is not None]
        passed = [one for one in both if price > one.price]
        return min(passed, key=lambda one: one.price, default=None)


NO_PRICES = PublicPrices()


def public_prices(
    session: Session, *, product_ids: Collection[int], county: str, day: date
) -> dict[int, PublicPrices]:
    """Return the public prices of packs in a county on a day.

    A price is that of a pack where holder or maker, strength and number of units are the same.
    The nearest region's goes first: county, city, province, nation; then the newest.

    Args:
        session: Any session.
        product_ids: Packs of the catalogue.
        county: Division code.
        day: The day.

    Returns:
        By pack; packs without any are left out.
    """
    return _prices_of(session, product_ids=product_ids, county=county, day=day, only_public=True)


def prices_to_judge_by(
    session: Session, *, product_ids: Collection[int], county: str, day: date
) -> dict[int, PublicPrices]:
    """Return what packs may cost in a county, also by prices that their rounds do not disclose.

    For decisions alone: show a price to nobody unless it says that it is public.

    Args:
        session: Any session.
        product_ids: Packs of the catalogue.
        county: Division code.
        day: The day.

    Returns:
        By pack, as `public_prices`.
    """
    return _prices_of(session, product_ids=product_ids, county=county, day=day, only_public=False)


def _prices_of(
    session: Session, *, product_ids: Collection[int], county: str, day: date, only_public: bool
) -> dict[int, PublicPrices]:
    if not product_ids:
        return {}
    packs = session.execute(
        select(Product, ProductStrength.label)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .where(Product.id.in_(product_ids))
    ).all()
    regions = (*lists_above(county), NATION)
    wanted = _wanted({pack.generic_product_id for pack, _ in packs}, regions, day)
    if only_public:
        wanted = wanted.where(Price.is_public.is_(True))
    held = _held(session, wanted)
    found = {pack.id: _of_pack(pack, label, held, regions) for pack, label in packs}
    return {pack_id: prices for pack_id, prices in found.items() if prices != NO_PRICES}


def _wanted(generic_ids: Collection[int], regions: tuple[str, ...], day: date) -> Select[Price]:
    return (
        select(Price)
        .where(Price.generic_product_id.in_(generic_ids), Price.kind.in_(_KINDS))
        .where(Price.region.in_(regions), Price.hospital_id.is_(None))
        .where(holds_on(day))
    )


def _held(session: Session, wanted: Select[Price]) -> Mapping[tuple[int, str, int], list[Price]]:
    """Prices by generic product, strength and units."""
    held: dict[tuple[int, str, int], list[Price]] = {}
    for price in session.scalars(wanted):
        # Never None: the statement asks for those of generic products.
        key = (price.generic_product_id or 0, price.strength, price.pack_units)
        held.setdefault(key, []).append(price)
    return held


def _of_pack(
    pack: Product,
    label: str,
    held: Mapping[tuple[int, str, int], list[Price]],
    regions: tuple[str, ...],
) -> PublicPrices:
    firms = {pack.holder_id, pack.maker_id}
    same = held.get((pack.generic_product_id, label, pack.pack_units), [])
    own = sorted(
        (one for one in same if one.organisation_id in firms),
        key=lambda one: (regions.index(one.region), -one.id),
    )
    return PublicPrices(_first(own, PriceKind.PAYMENT_STANDARD), _first(own, PriceKind.WINNING))


def _first(prices: Iterable[Price], kind: PriceKind) -> Allowed | None:
    for one in prices:
        if one.kind == kind:
            return Allowed(_KINDS[kind], one.pack_price, one.id, one.is_public)
    return None
