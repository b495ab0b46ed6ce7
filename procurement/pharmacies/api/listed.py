"""The list by machine: what is on it, what changed, notices; decisions of officers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta

from procurement.accounts.divisions import NATION, is_division
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.api.listed_shapes import (
    ChangeEntry,
    DecisionEntry,
    DrugDetail,
    DrugEntry,
    NoticeDetail,
    change_entry,
    decision_entry,
    drug_entry,
    notice_detail,
)
from procurement.pharmacies.listed.changes import changes_between, life_of
from procurement.pharmacies.listed.drafting import propose_typed
from procurement.pharmacies.listed.finding import (
    decision_by_number,
    generics_of,
    published_notices,
)
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.listing import Wanted, found, standards_for
from procurement.pharmacies.listed.periods import periods_of
from procurement.pharmacies.listed.service import Listed, drug_of, regions_with_lists
from procurement.pharmacies.listed.settling import confirm, withdraw
from procurement.pharmacies.listed.stored import lines_of
from procurement.pharmacies.listed.subjects import decision_subject, own_list
from procurement.pharmacies.listed.tables import ListDecision
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

TAGS = ["dual channel"]
PUBLIC = Subject(is_public=True)
QUARTER = timedelta(days=90)

Region = Annotated[
    str,
    QueryParameter(
        name="region",
        pattern="^([0-9]{6})?$",
        description="Division code; without one, the first region that has a list.",
    ),
]
Day = Annotated[
    date | None, QueryParameter(name="day", description="On which day; null for today.")
]
Since = Annotated[
    date | None, QueryParameter(name="since", description="Null for 90 days before the last.")
]
Until = Annotated[date | None, QueryParameter(name="until", description="Null for today.")]
State = Annotated[DrugState | None, QueryParameter(name="state")]
Text = Annotated[str, QueryParameter(name="q", max_length=100)]
Fields = dict[str, Annotated[str, Meta(max_length=4_000)]]


@dataclass(frozen=True, slots=True)
class DrugList:
    """A list on a day.

    Attributes:
        region: Whose.
        on_date: The day.
        items: By generic name, form and brand.
    """

    region: str
    on_date: date
    items: list[DrugEntry]


@dataclass(frozen=True, slots=True)
class ChangeList:
    """What changed on a list.

    Attributes:
        items: By day, then by generic name.
    """

    items: list[ChangeEntry]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Some notices.

    Attributes:
        items: By id.
        next_cursor: Where to go on; null at the end.
    """

    items: list[DecisionEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ProposalBody:
    """A decision to be proposed; every value as a text, days as 2022-05-01.

    Attributes:
        kind: adjustment, published-list or correction.
        document: Number or title of the document.
        decided_on: When it was decided.
        in_force_from: From which day it holds.
        public_from: From which day anybody may read the notice.
        reason: Why.
        notice_title: Of the public notice.
        notice_text: What the public reads, in Chinese.
        lines: For each drug its fields by name: name, form, state, control, and those of the list.
        corrects: Number of the decision that it corrects; empty where it corrects none.
    """

    kind: str
    document: str
    decided_on: str
    in_force_from: str
    public_from: str
    reason: str
    notice_title: str
    notice_text: str
    lines: Annotated[list[Fields], Meta(max_length=2_000)]
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class SettledBody:
    """What a second person decides.

    Attributes:
        version: As it was read.
        reason: Why it is withdrawn; empty for a confirmation.
    """

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    reason: str = ""


@get("/api/v1/dual-channel/drugs", tags=TAGS)
@reads
def list_drugs(
    visit: Visit, region: Region = "", day: Day = None, drug_state: State = None, q: Text = ""
) -> DrugList:
    """List the drugs of the dual channel in a region on a day."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    today = day_in_china(visit.moment)
    wanted = Wanted(
        region=_region(visit, region),
        day=day or today,
        state=drug_state,
        text=q.strip(),
        known_on=today,
    )
    rows = found(visit.session, wanted=wanted)
    standards = standards_for(visit.session, rows=rows, wanted=wanted, actor=visit.actor)
    return DrugList(
        wanted.region,
        wanted.day,
        [drug_entry(one, standards.get(one.drug.generic_product_id)) for one in rows],
    )


@get("/api/v1/dual-channel/drugs/{listed_drug_id:int}", tags=TAGS)
@reads
def read_drug(visit: Visit, listed_drug_id: RowId) -> DrugDetail:
    """Read a drug's periods and everything that happened to it on the list."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    today = day_in_china(visit.moment)
    drug = drug_of(visit.session, listed_drug_id=listed_drug_id)
    life = [] if drug is None else life_of(visit.session, drug=drug, known_on=today)
    if drug is None or not life:
        raise NotFoundForActorError
    periods = periods_of(visit.session, listed_drug_id=drug.id, known_on=today)
    return DrugDetail(
        [drug_entry(Listed(drug, one), None) for one in periods],
        [change_entry(one) for one in life],
    )


@get("/api/v1/dual-channel/changes", tags=TAGS)
@reads
def list_changes(
    visit: Visit, region: Region = "", since: Since = None, until: Until = None
) -> ChangeList:
    """List what changed on a list between two days, both of them counted."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    today = day_in_china(visit.moment)
    last = until or today
    changes = changes_between(
        visit.session,
        region=_region(visit, region),
        since=since or max(last, date.min + QUARTER) - QUARTER,
        until=last,
        known_on=today,
    )
    return ChangeList([change_entry(one) for one in changes])


@get("/api/v1/dual-channel/notices", tags=TAGS)
@reads
def list_notices(
    visit: Visit, region: Region = "", cursor: Cursor = None, page_size: PageSize = 50
) -> NoticePage:
    """List the public notices of a list."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    notices = published_notices(_region(visit, region), day=day_in_china(visit.moment))
    page = paginate_by_key(
        visit.session,
        notices.order_by(None),
        key=ListDecision.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return NoticePage([decision_entry(one) for one in page.rows], page.next_cursor)


@get("/api/v1/dual-channel/notices/{decision_number:str}", tags=TAGS)
@reads
def read_notice(visit: Visit, decision_number: FromPath[str]) -> NoticeDetail:
    """Read a decision with what it says of each drug."""
    decision = _decision(visit, decision_number, Action.READ_DRUG_LIST)
    return _detail(visit, decision)


@post("/api/v1/dual-channel/decisions", tags=TAGS)
@writes
def propose_decision(visit: Visit, data: JSONBody[ProposalBody]) -> NoticeDetail:
    """Propose a decision on the list of the own region; a second person confirms it."""
    visit.require(Action.DECIDE_DRUG_LIST, own_list(visit.actor))
    decision = propose_typed(
        visit.session,
        head=_head(data),
        lines=data.lines,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _detail(visit, decision)


@post("/api/v1/dual-channel/decisions/{decision_number:str}/confirm", tags=TAGS)
@writes
def confirm_proposal(
    visit: Visit, decision_number: FromPath[str], data: JSONBody[SettledBody]
) -> DecisionEntry:
    """Confirm a decision as the second person."""
    decision = _decision(visit, decision_number, Action.CONFIRM_DRUG_LIST)
    return decision_entry(
        confirm(
            visit.session,
            decision_id=decision.id,
            version=data.version,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


@post("/api/v1/dual-channel/decisions/{decision_number:str}/withdraw", tags=TAGS)
@writes
def withdraw_proposal(
    visit: Visit, decision_number: FromPath[str], data: JSONBody[SettledBody]
) -> DecisionEntry:
    """Withdraw a decision that was not confirmed."""
    decision = _decision(visit, decision_number, Action.DECIDE_DRUG_LIST)
    return decision_entry(
        withdraw(
            visit.session,
            decision_id=decision.id,
            version=data.version,
            reason=data.reason.strip(),
            actor=visit.actor,
            moment=visit.moment,
        )
    )


def _head(data: ProposalBody) -> Mapping[str, str]:
    names = (
        *("kind", "document", "decided_on", "in_force_from", "public_from"),
        *("reason", "notice_title", "notice_text", "corrects"),
    )
    return {name: getattr(data, name) for name in names}


def _region(visit: Visit, code: str) -> str:
    if not code:
        return next(iter(regions_with_lists(visit.session)), NATION)
    if code == NATION or not is_division(code):
        raise InvalidInputError(
            [
                FieldFault(
                    "region",
                    "应为省、市或县的行政区划代码。",
                    "Expected the division code of a province, city or county.",
                )
            ]
        )
    return code


def _decision(visit: Visit, number: str, action: Action) -> ListDecision:
    visit.require_ever(action)
    decision = decision_by_number(visit.session, number=number)
    if decision is None:
        raise NotFoundForActorError
    visit.require(action, decision_subject(decision, day=day_in_china(visit.moment)))
    return decision


def _detail(visit: Visit, decision: ListDecision) -> NoticeDetail:
    lines = lines_of(visit.session, decision_id=decision.id)
    return notice_detail(decision, lines, generics_of(visit.session, lines))


ROUTES = (
    list_drugs,
    read_drug,
    list_changes,
    list_notices,
    read_notice,
    propose_decision,
    confirm_proposal,
    withdraw_proposal,
)
"""Handlers of the interface."""
