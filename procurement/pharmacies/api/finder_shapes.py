"""What the interface of the finder gives."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.finder.cards import PlaceCard, Stocked
from procurement.pharmacies.finder.counties import County
from procurement.pharmacies.finder.finding import DrugHere, DrugName
from procurement.pharmacies.listed.service import Listed


class DrugOut(Struct, kw_only=True):
    """A drug: a generic name in one form."""

    id: int
    name: str
    form: str


class CountyOut(Struct, kw_only=True):
    """A county."""

    code: str
    name_zh: str
    name_en: str


class StockOut(Struct, kw_only=True):
    """What a place has of one product; prices in yuan a pack, as strings."""

    drug: DrugOut
    product: str
    level: str
    packs: int | None
    price: str | None
    payment_standard: str | None
    winning_price: str | None
    as_of: date
    is_old: bool
    source: str


class PlaceOut(Struct, kw_only=True):
    """A place; opening hours by weekday, 1 = Monday, as spans; absent where nobody said."""

    code: str
    name: str
    kind: str
    status: str
    county: CountyOut
    address: str
    phone: str
    route_zh: str
    route_en: str
    latitude: float | None
    longitude: float | None
    is_dual_channel: bool
    is_convenience: bool
    is_barrier_free: bool | None
    opening_hours: dict[str, list[str]]
    open_today: list[str] | None
    stock: list[StockOut]


class FoundOut(Struct, kw_only=True):
    """What fits the words; of the whole country names of places are compared from their start."""

    drugs: list[DrugOut]
    counties: list[CountyOut]
    places: list[PlaceOut]


class ListedOut(Struct, kw_only=True):
    """What the dual-channel list says of a drug."""

    listed_drug_id: int
    state: str
    indication_limits: str
    self_pay_share: str | None
    registration_needed: bool
    papers: list[str]
    storage: str | None


class HoldingOut(Struct, kw_only=True):
    """In how many places of a county a drug is to be had."""

    county: CountyOut
    places: int


class DrugView(Struct, kw_only=True):
    """Who has a drug: places of a county, or the counties of a province, or the provinces."""

    drug: DrugOut
    county: CountyOut | None
    listed: ListedOut | None
    items: list[PlaceOut]
    next_cursor: str | None
    counties: list[HoldingOut]
    provinces: list[str]


class DrugCount(Struct, kw_only=True):
    """A drug in a county."""

    drug: DrugOut
    places: int


class CountyView(Struct, kw_only=True):
    """What is to be had in a county, and a page of its places."""

    county: CountyOut
    drugs: list[DrugCount]
    items: list[PlaceOut]
    next_cursor: str | None


def drug_of(drug: GenericProduct | DrugName) -> DrugOut:
    """Write a drug."""
    return DrugOut(id=drug.id, name=drug.name, form=drug.printed_form)


def county_of(county: County) -> CountyOut:
    """Write a county."""
    return CountyOut(code=county.code, name_zh=county.zh, name_en=county.en)


def count_of(one: DrugHere) -> DrugCount:
    """Write in how many places a drug is."""
    return DrugCount(drug=drug_of(one.drug), places=one.places)


def listed_of(listed: Listed) -> ListedOut:
    """Write what the list says."""
    period = listed.period
    return ListedOut(
        listed_drug_id=listed.drug.id,
        state=period.state,
        indication_limits=period.indication_limits,
        self_pay_share=exact(period.self_pay_share),
        registration_needed=period.registration_needed,
        papers=list(listed.papers),
        storage=period.storage,
    )


def place_of(card: PlaceCard) -> PlaceOut:
    """Write a place with its stock."""
    place = card.place
    return PlaceOut(
        code=place.institution_code,
        name=place.name,
        kind=place.kind,
        status=place.status,
        county=county_of(card.county),
        address=place.address,
        phone=place.phone,
        route_zh=place.route_zh,
        route_en=place.route_en,
        latitude=place.latitude,
        longitude=place.longitude,
        is_dual_channel=card.is_dual,
        is_convenience=card.is_convenience,
        is_barrier_free=place.is_barrier_free,
        opening_hours={str(day): [str(span) for span in spans] for day, spans in card.week.items()},
        open_today=None if card.today is None else [str(span) for span in card.today],
        stock=[_stock_of(one) for one in card.stock],
    )


def _stock_of(one: Stocked) -> StockOut:
    standard, winning = one.prices.standard, one.prices.winning
    return StockOut(
        drug=DrugOut(id=one.generic_product_id, name=one.name, form=one.form),
        product=one.product,
        level=one.level,
        packs=one.packs,
        price=exact(one.price),
        payment_standard=None if standard is None else exact(standard.price),
        winning_price=None if winning is None else exact(winning.price),
        as_of=one.as_of,
        is_old=one.is_old,
        source=one.source,
    )


def exact(amount: Decimal | None) -> str | None:
    """Write an amount without an exponent and without zeros that say nothing.

    Examples:
        >>> exact(Decimal("12.3400")), exact(Decimal("100")), exact(None)
        ('12.34', '100', None)
    """
    return None if amount is None else f"{amount.normalize():f}"
