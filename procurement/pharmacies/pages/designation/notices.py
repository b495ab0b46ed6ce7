"""Public notices, and objections to the places on them; nobody has to sign in."""

from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.designation.calls import find_call, rules_of
from procurement.pharmacies.designation.noticing import (
    NewObjection,
    entries_of,
    file_objection,
    find_notice,
)
from procurement.pharmacies.designation.states import ApplicationStatus
from procurement.pharmacies.designation.subjects import application_subject
from procurement.pharmacies.designation.tables import DesignationNotice
from procurement.pharmacies.pages.designation.words import answer
from procurement.rounds.at_edge import attempt
from procurement.web import RowId, Visit, reads, redirect, writes


@get("/designations/notices/{notice_id:int}", include_in_schema=False)
@reads
def show_notice(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Show the places on a notice, and take objections while it runs."""
    visit.require(Action.READ_DESIGNATIONS)
    return _page(visit, find_notice(visit.session, notice_id=notice_id), None)


def _page(visit: Visit, notice: DesignationNotice, refusal: RefusedError | None) -> Response[Any]:
    call = find_call(visit.session, call_id=notice.call_id)
    entries = entries_of(visit.session, notice_id=notice.id)
    runs = day_in_china(visit.moment) <= notice.objections_until
    open_to = [
        (application.id, f"{place.name} {place.institution_code}")
        for application, place in entries
        if application.status == ApplicationStatus.NOTICED
    ]
    return answer(
        visit,
        "notice.html",
        refusal,
        notice=notice,
        call=call,
        notice_days=rules_of(call).notice_days,
        entries=entries,
        open_to=open_to if runs else [],
        runs=runs,
        was_filed=visit.query.get("filed") == "1",
    )


@post("/designations/notices/{notice_id:int}/objections", include_in_schema=False)
@writes
def object_to(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Take an objection to a place on the notice."""
    notice = find_notice(visit.session, notice_id=notice_id)
    visit.require_ever(Action.OBJECT_DESIGNATION)
    entries = entries_of(visit.session, notice_id=notice.id)
    wanted = typed_id(visit.form.get("application", ""))
    application = next((one for one, _ in entries if one.id == wanted), None)
    if application is None:
        raise NotFoundForActorError
    visit.require(Action.OBJECT_DESIGNATION, application_subject(visit.session, application))
    refusal = attempt(
        visit,
        lambda: file_objection(
            visit.session,
            application_id=application.id,
            objection=NewObjection(
                name=visit.form.get("name", ""),
                contact=visit.form.get("contact", ""),
                statement=visit.form.get("statement", ""),
            ),
            secret_key=visit.settings.secret_key or b"",
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _page(visit, notice, refusal)
    return redirect(f"/designations/notices/{notice.id}?filed=1")


ROUTES = (show_notice, object_to)
"""Handlers of these pages."""
