"""The public finder: by drug, by place, by county; nobody has to sign in."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.accounts.divisions import PROVINCES, division_name, is_division, province_of
from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.pages.typed import filters_tail, page_number
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.finder.counties import (
    counties_in,
    county_exists,
    name_counties,
    require_county,
)
from procurement.pharmacies.finder.finding import (
    Narrowed,
    counties_having,
    county_view,
    holders_of,
    listed_here,
    place_card,
    provinces_having,
    require_drug,
)
from procurement.pharmacies.finder.searching import WORDS_MAX, search
from procurement.pharmacies.pages.public_words import public_words, regions_of, state_words
from procurement.pharmacies.places.service import find_place
from procurement.web import RowId, Visit, reads, render

DRUGS_SHOWN = 200
FILTERS = ("county", "having", "dual")
_YES = "yes"


@get("/find", include_in_schema=False)
@reads
def show_search(visit: Visit) -> Response[Any]:
    """Look for a drug, a place or a county."""
    visit.require(Action.FIND_DRUG)
    words = visit.query.get("q", "").strip()[:WORDS_MAX]
    region = visit.query.get("region", "")
    region = region if is_division(region) else ""
    return render(
        visit,
        "pharmacies/finder/search.html",
        words=words,
        region=region,
        found=search(visit.session, words=words, region=region, moment=visit.moment),
        provinces=regions_of(visit),
        **public_words(visit),
    )


@get("/find/regions/{region_code:str}", include_in_schema=False)
@reads
def show_region(visit: Visit, region_code: FromPath[str]) -> Response[Any]:
    """List the counties of a province."""
    visit.require(Action.FIND_DRUG)
    if region_code not in PROVINCES:
        raise NotFoundForActorError
    return render(
        visit,
        "pharmacies/finder/region.html",
        name=visit.text(*division_name(region_code)),
        counties=counties_in(visit.session, province=region_code),
        **public_words(visit),
    )


@get("/find/drugs/{drug_id:int}", include_in_schema=False)
@reads
def show_drug(visit: Visit, drug_id: RowId) -> Response[Any]:
    """Show who has a drug in a county; without a county, where to look further."""
    visit.require(Action.FIND_DRUG)
    drug = require_drug(visit.session, generic_product_id=drug_id)
    county = visit.query.get("county", "").strip()
    if not county:
        return _where(visit, drug)
    try:
        require_county(visit.session, code=county, field="county")
    except InvalidInputError as error:
        return _where(visit, drug, faults=error.faults)
    return _holders(visit, drug, county)


def _where(visit: Visit, drug: GenericProduct, faults: Sequence[FieldFault] = ()) -> Response[Any]:
    """The provinces that have a drug, or the counties of the one that was chosen."""
    province = visit.query.get("province", "")
    if province in PROVINCES:
        found: dict[str, Any] = {
            "province": (province, visit.text(*PROVINCES[province])),
            "provinces": (),
            "holdings": counties_having(
                visit.session, generic_product_id=drug.id, province=province
            ),
        }
    else:
        codes = provinces_having(visit.session, generic_product_id=drug.id)
        names = [(code, visit.text(*PROVINCES[code])) for code in codes]
        found = {"province": None, "provinces": names, "holdings": ()}
    return render(
        visit,
        "pharmacies/finder/drug.html",
        status=422 if faults else 200,
        drug=drug,
        faults=faults,
        values=visit.query,
        **found,
        **public_words(visit),
    )


def _holders(visit: Visit, drug: GenericProduct, county: str) -> Response[Any]:
    listed = listed_here(
        visit.session, generic_product_id=drug.id, county=county, moment=visit.moment
    )
    narrowed = narrowed_of(visit)
    return render(
        visit,
        "pharmacies/finder/holders.html",
        drug=drug,
        county=name_counties(visit.session, [county])[county],
        province=province_of(county),
        part=holders_of(
            visit.session,
            generic_product_id=drug.id,
            county=county,
            narrowed=narrowed,
            page=page_number(visit),
            moment=visit.moment,
        ),
        narrowed=narrowed,
        listed=listed,
        state=state_words(visit, listed),
        tail=filters_tail(visit, FILTERS),
        **public_words(visit),
    )


def narrowed_of(visit: Visit) -> Narrowed:
    """What a list of places is narrowed to, as the address says."""
    return Narrowed(
        only_having=visit.query.get("having") == _YES, only_dual=visit.query.get("dual") == _YES
    )


@get("/find/places/{place_code:str}", include_in_schema=False)
@reads
def show_place(visit: Visit, place_code: FromPath[str]) -> Response[Any]:
    """Show a place: what it has, when it is open, how to get there."""
    visit.require(Action.FIND_DRUG)
    place = find_place(visit.session, code=place_code)
    return render(
        visit,
        "pharmacies/finder/place.html",
        card=place_card(visit.session, place=place, moment=visit.moment),
        **public_words(visit),
    )


@get("/find/counties/{county_code:str}", include_in_schema=False)
@reads
def show_county(visit: Visit, county_code: FromPath[str]) -> Response[Any]:
    """Show what is to be had in a county, and where."""
    visit.require(Action.FIND_DRUG)
    require_known(visit, county_code)
    found = county_view(
        visit.session, county=county_code, page=page_number(visit), moment=visit.moment
    )
    return render(
        visit,
        "pharmacies/finder/county.html",
        found=found,
        shown=found.drugs[:DRUGS_SHOWN],
        province=(province_of(county_code), visit.text(*division_name(province_of(county_code)))),
        **public_words(visit),
    )


def require_known(visit: Visit, county_code: str) -> None:
    """Refuse a county that does not exist.

    Raises:
        NotFoundForActorError: There is none.
    """
    if not county_exists(visit.session, code=county_code):
        raise NotFoundForActorError


ROUTES = (show_search, show_region, show_drug, show_place, show_county)
"""Handlers of these pages."""
