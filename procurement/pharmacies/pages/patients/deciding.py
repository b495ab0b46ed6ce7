"""The agency decides; doctor or agency end a registration."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotPermittedError
from procurement.pharmacies.pages.patients.showing import done_or_page
from procurement.pharmacies.patients.at_edge import registration_for
from procurement.pharmacies.patients.deciding import decide_registration, end_registration
from procurement.rounds.at_edge import FormReader
from procurement.web import Visit, writes

ANSWERS = {"yes": True, "no": False}


def answered(visit: Visit) -> bool:
    """Return what was decided.

    Raises:
        InvalidInputError: Neither was chosen.
    """
    answer = visit.form.get("decision", "")
    if answer not in ANSWERS:
        fault = FieldFault("decision", "请选择同意或不同意。", "Choose to accept or to refuse.")
        raise InvalidInputError([fault])
    return ANSWERS[answer]


@post("/registrations/{registration_number:str}/decision", include_in_schema=False)
@writes
def decide(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Approve or refuse a registration."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    return done_or_page(
        visit,
        row,
        lambda: decide_registration(
            visit.session,
            registration=row,
            version=FormReader(visit.form).version,
            is_approved=answered(visit),
            note=visit.form.get("note", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/registrations/{registration_number:str}/end", include_in_schema=False)
@writes
def end(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """End a registration, as its doctor or the agency."""
    can_review = visit.may_ever(Action.REVIEW_REGISTRATION)
    if not can_review and not visit.may_ever(Action.DECIDE_REGISTRATION):
        raise NotPermittedError(Action.REVIEW_REGISTRATION)
    action = Action.REVIEW_REGISTRATION if can_review else Action.DECIDE_REGISTRATION
    row = registration_for(visit, registration_number, action)
    return done_or_page(
        visit,
        row,
        lambda: end_registration(
            visit.session,
            registration=row,
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


ROUTES = (decide, end)
"""Handlers of these pages."""
