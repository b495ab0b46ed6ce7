"""Public pages of the list: the list by region and day, a drug's life, changes, notices."""

from datetime import date, timedelta
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.agreements.at_edge import file_answer
from procurement.catalogue.spreadsheets import as_csv
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.links import LINKS
from procurement.pharmacies.listed.changes import changes_between, life_of, summary_of
from procurement.pharmacies.listed.finding import (
    bureau_of,
    decision_by_id,
    decision_by_number,
    drugs_of_lines,
    generics_of,
    published_notices,
)
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.listing import (
    Wanted,
    change_rows,
    found,
    list_rows,
    standards_for,
)
from procurement.pharmacies.listed.periods import periods_of
from procurement.pharmacies.listed.service import Listed, drug_of, in_lines
from procurement.pharmacies.listed.stored import lines_of
from procurement.pharmacies.listed.subjects import decision_subject, own_list
from procurement.pharmacies.listed.tables import ListDecision
from procurement.pharmacies.listed.terms import read_evidence, read_line_text
from procurement.pharmacies.pages.listed_words import (
    asked_day,
    asked_region,
    region_options,
    shown,
    today,
)
from procurement.prices.standards import standards_in_force
from procurement.web import Page, PageNumber, RowId, Visit, paginate, reads

CSV = "text/csv; charset=utf-8"
PAGE = 50
QUARTER = timedelta(days=90)
TEXT_MAX = 100
PUBLIC = Subject(is_public=True)


def wanted_of(visit: Visit) -> Wanted:
    """Read what of which list the address asks for."""
    state = visit.query.get("state", "")
    return Wanted(
        region=asked_region(visit),
        day=asked_day(visit.query.get("day")) or today(visit),
        state=DrugState(state) if state in set(DrugState) else None,
        text=visit.query.get("q", "").strip()[:TEXT_MAX],
        known_on=today(visit),
    )


