"""Steps of who called: papers, visit, refusal, objections, agreement."""

from typing import Any

from litestar import Response, post

from procurement.orders.pages.typed import GoodsReader
from procurement.permissions import Action
from procurement.pharmacies.designation.applying import criteria_for
from procurement.pharmacies.designation.at_edge import application_for
from procurement.pharmacies.designation.checking import (
    Checked,
    check_papers,
    record_visit,
    refuse_application,
)
from procurement.pharmacies.designation.lasting import Agreed, sign_agreement
from procurement.pharmacies.designation.noticing import answer_objection, find_objection
from procurement.pharmacies.designation.tables import DesignationApplication
from procurement.pharmacies.pages.designation.applications import (
    application_page,
    change_application,
    typed_findings,
)
from procurement.rounds.at_edge import attempt
from procurement.web import RowId, Visit, redirect, writes


def _found(visit: Visit, application: DesignationApplication) -> Checked:
    names = [one.name for one in criteria_for(visit.session, application).wanted]
    met, notes = typed_findings(visit.form, names)
    return Checked(
        met=met,
        notes=notes,
        is_passed=visit.form.get("outcome") == "passed",
        reason=visit.form.get("reason", ""),
    )


@post("/designations/applications/{application_id:int}/check", include_in_schema=False)
@writes
def check(visit: Visit, application_id: RowId) -> Response[Any]:
    """Record the check of an application's papers."""
    application = application_for(visit, application_id, Action.CHECK_DESIGNATION)
    return change_application(
        visit,
        application,
        lambda: check_papers(
            visit.session,
            application_id=application.id,
            found=_found(visit, application),
            gives_back=visit.form.get("outcome") == "given-back",
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/designations/applications/{application_id:int}/visit", include_in_schema=False)
@writes
def visit_place(visit: Visit, application_id: RowId) -> Response[Any]:
    """Record what was found at the place."""
    application = application_for(visit, application_id, Action.CHECK_DESIGNATION)

    def change() -> None:
        reader = GoodsReader(visit.form)
        visited_on = reader.day("visited_on")
        with reader.checked():
            record_visit(
                visit.session,
                application_id=application.id,
                visited_on=visited_on,
                found=_found(visit, application),
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    return change_application(visit, application, change)


@post("/designations/applications/{application_id:int}/refusal", include_in_schema=False)
@writes
def refuse(visit: Visit, application_id: RowId) -> Response[Any]:
    """Refuse an application."""
    application = application_for(visit, application_id, Action.DECIDE_DESIGNATION)
    return change_application(
        visit,
        application,
        lambda: refuse_application(
            visit.session,
            application_id=application.id,
            reason=visit.form.get("refusal_reason", ""),
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@post("/designations/applications/{application_id:int}/agreement", include_in_schema=False)
@writes
def sign(visit: Visit, application_id: RowId) -> Response[Any]:
    """Record the agreement with a place."""
    application = application_for(visit, application_id, Action.DECIDE_DESIGNATION)
    made: list[int] = []

    def change() -> None:
        reader = GoodsReader(visit.form)
        agreed = Agreed(
            number=visit.form.get("agreement", ""),
            starts_on=reader.day("starts_on"),
            ends_on=reader.day("ends_on"),
        )
        with reader.checked():
            designation = sign_agreement(
                visit.session,
                application_id=application.id,
                agreed=agreed,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )
            made.append(designation.id)

    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.refresh(application)
        return application_page(visit, application, refusal)
    return redirect(f"/designations/{made[0]}")


@post("/designations/objections/{objection_id:int}/answer", include_in_schema=False)
@writes
def answer_one(visit: Visit, objection_id: RowId) -> Response[Any]:
    """Say whether an objection holds."""
    visit.require_ever(Action.DECIDE_DESIGNATION)
    row = find_objection(visit.session, objection_id=objection_id)
    application = application_for(visit, row.application_id, Action.DECIDE_DESIGNATION)
    return change_application(
        visit,
        application,
        lambda: answer_objection(
            visit.session,
            objection_id=row.id,
            is_upheld=visit.form.get("upheld") == "yes",
            answer=visit.form.get("answer", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


ROUTES = (check, visit_place, refuse, sign, answer_one)
"""Handlers of these pages."""
