"""What people are shown of a place and of its stock, put together for a page at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.china_days import day_in_china
from procurement.pharmacies.designation.service import holds_on
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.finder.age_limits import age_limits
from procurement.pharmacies.finder.allowed_prices import NO_PRICES, PublicPrices, public_prices
from procurement.pharmacies.finder.counties import County, name_counties
from procurement.pharmacies.finder.kinds import StockLevel, StockSource
from procurement.pharmacies.finder.tables import PlaceStock
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.opening_hours import Span, Week, hours_of_json, hours_on
from procurement.pharmacies.rules.stock import age_days, is_old


@dataclass(frozen=True, slots=True)
class Stocked:
    """What a place has of one product.

    Attributes:
        generic_product_id: The drug.
        name: Its generic name.
        form: Its dosage form as printed.
        product: As people see it; empty where the place named none.
        level: How much.
        packs: How many; None where the place gives only the level.
        price: Sale price of a pack in yuan; None where it was not given.
        as_of: The day of which the place says so.
        age_days: How many days ago that was.
        is_old: The bureau's limit says that it may no longer be so.
        source: How the platform knows.
        prices: Payment standard and winning price of the pack, where they are public.
    """

    generic_product_id: int
    name: str
    form: str
    product: str
    level: StockLevel
    packs: int | None
    price: Decimal | None
    as_of: date
    age_days: int
    is_old: bool
    source: StockSource
    prices: PublicPrices


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place as people see it.

    Attributes:
        place: The place.
        county: Where it lies.
        schemes: What it is designated for on the day.
        week: Opening hours.
        today: Those of the day; none where it is closed, None where nobody said.
        stock: What it has, of what was asked for.
    """

    place: Place
    county: County
    schemes: frozenset[DesignationScheme]
    week: Week
    today: tuple[Span, ...] | None
    stock: tuple[Stocked, ...] = ()

    @property
    def is_dual(self) -> bool:
        """Whether it is designated for the dual channel."""
        return DesignationScheme.DUAL_CHANNEL in self.schemes

    @property
    def is_convenience(self) -> bool:
        """Whether it is a convenience pharmacy."""
        return DesignationScheme.CONVENIENCE in self.schemes


def cards_of(
    session: Session,
    *,
    places: Sequence[Place],
    stock: Iterable[PlaceStock] = (),
    moment: datetime,
) -> list[PlaceCard]:
    """Put together what people are shown of places, in their order.

    Args:
        session: Any session.
        places: The places.
        stock: What is to be shown of their stock, in its order.
        moment: Now: its day in China decides.
    """
    day = day_in_china(moment)
    counties = name_counties(session, {one.county for one in places})
    schemes = schemes_on(session, place_ids=[one.id for one in places], day=day)
    shown: dict[int, list[Stocked]] = {}
    for place_id, one in stocked(session, rows=list(stock), day=day):
        shown.setdefault(place_id, []).append(one)
    cards = []
    for place in places:
        week = hours_of_json(place.opening_hours)
        cards.append(
            PlaceCard(
                place=place,
                county=counties[place.county],
                schemes=schemes.get(place.id, frozenset()),
                week=week,
                today=hours_on(week, day),
                stock=tuple(shown.get(place.id, ())),
            )
        )
    return cards


def schemes_on(
    session: Session, *, place_ids: Collection[int], day: date
) -> Mapping[int, frozenset[DesignationScheme]]:
    """Return by place what it is designated for on a day."""
    held = select(Designation.place_id, Designation.scheme).where(
        Designation.place_id.in_(place_ids), holds_on(day)
    )
    found: dict[int, set[DesignationScheme]] = {}
    for place_id, scheme in session.execute(held):
        found.setdefault(place_id, set()).add(DesignationScheme(scheme))
    return {place_id: frozenset(schemes) for place_id, schemes in found.items()}


def stocked(
    session: Session, *, rows: Sequence[PlaceStock], day: date
) -> list[tuple[int, Stocked]]:
    """Return what rows of stock say to people, each with its place, in their order.

    Args:
        session: Any session.
        rows: Of the stock.
        day: Today in China.
    """
    limits = age_limits(session, counties={one.county for one in rows})
    prices = _prices(session, rows, day)
    drugs = _drugs(session, {one.generic_product_id for one in rows})
    found = []
    for row in rows:
        drug = drugs[row.generic_product_id]
        one = Stocked(
            generic_product_id=row.generic_product_id,
            name=drug.name,
            form=drug.printed_form,
            product=row.product,
            level=StockLevel(row.level),
            packs=row.packs,
            price=row.price,
            as_of=row.as_of,
            age_days=age_days(row.as_of, day),
            is_old=is_old(row.as_of, day, limits[row.county]),
            source=StockSource(row.source),
            prices=prices.get((row.county, row.product_id), NO_PRICES),
        )
        found.append((row.place_id, one))
    return found


def _prices(
    session: Session, rows: Sequence[PlaceStock], day: date
) -> dict[tuple[str, int | None], PublicPrices]:
    """By county and pack; usually all rows are of one county."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.product_id is not None:
            wanted.setdefault(row.county, set()).add(row.product_id)
    return {
        (county, product_id): prices
        for county, ids in wanted.items()
        for product_id, prices in public_prices(
            session, product_ids=ids, county=county, day=day
        ).items()
    }


def _drugs(session: Session, ids: Collection[int]) -> Mapping[int, GenericProduct]:
    wanted = select(GenericProduct).where(GenericProduct.id.in_(ids))
    return {one.id: one for one in session.scalars(wanted)}
