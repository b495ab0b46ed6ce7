"""The rehearsal's page: an officer seals, keyholders unseal, everyone sees whether it opened."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.bids.at_edge import answer_script, json_bytes, round_for, secret_key
from procurement.bids.keyholders.keys import MADE_IN, seats_of
from procurement.bids.keyholders.rehearsals import (
    post_rehearsal_share,
    rehearsal_json,
    rehearsal_state,
    start_rehearsal,
)
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt
from procurement.rounds.tables import Round
from procurement.web import WITH_WASM, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/rehearsal", include_in_schema=False, opt=WITH_WASM)
@reads
def show_rehearsal(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show how the rehearsal stands."""
    return _page(visit, round_for(visit, name, Action.REHEARSE), None)


def _page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    seats = seats_of(visit.session, round_id=round_.id)
    own = next((one for one in seats if one.organisation.id == visit.actor.organisation_id), None)
    return render(
        visit,
        "bids/rehearsal.html",
        status=200 if refusal is None else 409,
        round=round_,
        seats=seats,
        own=own,
        state=rehearsal_state(visit.session, round_=round_),
        may_start=round_.status in MADE_IN
        and visit.actor.organisation_id == round_.bureau_id
        and visit.may_ever(Action.CHANGE_ROUND),
        refusal=refusal,
    )


@post("/rounds/{name:str}/rehearsal", include_in_schema=False)
@writes
def start(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Seal a rehearsal envelope to the present keys."""
    round_ = round_for(visit, name, Action.CHANGE_ROUND)
    refusal = attempt(
        visit,
        lambda: start_rehearsal(
            visit.session,
            round_=round_,
            actor=visit.actor,
            secret_key=secret_key(visit),
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/rehearsal")


@get("/rounds/{name:str}/rehearsal/documents", include_in_schema=False)
@reads
def documents(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Return trial manifest and envelope to the page's script."""
    round_ = round_for(visit, name, Action.REHEARSE)
    return json_bytes(rehearsal_json(rehearsal_state(visit.session, round_=round_).rehearsal))


@post("/rounds/{name:str}/rehearsal/shares", include_in_schema=False, status_code=200)
@writes
def post_share(visit: Visit, name: FromPath[str], body: RawBody) -> Response[bytes]:
    """Take what a holder's browser unsealed."""
    round_ = round_for(visit, name, Action.MAKE_ROUND_KEY)

    def answer() -> Response[bytes]:
        share = post_rehearsal_share(
            visit.session, round_=round_, actor=visit.actor, post=body, moment=visit.moment
        )
        return json_bytes('{"fits":true}' if share.fits else '{"fits":false}')

    return answer_script(visit, answer)


ROUTES = (show_rehearsal, start, documents, post_share)
