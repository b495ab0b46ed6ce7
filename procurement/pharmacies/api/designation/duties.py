"""Duties to bring drugs in, by machine."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from litestar import get, post
from litestar.params import FromQuery, JSONBody
from msgspec import Meta

from procurement.permissions import Action, Subject
from procurement.pharmacies.api.designation.bodies import Id, Short, Text
from procurement.pharmacies.designation.duties import Answer, answer_duty
from procurement.pharmacies.designation.duty_edge import duty_for, duty_query_for
from procurement.pharmacies.designation.duty_terms import NewTerm, set_term
from procurement.pharmacies.designation.states import DutyStatus
from procurement.pharmacies.designation.tables import DrugDuty, DutyTerm
from procurement.pharmacies.places.tables import Place
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["designation"]
PATH = "/api/v1/drug-duties"


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """A hospital's duty to bring one listed drug in.

    Attributes:
        id: Names it in addresses.
        hospital: Code of the hospital.
        listed_drug_id: The drug.
        listed_on: First day of the drug on the list.
        due_on: Last day on which bringing it in, or a reason, is in time.
        status: due, brought-in, explained, overdue or lifted.
        brought_in_on: The day on which it was there.
        reason: As the hospital gave it last.
        version: Counts changes; send it back with the next one.
    """

    id: int
    hospital: str
    listed_drug_id: int
    listed_on: date
    due_on: date
    status: str
    brought_in_on: date | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class DutyList:
    """Duties, some at a time."""

    items: list[DutyEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """What a hospital reports of a duty.

    Attributes:
        month: Any day of the month.
        status: brought-in or explained.
        version: As last seen.
        brought_in_on: Needed where it was brought in.
        reason: Needed where it was not.
    """

    month: date
    status: DutyStatus
    version: Id
    brought_in_on: date | None = None
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class TermBody:
    """How soon hospitals of a region bring listed drugs in.

    Attributes:
        region: Division code.
        starts_on: Drugs listed from this day on.
        months: From the first day on the list; null where the rulebook says it.
        rulebook: Its id; empty where the region has a basis of its own.
        basis: The document that states it.
    """

    region: Short
    starts_on: date
    months: Annotated[int, Meta(ge=0, le=1000)] | None = None
    rulebook: Short = ""
    basis: Short = ""


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term that was set."""

    id: int
    region: str
    months: int
    starts_on: date
    basis: str


def _entry(visit: Visit, row: DrugDuty) -> DutyEntry:
    place = visit.session.get_one(Place, row.place_id)
    return DutyEntry(
        id=row.id,
        hospital=place.institution_code,
        listed_drug_id=row.listed_drug_id,
        listed_on=row.listed_on,
        due_on=row.due_on,
        status=row.status,
        brought_in_on=row.brought_in_on,
        reason=row.reason,
        version=row.version,
    )


@get(PATH, tags=TAGS)
@reads
def list_duties(
    visit: Visit,
    status: FromQuery[DutyStatus | None] = None,
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> DutyList:
    """List the duties that one sees: a hospital its own, those in charge their region's."""
    page = paginate_by_key(
        visit.session,
        duty_query_for(visit, status),
        key=DrugDuty.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return DutyList([_entry(visit, row) for row in page.rows], page.next_cursor)


@get(PATH + "/{duty_id:int}", tags=TAGS)
@reads
def show_one_duty(visit: Visit, duty_id: RowId) -> DutyEntry:
    """Return a duty."""
    return _entry(visit, duty_for(visit, duty_id, Action.READ_DUTY))


@post(PATH + "/{duty_id:int}/reports", tags=TAGS)
@writes
def answer_by_machine(visit: Visit, duty_id: RowId, data: JSONBody[AnswerBody]) -> DutyEntry:
    """Report for a month that a drug is there, or why not."""
    row = duty_for(visit, duty_id, Action.ANSWER_DUTY)
    changed = answer_duty(
        visit.session,
        duty_id=row.id,
        answer=Answer(data.month, data.status, data.brought_in_on, data.reason),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, changed)


@post("/api/v1/drug-duty-terms", tags=TAGS)
@writes
def set_by_machine(visit: Visit, data: JSONBody[TermBody]) -> TermEntry:
    """Set how soon hospitals of a region bring listed drugs in."""
    visit.require_ever(Action.SET_DUTY)
    visit.require(Action.SET_DUTY, Subject(regions=(data.region,)))
    new = NewTerm(data.region, data.months, data.starts_on, data.basis, data.rulebook)
    row: DutyTerm = set_term(visit.session, new=new, actor=visit.actor, moment=visit.moment)
    return TermEntry(row.id, row.region, row.months, row.starts_on, row.basis)


ROUTES = (list_duties, show_one_duty, answer_by_machine, set_by_machine)
"""Handlers of this part."""
