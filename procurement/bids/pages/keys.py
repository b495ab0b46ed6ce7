"""The keyholders' page of a round: who holds which key, and making one's own."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from bidding.sealing.slip39_words import WORDS
from procurement.bids.at_edge import answer_script, json_bytes, read_document, round_for
from procurement.bids.keyholders.holder_proof import read_statement
from procurement.bids.keyholders.keys import MADE_IN, hand_over_keys, seats_of
from procurement.permissions import Action
from procurement.web import WITH_WASM, Visit, reads, render, writes


@get("/rounds/{name:str}/keys", include_in_schema=False, opt=WITH_WASM)
@reads
def show_keys(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the keyholders with their public keys; a holder makes the own key here."""
    round_ = round_for(visit, name, Action.REHEARSE)
    seats = seats_of(visit.session, round_id=round_.id)
    own = next((one for one in seats if one.organisation.id == visit.actor.organisation_id), None)
    return render(
        visit,
        "bids/keys.html",
        round=round_,
        seats=seats,
        own=own,
        may_make=own is not None and round_.status in MADE_IN,
        word_list=WORDS,
    )


@post("/rounds/{name:str}/keys", include_in_schema=False, status_code=200)
@writes
def hand_over(visit: Visit, name: FromPath[str], body: RawBody) -> Response[bytes]:
    """Take the public keys that a holder's browser made, in a statement that they sign."""
    round_ = round_for(visit, name, Action.MAKE_ROUND_KEY)

    def answer() -> Response[bytes]:
        hand_over_keys(
            visit.session,
            round_=round_,
            actor=visit.actor,
            statement=read_document("keys", lambda: read_statement(body)),
            moment=visit.moment,
        )
        return json_bytes("{}")

    return answer_script(visit, answer)


ROUTES = (show_keys, hand_over)
