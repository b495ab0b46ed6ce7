"""The list of registrations: of a doctor, an agency or a pharmacy, each its own; finding one."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.bids.at_edge import secret_key
from procurement.errors import RefusedError
from procurement.orders.pages.typed import page_number
from procurement.permissions import Action, Role
from procurement.pharmacies.pages.patients.showing import registration_page
from procurement.pharmacies.pages.patients.words import words
from procurement.pharmacies.patients.at_edge import registration_for, today
from procurement.pharmacies.patients.listing import (
    RegistrationFilter,
    find_registrations,
    names_of,
    registrations_in_order,
)
from procurement.pharmacies.patients.reading import drug_name
from procurement.pharmacies.patients.states import RegistrationStatus
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import Page, Visit, paginate, reads, redirect, render, writes

_DAYS_MAX = 400


@get("/registrations", include_in_schema=False)
@reads
def show_registrations(visit: Visit) -> Response[Any]:
    """List the registrations that the visitor sees."""
    visit.require_ever(Action.READ_REGISTRATION)
    return _list_page(visit, None, None)


def _list_page(
    visit: Visit, found: list[Any] | None, refusal: RefusedError | None
) -> Response[Any]:
    if found is None:
        statement = registrations_in_order(
            actor=visit.actor, moment=visit.moment, wanted=_filter(visit)
        )
        page = paginate(visit.session, statement, number=page_number(visit))
    else:
        page = Page(found, 1, max(len(found), 1), len(found))
    drugs, places = names_of(visit.session, registrations=list(page.rows))
    return render(
        visit,
        "pharmacies/patients/registrations.html",
        status=200 if refusal is None else status_of(refusal),
        page=page,
        is_found=found is not None,
        drugs={key: drug_name(drug) for key, drug in drugs.items()},
        places={key: place.name for key, place in places.items()},
        may_draft=Role.DOCTOR in visit.actor.roles,
        may_give=visit.may_ever(Action.SET_BENEFIT_TERMS),
        filters=visit.query,
        values=None,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        today=today(visit),
        **words(visit),
    )


def _filter(visit: Visit) -> RegistrationFilter:
    status = visit.query.get("status", "")
    days = visit.query.get("review", "")
    is_days = days.isascii() and days.isdigit() and len(days) <= 3 and int(days) <= _DAYS_MAX
    return RegistrationFilter(
        status=status if status in set(RegistrationStatus) else "",
        review_in_days=int(days) if is_days else -1,
        is_waiting=visit.query.get("waiting") == "yes",
    )


@post("/registrations/find", include_in_schema=False)
@writes
def find(visit: Visit) -> Response[Any]:
    """Find a patient's registrations by the number on the card, which is not kept."""
    visit.require_ever(Action.READ_REGISTRATION)
    found: list[Any] = []

    def look() -> None:
        found.extend(
            find_registrations(
                visit.session,
                insured_number=visit.form.get("insured_number", ""),
                secret_key=secret_key(visit),
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, look)
    if refusal is None and len(found) == 1:
        return redirect(f"/registrations/{found[0].number}")
    return _list_page(visit, None if refusal else found, refusal)


@get("/registrations/{registration_number:str}", include_in_schema=False)
@reads
def show_registration(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Show a registration."""
    return registration_page(
        visit, registration_for(visit, registration_number, Action.READ_REGISTRATION)
    )


ROUTES = (show_registrations, find, show_registration)
"""Handlers of these pages."""
