"""Another pharmacy: the doctor hands the patient's wish in, the agency decides."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.pages.patients.deciding import answered
from procurement.pharmacies.pages.patients.showing import done_or_page
from procurement.pharmacies.patients.at_edge import registration_for
from procurement.pharmacies.patients.changing_pharmacy import (
    decide_change,
    request_change,
    waiting_change,
)
from procurement.rounds.at_edge import FormReader
from procurement.web import Visit, writes


@post("/registrations/{registration_number:str}/pharmacy", include_in_schema=False)
@writes
def ask(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Ask for another pharmacy."""
    row = registration_for(visit, registration_number, Action.REVIEW_REGISTRATION)
    return done_or_page(
        visit,
        row,
        lambda: request_change(
            visit.session,
            registration=row,
            version=FormReader(visit.form).version,
            pharmacy_code=visit.form.get("pharmacy_code", "").upper(),
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/registrations/{registration_number:str}/pharmacy-decision", include_in_schema=False)
@writes
def decide(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Accept or refuse the change of pharmacy that waits."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    waiting = waiting_change(visit.session, registration_id=row.id)
    if waiting is None:
        raise NotFoundForActorError
    return done_or_page(
        visit,
        row,
        lambda: decide_change(
            visit.session,
            change=waiting,
            version=FormReader(visit.form).version,
            is_accepted=answered(visit),
            note=visit.form.get("note", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


ROUTES = (ask, decide)
"""Handlers of these pages."""
