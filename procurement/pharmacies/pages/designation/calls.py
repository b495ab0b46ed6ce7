"""Calls: opening one, its criteria, applying under it, putting places on notice."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.orders.pages.typed import GoodsReader, chosen
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.designation.applying import draft_application
from procurement.pharmacies.designation.at_edge import call_for
from procurement.pharmacies.designation.calls import (
    GivenText,
    NewCall,
    find_call,
    givable_keys,
    open_call,
    rulebooks_for,
    rules_of,
)
from procurement.pharmacies.designation.noticing import publish_notice
from procurement.pharmacies.designation.reading import applications_of_call
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.subjects import call_subject
from procurement.pharmacies.designation.tables import DesignationCall
from procurement.pharmacies.pages.designation.words import answer
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.criteria import PREFIXES, RULEBOOK_KINDS
from procurement.rounds.at_edge import attempt
from procurement.web import Form, RowId, Visit, reads, redirect, writes
from rulebooks.vocabulary import VOCABULARY
from rulebooks.vocabulary.designation import NEEDS, SITES

_SHARES = ("kinds_share_min", "supply_rate_min")
_LISTS = ("hospital_needs", "pharmacy_needs")


@get("/designations/calls/new", include_in_schema=False)
@reads
def new_call(visit: Visit) -> Response[Any]:
    """Ask for what a call needs."""
    visit.require_ever(Action.OPEN_DESIGNATION)
    return _form(visit, _scheme(Form({"scheme": (visit.query.get("scheme", ""),)})), None)


def _scheme(form: Form) -> DesignationScheme:
    default = DesignationScheme.DUAL_CHANNEL
    return DesignationScheme(chosen(form, "scheme", tuple(DesignationScheme), default))


def _form(visit: Visit, scheme: DesignationScheme, refusal: RefusedError | None) -> Response[Any]:
    terms = VOCABULARY[RULEBOOK_KINDS[scheme]]
    keys = [
        (key, key.partition(".")[2], visit.text(terms[key].zh, terms[key].en))
        for key in givable_keys(scheme)
    ]
    return answer(
        visit,
        "call_form.html",
        refusal,
        scheme=scheme,
        prefix=PREFIXES[scheme],
        rulebooks=[
            (book.id, visit.text(book.title.zh, book.title.en)) for book in rulebooks_for(scheme)
        ],
        keys=keys,
        needs=[(need, visit.text(*names)) for need, names in NEEDS.items()],
        sites=[(site, visit.text(*names)) for site, names in SITES.items()],
        values=visit.form if visit.form else {"region": visit.actor.region},
    )


@post("/designations/calls", include_in_schema=False)
@writes
def add_call(visit: Visit) -> Response[Any]:
    """Open a call."""
    visit.require_ever(Action.OPEN_DESIGNATION)
    scheme, region = _scheme(visit.form), visit.form.get("region", "")
    visit.require(Action.OPEN_DESIGNATION, Subject(regions=(region,)))
    opened: list[int] = []

    def change() -> None:
        reader = GoodsReader(visit.form)
        new = NewCall(
            scheme=scheme,
            region=region,
            title=visit.form.get("title", ""),
            document=visit.form.get("document", ""),
            rulebook=visit.form.get("rulebook", ""),
            opens_on=reader.day("opens_on"),
            closes_on=reader.day("closes_on"),
            given=_given(visit.form, scheme),
        )
        with reader.checked():
            call = open_call(visit.session, new=new, actor=visit.actor, moment=visit.moment)
            opened.append(call.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _form(visit, scheme, refusal)
    return redirect(f"/designations/calls/{opened[0]}")


def _given(form: Form, scheme: DesignationScheme) -> Mapping[str, GivenText]:
    """What the form gives for rules, in the words of a rulebook's file."""
    given = {}
    for key in givable_keys(scheme):
        name = key.partition(".")[2]
        value = _raw(form, key, name)
        if value not in ("", [], {}):
            given[key] = GivenText(value, form.get(f"{key}.basis", ""))
    return given


