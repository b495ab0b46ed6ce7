"""Entrusted signing: whom an organisation entrusted, and for whom it signs itself."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.organisations.service import organisations_by_id
from procurement.accounts.tables import Organisation
from procurement.agreements.at_edge import public_round, term_in_view, typed_id
from procurement.agreements.entrusting import (
    end_entrustment,
    entrust_signing,
    given_by,
    given_to,
    possible_agents,
)
from procurement.agreements.listing import PARTY_OF_ROLE
from procurement.agreements.pages.words import words
from procurement.agreements.waiting import waiting_to_sign
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/agreements/entrusted", include_in_schema=False)
@reads
def show_entrusted(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show entrustments given and received, with what waits to be signed for others."""
    return _page(visit, public_round(visit, name, Action.SIGN_AGREEMENT), None)


def _page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    session, own = visit.session, visit.actor.organisation_id
    organisation = session.get_one(Organisation, own)
    given = given_by(session, round_id=round_.id, grantor_id=organisation.id)
    received = given_to(session, round_id=round_.id, agent_id=organisation.id)
    term = term_in_view(visit, round_)
    may_entrust = any(role in PARTY_OF_ROLE for role in visit.actor.roles)
    return render(
        visit,
        "agreements/entrusted.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        term=term,
        given=given,
        agents=organisations_by_id(session, organisation_ids=[one.agent_id for one in given]),
        received=[
            (row, grantor, waiting_to_sign(session, term=term, organisation=grantor))
            for row, grantor in received
        ],
        possible=possible_agents(session, round_=round_, grantor=organisation, moment=visit.moment)
        if may_entrust
        else (),
        may_entrust=may_entrust,
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/rounds/{name:str}/agreements/entrusted", include_in_schema=False)
@writes
def entrust(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Let another organisation sign."""
    round_ = public_round(visit, name, Action.ENTRUST_SIGNING)
    text = visit.form.get("agent_id", "")

    def change() -> None:
        entrust_signing(
            visit.session,
            round_=round_,
            agent_id=typed_id(text),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements/entrusted")


@post("/rounds/{name:str}/agreements/entrusted/{entrustment_id:int}/end", include_in_schema=False)
@writes
def end(visit: Visit, name: FromPath[str], entrustment_id: RowId) -> Response[Any]:
    """End an entrustment."""
    round_ = public_round(visit, name, Action.ENTRUST_SIGNING)
    end_entrustment(
        visit.session,
        round_=round_,
        entrustment_id=entrustment_id,
        actor=visit.actor,
        moment=visit.moment,
    )
    return redirect(f"/rounds/{name}/agreements/entrusted")


ROUTES = (show_entrusted, entrust, end)
"""Handlers of these pages."""
