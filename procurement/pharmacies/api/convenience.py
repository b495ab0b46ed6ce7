"""Convenience pharmacies, their prices and the needs of a quarter by machine."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.accounts.divisions import is_division
from procurement.china_days import Quarter, day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.convenience.counters import counter_prices
from procurement.pharmacies.convenience.listing import pharmacies_after
from procurement.pharmacies.convenience.needs import report_needs
from procurement.pharmacies.places.service import find_place
from procurement.pharmacies.places.subjects import place_subject
from procurement.volumes.quarterly.service import lines_of, sums_of
from procurement.web import Cursor, PageSize, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class PharmacyShape:
    """A convenience pharmacy."""

    code: str
    name: str
    county: str
    address: str
    since: date
    packs: int


@dataclass(frozen=True, slots=True)
class PharmaciesShape:
    """The convenience pharmacies of a region on a day, some at a time."""

    region: str
    day: date
    items: list[PharmacyShape]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class CounterPriceShape:
    """A pack at a counter; prices are yuan per pack, null where unknown or not disclosed."""

    name: str
    strength: str
    pack_units: int
    kind: str
    sale_price: Decimal
    purchase_price: Decimal | None
    purchase_source: str
    limit_price: Decimal | None
    outcome: str
    as_of: date


@dataclass(frozen=True, slots=True)
class CounterShape:
    """All that stands at a pharmacy's counter."""

    code: str
    name: str
    items: list[CounterPriceShape]


@dataclass(frozen=True, slots=True)
class NeedLineShape:
    """Minimal units of a strength of the catalogue."""

    strength_id: int
    units: int


@dataclass(frozen=True, slots=True)
class NeedBody:
    """What a pharmacy needs in a quarter.

    Attributes:
        lines: By strength.
        version: Of the report that was read; 0 for the first.
    """

    lines: list[NeedLineShape]
    version: int = 0


@dataclass(frozen=True, slots=True)
class NeedShape:
    """A report."""

    code: str
    quarter: str
    reported_at: datetime
    is_in_time: bool
    version: int
    lines: list[NeedLineShape]


@dataclass(frozen=True, slots=True)
class NeedSumShape:
    """What pharmacies need of a strength."""

    name: str
    strength: str
    unit: str
    units: int
    pharmacies: int


@dataclass(frozen=True, slots=True)
class NeedSumsShape:
    """What the pharmacies of a region need in a quarter."""

    region: str
    quarter: str
    items: list[NeedSumShape]


@get("/api/v1/convenience/regions/{region:str}")
@reads
def read_pharmacies(
    visit: Visit, region: FromPath[str], page_size: PageSize = 50, cursor: Cursor = None
) -> PharmaciesShape:
    """List the convenience pharmacies of a region."""
    visit.require(Action.READ_CONVENIENCE)
    if not is_division(region):
        raise NotFoundForActorError
    day = day_in_china(visit.moment)
    found = pharmacies_after(visit.session, region=region, day=day, cursor=cursor, size=page_size)
    return PharmaciesShape(
        region,
        day,
        [
            PharmacyShape(
                one.place.institution_code,
                one.place.name,
                one.place.county,
                one.place.address,
                one.designation.starts_on,
                one.packs,
            )
            for one in found.rows
        ],
        found.next_cursor,
    )


@get("/api/v1/convenience/pharmacies/{code:str}")
@reads
def read_counter(visit: Visit, code: FromPath[str]) -> CounterShape:
    """Show a pharmacy's counter with its prices."""
    visit.require(Action.READ_CONVENIENCE)
    place = find_place(visit.session, code=code)
    found = counter_prices(visit.session, place=place, day=day_in_china(visit.moment))
    return CounterShape(
        place.institution_code,
        place.name,
        [
            CounterPriceShape(
                name=one.name,
                strength=one.strength,
                pack_units=one.pack_units,
                kind=one.counter.kind,
                sale_price=one.counter.sale_price,
                purchase_price=one.shown_purchase,
                purchase_source=one.source.value,
                limit_price=one.shown_limit,
                outcome=one.outcome.value,
                as_of=one.counter.as_of,
            )
            for one in found
        ],
    )


@post("/api/v1/convenience/pharmacies/{code:str}/needs/{quarter:str}", status_code=200)
@writes
def post_need(
    visit: Visit, code: FromPath[str], quarter: FromPath[str], data: JSONBody[NeedBody]
) -> NeedShape:
    """Report what a pharmacy needs in a quarter such as 2027Q1."""
    visit.require_ever(Action.REPORT_QUARTERLY_NEED)
    place = find_place(visit.session, code=code)
    visit.require(Action.REPORT_QUARTERLY_NEED, place_subject(place))
    need = report_needs(
        visit.session,
        place=place,
        quarter=_quarter(quarter),
        units={line.strength_id: line.units for line in data.lines},
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    units = lines_of(visit.session, need_id=need.id)
    return NeedShape(
        code=code,
        quarter=quarter,
        reported_at=need.reported_at,
        is_in_time=need.is_in_time,
        version=need.version,
        lines=[NeedLineShape(strength_id, number) for strength_id, number in units.items()],
    )


@get("/api/v1/convenience/regions/{region:str}/needs/{quarter:str}")
@reads
def read_sums(visit: Visit, region: FromPath[str], quarter: FromPath[str]) -> NeedSumsShape:
    """Show what the pharmacies of a region need in a quarter."""
    visit.require(Action.READ_QUARTERLY_NEED, Subject(regions=(region,)))
    found = sums_of(visit.session, region=region, quarter=_quarter(quarter))
    return NeedSumsShape(
        region,
        quarter,
        [
            NeedSumShape(one.generic, one.strength, one.unit, one.units, one.pharmacies)
            for one in found
        ],
    )


def _quarter(text: str) -> Quarter:
    year, _, number = text.partition("Q")
    is_year = year.isascii() and year.isdigit() and len(year) == 4 and year >= "2000"
    if not is_year or number not in ("1", "2", "3", "4"):
        zh, en = "须为季度，如 2027Q1。", "Expected a quarter such as 2027Q1."
        raise InvalidInputError([FieldFault("quarter", zh, en)])
    return Quarter(int(year), int(number))


ROUTES = (read_pharmacies, read_counter, post_need, read_sums)
"""Handlers of this part."""
