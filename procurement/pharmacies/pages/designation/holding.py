"""A designation from its agreement on: what happened to it, its assessments, its doctors."""

import json
from typing import Any

from litestar import Response, get, post

from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.orders.pages.typed import GoodsReader
from procurement.permissions import Action
from procurement.pharmacies.designation.assessing import (
    NewAssessment,
    all_assessments_of,
    assess,
    criteria_of_designation,
)
from procurement.pharmacies.designation.at_edge import designation_for
from procurement.pharmacies.designation.doctors import doctors_at
from procurement.pharmacies.designation.lasting import (
    DECIDED,
    STATUS_AFTER,
    Happened,
    decide,
    events_of,
    find_designation,
)
from procurement.pharmacies.designation.states import (
    DESIGNATION_TRANSITIONS,
    EVENT_NAMES,
    AssessmentOutcome,
    DesignationEventKind,
    DesignationScheme,
    DesignationStatus,
)
from procurement.pharmacies.designation.subjects import designation_subject
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.pages.designation.applications import typed_findings
from procurement.pharmacies.pages.designation.words import answer
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.opening_hours import hours_of_json, hours_text
from procurement.rounds.at_edge import attempt
from procurement.web import RowId, Visit, reads, redirect, writes


@get("/designations/{designation_id:int}", include_in_schema=False)
@reads
def show_designation(visit: Visit, designation_id: RowId) -> Response[Any]:
    """Show a designation to everybody; assessments to the place and those in charge."""
    visit.require(Action.READ_DESIGNATIONS)
    return _page(visit, find_designation(visit.session, designation_id=designation_id), None)


def _page(visit: Visit, row: Designation, refusal: RefusedError | None) -> Response[Any]:
    subject = designation_subject(visit.session, row)
    place = visit.session.get_one(Place, row.place_id)
    may_read = visit.may(Action.READ_APPLICATION, subject)
    hospital = place.kind == PlaceKind.HOSPITAL and row.scheme == DesignationScheme.DUAL_CHANNEL
    return answer(
        visit,
        "designation.html",
        refusal,
        designation=row,
        place=place,
        hours=hours_text(hours_of_json(place.opening_hours), language=visit.language),
        events=events_of(visit.session, designation_id=row.id),
        assessments=_assessments(visit, row) if may_read else [],
        criteria=criteria_of_designation(visit.session, row).wanted,
        steps=_steps(visit, row),
        doctors=doctors_at(visit.session, place_id=place.id) if hospital else [],
        is_hospital=hospital,
        may={
            "read": may_read,
            "decide": visit.may(Action.DECIDE_DESIGNATION, subject),
            "assess": visit.may(Action.ASSESS_DESIGNATION, subject),
            "doctors": hospital and visit.may(Action.DESIGNATE_DOCTOR, subject),
            "place": visit.may(Action.CHANGE_PLACE, subject),
        },
        today=day_in_china(visit.moment),
        outcomes=[
            (one.value, visit.text(*names))
            for one, names in (
                (AssessmentOutcome.PASSED, ("合格", "passed")),
                (AssessmentOutcome.CORRECT, ("限期整改", "to be corrected")),
                (AssessmentOutcome.FAILED, ("不合格", "failed")),
            )
        ],
    )


def _assessments(visit: Visit, row: Designation) -> list[dict[str, Any]]:
    rows = all_assessments_of(visit.session, designation_id=row.id)
    replaced = {one.corrects_id for one in rows}
    return [
        {"row": one, "findings": json.loads(one.findings), "is_replaced": one.id in replaced}
        for one in reversed(rows)
    ]


def _steps(visit: Visit, row: Designation) -> list[tuple[str, str]]:
    """Decisions that are possible from where the designation stands."""
    allowed = DESIGNATION_TRANSITIONS[DesignationStatus(row.status)]
    return [
        (kind.value, visit.text(*EVENT_NAMES[kind]))
        for kind in DECIDED
        if STATUS_AFTER[kind] in allowed
    ]


@post("/designations/{designation_id:int}/decisions", include_in_schema=False)
@writes
def decide_on(visit: Visit, designation_id: RowId) -> Response[Any]:
    """Suspend, resume or end a designation."""
    row = designation_for(visit, designation_id, Action.DECIDE_DESIGNATION)

    def change() -> None:
        reader = GoodsReader(visit.form)
        kind = visit.form.get("kind", "")
        happens_on = reader.day("happens_on")
        known = kind in set(DesignationEventKind)
        happened = Happened(
            # Signing is no decision that is taken here: the service refuses it.
            kind=DesignationEventKind(kind) if known else DesignationEventKind.AGREED,
            happens_on=happens_on,
            reason=visit.form.get("reason", ""),
            document=visit.form.get("document", ""),
        )
        with reader.checked():
            decide(
                visit.session,
                designation_id=row.id,
                happened=happened,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    return _after(visit, row, attempt(visit, change))


@post("/designations/{designation_id:int}/assessments", include_in_schema=False)
@writes
def add_assessment(visit: Visit, designation_id: RowId) -> Response[Any]:
    """Record the assessment of a year."""
    row = designation_for(visit, designation_id, Action.ASSESS_DESIGNATION)
    criteria = criteria_of_designation(visit.session, row)

    def change() -> None:
        met, notes = typed_findings(visit.form, [one.name for one in criteria.wanted])
        year, outcome = visit.form.get("year", ""), visit.form.get("outcome", "")
        is_year = year.isascii() and year.isdigit() and len(year) == 4
        new = NewAssessment(
            year=int(year) if is_year else 0,
            met=met,
            notes=notes,
            outcome=AssessmentOutcome(outcome) if outcome in set(AssessmentOutcome) else None,
            reason=visit.form.get("assessment_reason", ""),
        )
        assess(
            visit.session,
            designation_id=row.id,
            criteria=criteria,
            new=new,
            actor=visit.actor,
            moment=visit.moment,
        )

    return _after(visit, row, attempt(visit, change))


def _after(visit: Visit, row: Designation, refusal: RefusedError | None) -> Response[Any]:
    if refusal is not None:
        visit.session.refresh(row)
        return _page(visit, row, refusal)
    return redirect(f"/designations/{row.id}")


ROUTES = (show_designation, decide_on, add_assessment)
"""Handlers of these pages."""
