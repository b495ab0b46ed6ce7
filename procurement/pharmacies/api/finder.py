"""The finder by machine: what its public pages show, as JSON."""

from typing import Annotated

from litestar import get
from litestar.params import FromPath, QueryParameter

from procurement.accounts.divisions import PROVINCES, is_division
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.api.finder_shapes import (
    CountyView,
    DrugView,
    FoundOut,
    HoldingOut,
    PlaceOut,
    count_of,
    county_of,
    drug_of,
    listed_of,
    place_of,
)
from procurement.pharmacies.finder.counties import county_exists, name_counties, require_county
from procurement.pharmacies.finder.finding import (
    PAGES_MAX,
    Narrowed,
    Part,
    counties_having,
    county_view,
    holders_of,
    listed_here,
    place_card,
    provinces_having,
    require_drug,
)
from procurement.pharmacies.finder.searching import WORDS_MAX, search
from procurement.pharmacies.places.service import find_place
from procurement.web import Cursor, RowId, Visit, reads

TAGS = ["finder"]
PATH = "/api/v1/find"

Words = Annotated[str, QueryParameter(name="q", max_length=WORDS_MAX)]
Region = Annotated[str, QueryParameter(name="region", max_length=6)]
InCounty = Annotated[str, QueryParameter(name="county", max_length=6)]
InProvince = Annotated[str, QueryParameter(name="province", max_length=6)]
Having = Annotated[bool, QueryParameter(name="having")]
Dual = Annotated[bool, QueryParameter(name="dual")]


@get(PATH, tags=TAGS)
@reads
def find(visit: Visit, q: Words = "", region: Region = "") -> FoundOut:
    """Look for drugs, counties and places by words."""
    visit.require(Action.FIND_DRUG)
    if region and not is_division(region):
        zh, en = "不是行政区划代码。", "Expected a division code of six digits."
        raise InvalidInputError([FieldFault("region", zh, en)])
    found = search(visit.session, words=q, region=region, moment=visit.moment)
    return FoundOut(
        drugs=[drug_of(one) for one in found.drugs],
        counties=[county_of(one) for one in found.counties],
        places=[place_of(one) for one in found.places],
    )


@get(PATH + "/drugs/{drug_id:int}", tags=TAGS)
@reads
def find_drug(
    visit: Visit,
    drug_id: RowId,
    county: InCounty = "",
    province: InProvince = "",
    having: Having = False,
    dual: Dual = False,
    cursor: Cursor = None,
) -> DrugView:
    """Say who has a drug: in a county, else in which counties of a province, or provinces."""
    visit.require(Action.FIND_DRUG)
    drug = require_drug(visit.session, generic_product_id=drug_id)
    view = DrugView(
        drug=drug_of(drug),
        county=None,
        listed=None,
        items=[],
        next_cursor=None,
        counties=[],
        provinces=[],
    )
    if county:
        narrowed = Narrowed(only_having=having, only_dual=dual)
        _holders(visit, view, county, narrowed, page_of(cursor))
    elif province in PROVINCES:
        found = counties_having(visit.session, generic_product_id=drug_id, province=province)
        view.counties = [
            HoldingOut(county=county_of(one.county), places=one.places) for one in found
        ]
    elif province:
        zh, en = "不是省级行政区划代码。", "Expected the code of a province."
        raise InvalidInputError([FieldFault("province", zh, en)])
    else:
        view.provinces = provinces_having(visit.session, generic_product_id=drug_id)
    return view


def _holders(visit: Visit, view: DrugView, county: str, narrowed: Narrowed, page: int) -> None:
    require_county(visit.session, code=county, field="county")
    part = holders_of(
        visit.session,
        generic_product_id=view.drug.id,
        county=county,
        narrowed=narrowed,
        page=page,
        moment=visit.moment,
    )
    listed = listed_here(
        visit.session, generic_product_id=view.drug.id, county=county, moment=visit.moment
    )
    view.county = county_of(name_counties(visit.session, [county])[county])
    view.listed = None if listed is None else listed_of(listed)
    view.items = [place_of(one) for one in part.cards]
    view.next_cursor = next_of(part)


def page_of(cursor: str | None) -> int:
    """Return the page that a cursor names.

    Raises:
        InvalidInputError: It is none that a list gave.

    Examples:
        >>> page_of(None), page_of("3")
        (1, 3)
    """
    if not cursor:
        return 1
    if not (cursor.isascii() and cursor.isdigit()) or not 1 < int(cursor[:9]) <= PAGES_MAX:
        zh, en = "不是本接口给出的游标。", "Expected a cursor given by this list."
        raise InvalidInputError([FieldFault("cursor", zh, en)])
    return int(cursor[:9])


def next_of(part: Part) -> str | None:
    """Return the cursor of the next page, or None at the end."""
    return str(part.number + 1) if part.has_more and part.number < PAGES_MAX else None


@get(PATH + "/places/{place_code:str}", tags=TAGS)
@reads
def find_place_by_code(visit: Visit, place_code: FromPath[str]) -> PlaceOut:
    """Show a place with all its stock."""
    visit.require(Action.FIND_DRUG)
    place = find_place(visit.session, code=place_code)
    return place_of(place_card(visit.session, place=place, moment=visit.moment))


@get(PATH + "/counties/{county_code:str}", tags=TAGS)
@reads
def find_county(visit: Visit, county_code: FromPath[str], cursor: Cursor = None) -> CountyView:
    """Show the drugs to be had in a county, and a page of its places."""
    visit.require(Action.FIND_DRUG)
    if not county_exists(visit.session, code=county_code):
        raise NotFoundForActorError
    found = county_view(
        visit.session, county=county_code, page=page_of(cursor), moment=visit.moment
    )
    return CountyView(
        county=county_of(found.county),
        drugs=[count_of(one) for one in found.drugs],
        items=[place_of(one) for one in found.places.cards],
        next_cursor=next_of(found.places),
    )


ROUTES = (find, find_drug, find_place_by_code, find_county)
"""Handlers of this interface."""