@get("/dual-channel", include_in_schema=False)
@reads
def show_list(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """Show what is on a list on a day."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    wanted = wanted_of(visit)
    rows = found(visit.session, wanted=wanted)
    number = min(max(page, 1), max(1, -(-len(rows) // PAGE)))
    some = rows[(number - 1) * PAGE : number * PAGE]
    return shown(
        visit,
        "list",
        wanted=wanted,
        page=Page(some, number, PAGE, len(rows)),
        counts={state: sum(one.period.state == state for one in rows) for state in DrugState},
        standards=standards_for(visit.session, rows=some, wanted=wanted, actor=visit.actor),
        regions=region_options(visit, wanted.region),
        links=[
            (visit.text(one.zh, one.en), one.path)
            for one in LINKS
            if one.action is None or visit.may_ever(one.action)
        ],
        values={
            "region": wanted.region,
            "day": wanted.day,
            "state": wanted.state or "",
            "q": wanted.text,
        },
    )


@get("/dual-channel.csv", include_in_schema=False)
@reads
def list_csv(visit: Visit) -> Response[bytes]:
    """Give the list that is shown as CSV."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    wanted = wanted_of(visit)
    rows = found(visit.session, wanted=wanted)
    standards = standards_for(visit.session, rows=rows, wanted=wanted, actor=visit.actor)
    content = as_csv(list_rows(rows, standards, language=visit.language))
    name = f"dual-channel-{wanted.region}-{wanted.day}.csv"
    return file_answer(content, name=name, media_type=CSV)


@get("/dual-channel/drugs/{listed_drug_id:int}", include_in_schema=False)
@reads
def show_drug(visit: Visit, listed_drug_id: RowId) -> Response[Any]:
    """Show a drug's terms today, its payment standards, and its life on the list."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    drug = drug_of(visit.session, listed_drug_id=listed_drug_id)
    day = asked_day(visit.query.get("day")) or today(visit)
    periods = (
        []
        if drug is None
        else periods_of(visit.session, listed_drug_id=drug.id, known_on=today(visit))
    )
    life = [] if drug is None else life_of(visit.session, drug=drug, known_on=today(visit))
    if drug is None or not life:
        # What only an unpublished notice says is not there for the public.
        raise NotFoundForActorError
    period = next(
        (one for one in periods if one.starts_on <= day <= (one.ends_on or date.max)), None
    )
    return shown(
        visit,
        "drug",
        drug=drug,
        day=day,
        listed=None if period is None else Listed(drug, period),
        life=life,
        standards=standards_in_force(
            visit.session,
            generic_product_id=drug.generic_product_id,
            region=drug.region,
            day=day,
            actor=visit.actor,
        ),
        may_decide=visit.may(Action.DECIDE_DRUG_LIST, own_list(visit.actor))
        and visit.actor.region == drug.region,
    )


def _days(visit: Visit) -> tuple[date, date]:
    until = asked_day(visit.query.get("until")) or today(visit)
    since = asked_day(visit.query.get("since")) or until - QUARTER
    return min(since, until), max(since, until)


@get("/dual-channel/changes", include_in_schema=False)
@reads
def show_changes(visit: Visit) -> Response[Any]:
    """Show what changed on a list between two days."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    region = asked_region(visit)
    since, until = _days(visit)
    changes = changes_between(
        visit.session, region=region, since=since, until=until, known_on=today(visit)
    )
    return shown(
        visit,
        "changes",
        region=region,
        regions=region_options(visit, region),
        changes=changes,
        summary=summary_of(changes),
        values={"region": region, "since": since, "until": until},
    )


@get("/dual-channel/changes.csv", include_in_schema=False)
@reads
def changes_csv(visit: Visit) -> Response[bytes]:
    """Give the changes that are shown as CSV."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    region = asked_region(visit)
    since, until = _days(visit)
    changes = changes_between(
        visit.session, region=region, since=since, until=until, known_on=today(visit)
    )
    content = as_csv(change_rows(changes, language=visit.language))
    name = f"dual-channel-changes-{region}-{since}-{until}.csv"
    return file_answer(content, name=name, media_type=CSV)


@get("/dual-channel/notices", include_in_schema=False)
@reads
def show_notices(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List the public notices of a list, the newest first."""
    visit.require(Action.READ_DRUG_LIST, PUBLIC)
    region = asked_region(visit)
    notices = published_notices(region, day=today(visit))
    return shown(
        visit,
        "notices",
        region=region,
        regions=region_options(visit, region),
        page=paginate(visit.session, notices, number=page, size=PAGE),
        values={"region": region},
    )


@get("/dual-channel/notices/{decision_number:str}", include_in_schema=False)
@reads
def show_notice(visit: Visit, decision_number: FromPath[str]) -> Response[Any]:
    """Show a decision as the public reads it."""
    decision = decision_by_number(visit.session, number=decision_number)
    if decision is None:
        raise NotFoundForActorError
    visit.require(Action.READ_DRUG_LIST, decision_subject(decision, day=today(visit)))
    return shown(visit, "notice", **decision_view(visit, decision))


def decision_view(visit: Visit, decision: ListDecision) -> dict[str, Any]:
    """Return what pages show of a decision and its lines."""
    lines = lines_of(visit.session, decision_id=decision.id)
    return {
        "decision": decision,
        "bureau": bureau_of(visit.session, bureau_id=decision.bureau_id),
        "corrects": None
        if decision.corrects_id is None
        else decision_by_id(visit.session, decision_id=decision.corrects_id),
        "generics": generics_of(visit.session, lines),
        "drug_ids": drugs_of_lines(visit.session, region=decision.region, lines=lines),
        "lines": [
            (line, read_line_text(line.terms)[0], read_evidence(line.evidence)) for line in lines
        ],
        "in_lines": in_lines,
    }


ROUTES = (
    show_list,
    list_csv,
    show_drug,
    show_changes,
    changes_csv,
    show_notices,
    show_notice,
)
"""Handlers of these pages."""
