"""Designations by machine: who is designated, what happened, decisions, assessments."""

from datetime import date

from litestar import get, post
from litestar.params import FromQuery, JSONBody

from procurement.accounts.divisions import NATION, is_division
from procurement.china_days import day_in_china
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.api.designation.bodies import AssessmentBody, DecisionBody
from procurement.pharmacies.api.designation.shapes import (
    AssessmentEntry,
    DesignationEntry,
    DesignationLife,
    DesignationList,
    designation_entry,
    event_entry,
)
from procurement.pharmacies.designation.assessing import (
    NewAssessment,
    assess,
    criteria_of_designation,
)
from procurement.pharmacies.designation.at_edge import designation_for
from procurement.pharmacies.designation.lasting import (
    Happened,
    decide,
    events_of,
    find_designation,
)
from procurement.pharmacies.designation.reading import DesignatedScope, designated_keyed
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.places.tables import Place
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["designation"]
PATH = "/api/v1/designations"


@get(PATH, tags=TAGS)
@reads
def list_designations(
    visit: Visit,
    scheme: FromQuery[DesignationScheme] = DesignationScheme.DUAL_CHANNEL,
    region: FromQuery[str] = NATION,
    day: FromQuery[date | None] = None,
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> DesignationList:
    """List the places of a region that are designated on a day; null for today."""
    visit.require(Action.READ_DESIGNATIONS)
    if not is_division(region):
        raise NotFoundForActorError
    scope = DesignatedScope(scheme, day or day_in_china(visit.moment), region)
    page = paginate_by_key(
        visit.session,
        designated_keyed(scope),
        key=Designation.id.expression,
        cursor=cursor,
        size=page_size,
    )
    entries = [
        designation_entry(row, visit.session.get_one(Place, row.place_id)) for row in page.rows
    ]
    return DesignationList(entries, page.next_cursor)


@get(PATH + "/{designation_id:int}", tags=TAGS)
@reads
def show_one_designation(visit: Visit, designation_id: RowId) -> DesignationLife:
    """Return a designation with what happened to it."""
    visit.require(Action.READ_DESIGNATIONS)
    row = find_designation(visit.session, designation_id=designation_id)
    events = events_of(visit.session, designation_id=row.id)
    return DesignationLife(_entry(visit, row), [event_entry(one) for one in events])


def _entry(visit: Visit, row: Designation) -> DesignationEntry:
    return designation_entry(row, visit.session.get_one(Place, row.place_id))


@post(PATH + "/{designation_id:int}/decisions", tags=TAGS)
@writes
def decide_by_machine(
    visit: Visit, designation_id: RowId, data: JSONBody[DecisionBody]
) -> DesignationEntry:
    """Suspend, resume or end a designation."""
    row = designation_for(visit, designation_id, Action.DECIDE_DESIGNATION)
    changed = decide(
        visit.session,
        designation_id=row.id,
        happened=Happened(data.kind, data.happens_on, data.reason, data.document),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post(PATH + "/{designation_id:int}/assessments", tags=TAGS)
@writes
def assess_by_machine(
    visit: Visit, designation_id: RowId, data: JSONBody[AssessmentBody]
) -> AssessmentEntry:
    """Record the assessment of a place for a year."""
    row = designation_for(visit, designation_id, Action.ASSESS_DESIGNATION)
    made = assess(
        visit.session,
        designation_id=row.id,
        criteria=criteria_of_designation(visit.session, row),
        new=NewAssessment(
            year=data.year,
            met=data.met,
            notes=data.notes,
            outcome=data.outcome,
            reason=data.reason,
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return AssessmentEntry(made.id, made.year, made.outcome, made.reason, made.corrects_id)


ROUTES = (list_designations, show_one_designation, decide_by_machine, assess_by_machine)
"""Handlers of this part."""
