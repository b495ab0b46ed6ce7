"""A doctor enters a registration, applies, withdraws."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.bids.at_edge import secret_key
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.pharmacies.designation.service import doctors_of_person
from procurement.pharmacies.pages.patients.showing import HERE, done_or_page
from procurement.pharmacies.pages.patients.words import words
from procurement.pharmacies.patients.area_rules import rules_on
from procurement.pharmacies.patients.at_edge import registration_for, today
from procurement.pharmacies.patients.choosing import drugs_of_area, hospitals_of_doctor
from procurement.pharmacies.patients.errors import NoRulesError
from procurement.pharmacies.patients.registering import (
    NewRegistration,
    apply_registration,
    draft_registration,
    withdraw_registration,
)
from procurement.pharmacies.patients.subjects import doctor_subject
from procurement.pharmacies.patients.tables import Registration
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.web import Visit, reads, redirect, render, writes

_ID_MAX = 2**31 - 1
_FIELDS = ("fund", "region", "listed_drug_id", "hospital_code", "pharmacy_code", "indication")


@get("/registrations/new", include_in_schema=False)
@reads
def show_new(visit: Visit) -> Response[Any]:
    """Ask for a new registration."""
    visit.require(Action.APPLY_REGISTRATION, doctor_subject(visit.actor.person_id))
    return _new_page(visit, None)


def _new_page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    person_id = visit.actor.person_id or 0
    day = today(visit)
    doctors = doctors_of_person(visit.session, person_id=person_id, day=day)
    hospitals = hospitals_of_doctor(visit.session, doctors=doctors)
    region = visit.form.get("region", "") or _pooling_area(visit)
    return render(
        visit,
        "pharmacies/patients/new.html",
        status=200 if refusal is None else status_of(refusal),
        hospitals=[(one.institution_code, one.name) for one in hospitals],
        drugs=drugs_of_area(visit.session, region=region, day=day),
        values=_shown_again(visit) if visit.form else {"region": region},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _shown_again(visit: Visit) -> dict[str, str]:
    """What was typed, but for the patient's number: it is shown nowhere."""
    return {name: visit.form.get(name, "") for name in _FIELDS}


def _pooling_area(visit: Visit) -> str:
    """The area whose rules hold where the doctor works: most patients are insured there."""
    try:
        return rules_on(visit.session, region=visit.actor.region, day=today(visit)).region
    except NoRulesError:
        return visit.actor.region


@post("/registrations/new", include_in_schema=False)
@writes
def draft(visit: Visit) -> Response[Any]:
    """Draft a registration; the patient's number becomes a pseudonym and is not kept."""
    visit.require(Action.APPLY_REGISTRATION, doctor_subject(visit.actor.person_id))
    made: list[Registration] = []

    def change() -> None:
        form = visit.form
        number = FormReader(form).whole("listed_drug_id") or 0
        new = NewRegistration(
            insured_number=form.get("insured_number", ""),
            fund=form.get("fund", ""),
            region=form.get("region", ""),
            listed_drug_id=min(number, _ID_MAX),
            hospital_code=form.get("hospital_code", ""),
            pharmacy_code=form.get("pharmacy_code", "").upper(),
            indication=form.get("indication", "").upper(),
        )
        made.append(
            draft_registration(
                visit.session,
                new=new,
                secret_key=secret_key(visit),
                actor=visit.actor,
                moment=visit.moment,
            )
        )

    refusal = attempt(visit, change)
    return _new_page(visit, refusal) if refusal else redirect(f"{HERE}/{made[0].number}")


@post("/registrations/{registration_number:str}/apply", include_in_schema=False)
@writes
def apply(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Hand a registration in."""
    row = registration_for(visit, registration_number, Action.APPLY_REGISTRATION)
    return done_or_page(
        visit,
        row,
        lambda: apply_registration(
            visit.session,
            registration=row,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/registrations/{registration_number:str}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Take a registration back before it is decided."""
    row = registration_for(visit, registration_number, Action.APPLY_REGISTRATION)
    return done_or_page(
        visit,
        row,
        lambda: withdraw_registration(
            visit.session,
            registration=row,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


ROUTES = (show_new, draft, apply, withdraw)
"""Handlers of these pages."""
