"""An application: what the place states, its evidence, where it stands; and its own steps."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.bids.rules import PAPER_BYTES_MAX
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.files import read_file
from procurement.orders.pages.typed import GoodsReader, posted_content
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.designation.applying import (
    criteria_for,
    save_statements,
    submit_application,
    withdraw_application,
)
from procurement.pharmacies.designation.at_edge import application_for
from procurement.pharmacies.designation.calls import find_call, rules_of
from procurement.pharmacies.designation.checking import checks_of, visits_of
from procurement.pharmacies.designation.evidence import (
    NewEvidence,
    add_evidence,
    evidence_of,
    remove_evidence,
)
from procurement.pharmacies.designation.noticing import (
    notice_of,
    objections_to,
    objector_of,
)
from procurement.pharmacies.designation.subjects import application_subject
from procurement.pharmacies.designation.tables import DesignationApplication
from procurement.pharmacies.pages.designation.words import answer
from procurement.pharmacies.places.geography import county_facts
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.criteria import Criteria, judge
from procurement.pharmacies.rules.place_facts import place_warnings
from procurement.rounds.at_edge import attempt
from procurement.volumes.at_edge import file_answer
from procurement.web import Form, RowId, Visit, reads, redirect, writes


@get("/designations/applications/{application_id:int}", include_in_schema=False)
@reads
def show_application(visit: Visit, application_id: RowId) -> Response[Any]:
    """Show an application to the place and to those in charge."""
    application = application_for(visit, application_id, Action.READ_APPLICATION)
    return application_page(visit, application, None)


def application_page(
    visit: Visit, application: DesignationApplication, refusal: RefusedError | None
) -> Response[Any]:
    """Answer with the page of an application."""
    subject = application_subject(visit.session, application)
    place = visit.session.get_one(Place, application.place_id)
    call = find_call(visit.session, call_id=application.call_id)
    criteria = criteria_for(visit.session, application)
    statements = json.loads(application.statements)
    may_decide = visit.may(Action.DECIDE_DESIGNATION, subject)
    notice = notice_of(visit.session, application_id=application.id)
    return answer(
        visit,
        "application.html",
        refusal,
        application=application,
        place=place,
        call=call,
        rules=rules_of(call),
        criteria=criteria.wanted,
        findings={one.criterion: one for one in judge(criteria, statements)},
        evidence=evidence_of(visit.session, application_id=application.id),
        checks=_read_checks(checks_of(visit.session, application_id=application.id)),
        visits=_read_checks(visits_of(visit.session, application_id=application.id)),
        notice=notice,
        notice_runs=notice is not None and day_in_china(visit.moment) <= notice.objections_until,
        objections=_objections(visit, application, may_decide),
        warnings=_warnings(visit, place),
        may={
            "apply": visit.may(Action.APPLY_DESIGNATION, subject),
            "check": visit.may(Action.CHECK_DESIGNATION, subject),
            "decide": may_decide,
        },
        values=visit.form if visit.form else _shown(criteria, statements),
        today=day_in_china(visit.moment),
    )


def _read_checks(rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - checks or visits
    return [{"row": row, "findings": json.loads(row.findings)} for row in rows]


def _shown(criteria: Criteria, statements: dict[str, str]) -> dict[str, str]:
    """Statements as a form shows them: shares in percent."""
    forms = {criterion.name: criterion.form for criterion in criteria.wanted}
    return {
        name: f"{(Decimal(value) * 100).normalize():f}" if forms.get(name) == "share" else value
        for name, value in statements.items()
    }


def _objections(
    visit: Visit, application: DesignationApplication, may_decide: bool
) -> list[dict[str, Any]]:
    """Objections with who made them, for those who decide only."""
    if not may_decide:
        return []
    key = visit.settings.secret_key or b""
    rows = objections_to(visit.session, application_id=application.id)
    return [{"row": row, "who": objector_of(row, secret_key=key)} for row in rows]


def _warnings(visit: Visit, place: Place) -> list[str]:
    known = county_facts(visit.session, counties={place.county})
    found = place_warnings(place.county, known, latitude=place.latitude, longitude=place.longitude)
    return [visit.text(*pair) for pair in found]


@post("/designations/applications/{application_id:int}/statements", include_in_schema=False)
@writes
def keep_statements(visit: Visit, application_id: RowId) -> Response[Any]:
    """Keep what the place states, and hand it in where the visitor says so."""
    application = application_for(visit, application_id, Action.APPLY_DESIGNATION)

    def change() -> None:
        version = GoodsReader(visit.form).version
        typed = {name: visit.form.get(name, "") for name in visit.form}
        kept = save_statements(
            visit.session,
            application_id=application.id,
            typed=typed,
            version=version,
            actor=visit.actor,
            moment=visit.moment,
        )
        if visit.form.get("step") == "submit":
            submit_application(
                visit.session,
                application_id=kept.id,
                version=kept.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    return change_application(visit, application, change)


def change_application(
    visit: Visit, application: DesignationApplication, change: Callable[[], object]
) -> Response[Any]:
    """Try a change of an application, and show its page with why it was refused, or anew."""
    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.refresh(application)
        return application_page(visit, application, refusal)
    return redirect(f"/designations/applications/{application.id}")


@post(
    "/designations/applications/{application_id:int}/evidence",
    include_in_schema=False,
    request_max_body_size=PAPER_BYTES_MAX + 1_000_000,
)
@writes
def upload_evidence(visit: Visit, application_id: RowId) -> Response[Any]:
    """Store a file that proves a statement."""
    application = application_for(visit, application_id, Action.APPLY_DESIGNATION)

    def change() -> None:
        content = posted_content(visit, "file", PAPER_BYTES_MAX)
        upload = visit.form.files["file"]
        add_evidence(
            visit.session,
            application_id=application.id,
            evidence=NewEvidence(visit.form.get("criterion", ""), upload.filename, content),
            data=visit.settings.data,
            actor=visit.actor,
            moment=visit.moment,
        )

    return change_application(visit, application, change)


@post(
    "/designations/applications/{application_id:int}/evidence/{evidence_id:int}/removal",
    include_in_schema=False,
)
@writes
def take_out_evidence(visit: Visit, application_id: RowId, evidence_id: RowId) -> Response[Any]:
    """Take a file out of a draft."""
    application = application_for(visit, application_id, Action.APPLY_DESIGNATION)
    return change_application(
        visit,
        application,
        lambda: remove_evidence(
            visit.session,
            application_id=application.id,
            evidence_id=evidence_id,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )


@get(
    "/designations/applications/{application_id:int}/evidence/{evidence_id:int}",
    include_in_schema=False,
)
@reads
def download_evidence(visit: Visit, application_id: RowId, evidence_id: RowId) -> Response[bytes]:
    """Give a file to the place and to those in charge."""
    application = application_for(visit, application_id, Action.READ_APPLICATION)
    rows = evidence_of(visit.session, application_id=application.id)
    row = next((one for one in rows if one.id == evidence_id), None)
    if row is None:
        raise NotFoundForActorError
    content = read_file(visit.settings.data, row.file_digest)
    return file_answer(content, name=row.file_name, media_type=row.media_type)


@post("/designations/applications/{application_id:int}/withdrawal", include_in_schema=False)
@writes
def withdraw(visit: Visit, application_id: RowId) -> Response[Any]:
    """Take an application back."""
    application = application_for(visit, application_id, Action.APPLY_DESIGNATION)

    def change() -> None:
        withdraw_application(
            visit.session,
            application_id=application.id,
            reason=visit.form.get("reason", ""),
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    return change_application(visit, application, change)


def typed_findings(form: Form, names: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Read findings from a form: whether each criterion is met, and what was seen."""
    met = {name: form.get(f"met-{name}", "") for name in names}
    notes = {name: form.get(f"note-{name}", "") for name in names}
    return met, notes


ROUTES = (
    show_application,
    keep_statements,
    upload_evidence,
    take_out_evidence,
    download_evidence,
    withdraw,
)
"""Handlers of these pages."""
