"""Settlements by machine: drafts, runs, what was left out."""

from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from procurement.permissions import Action, Subject
from procurement.savings.api.shapes import (
    AgencyBody,
    DraftBody,
    LeftOutEntry,
    LeftOutList,
    ParameterEntry,
    ReasonBody,
    RunEntry,
    SettlementDetail,
    SettlementEntry,
    SettlementList,
    TermEntry,
    entry,
    run_entry,
)
from procurement.savings.at_edge import settlement_for
from procurement.savings.settlements.drafting import (
    back_to_draft,
    change_settlement,
    draft_settlement,
    name_agency,
    withdraw_settlement,
)
from procurement.savings.settlements.extracting import start_extracting
from procurement.savings.settlements.reading import left_out_of, overview, settlements_for
from procurement.savings.settlements.runs import latest_run
from procurement.savings.statements.computing import start_computing
from procurement.web import Visit, reads, writes


@get("/api/v1/savings")
@reads
def list_settlements(visit: Visit) -> SettlementList:
    """List the settlements that one may see."""
    visit.require_ever(Action.READ_SETTLEMENT)
    return SettlementList([entry(one) for one in settlements_for(visit.session, actor=visit.actor)])


@post("/api/v1/savings", status_code=201)
@writes
def draft(visit: Visit, data: JSONBody[DraftBody]) -> SettlementEntry:
    """Draft a settlement; everything that is wrong or missing is listed at once."""
    visit.require_ever(Action.DRAFT_SETTLEMENT)
    visit.require(Action.DRAFT_SETTLEMENT, Subject(bureau_id=visit.actor.organisation_id))
    return entry(
        draft_settlement(
            visit.session,
            name=data.name,
            draft=data.draft,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


@get("/api/v1/savings/{name:str}")
@reads
def read_settlement(visit: Visit, name: FromPath[str]) -> SettlementDetail:
    """Read a settlement."""
    settlement = settlement_for(visit, name, Action.READ_SETTLEMENT)
    found = overview(visit.session, settlement=settlement)
    return SettlementDetail(
        settlement=entry(settlement),
        terms=[
            TermEntry(one.term_id, one.batch, one.starts_on, one.ends_on, one.follow_on)
            for one in found.terms
        ],
        parameters=[
            ParameterEntry(
                one.key,
                visit.text(one.value_zh, one.value_en),
                visit.text(one.by_zh, one.by_en),
            )
            for one in found.parameters
        ],
        unverified=list(found.unverified),
        hospitals=found.hospitals,
        lines=found.lines,
        run=None if found.run is None else run_entry(visit, found.run),
    )


@put("/api/v1/savings/{name:str}")
@writes
def change(visit: Visit, name: FromPath[str], data: JSONBody[DraftBody]) -> SettlementEntry:
    """Change a draft."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    change_settlement(
        visit.session,
        settlement=settlement,
        draft=data.draft,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/agency", status_code=201)
@writes
def give_agency(visit: Visit, name: FromPath[str], data: JSONBody[AgencyBody]) -> SettlementEntry:
    """Name the fund agency that pays."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    name_agency(
        visit.session,
        settlement=settlement,
        agency_id=data.agency_id,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/withdrawn", status_code=201)
@writes
def withdraw(visit: Visit, name: FromPath[str], data: JSONBody[ReasonBody]) -> SettlementEntry:
    """Give a settlement up, before anything was computed."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    withdraw_settlement(
        visit.session,
        settlement=settlement,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/drafted", status_code=201)
@writes
def redraft(visit: Visit, name: FromPath[str], data: JSONBody[ReasonBody]) -> SettlementEntry:
    """Go back to the draft."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    back_to_draft(
        visit.session,
        settlement=settlement,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(settlement)


@post("/api/v1/savings/{name:str}/extracts", status_code=201)
@writes
def extract(visit: Visit, name: FromPath[str]) -> RunEntry:
    """Sum the purchases of all hospitals; a job does it."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    run = start_extracting(
        visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment
    )
    return run_entry(visit, run)


@post("/api/v1/savings/{name:str}/computations", status_code=201)
@writes
def compute(visit: Visit, name: FromPath[str]) -> RunEntry:
    """Compute all statements; a job does it."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    run = start_computing(
        visit.session, settlement=settlement, actor=visit.actor, moment=visit.moment
    )
    return run_entry(visit, run)


@get("/api/v1/savings/{name:str}/run")
@reads
def read_run(visit: Visit, name: FromPath[str]) -> RunEntry | None:
    """Read how far the newest run is."""
    settlement = settlement_for(visit, name, Action.READ_SETTLEMENT)
    run = latest_run(visit.session, settlement=settlement)
    return None if run is None else run_entry(visit, run)


@get("/api/v1/savings/{name:str}/left-out")
@reads
def read_left_out(visit: Visit, name: FromPath[str]) -> LeftOutList:
    """List the purchases that no line covers."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    return LeftOutList(
        [
            LeftOutEntry(one.hospital, one.product, one.batch, one.reason, one.lines, one.amount)
            for one in left_out_of(visit.session, settlement=settlement)
        ]
    )


ROUTES = (
    list_settlements,
    draft,
    read_settlement,
    change,
    give_agency,
    withdraw,
    redraft,
    extract,
    compute,
    read_run,
    read_left_out,
)
"""Handlers of settlements."""
