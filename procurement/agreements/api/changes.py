"""Transfers and reductions by machine."""

from dataclasses import dataclass

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.agreements.at_edge import agreement_for, own_view, public_round
from procurement.agreements.change_visits import change_for, changes_seen
from procurement.agreements.changes import (
    ChangeFacts,
    decide_change,
    request_change,
    withdraw_change,
)
from procurement.agreements.states import ChangeKind
from procurement.agreements.tables import AgreedChange
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """A request.

    Attributes:
        id: Names it in addresses.
        kind: transfer or reduction.
        supply_id: The strength and supplier concerned.
        hospital_id: Whose volume becomes less.
        to_hospital_id: Whose becomes more; null for a reduction.
        volume: Minimal units.
        reason: Why.
        status: requested, approved, rejected or withdrawn.
        decision: What the bureau said.
    """

    id: int
    kind: str
    supply_id: int
    hospital_id: int
    to_hospital_id: int | None
    volume: int
    reason: str
    status: str
    decision: str | None


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Requests of a round.

    Attributes:
        items: Newest first.
    """

    items: list[ChangeEntry]


@dataclass(frozen=True, slots=True)
class ChangeBody:
    """What a hospital asks for.

    Attributes:
        supply_id: Of a line of the agreement.
        volume: Minimal units.
        reason: Why.
        to_hospital_id: Whose volume becomes more; null for a reduction.
    """

    supply_id: int
    volume: int
    reason: str
    to_hospital_id: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """What a bureau decides.

    Attributes:
        approves: Or rejects.
        decision: Needed for a rejection.
    """

    approves: bool
    decision: str = ""


def _entry(row: AgreedChange) -> ChangeEntry:
    return ChangeEntry(
        row.id,
        row.kind,
        row.supply_id,
        row.hospital_id,
        row.to_hospital_id,
        row.volume,
        row.reason,
        row.status,
        row.decision,
    )


@get("/api/v1/rounds/{name:str}/agreements/changes")
@reads
def list_changes(visit: Visit, name: FromPath[str]) -> ChangeList:
    """List the requests that are one's concern."""
    round_ = public_round(visit, name, Action.READ_AGREEMENT)
    rows = changes_seen(visit, round_, own_view(visit, round_))
    return ChangeList([_entry(change) for change, _ in rows])


@post("/api/v1/rounds/{name:str}/agreements/{agreement_id:int}/changes", status_code=201)
@writes
def ask(
    visit: Visit, name: FromPath[str], agreement_id: RowId, data: JSONBody[ChangeBody]
) -> ChangeEntry:
    """Ask for a transfer or a reduction."""
    found = agreement_for(visit, name, agreement_id, Action.REQUEST_CHANGE)
    is_reduction = data.to_hospital_id is None
    facts = ChangeFacts(
        supply_id=data.supply_id,
        kind=ChangeKind.REDUCTION if is_reduction else ChangeKind.TRANSFER,
        hospital_id=found.agreement.hospital_id,
        to_hospital_id=data.to_hospital_id,
        volume=data.volume,
        reason=data.reason,
    )
    return _entry(
        request_change(
            visit.session,
            round_=found.round,
            facts=facts,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


@post("/api/v1/rounds/{name:str}/agreements/changes/{change_id:int}/decision", status_code=201)
@writes
def decide(
    visit: Visit, name: FromPath[str], change_id: RowId, data: JSONBody[DecisionBody]
) -> ChangeEntry:
    """Approve or reject a request."""
    round_, found = change_for(visit, name, change_id, Action.DECIDE_CHANGE)
    return _entry(
        decide_change(
            visit.session,
            round_=round_,
            change=found,
            approves=data.approves,
            decision=data.decision,
            actor=visit.actor,
            moment=visit.moment,
        )
    )


@post("/api/v1/rounds/{name:str}/agreements/changes/{change_id:int}/withdrawal", status_code=201)
@writes
def withdraw(visit: Visit, name: FromPath[str], change_id: RowId) -> ChangeEntry:
    """Withdraw a request."""
    round_, found = change_for(visit, name, change_id, Action.REQUEST_CHANGE)
    return _entry(
        withdraw_change(
            visit.session, round_=round_, change=found, actor=visit.actor, moment=visit.moment
        )
    )


ROUTES = (list_changes, ask, decide, withdraw)
"""Handlers of changes."""
