"""Complaints by machine: filed and followed by anybody, handled by bureaus and agencies."""

from collections.abc import Sequence
from datetime import date, datetime

from litestar import get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from procurement.bids.at_edge import secret_key
from procurement.permissions import Action, Subject
from procurement.pharmacies.complaints.filing import Wanted, file_complaint
from procurement.pharmacies.complaints.following import follow_complaint, review_answer
from procurement.pharmacies.complaints.handling import (
    Handling,
    answer_complaint,
    assign_complaint,
    close_complaint,
    events_of,
    find_complaint,
    grade_complaint,
)
from procurement.pharmacies.complaints.listing import complaint_subject, complaints_seen
from procurement.pharmacies.complaints.states import TextKind
from procurement.pharmacies.complaints.tables import Complaint, ComplaintEvent
from procurement.pharmacies.complaints.texts import Written, texts_of
from procurement.web import Cursor, PageSize, Visit, paginate_by_key, reads, writes

TAGS = ["complaints"]
PATH = "/api/v1/complaints"
_ONE = PATH + "/{complaint_number:str}"


class ComplaintIn(Struct, kw_only=True):
    """A complaint; about a place by its code, else in a county."""

    about: str
    text: str
    place: str = ""
    county: str = ""
    drug_id: int | None = None
    contact: str = ""


class FiledOut(Struct, kw_only=True):
    """Number and code, given once."""

    number: str
    code: str


class LookupIn(Struct, kw_only=True):
    """What the receipt says."""

    number: str
    code: str


class ReviewIn(LookupIn, kw_only=True):
    """What whoever complained thinks of the answer: good or bad."""

    review: str
    text: str = ""


class StepOut(Struct, kw_only=True):
    """A step of the course."""

    status: str
    happened_at: datetime


class TextOut(Struct, kw_only=True):
    """What was written; null once it is deleted."""

    kind: str
    text: str | None
    written_at: datetime


class ComplaintOut(Struct, kw_only=True):
    """A complaint."""

    number: str
    about: str
    county: str
    place_id: int | None
    drug_id: int | None
    status: str
    grade: str | None
    assigned_to: int | None
    due_on: date | None
    review: str | None
    received_at: datetime
    closed_at: datetime | None
    version: int
    course: list[StepOut]
    texts: list[TextOut]


class ComplaintPage(Struct, kw_only=True):
    """Complaints in the order of their ids, without their texts."""

    items: list[ComplaintOut]
    next_cursor: str | None


class GradeIn(Struct, kw_only=True):
    """How soon it has to be handled."""

    grade: str
    due_on: date | None = None
    version: int | None = None


class AssignmentIn(Struct, kw_only=True):
    """Who handles it."""

    organisation_id: int
    version: int | None = None


class AnswerIn(Struct, kw_only=True):
    """The answer."""

    text: str
    version: int | None = None


class ClosingIn(Struct, kw_only=True):
    """Why it is closed."""

    reason: str
    version: int | None = None


@post(PATH, tags=TAGS)
@writes
def post_complaint(visit: Visit, data: JSONBody[ComplaintIn]) -> FiledOut:
    """File a complaint; nobody has to be known for it."""
    visit.require(Action.FILE_COMPLAINT)
    wanted = Wanted(
        about=data.about,
        text=data.text,
        place_code=data.place,
        county=data.county,
        drug_id=data.drug_id,
        contact=data.contact,
    )
    filed = file_complaint(
        visit.session,
        wanted=wanted,
        address=visit.address,
        key=secret_key(visit),
        moment=visit.moment,
    )
    return FiledOut(number=filed.number, code=filed.code)


@post("/api/v1/complaint-lookups", tags=TAGS, status_code=200)
@reads
def post_lookup(visit: Visit, data: JSONBody[LookupIn]) -> ComplaintOut:
    """Show a complaint to whoever has its code."""
    visit.require(Action.FOLLOW_COMPLAINT)
    return _followed(visit, data)


@post("/api/v1/complaint-reviews", tags=TAGS, status_code=200)
@writes
def post_review(visit: Visit, data: JSONBody[ReviewIn]) -> ComplaintOut:
    """Judge the answer to one's own complaint."""
    visit.require(Action.FOLLOW_COMPLAINT)
    review_answer(
        visit.session,
        number=data.number,
        code=data.code,
        review=data.review,
        text=data.text,
        key=secret_key(visit),
        moment=visit.moment,
    )
    return _followed(visit, data)


def _followed(visit: Visit, data: LookupIn) -> ComplaintOut:
    own = follow_complaint(visit.session, number=data.number, code=data.code, key=secret_key(visit))
    # Who handles it is the bureau's matter.
    shown = _complaint_of(own.complaint, own.course, own.texts)
    shown.assigned_to = None
    return shown


