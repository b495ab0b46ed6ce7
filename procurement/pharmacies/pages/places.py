"""A place at its keeper's and at those in charge of its county: what the public is told of it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.orders.pages.typed import GoodsReader
from procurement.permissions import Action, Subject
from procurement.pharmacies.designation.reading import designations_of
from procurement.pharmacies.pages.designation.words import answer
from procurement.pharmacies.places.geography import county_facts
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.service import change_place, close_place, find_place
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.opening_hours import hours_of_json, hours_text
from procurement.pharmacies.rules.place_facts import FIELDS, OWN_FIELDS, place_warnings
from procurement.rounds.at_edge import attempt
from procurement.web import Visit, reads, redirect, writes

_YES_NO = {True: "yes", False: "no", None: ""}


@get("/places/{code:str}/edit", include_in_schema=False)
@reads
def edit_place(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Show what is said of a place, to be changed."""
    return _page(visit, _place_for(visit, code), None)


def _place_for(visit: Visit, code: FromPath[str]) -> Place:
    visit.require_ever(Action.CHANGE_PLACE)
    place = find_place(visit.session, code=code)
    visit.require(Action.CHANGE_PLACE, place_subject(place))
    return place


def fields_for(visit: Visit, place: Place) -> tuple[str, ...]:
    """Return what the visitor may change: everything where he is in charge of the county."""
    in_charge = visit.may(Action.CHANGE_PLACE, Subject(regions=(place.county,)))
    return FIELDS if in_charge else OWN_FIELDS


def _page(visit: Visit, place: Place, refusal: RefusedError | None) -> Response[Any]:
    known = county_facts(visit.session, counties={place.county})
    warnings = place_warnings(
        place.county, known, latitude=place.latitude, longitude=place.longitude
    )
    return answer(
        visit,
        "place.html",
        refusal,
        place=place,
        county=known.get(place.county),
        fields=fields_for(visit, place),
        designations=designations_of(visit.session, place_id=place.id),
        warnings=[visit.text(*pair) for pair in warnings],
        values=visit.form if visit.form else _shown(visit, place),
        was_saved=visit.query.get("saved") == "1",
    )


def _shown(visit: Visit, place: Place) -> dict[str, str]:
    hours = hours_of_json(place.opening_hours)
    point = {"latitude": place.latitude, "longitude": place.longitude}
    return {
        **{field: str(getattr(place, field)) for field in FIELDS},
        **{name: "" if degrees is None else f"{degrees:.10g}" for name, degrees in point.items()},
        "opening_hours": hours_text(hours, language=visit.language),
        "is_barrier_free": _YES_NO[place.is_barrier_free],
    }


@post("/places/{code:str}/edit", include_in_schema=False)
@writes
def save_place(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Change what is said of a place."""
    place = _place_for(visit, code)
    allowed = fields_for(visit, place)

    def change() -> None:
        change_place(
            visit.session,
            place_id=place.id,
            wanted={name: visit.form[name] for name in allowed if name in visit.form},
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    return _after(visit, place, attempt(visit, change))


@post("/places/{code:str}/closing", include_in_schema=False)
@writes
def open_or_close(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Mark a place as closed, or as open again."""
    place = _place_for(visit, code)

    def change() -> None:
        close_place(
            visit.session,
            place_id=place.id,
            is_open=place.status == PlaceStatus.CLOSED,
            reason=visit.form.get("reason", ""),
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    return _after(visit, place, attempt(visit, change))


def _after(visit: Visit, place: Place, refusal: RefusedError | None) -> Response[Any]:
    if refusal is not None:
        visit.session.refresh(place)
        return _page(visit, place, refusal)
    return redirect(f"/places/{place.institution_code}/edit?saved=1")


ROUTES = (edit_place, save_place, open_or_close)
"""Handlers of these pages."""
