"""Places by machine: finding them, changing them, lists from files."""

from dataclasses import dataclass, field
from typing import Annotated

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from procurement.accounts.divisions import NATION, is_division
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.designation.doctors import import_doctors
from procurement.pharmacies.designation.importing import import_designations
from procurement.pharmacies.places.geography import import_county_points
from procurement.pharmacies.places.importing import import_places
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import change_place, find_place, places_query
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.opening_hours import hours_of_json, hours_text
from procurement.pharmacies.rules.place_facts import FIELDS, OWN_FIELDS
from procurement.web import Cursor, PageSize, Visit, paginate_by_key, reads, writes

TAGS = ["places"]
PATH = "/api/v1/places"
LISTS = "/api/v1/place-lists"
Content = Annotated[str, Meta(max_length=5_000_000)]


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A place.

    Attributes:
        code: Of the institution.
        kind: hospital or pharmacy.
        name: Its name.
        chain: Chain that it belongs to.
        county: Division code.
        address: Where it is.
        latitude: Degrees north.
        longitude: Degrees east.
        phone: Its telephone.
        opening_hours: As people write them, in Chinese; reads back as the same week.
        route_zh: How to get there.
        route_en: The same in English.
        is_barrier_free: null where nobody said.
        status: open or closed.
        version: Counts changes; send it back with the next one.
    """

    code: str
    kind: str
    name: str
    chain: str
    county: str
    address: str
    latitude: float | None
    longitude: float | None
    phone: str
    opening_hours: str
    route_zh: str
    route_en: str
    is_barrier_free: bool | None
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class PlaceList:
    """Places, some at a time."""

    items: list[PlaceEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PlaceBody:
    """What changes of a place.

    Attributes:
        version: As last seen.
        fields: Texts by field; what is missing stays.
    """

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    fields: dict[str, Annotated[str, Meta(max_length=2_000)]]


@dataclass(frozen=True, slots=True)
class ListBody:
    """A list as CSV.

    Attributes:
        content: The file.
        source: Where a list of counties comes from.
    """

    content: Content
    source: Annotated[str, Meta(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What a list came to.

    Attributes:
        lines: How many were taken over.
        warnings: What could not be checked, in Chinese.
    """

    lines: int
    warnings: list[str] = field(default_factory=list)


def _entry(place: Place) -> PlaceEntry:
    return PlaceEntry(
        code=place.institution_code,
        kind=place.kind,
        name=place.name,
        chain=place.chain,
        county=place.county,
        address=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
        phone=place.phone,
        opening_hours=hours_text(hours_of_json(place.opening_hours)),
        route_zh=place.route_zh,
        route_en=place.route_en,
        is_barrier_free=place.is_barrier_free,
        status=place.status,
        version=place.version,
    )


@get(PATH, tags=TAGS)
@reads
def list_places(
    visit: Visit,
    region: FromQuery[str] = NATION,
    kind: FromQuery[PlaceKind | None] = None,
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> PlaceList:
    """List the hospitals and pharmacies of a region."""
    visit.require(Action.READ_DESIGNATIONS)
    if not is_division(region):
        raise NotFoundForActorError
    page = paginate_by_key(
        visit.session,
        places_query(region=region, kind=kind),
        key=Place.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return PlaceList([_entry(place) for place in page.rows], page.next_cursor)


@get(PATH + "/{code:str}", tags=TAGS)
@reads
def show_one_place(visit: Visit, code: FromPath[str]) -> PlaceEntry:
    """Return a place."""
    visit.require(Action.READ_DESIGNATIONS)
    return _entry(find_place(visit.session, code=code))


@post(PATH + "/{code:str}", tags=TAGS)
@writes
def change_by_machine(visit: Visit, code: FromPath[str], data: JSONBody[PlaceBody]) -> PlaceEntry:
    """Change a place: its keeper says when it is open, those in charge where it lies."""
    visit.require_ever(Action.CHANGE_PLACE)
    place = find_place(visit.session, code=code)
    visit.require(Action.CHANGE_PLACE, place_subject(place))
    in_charge = visit.may(Action.CHANGE_PLACE, Subject(regions=(place.county,)))
    allowed = FIELDS if in_charge else OWN_FIELDS
    changed = change_place(
        visit.session,
        place_id=place.id,
        wanted={name: text for name, text in data.fields.items() if name in allowed},
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(changed)


def _content(visit: Visit, action: Action, data: ListBody) -> bytes:
    visit.require_ever(action)
    visit.require(action, Subject(regions=(visit.actor.region,)))
    return data.content.encode()


@post(LISTS + "/places", tags=TAGS)
@writes
def import_places_by_machine(visit: Visit, data: JSONBody[ListBody]) -> ListOutcome:
    """Take over a list of places: all of its lines, or none."""
    content = _content(visit, Action.IMPORT_PLACES, data)
    done = import_places(visit.session, content=content, actor=visit.actor, moment=visit.moment)
    lines = done.added + done.changed + done.unchanged
    return ListOutcome(lines, [zh for zh, _ in done.warnings])


@post(LISTS + "/counties", tags=TAGS)
@writes
def import_counties_by_machine(visit: Visit, data: JSONBody[ListBody]) -> ListOutcome:
    """Take over the points of counties: all of them, or none."""
    content = _content(visit, Action.IMPORT_PLACES, data)
    count = import_county_points(
        visit.session,
        content=content,
        source=data.source,
        actor=visit.actor,
        moment=visit.moment,
    )
    return ListOutcome(count)


@post(LISTS + "/designated", tags=TAGS)
@writes
def import_designated_by_machine(visit: Visit, data: JSONBody[ListBody]) -> ListOutcome:
    """Take over a published list of designated places: all of its lines, or none."""
    content = _content(visit, Action.OPEN_DESIGNATION, data)
    return ListOutcome(
        import_designations(visit.session, content=content, actor=visit.actor, moment=visit.moment)
    )


@post(LISTS + "/doctors", tags=TAGS)
@writes
def import_doctors_by_machine(visit: Visit, data: JSONBody[ListBody]) -> ListOutcome:
    """Take over a list of responsible doctors: all of its lines, or none."""
    content = _content(visit, Action.DESIGNATE_DOCTOR, data)
    return ListOutcome(
        import_doctors(visit.session, content=content, actor=visit.actor, moment=visit.moment)
    )


ROUTES = (
    list_places,
    show_one_place,
    change_by_machine,
    import_places_by_machine,
    import_counties_by_machine,
    import_designated_by_machine,
    import_doctors_by_machine,
)
"""Handlers of this part."""