@get(PATH, tags=TAGS)
@reads
def list_complaints(visit: Visit, cursor: Cursor = None, page_size: PageSize = 50) -> ComplaintPage:
    """List the complaints of one's region, or those that were assigned to one."""
    visit.require(
        Action.READ_COMPLAINT,
        Subject(organisation_id=visit.actor.organisation_id, regions=(visit.actor.region,)),
    )
    page = paginate_by_key(
        visit.session,
        complaints_seen(actor=visit.actor).order_by(None),
        key=Complaint.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return ComplaintPage(
        items=[_complaint_of(one) for one in page.rows], next_cursor=page.next_cursor
    )


@get(_ONE, tags=TAGS)
@reads
def read_complaint(visit: Visit, complaint_number: FromPath[str]) -> ComplaintOut:
    """Read a complaint with its course and texts."""
    return _read(visit, _for(visit, complaint_number, Action.READ_COMPLAINT))


def _for(visit: Visit, number: str, action: Action) -> Complaint:
    visit.require_ever(action)
    complaint = find_complaint(visit.session, number=number)
    visit.require(action, complaint_subject(complaint))
    return complaint


def _read(visit: Visit, complaint: Complaint) -> ComplaintOut:
    may_handle = visit.may(Action.HANDLE_COMPLAINT, complaint_subject(complaint))
    kinds = [kind for kind in TextKind if may_handle or kind is not TextKind.CONTACT]
    return _complaint_of(
        complaint,
        events_of(visit.session, complaint=complaint),
        texts_of(visit.session, complaint=complaint, kinds=kinds, key=secret_key(visit)),
    )


def _handling(visit: Visit, number: str, version: int | None) -> Handling:
    return Handling(number, version, visit.actor, visit.moment)


@post(_ONE + "/grade", tags=TAGS, status_code=200)
@writes
def post_grade(
    visit: Visit, complaint_number: FromPath[str], data: JSONBody[GradeIn]
) -> ComplaintOut:
    """Grade a complaint."""
    _for(visit, complaint_number, Action.ASSIGN_COMPLAINT)
    handling = _handling(visit, complaint_number, data.version)
    done = grade_complaint(visit.session, handling, grade=data.grade, due_on=data.due_on)
    return _read(visit, done)


@post(_ONE + "/assignment", tags=TAGS, status_code=200)
@writes
def post_assignment(
    visit: Visit, complaint_number: FromPath[str], data: JSONBody[AssignmentIn]
) -> ComplaintOut:
    """Assign a complaint to a bureau or fund agency of the place."""
    _for(visit, complaint_number, Action.ASSIGN_COMPLAINT)
    handling = _handling(visit, complaint_number, data.version)
    done = assign_complaint(visit.session, handling, organisation_id=data.organisation_id)
    return _read(visit, done)


@post(_ONE + "/answer", tags=TAGS, status_code=200)
@writes
def post_answer(
    visit: Visit, complaint_number: FromPath[str], data: JSONBody[AnswerIn]
) -> ComplaintOut:
    """Answer a complaint."""
    _for(visit, complaint_number, Action.HANDLE_COMPLAINT)
    handling = _handling(visit, complaint_number, data.version)
    done = answer_complaint(visit.session, handling, text=data.text, key=secret_key(visit))
    return _read(visit, done)


@post(_ONE + "/closing", tags=TAGS, status_code=200)
@writes
def post_closing(
    visit: Visit, complaint_number: FromPath[str], data: JSONBody[ClosingIn]
) -> ComplaintOut:
    """Close an answered complaint."""
    _for(visit, complaint_number, Action.ASSIGN_COMPLAINT)
    handling = _handling(visit, complaint_number, data.version)
    return _read(visit, close_complaint(visit.session, handling, reason=data.reason.strip()))


def _complaint_of(
    complaint: Complaint,
    course: Sequence[ComplaintEvent] = (),
    texts: Sequence[Written] = (),
) -> ComplaintOut:
    return ComplaintOut(
        number=complaint.number,
        about=complaint.about,
        county=complaint.county,
        place_id=complaint.place_id,
        drug_id=complaint.generic_product_id,
        status=complaint.status,
        grade=complaint.grade,
        assigned_to=complaint.assigned_to,
        due_on=complaint.due_on,
        review=complaint.review,
        received_at=complaint.received_at,
        closed_at=complaint.closed_at,
        version=complaint.version,
        course=[StepOut(status=one.status, happened_at=one.happened_at) for one in course],
        texts=[
            TextOut(
                kind=one.kind,
                text=None if one.is_deleted else one.text,
                written_at=one.written_at,
            )
            for one in texts
        ],
    )


ROUTES = (
    post_complaint,
    post_lookup,
    post_review,
    list_complaints,
    read_complaint,
    post_grade,
    post_assignment,
    post_answer,
    post_closing,
)
"""Handlers of this interface."""
