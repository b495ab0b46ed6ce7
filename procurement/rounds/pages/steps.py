"""Pages: bringing a round on during its drafting, and cancelling a draft."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.advancing import (
    BY_OFFICER,
    SENTENCES,
    advance_checks,
    advance_round,
    next_by_officer,
)
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    round_for,
    status_of,
    whole_of,
)
from procurement.rounds.ending import cancel_draft
from procurement.rounds.hooks import installed
from procurement.rounds.status import STATUS_NAMES
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/advance/{status:str}", include_in_schema=False)
@reads
def ask_to_advance(visit: Visit, name: FromPath[str], status: FromPath[str]) -> Response[Any]:
    """Say what will happen, and what is looked at before."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    return _advance_page(visit, round_, _status(round_, status), None)


@post("/rounds/{name:str}/advance/{status:str}", include_in_schema=False)
@writes
def advance(visit: Visit, name: FromPath[str], status: FromPath[str]) -> Response[Any]:
    """Bring the round to another status of its drafting."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    wanted = _status(round_, status)
    reader = FormReader(visit.form)
    refusal = attempt(
        visit,
        lambda: advance_round(
            visit.session,
            round_=round_,
            status=wanted,
            version=reader.version,
            actor=visit.actor,
            moment=visit.moment,
            comment_checks=installed().comments,
        ),
    )
    if refusal is not None:
        return _advance_page(visit, round_, wanted, refusal)
    return redirect(f"/rounds/{name}")


def _status(round_: Round, status: str) -> RoundStatus:
    if status not in tuple(RoundStatus) or RoundStatus(status) not in BY_OFFICER:
        raise NotFoundForActorError
    return RoundStatus(status)


def _advance_page(
    visit: Visit, round_: Round, wanted: RoundStatus, refusal: RefusedError | None
) -> Response[Any]:
    hooks = installed()
    checks = list(advance_checks(visit.session, round_, wanted, visit.moment, hooks.comments))
    possible = wanted in next_by_officer(RoundStatus(round_.status))
    return render(
        visit,
        "rounds/advance.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        wanted=wanted,
        wanted_name=visit.text(*STATUS_NAMES[wanted]),
        sentence=visit.text(*SENTENCES[wanted]),
        checks=checks,
        is_ready=possible and all(check.is_met for check in checks),
        possible=possible,
        refusal=refusal,
    )


@get("/rounds/{name:str}/cancel", include_in_schema=False)
@reads
def ask_to_cancel(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Ask for the reason; a round that others have seen needs a second officer."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    if round_.status != RoundStatus.DRAFT:
        return redirect(f"/rounds/{name}/proposals/new/cancel")
    return _cancel_page(visit, round_, None)


@post("/rounds/{name:str}/cancel", include_in_schema=False)
@writes
def cancel(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Cancel a draft."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    reader = FormReader(visit.form)
    refusal = attempt(
        visit,
        lambda: cancel_draft(
            visit.session,
            round_=round_,
            reason=reader.form.get("reason", ""),
            version=reader.version,
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _cancel_page(visit, round_, refusal)
    return redirect(f"/rounds/{name}")


def _cancel_page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "rounds/cancel.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


ROUTES = (ask_to_advance, advance, ask_to_cancel, cancel)
"""Handlers of these pages."""