def _raw(form: Form, key: str, name: str) -> object:
    if name in _LISTS:
        return list(form.all(key))
    if name == "area_min":
        sizes = {site: form.get(f"{key}.{site}", "") for site in SITES}
        return {site: size for site, size in sizes.items() if size}
    text = form.get(key, "")
    if name in _SHARES:
        return _share(text)
    # Counts are numbers in a rulebook; what is none is refused there with what was expected.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _share(percent: str) -> str:
    digits = percent.removesuffix("%").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        return percent
    return f"{int(digits) // 100}.{int(digits) % 100:02}"


@get("/designations/calls/{call_id:int}", include_in_schema=False)
@reads
def show_call(visit: Visit, call_id: RowId) -> Response[Any]:
    """Show a call, what it asks for, and to who called the applications."""
    visit.require(Action.READ_DESIGNATIONS)
    return _page(visit, find_call(visit.session, call_id=call_id), None)


def _page(visit: Visit, call: DesignationCall, refusal: RefusedError | None) -> Response[Any]:
    rules = rules_of(call)
    is_caller = visit.may(Action.CHECK_DESIGNATION, call_subject(call))
    day = day_in_china(visit.moment)
    return answer(
        visit,
        "call.html",
        refusal,
        call=call,
        rules=rules,
        rulebook_title=visit.text(rules.rulebook.title.zh, rules.rulebook.title.en),
        asked=[(kind, rules.criteria(kind)) for kind in PlaceKind],
        is_open=call.opens_on <= day <= call.closes_on,
        places=_own_places(visit, call),
        is_caller=is_caller,
        applications=applications_of_call(visit.session, call_id=call.id) if is_caller else [],
    )


def _own_places(visit: Visit, call: DesignationCall) -> list[Place]:
    """The visitor's places of a kind for which the call has criteria."""
    own = visit.actor.organisation_id
    if own is None:
        return []
    kinds = rules_of(call).kinds
    return [
        place
        for place in places_of(visit.session, organisation_id=own)
        if place.kind in kinds and visit.may(Action.APPLY_DESIGNATION, place_subject(place))
    ]


@post("/designations/calls/{call_id:int}/applications", include_in_schema=False)
@writes
def apply(visit: Visit, call_id: RowId) -> Response[Any]:
    """Begin an application of one of the visitor's places."""
    visit.require_ever(Action.APPLY_DESIGNATION)
    call = find_call(visit.session, call_id=call_id)
    place = visit.session.get(Place, typed_id(visit.form.get("place", "")) or 0)
    if place is None:
        raise NotFoundForActorError
    visit.require(Action.APPLY_DESIGNATION, place_subject(place))
    made: list[int] = []

    def change() -> None:
        application = draft_application(
            visit.session,
            call=call,
            place_id=place.id,
            actor=visit.actor,
            moment=visit.moment,
        )
        made.append(application.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, call, refusal)
    return redirect(f"/designations/applications/{made[0]}")


@post("/designations/calls/{call_id:int}/notices", include_in_schema=False)
@writes
def publish(visit: Visit, call_id: RowId) -> Response[Any]:
    """Put applications on a public notice."""
    call = call_for(visit, call_id, Action.DECIDE_DESIGNATION)
    made: list[int] = []

    def change() -> None:
        reader = GoodsReader(visit.form)
        until = reader.day("objections_until")
        with reader.checked():
            notice = publish_notice(
                visit.session,
                call=call,
                application_ids={typed_id(one) or 0 for one in visit.form.all("applications")},
                objections_until=until,
                actor=visit.actor,
                moment=visit.moment,
            )
            made.append(notice.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, call, refusal)
    return redirect(f"/designations/notices/{made[0]}")


ROUTES = (new_call, add_call, show_call, apply, publish)
"""Handlers of these pages."""
