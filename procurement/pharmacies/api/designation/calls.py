"""Calls and their notices by machine."""

from litestar import get, post
from litestar.params import JSONBody

from procurement.china_days import day_in_china
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.api.designation.bodies import ApplyBody, CallBody, NoticeBody
from procurement.pharmacies.api.designation.shapes import (
    ApplicationEntry,
    ApplicationList,
    CallEntry,
    CallList,
    NoticeEntryShape,
    application_entry,
    call_head,
    criterion_entry,
)
from procurement.pharmacies.designation.applying import draft_application
from procurement.pharmacies.designation.calls import (
    GivenText,
    NewCall,
    calls_open,
    find_call,
    open_call,
    rules_of,
)
from procurement.pharmacies.designation.noticing import entries_of, find_notice, publish_notice
from procurement.pharmacies.designation.reading import applications_of_call
from procurement.pharmacies.designation.subjects import call_subject
from procurement.pharmacies.designation.tables import DesignationCall, DesignationNotice
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.service import place_of_code
from procurement.pharmacies.places.subjects import place_subject
from procurement.web import RowId, Visit, reads, writes

TAGS = ["designation"]
PATH = "/api/v1/designation-calls"


def _entry(call: DesignationCall) -> CallEntry:
    rules = rules_of(call)
    return CallEntry(
        **call_head(call),
        notice_days=rules.notice_days,
        hospital=[criterion_entry(one) for one in rules.criteria(PlaceKind.HOSPITAL).wanted],
        pharmacy=[criterion_entry(one) for one in rules.criteria(PlaceKind.PHARMACY).wanted],
    )


@get(PATH, tags=TAGS)
@reads
def list_calls(visit: Visit) -> CallList:
    """List the calls under which applications are taken today."""
    visit.require(Action.READ_DESIGNATIONS)
    rows = calls_open(visit.session, day=day_in_china(visit.moment))
    return CallList([_entry(row) for row in rows])


@get(PATH + "/{call_id:int}", tags=TAGS)
@reads
def show_one_call(visit: Visit, call_id: RowId) -> CallEntry:
    """Return a call with its criteria."""
    visit.require(Action.READ_DESIGNATIONS)
    return _entry(find_call(visit.session, call_id=call_id))


@post(PATH, tags=TAGS)
@writes
def open_one_call(visit: Visit, data: JSONBody[CallBody]) -> CallEntry:
    """Open a call; what the rulebook leaves open is given with its basis."""
    visit.require_ever(Action.OPEN_DESIGNATION)
    visit.require(Action.OPEN_DESIGNATION, Subject(regions=(data.region,)))
    new = NewCall(
        scheme=data.scheme,
        region=data.region,
        title=data.title,
        document=data.document,
        rulebook=data.rulebook,
        opens_on=data.opens_on,
        closes_on=data.closes_on,
        given={key: GivenText(one.value, one.basis) for key, one in data.given.items()},
    )
    return _entry(open_call(visit.session, new=new, actor=visit.actor, moment=visit.moment))


@get(PATH + "/{call_id:int}/applications", tags=TAGS)
@reads
def list_applications(visit: Visit, call_id: RowId) -> ApplicationList:
    """List the applications that were handed in under a call of one's own."""
    visit.require_ever(Action.CHECK_DESIGNATION)
    call = find_call(visit.session, call_id=call_id)
    visit.require(Action.CHECK_DESIGNATION, call_subject(call))
    rows = applications_of_call(visit.session, call_id=call.id)
    return ApplicationList([application_entry(row.application, row.place) for row in rows])


@post(PATH + "/{call_id:int}/applications", tags=TAGS)
@writes
def apply_by_machine(visit: Visit, call_id: RowId, data: JSONBody[ApplyBody]) -> ApplicationEntry:
    """Begin an application of one of one's own places."""
    visit.require_ever(Action.APPLY_DESIGNATION)
    call = find_call(visit.session, call_id=call_id)
    place = place_of_code(visit.session, code=data.place)
    if place is None:
        raise NotFoundForActorError
    visit.require(Action.APPLY_DESIGNATION, place_subject(place))
    row = draft_application(
        visit.session, call=call, place_id=place.id, actor=visit.actor, moment=visit.moment
    )
    return application_entry(row, place)


def _notice(visit: Visit, notice: DesignationNotice) -> NoticeEntryShape:
    entries = entries_of(visit.session, notice_id=notice.id)
    return NoticeEntryShape(
        id=notice.id,
        call_id=notice.call_id,
        public_on=notice.public_on,
        objections_until=notice.objections_until,
        places=[place.institution_code for _, place in entries],
    )


@post(PATH + "/{call_id:int}/notices", tags=TAGS)
@writes
def publish_by_machine(
    visit: Visit, call_id: RowId, data: JSONBody[NoticeBody]
) -> NoticeEntryShape:
    """Put applications whose places were found in order on a public notice."""
    visit.require_ever(Action.DECIDE_DESIGNATION)
    call = find_call(visit.session, call_id=call_id)
    visit.require(Action.DECIDE_DESIGNATION, call_subject(call))
    notice = publish_notice(
        visit.session,
        call=call,
        application_ids=set(data.application_ids),
        objections_until=data.objections_until,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _notice(visit, notice)


@get("/api/v1/designation-notices/{notice_id:int}", tags=TAGS)
@reads
def show_one_notice(visit: Visit, notice_id: RowId) -> NoticeEntryShape:
    """Return a public notice."""
    visit.require(Action.READ_DESIGNATIONS)
    return _notice(visit, find_notice(visit.session, notice_id=notice_id))


ROUTES = (
    list_calls,
    show_one_call,
    open_one_call,
    list_applications,
    apply_by_machine,
    publish_by_machine,
    show_one_notice,
)
"""Handlers of this part."""
