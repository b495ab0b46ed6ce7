"""Warnings about fulfilment by machine: issued, answered, settled, escalated; exemptions."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from procurement.accounts.divisions import province_of
from procurement.china_days import day_in_china
from procurement.orders.api.fulfilment import PATH, TAGS
from procurement.orders.api.warning_shapes import (
    AnswerBody,
    AnswerEntry,
    BreachBody,
    DecisionBody,
    DemandBody,
    EscalationBody,
    ExemptionBody,
    ExemptionEntry,
    NoticeDetail,
    NoticeEntry,
    NoticePage,
    RaisedBody,
    exemption_entry,
    notice_entry,
)
from procurement.orders.fulfilment.at_edge import exemption_for, notice_for, require_division
from procurement.orders.fulfilment.breaches import escalate_to_credit
from procurement.orders.fulfilment.exemptions import Exempted, grant_exemption, revoke_exemption
from procurement.orders.fulfilment.issuing import Demanded
from procurement.orders.fulfilment.ladder import escalate_notice
from procurement.orders.fulfilment.listing import notices_seen
from procurement.orders.fulfilment.notices import (
    Raised,
    answer_notice,
    answers_of,
    drop_notice,
    issue_notice,
    open_notice,
    settle_notice,
)
from procurement.orders.fulfilment.states import (
    NoticeAbout,
    NoticeStatus,
)
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.permissions import Action, Subject
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

_NOTICES = f"{PATH}/notices"
_NOTICE = f"{_NOTICES}/{{notice_id:int}}"
_EXEMPTIONS = f"{PATH}/exemptions"

Status = Annotated[NoticeStatus | None, QueryParameter(name="status")]
About = Annotated[NoticeAbout | None, QueryParameter(name="about")]


@get(_NOTICES, tags=TAGS)
@reads
def list_notices(
    visit: Visit,
    status: Status = None,
    about: About = None,
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> NoticePage:
    """List the notices that are one's concern."""
    visit.require_ever(Action.READ_FULFILMENT)
    seen = notices_seen(
        visit.session,
        actor=visit.actor,
        day=day_in_china(visit.moment),
        status=status or "",
        about=about or "",
    )
    key = FulfilmentNotice.id.expression
    page = paginate_by_key(visit.session, seen, key=key, cursor=cursor, size=page_size)
    return NoticePage([notice_entry(row) for row in page.rows], page.next_cursor)


@get(_NOTICE, tags=TAGS)
@reads
def read_notice(visit: Visit, notice_id: RowId) -> NoticeDetail:
    """Read a notice with its answers."""
    notice = notice_for(visit, notice_id, Action.READ_FULFILMENT)
    answers = [
        AnswerEntry(one.id, one.text, one.document, one.answered_at)
        for one in answers_of(visit.session, notice=notice)
    ]
    return NoticeDetail(notice_entry(notice), answers)


@post(_NOTICES, tags=TAGS, status_code=201)
@writes
def post_notice(visit: Visit, data: JSONBody[RaisedBody]) -> NoticeEntry:
    """Warn somebody about something that no threshold found."""
    visit.require_ever(Action.WARN_FULFILMENT)
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(require_division(data.region),)))
    notice = open_notice(
        visit.session,
        raised=Raised(
            about=data.about,
            organisation_id=data.organisation_id,
            region=data.region,
            finding=data.finding,
            basis=data.basis,
        ),
        demanded=Demanded(kind=data.kind, demand=data.demand, due_on=data.due_on),
        actor=visit.actor,
        moment=visit.moment,
    )
    return notice_entry(notice)


@post(f"{_NOTICE}/issue", tags=TAGS, status_code=200)
@writes
def issue(visit: Visit, notice_id: RowId, data: JSONBody[DemandBody]) -> NoticeEntry:
    """Issue a notice that the search found."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    issue_notice(
        visit.session,
        notice=notice,
        demanded=Demanded(kind=data.kind, demand=data.demand, due_on=data.due_on),
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return notice_entry(notice)


@post(f"{_NOTICE}/drop", tags=TAGS, status_code=200)
@writes
def drop(visit: Visit, notice_id: RowId, data: JSONBody[DecisionBody]) -> NoticeEntry:
    """Let be what the search found."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    drop_notice(
        visit.session,
        notice=notice,
        reason=data.decision,
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return notice_entry(notice)


@post(f"{_NOTICE}/answers", tags=TAGS, status_code=201)
@writes
def answer(visit: Visit, notice_id: RowId, data: JSONBody[AnswerBody]) -> AnswerEntry:
    """Answer a notice, as its addressee."""
    notice = notice_for(visit, notice_id, Action.ANSWER_WARNING)
    row = answer_notice(
        visit.session,
        notice=notice,
        text=data.text,
        document=data.document,
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return AnswerEntry(row.id, row.text, row.document, row.answered_at)


@post(f"{_NOTICE}/settlement", tags=TAGS, status_code=200)
@writes
def settle(visit: Visit, notice_id: RowId, data: JSONBody[DecisionBody]) -> NoticeEntry:
    """Settle a notice."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    settle_notice(
        visit.session,
        notice=notice,
        decision=data.decision,
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return notice_entry(notice)


@post(f"{_NOTICE}/escalation", tags=TAGS, status_code=201)
@writes
def escalate(visit: Visit, notice_id: RowId, data: JSONBody[EscalationBody]) -> NoticeEntry:
    """Go on to a later step; the answer is the new notice."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    following = escalate_notice(
        visit.session,
        notice=notice,
        decision=data.decision,
        demanded=Demanded(kind=data.kind, demand=data.demand, due_on=data.due_on),
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return notice_entry(following)


@post(f"{_NOTICE}/credit-matter", tags=TAGS, status_code=201)
@writes
def record_breach(visit: Visit, notice_id: RowId, data: JSONBody[BreachBody]) -> NoticeEntry:
    """Make a notice a matter of credit rating, as an officer of the province."""
    notice = notice_for(visit, notice_id, Action.WARN_FULFILMENT)
    visit.require(Action.CHANGE_CREDIT, Subject(regions=(province_of(notice.region),)))
    escalate_to_credit(
        visit.session,
        notice=notice,
        decision=data.decision,
        given=data.matter,
        actor=visit.actor,
        moment=visit.moment,
        version=data.version,
    )
    return notice_entry(notice)


@post(_EXEMPTIONS, tags=TAGS, status_code=201)
@writes
def post_exemption(visit: Visit, data: JSONBody[ExemptionBody]) -> ExemptionEntry:
    """Treat a product apart for a while."""
    visit.require_ever(Action.WARN_FULFILMENT)
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(require_division(data.region),)))
    row = grant_exemption(
        visit.session,
        exempted=Exempted(
            lot_id=data.lot_id,
            region=data.region,
            hospital_id=data.hospital_id,
            reason=data.reason,
            text=data.text,
            document=data.document,
            starts_on=data.starts_on,
            ends_on=data.ends_on,
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return exemption_entry(row)


@post(f"{_EXEMPTIONS}/{{exemption_id:int}}/revocation", tags=TAGS, status_code=200)
@writes
def revoke(visit: Visit, exemption_id: RowId) -> ExemptionEntry:
    """End an exemption early."""
    found = exemption_for(visit, exemption_id)
    row = revoke_exemption(visit.session, exemption=found, actor=visit.actor, moment=visit.moment)
    return exemption_entry(row)


ROUTES = (
    list_notices,
    read_notice,
    post_notice,
    issue,
    drop,
    answer,
    settle,
    escalate,
    record_breach,
    post_exemption,
    revoke,
)
"""Handlers of warnings and exemptions."""
