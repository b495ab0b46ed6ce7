"""Who has a drug, and what is where: the three questions of the public."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, distinct, exists, func, select, tuple_
from sqlalchemy.orm import Session

from procurement.accounts.divisions import PROVINCES
from procurement.catalogue.tables import GenericProduct
from procurement.china_days import day_in_china
from procurement.permissions import NotFoundForActorError
from procurement.pharmacies.designation.service import holds_on
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.finder.cards import PlaceCard, cards_of
from procurement.pharmacies.finder.counties import County, name_counties, within
from procurement.pharmacies.finder.kinds import LEVEL_ORDER, StockLevel
from procurement.pharmacies.finder.tables import PlaceStock
from procurement.pharmacies.listed.service import Listed, find_listed
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.tables import Place

PAGE_SIZE = 20
PAGES_MAX = 500
"""A list that goes on longer is narrowed by whoever looks, not read to its end."""

FILE_PLACES_MAX = 10_000
"""A file holds the places of one county: no county has as many."""

HAVE = (StockLevel.IN_STOCK, StockLevel.FEW)
"""Levels at which somebody can take the drug home."""

_RANK = case({level.value: rank for rank, level in enumerate(LEVEL_ORDER)}, value=PlaceStock.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a list of places is narrowed to.

    Attributes:
        only_having: Places that have the drug.
        only_dual: Places designated for the dual channel, where it is reimbursed.
    """

    only_having: bool = False
    only_dual: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a long list, read without counting it.

    Attributes:
        cards: Of this page.
        number: From 1.
        has_more: There is a next page.
    """

    cards: Sequence[PlaceCard]
    number: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """In how many places of a county a drug is to be had.

    Attributes:
        county: The county.
        places: Places that have it.
    """

    county: County
    places: int


@dataclass(frozen=True, slots=True)
class DrugName:
    """What a drug is found by.

    Attributes:
        id: Of the generic product.
        name: Its generic name.
        printed_form: Its form, as printed.
    """

    id: int
    name: str
    printed_form: str


@dataclass(frozen=True, slots=True)
class DrugHere:
    """A drug in a county.

    Attributes:
        drug: The drug.
        places: Places that have it.
    """

    drug: DrugName
    places: int


@dataclass(frozen=True, slots=True)
class CountyView:
    """What is to be found in a county.

    Attributes:
        county: The county.
        drugs: Drugs to be had there, by name.
        places: A page of its places, by name.
    """

    county: County
    drugs: Sequence[DrugHere] = field(default=())
    places: Part = field(default=Part((), 1, has_more=False))


def require_drug(session: Session, *, generic_product_id: int) -> GenericProduct:
    """Return a drug.

    Raises:
        NotFoundForActorError: There is none.
    """
    drug = session.get(GenericProduct, generic_product_id)
    if drug is None:
        raise NotFoundForActorError
    return drug


def listed_here(
    session: Session, *, generic_product_id: int, county: str, moment: datetime
) -> Listed | None:
    """Return what the dual-channel list says of a drug in a county today, as it is published."""
    day = day_in_china(moment)
    return find_listed(
        session, generic_product_id=generic_product_id, region=county, day=day, known_on=day
    )


def provinces_having(session: Session, *, generic_product_id: int) -> list[str]:
    """Return the provinces where somebody has a drug, by code.

    One probe of the index for each province, however many places have it.
    """
    codes = tuple(PROVINCES)
    here = _is_here()
    asked = [
        exists().where(_has(generic_product_id), within(PlaceStock.county, code), here)
        for code in codes
    ]
    row = session.execute(select(*asked)).one()
    return [code for code, is_there in zip(codes, row, strict=True) if is_there]


def counties_having(session: Session, *, generic_product_id: int, province: str) -> list[Holding]:
    """Return the counties of a province where a drug is to be had, by code.

    Args:
        session: Any session.
        generic_product_id: The drug.
        province: Its code.
    """
    # The commonest drugs are in half of the places: those of the province are read in one go from
    # their index, not asked for one by one.
    here = select(Place.id, Place.county).where(
        Place.status == PlaceStatus.OPEN, within(Place.county, province)
    )
    counted = (
        select(PlaceStock.county, func.count(distinct(PlaceStock.place_id)))
        .where(_has(generic_product_id), within(PlaceStock.county, province))
        .where(tuple_(PlaceStock.place_id, PlaceStock.county).in_(here))
        .group_by(PlaceStock.county)
        .order_by(PlaceStock.county)
    )
    places = {code: number for code, number in session.execute(counted)}
    named = name_counties(session, places)
    return [Holding(named[code], number) for code, number in places.items()]


def _has(generic_product_id: int) -> ColumnElement[bool]:
    return (PlaceStock.generic_product_id == generic_product_id) & PlaceStock.level.in_(HAVE)


def _is_here() -> ColumnElement[bool]:
    """The place is open and lies where it did when it reported: others are shown nowhere."""
    place = (
        select(Place.id)
        .where(
            Place.id == PlaceStock.place_id,
            Place.status == PlaceStatus.OPEN,
            Place.county == PlaceStock.county,
        )
        # Without a bound PostgreSQL turns the question into a join, takes a county that is stated
        # twice for a rare coincidence, and reads all places of the country.
        .limit(1)
        .offset(0)
    )
    return place.correlate(PlaceStock).exists()


def holders_of(
    session: Session,
    *,
    generic_product_id: int,
    county: str,
    narrowed: Narrowed,
    page: int,
    moment: datetime,
) -> Part:
    """Return the places of a county that said something of a drug; who has it comes first.

    Args:
        session: Any session.
        generic_product_id: The drug.
        county: Division code.
        narrowed: To which places.
        page: From 1.
        moment: Now.
    """
    wanted = holders_statement(
        generic_product_id=generic_product_id, county=county, narrowed=narrowed, moment=moment
    )
    ids, has_more = _some(session, wanted, page)
    cards = _cards_with(session, ids, generic_product_id, moment)
    return Part(cards, page, has_more)


def all_holders(
    session: Session,
    *,
    generic_product_id: int,
    county: str,
    narrowed: Narrowed,
    moment: datetime,
) -> list[PlaceCard]:
    """Return all places of a county that said something of a drug, as `holders_of` orders them."""
    wanted = holders_statement(
        generic_product_id=generic_product_id, county=county, narrowed=narrowed, moment=moment
    )
    ids = session.scalars(wanted.limit(FILE_PLACES_MAX)).all()
    return _cards_with(session, ids, generic_product_id, moment)


def _cards_with(
    session: Session, ids: Sequence[int], generic_product_id: int, moment: datetime
) -> list[PlaceCard]:
    """Places in their order, each with what it has of one drug."""
    known = select(PlaceStock).where(
        PlaceStock.place_id.in_(ids), PlaceStock.generic_product_id == generic_product_id
    )
    stock = session.scalars(known.order_by(_RANK, PlaceStock.product)).all()
    return cards_of(session, places=_places(session, ids), stock=stock, moment=moment)


def holders_statement(
    *, generic_product_id: int, county: str, narrowed: Narrowed, moment: datetime
) -> Select[int]:
    """Return the statement for the ids of places of a county with a drug, in their order."""
    rank, newest = func.min(_RANK), func.max(PlaceStock.as_of)
    wanted = (
        select(PlaceStock.place_id)
        .join(Place, Place.id == PlaceStock.place_id)
        .where(PlaceStock.generic_product_id == generic_product_id, PlaceStock.county == county)
        # A place that moved elsewhere is not shown here until it reports again.
        .where(Place.status == PlaceStatus.OPEN, Place.county == PlaceStock.county)
        .group_by(PlaceStock.place_id)
        .order_by(rank, newest.desc(), PlaceStock.place_id)
    )
    if narrowed.only_having:
        wanted = wanted.where(PlaceStock.level.in_(HAVE))
    return wanted.where(_is_dual(moment)) if narrowed.only_dual else wanted


def _is_dual(moment: datetime) -> ColumnElement[bool]:
    return exists().where(
        Designation.place_id == Place.id,
        Designation.scheme == DesignationScheme.DUAL_CHANNEL,
        holds_on(day_in_china(moment)),
    )


def _some(session: Session, statement: Select[int], page: int) -> tuple[list[int], bool]:
    """Ids of one page, and whether there is a next one."""
    start = (min(page, PAGES_MAX) - 1) * PAGE_SIZE
    ids = list(session.scalars(statement.offset(start).limit(PAGE_SIZE + 1)))
    return ids[:PAGE_SIZE], len(ids) > PAGE_SIZE


def _places(session: Session, ids: Sequence[int]) -> list[Place]:
    found = {one.id: one for one in session.scalars(select(Place).where(Place.id.in_(ids)))}
    return [found[one] for one in ids]


def place_card(session: Session, *, place: Place, moment: datetime) -> PlaceCard:
    """Return a place with all it has, by the name of the drug.

    Args:
        session: Any session.
        place: The place.
        moment: Now.
    """
    stock = session.scalars(
        select(PlaceStock)
        .join(GenericProduct, GenericProduct.id == PlaceStock.generic_product_id)
        .where(PlaceStock.place_id == place.id)
        .order_by(GenericProduct.name, GenericProduct.printed_form, PlaceStock.product)
    ).all()
    return cards_of(session, places=[place], stock=stock, moment=moment)[0]


def county_view(session: Session, *, county: str, page: int, moment: datetime) -> CountyView:
    """Return the drugs to be had in a county, and a page of its places.

    Args:
        session: Any session.
        county: Division code.
        page: Of the places, from 1.
        moment: Now.
    """
    named = name_counties(session, [county])[county]
    ids, has_more = _some(session, _open_in(county), page)
    cards = cards_of(session, places=_places(session, ids), moment=moment)
    return CountyView(named, drugs_in(session, county=county), Part(cards, page, has_more))


def all_places(session: Session, *, county: str, moment: datetime) -> list[PlaceCard]:
    """Return all places of a county, by name."""
    ids = session.scalars(_open_in(county).limit(FILE_PLACES_MAX)).all()
    return cards_of(session, places=_places(session, ids), moment=moment)


def _open_in(county: str) -> Select[int]:
    return (
        select(Place.id)
        .where(Place.county == county, Place.status == PlaceStatus.OPEN)
        .order_by(Place.name, Place.id)
    )


def drugs_in(session: Session, *, county: str) -> list[DrugHere]:
    """Return the drugs to be had in a county, by name.

    Args:
        session: Any session.
        county: Division code.
    """
    counted = (
        select(
            PlaceStock.generic_product_id,
            func.count(distinct(PlaceStock.place_id)).label("places"),
        )
        .where(PlaceStock.county == county, PlaceStock.level.in_(HAVE), _is_here())
        .group_by(PlaceStock.generic_product_id)
        .subquery()
    )
    # Hundreds of drugs: as plain columns they take a quarter of the time.
    named = select(
        GenericProduct.id, GenericProduct.name, GenericProduct.printed_form, counted.c.places
    ).join(counted, counted.c.generic_product_id == GenericProduct.id)
    ordered = named.order_by(GenericProduct.name, GenericProduct.printed_form)
    return [DrugHere(DrugName(*drug), places) for *drug, places in session.execute(ordered)]
