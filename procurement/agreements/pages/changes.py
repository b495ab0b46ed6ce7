"""Transfers and reductions: hospitals ask, a bureau decides."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.organisations.service import organisations_by_id
from procurement.agreements.at_edge import agreement_for, own_view, public_round
from procurement.agreements.change_visits import change_for, changes_seen
from procurement.agreements.changes import (
    ChangeFacts,
    decide_change,
    request_change,
    withdraw_change,
)
from procurement.agreements.pages.agreement import agreement_page
from procurement.agreements.pages.words import words
from procurement.agreements.states import ChangeKind, ChangeStatus, Party
from procurement.agreements.supplies import strengths_of
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/agreements/changes", include_in_schema=False)
@reads
def show_changes(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the requests of the own hospitals, or those that a bureau decides."""
    return _page(visit, public_round(visit, name, Action.READ_AGREEMENT), None)


def _page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    session, view = visit.session, own_view(visit, round_)
    rows = changes_seen(visit, round_, view)
    ids = {one for change, _ in rows for one in (change.hospital_id, change.to_hospital_id) if one}
    return render(
        visit,
        "agreements/changes.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        rows=rows,
        hospitals=organisations_by_id(session, organisation_ids=sorted(ids)),
        strengths=strengths_of(session, supplies=[supply for _, supply in rows]),
        ChangeStatus=ChangeStatus,
        may_decide=visit.may_ever(Action.DECIDE_CHANGE),
        may_ask=view.party is Party.HOSPITAL,
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/rounds/{name:str}/agreements/{agreement_id:int}/changes", include_in_schema=False)
@writes
def ask(visit: Visit, name: FromPath[str], agreement_id: RowId) -> Response[Any]:
    """Ask for a transfer or a reduction."""
    found = agreement_for(visit, name, agreement_id, Action.REQUEST_CHANGE)
    reader = FormReader(visit.form)
    supply_id, volume = reader.whole("supply_id"), reader.whole("volume")
    to_hospital = reader.whole("to_hospital_id")

    def change() -> None:
        with reader.checked():
            request_change(
                visit.session,
                round_=found.round,
                facts=ChangeFacts(
                    supply_id=supply_id or 0,
                    kind=ChangeKind.REDUCTION if to_hospital is None else ChangeKind.TRANSFER,
                    hospital_id=found.agreement.hospital_id,
                    to_hospital_id=to_hospital,
                    volume=volume or 0,
                    reason=visit.form.get("reason", ""),
                ),
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreement_page(visit, found, refusal)
    return redirect(f"/rounds/{name}/agreements/changes")


@post("/rounds/{name:str}/agreements/changes/{change_id:int}/decide", include_in_schema=False)
@writes
def decide(visit: Visit, name: FromPath[str], change_id: RowId) -> Response[Any]:
    """Approve or reject a request."""
    round_, found = change_for(visit, name, change_id, Action.DECIDE_CHANGE)

    def change() -> None:
        decide_change(
            visit.session,
            round_=round_,
            change=found,
            approves=visit.form.get("approves") == "yes",
            decision=visit.form.get("decision", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements/changes")


@post("/rounds/{name:str}/agreements/changes/{change_id:int}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, name: FromPath[str], change_id: RowId) -> Response[Any]:
    """Withdraw a request."""
    round_, found = change_for(visit, name, change_id, Action.REQUEST_CHANGE)

    def change() -> None:
        withdraw_change(
            visit.session, round_=round_, change=found, actor=visit.actor, moment=visit.moment
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements/changes")


ROUTES = (show_changes, ask, decide, withdraw)
"""Handlers of these pages."""
