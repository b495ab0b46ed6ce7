"""Re-evaluation: the doctor's form, and the agency's decision."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.pages.patients.deciding import answered
from procurement.pharmacies.pages.patients.showing import HERE, done_or_page
from procurement.pharmacies.pages.patients.words import words
from procurement.pharmacies.patients.at_edge import registration_for, today
from procurement.pharmacies.patients.reading import view_registration
from procurement.pharmacies.patients.reviewing import decide_review, make_review, waiting_review
from procurement.pharmacies.patients.states import ReviewOutcome
from procurement.pharmacies.patients.tables import Registration
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.web import Visit, reads, redirect, render, writes


@get("/registrations/{registration_number:str}/review", include_in_schema=False)
@reads
def show_review(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Ask for a review."""
    row = registration_for(visit, registration_number, Action.REVIEW_REGISTRATION)
    return _page(visit, row, None)


def _page(visit: Visit, row: Registration, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "pharmacies/patients/review.html",
        status=200 if refusal is None else status_of(refusal),
        view=view_registration(visit.session, row=row, day=today(visit)),
        row=row,
        here=f"{HERE}/{row.number}",
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/registrations/{registration_number:str}/review", include_in_schema=False)
@writes
def review(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Hand a review in."""
    row = registration_for(visit, registration_number, Action.REVIEW_REGISTRATION)

    def change() -> None:
        outcome = visit.form.get("outcome", "")
        if outcome not in set(ReviewOutcome):
            fault = FieldFault("outcome", "请选择评估结论。", "Choose an outcome.")
            raise InvalidInputError([fault])
        make_review(
            visit.session,
            registration=row,
            version=FormReader(visit.form).version,
            outcome=ReviewOutcome(outcome),
            finding=visit.form.get("finding", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _page(visit, row, refusal) if refusal else redirect(f"{HERE}/{registration_number}")


@post("/registrations/{registration_number:str}/review-decision", include_in_schema=False)
@writes
def decide(visit: Visit, registration_number: FromPath[str]) -> Response[Any]:
    """Accept or refuse the review that waits."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    waiting = waiting_review(visit.session, registration_id=row.id)
    if waiting is None:
        raise NotFoundForActorError
    return done_or_page(
        visit,
        row,
        lambda: decide_review(
            visit.session,
            review=waiting,
            version=FormReader(visit.form).version,
            is_accepted=answered(visit),
            note=visit.form.get("note", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


ROUTES = (show_review, review, decide)
"""Handlers of these pages."""
