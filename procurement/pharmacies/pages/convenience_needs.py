"""Quarterly needs: a pharmacy reports them, a bureau sees their sums."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from pricing.stated_rules import RuleNotStatedError
from procurement.accounts.divisions import division_name
from procurement.china_days import Quarter, day_in_china, quarter_of
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.orders.pages.sheets import Heading, sheet_answer
from procurement.orders.pages.typed import filters_tail, list_page, page_number
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.convenience.needs import NeedSheet, need_sheet, report_needs
from procurement.pharmacies.pages.coverage import region_asked
from procurement.pharmacies.places.service import find_place, places_of
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.volumes.quarterly.service import sums_of
from procurement.web import Form, Visit, reads, redirect, render, writes

_DIGITS_MAX = 13
_FILTERS = ("region", "quarter")
_FIRST_YEAR = 2020


@get("/convenience/need", include_in_schema=False)
@reads
def show_need(visit: Visit) -> Response[Any]:
    """Show the form of a pharmacy's need, of the next quarter unless another is asked for."""
    place, others = _own_place(visit)
    return _need(visit, place, others)


def _own_place(visit: Visit) -> tuple[Place | None, list[Place]]:
    """The pharmacy that is asked for, and all that the visitor keeps."""
    visit.require_ever(Action.REPORT_QUARTERLY_NEED)
    own = list(places_of(visit.session, organisation_id=visit.actor.organisation_id or 0))
    code = visit.query.get("place", "")
    if code:
        place = find_place(visit.session, code=code)
        visit.require(Action.REPORT_QUARTERLY_NEED, place_subject(place))
        return place, own
    return (own[0] if own else None), own


def _need(
    visit: Visit,
    place: Place | None,
    own: list[Place],
    *,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
    status: int = 200,
) -> Response[Any]:
    sheet: NeedSheet | None = None
    try:
        if place is not None:
            sheet = need_sheet(
                visit.session, place=place, moment=visit.moment, quarter=quarter_asked(visit)
            )
    except RuleNotStatedError as error:
        refusal, status = RefusedError(zh=error.zh, en=error.en), 409
    except RefusedError as error:
        refusal = refusal or error
    return render(
        visit,
        "pharmacies/convenience/need.html",
        status=422 if faults else status,
        place=place,
        own=own,
        sheet=sheet,
        values=visit.form if faults or (refusal is not None and visit.form) else _values(sheet),
        faults=faults,
        refusal=refusal,
    )


def _values(sheet: NeedSheet | None) -> dict[str, str]:
    if sheet is None:
        return {}
    return {
        f"units-{line.strength_id}": "" if line.units is None else str(line.units)
        for line in sheet.lines
    }


def quarter_asked(visit: Visit) -> Quarter | None:
    """The quarter in the address, such as 2027Q1; None without one, or for what is none."""
    year, _, number = visit.query.get("quarter", "").partition("Q")
    is_year = year.isascii() and year.isdigit() and len(year) == 4 and int(year) >= _FIRST_YEAR
    return Quarter(int(year), int(number)) if is_year and number in ("1", "2", "3", "4") else None


@post("/convenience/need", include_in_schema=False)
@writes
def send_need(visit: Visit) -> Response[Any]:
    """Report a pharmacy's need."""
    place, own = _own_place(visit)
    if place is None:
        raise NotFoundForActorError
    visit.require(Action.REPORT_QUARTERLY_NEED, place_subject(place))
    units, faults = _typed(visit.form)
    quarter = quarter_asked(visit) or quarter_of(day_in_china(visit.moment)).following
    version = visit.form.get("version", "")
    try:
        if faults:
            raise InvalidInputError(faults)
        with visit.savepoint():
            report_needs(
                visit.session,
                place=place,
                quarter=quarter,
                units=units,
                version=int(version) if version.isascii() and version.isdigit() else 0,
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as error:
        return _need(visit, place, own, faults=tuple(error.faults))
    except StaleError as error:
        return _need(visit, place, own, refusal=error, status=409)
    return redirect(f"/convenience/need?place={place.institution_code}&quarter={quarter}")


def _typed(form: Form) -> tuple[Mapping[int, int], list[FieldFault]]:
    """Units by strength; empty fields are not needed."""
    units: dict[int, int] = {}
    faults = []
    for name in form:
        number = form.get(name, "").replace(",", "")
        strength = name.removeprefix("units-")
        if strength == name or not number:
            continue
        if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS_MAX):
            faults.append(FieldFault(name, "须为整数。", "Expected a whole number."))
        elif strength.isascii() and strength.isdigit() and len(strength) <= 9:
            units[int(strength)] = int(number)
    return units, faults


@get("/convenience/needs", include_in_schema=False)
@reads
def show_sums(visit: Visit) -> Response[Any]:
    """Show what the pharmacies of a region need in a quarter."""
    region = region_asked(visit, Action.READ_QUARTERLY_NEED)
    quarter = quarter_asked(visit) or quarter_of(day_in_china(visit.moment)).following
    found = sums_of(visit.session, region=region, quarter=quarter)
    return render(
        visit,
        "pharmacies/convenience/needs.html",
        region=region,
        region_name=visit.text(*division_name(region)),
        quarter=str(quarter),
        page=list_page(found, page_number(visit)),
        values={"region": region, "quarter": str(quarter)},
        tail=filters_tail(visit, _FILTERS),
    )


_HEADINGS: tuple[Heading, ...] = (
    ("药品", "drug"),
    ("规格", "strength"),
    ("最小单位", "minimal unit"),
    ("需求量", "need"),
    ("药店数", "pharmacies"),
)


@get(["/convenience/needs.csv", "/convenience/needs.xlsx"], include_in_schema=False)
@reads
def sums_file(visit: Visit) -> Response[bytes]:
    """Give the sums as a file."""
    region = region_asked(visit, Action.READ_QUARTERLY_NEED)
    quarter = quarter_asked(visit) or quarter_of(day_in_china(visit.moment)).following
    return sheet_answer(
        visit,
        name=visit.text(f"便民药店需求{quarter}", f"convenience-needs-{quarter}"),
        headings=_HEADINGS,
        rows=(
            (one.generic, one.strength, one.unit, one.units, one.pharmacies)
            for one in sums_of(visit.session, region=region, quarter=quarter)
        ),
    )


ROUTES = (show_need, send_need, show_sums, sums_file)
"""Handlers of these pages."""
