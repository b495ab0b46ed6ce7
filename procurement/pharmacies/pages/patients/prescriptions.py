"""Prescriptions as the centre reports them: the list, finding one, one with what stands against."""

from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.orders.pages.typed import page_number
from procurement.permissions import Action, Role, Subject
from procurement.pharmacies.pages.patients.showing import own_bills, sees_medical
from procurement.pharmacies.pages.patients.words import words
from procurement.pharmacies.patients.at_edge import prescription_for, today
from procurement.pharmacies.patients.following import PrescriptionView, view_prescription
from procurement.pharmacies.patients.listing import (
    find_prescription,
    names_of,
    prescriptions_in_order,
    registrations_by_id,
)
from procurement.pharmacies.patients.reading import drug_name
from procurement.pharmacies.patients.subjects import (
    prescription_subject,
    registration_subject,
)
from procurement.pharmacies.patients.tables import Prescription
from procurement.pharmacies.rules.following import PrescriptionStatus
from procurement.rounds.at_edge import attempt, faults_of, status_of, typed_moment, whole_of
from procurement.web import Visit, paginate, reads, redirect, render, writes


@get("/prescriptions", include_in_schema=False)
@reads
def show_prescriptions(visit: Visit) -> Response[Any]:
    """List the prescriptions that the visitor sees, by the centre's state."""
    visit.require_ever(Action.READ_PRESCRIPTION)
    return _list_page(visit, None)


def _list_page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    status = visit.query.get("status", "")
    statement = prescriptions_in_order(
        actor=visit.actor, status=status if status in set(PrescriptionStatus) else ""
    )
    page = paginate(visit.session, statement, number=page_number(visit))
    registrations = registrations_by_id(visit.session, prescriptions=list(page.rows))
    drugs, places = names_of(visit.session, registrations=list(registrations.values()))
    return render(
        visit,
        "pharmacies/patients/prescriptions.html",
        status=200 if refusal is None else status_of(refusal),
        page=page,
        registrations=registrations,
        drugs={key: drug_name(drug) for key, drug in drugs.items()},
        places={key: place.name for key, place in places.items()},
        may_report=visit.may_ever(Action.REPORT_PRESCRIPTION),
        filters=visit.query,
        values=None,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        today=today(visit),
        **words(visit),
    )


@post("/prescriptions/find", include_in_schema=False)
@writes
def find(visit: Visit) -> Response[Any]:
    """Find a prescription by the centre's number, which the patient shows."""
    visit.require_ever(Action.READ_PRESCRIPTION)
    found: list[Prescription] = []

    def look() -> None:
        rx_number = visit.form.get("rx_number", "")
        found.append(find_prescription(visit.session, rx_number=rx_number, actor=visit.actor))

    refusal = attempt(visit, look)
    if refusal is not None:
        return _list_page(visit, refusal)
    return redirect(f"/prescriptions/{found[0].number}")


@get("/prescriptions/{prescription_number:str}", include_in_schema=False)
@reads
def show_prescription(visit: Visit, prescription_number: FromPath[str]) -> Response[Any]:
    """Show a prescription, and whether it may be dispensed now."""
    return prescription_page(
        visit, prescription_for(visit, prescription_number, Action.READ_PRESCRIPTION)
    )


def prescription_page(
    visit: Visit, prescription: Prescription, refusal: RefusedError | None = None
) -> Response[Any]:
    """Show a prescription, also with what was refused."""
    view = view_prescription(
        visit.session, prescription=prescription, actor=visit.actor, moment=visit.moment
    )
    row = None if view.registration is None else view.registration.row
    subject = prescription_subject(
        visit.session, prescription=prescription, organisation_id=visit.actor.organisation_id
    )
    is_agency = Role.FUND_AGENCY in visit.actor.roles
    is_medical = row is not None and sees_medical(visit, row)
    if not is_medical:
        view = replace(view, bills=own_bills(visit, view.bills))
    whole = Subject() if row is None else registration_subject(visit.session, registration=row)
    return render(
        visit,
        "pharmacies/patients/prescription.html",
        status=200 if refusal is None else status_of(refusal),
        view=view,
        row=row,
        prescription=prescription,
        here=f"/prescriptions/{prescription.number}",
        may_dispense=row is not None and visit.may(Action.DISPENSE_PRESCRIPTION, subject),
        is_agency=is_agency,
        place_options=[(one.institution_code, one.name) for one in view.places],
        sees_medical=is_medical,
        may_reverse=visit.may(Action.DISPENSE_PRESCRIPTION, whole),
        may_read=visit.may(Action.READ_REGISTRATION, whole),
        entries=_entries(visit, view),
        is_settled=visit.query.get("settled") == "yes",
        values=visit.form if visit.form else {"dispensed_at": typed_moment(visit.moment)},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _beginning(text: str) -> str:
    return text[:1].upper() + text[1:]


def _entries(visit: Visit, view: PrescriptionView) -> list[dict[str, object]]:
    names = words(visit)
    odd = visit.text("与此前状态不符，未采用", "does not follow from what went before; not used")
    return [
        {
            "title": _beginning(names["prescription_names"][one.status]),
            "moment": one.happened_at,
            "state": "missed" if one.event_number in view.contradictions else "done",
            "note": odd
            if one.event_number in view.contradictions
            else names["stock_names"].get(one.stock_check, ""),
        }
        for one in view.reports
    ]


ROUTES = (show_prescriptions, find, show_prescription)
"""Handlers of these pages."""
