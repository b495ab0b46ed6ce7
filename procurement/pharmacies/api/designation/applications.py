"""Applications by machine: statements, handing in, checks, agreement."""

from litestar import get, post
from litestar.params import JSONBody

from procurement.permissions import Action
from procurement.pharmacies.api.designation.bodies import (
    AgreementBody,
    CheckBody,
    StatementsBody,
    VersionBody,
)
from procurement.pharmacies.api.designation.shapes import (
    ApplicationEntry,
    DesignationEntry,
    application_entry,
    designation_entry,
)
from procurement.pharmacies.designation.applying import (
    save_statements,
    submit_application,
    withdraw_application,
)
from procurement.pharmacies.designation.at_edge import application_for
from procurement.pharmacies.designation.checking import (
    Checked,
    check_papers,
    record_visit,
    refuse_application,
)
from procurement.pharmacies.designation.lasting import Agreed, sign_agreement
from procurement.pharmacies.designation.tables import DesignationApplication
from procurement.pharmacies.places.tables import Place
from procurement.web import RowId, Visit, reads, writes

TAGS = ["designation"]
PATH = "/api/v1/designation-applications/{application_id:int}"


def _entry(visit: Visit, row: DesignationApplication) -> ApplicationEntry:
    return application_entry(row, visit.session.get_one(Place, row.place_id))


def _found(data: CheckBody) -> Checked:
    return Checked(met=data.met, notes=data.notes, is_passed=data.is_passed, reason=data.reason)


@get(PATH, tags=TAGS)
@reads
def show_one_application(visit: Visit, application_id: RowId) -> ApplicationEntry:
    """Return an application."""
    return _entry(visit, application_for(visit, application_id, Action.READ_APPLICATION))


@post(PATH + "/statements", tags=TAGS)
@writes
def state_by_machine(
    visit: Visit, application_id: RowId, data: JSONBody[StatementsBody]
) -> ApplicationEntry:
    """Keep what the place states."""
    row = application_for(visit, application_id, Action.APPLY_DESIGNATION)
    changed = save_statements(
        visit.session,
        application_id=row.id,
        typed=data.statements,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post(PATH + "/submission", tags=TAGS)
@writes
def submit_by_machine(
    visit: Visit, application_id: RowId, data: JSONBody[VersionBody]
) -> ApplicationEntry:
    """Hand an application in."""
    row = application_for(visit, application_id, Action.APPLY_DESIGNATION)
    changed = submit_application(
        visit.session,
        application_id=row.id,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post(PATH + "/withdrawal", tags=TAGS)
@writes
def withdraw_by_machine(
    visit: Visit, application_id: RowId, data: JSONBody[VersionBody]
) -> ApplicationEntry:
    """Take an application back."""
    row = application_for(visit, application_id, Action.APPLY_DESIGNATION)
    changed = withdraw_application(
        visit.session,
        application_id=row.id,
        reason=data.reason,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post(PATH + "/check", tags=TAGS)
@writes
def check_by_machine(
    visit: Visit, application_id: RowId, data: JSONBody[CheckBody]
) -> ApplicationEntry:
    """Record the check of an application's papers."""
    row = application_for(visit, application_id, Action.CHECK_DESIGNATION)
    changed = check_papers(
        visit.session,
        application_id=row.id,
        found=_found(data),
        gives_back=data.gives_back,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post(PATH + "/visit", tags=TAGS)
@writes
def visit_by_machine(
    visit: Visit, application_id: RowId, data: JSONBody[CheckBody]
) -> ApplicationEntry:
    """Record what was found at the place."""
    row = application_for(visit, application_id, Action.CHECK_DESIGNATION)
    changed = record_visit(
        visit.session,
        application_id=row.id,
        visited_on=data.visited_on,
        found=_found(data),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post(PATH + "/refusal", tags=TAGS)
@writes
def refuse_by_machine(
    visit: Visit, application_id: RowId, data: JSONBody[VersionBody]
) -> ApplicationEntry:
    """Refuse an application."""
    row = application_for(visit, application_id, Action.DECIDE_DESIGNATION)
    changed = refuse_application(
        visit.session,
        application_id=row.id,
        reason=data.reason,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post(PATH + "/agreement", tags=TAGS)
@writes
def sign_by_machine(
    visit: Visit, application_id: RowId, data: JSONBody[AgreementBody]
) -> DesignationEntry:
    """Record the agreement with a place after its notice."""
    row = application_for(visit, application_id, Action.DECIDE_DESIGNATION)
    designation = sign_agreement(
        visit.session,
        application_id=row.id,
        agreed=Agreed(data.agreement, data.starts_on, data.ends_on),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return designation_entry(designation, visit.session.get_one(Place, designation.place_id))


ROUTES = (
    show_one_application,
    state_by_machine,
    submit_by_machine,
    withdraw_by_machine,
    check_by_machine,
    visit_by_machine,
    refuse_by_machine,
    sign_by_machine,
)
"""Handlers of this part."""
