"""The fallback's page: a bidder reveals the content key of its own bid."""

from contextlib import suppress
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.bids.at_edge import (
    SittingNumber,
    answer_script,
    json_bytes,
    own_round,
    paths,
    secret_key,
)
from procurement.bids.opening.reveal import find_reveal_call, own_standing_bid, reveal_content_key
from procurement.bids.periods import BIDS, address_of
from procurement.bids.submission.leaves import Leaf
from procurement.bids.tables import RevealedKey
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import WITH_WASM, Visit, reads, render, writes


@get(paths("reveal"), include_in_schema=False, opt=WITH_WASM)
@reads
def show_reveal(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[Any]:
    """Say whether the key is asked for, until when, and what happens otherwise."""
    round_, organisation_id = own_round(visit, name, Action.REVEAL_KEY)
    call = find_reveal_call(visit.session, round_id=round_.id, sitting=number)
    if call is None:
        raise NotFoundForActorError
    leaf: Leaf | None = None
    with suppress(NotFoundForActorError):
        leaf = own_standing_bid(
            visit.session,
            round_=round_,
            organisation_id=organisation_id,
            secret_key=secret_key(visit),
            sitting=number,
        )
    return render(
        visit,
        "bids/reveal.html",
        round=round_,
        sitting=number,
        base=address_of(round_, number),
        call=call,
        leaf=leaf,
    )


@post(paths("reveal"), include_in_schema=False, status_code=200)
@writes
def reveal(
    visit: Visit, name: FromPath[str], body: RawBody, number: SittingNumber = BIDS
) -> Response[bytes]:
    """Take the content key that the bidder's browser signed."""
    round_, _ = own_round(visit, name, Action.REVEAL_KEY)

    def answer() -> Response[bytes]:
        kept: RevealedKey = reveal_content_key(
            visit.session,
            round_=round_,
            actor=visit.actor,
            body=body,
            secret_key=secret_key(visit),
            sitting=number,
        )
        return json_bytes(f'{{"revealed_at":"{kept.revealed_at.isoformat()}"}}')

    return answer_script(visit, answer)


ROUTES = (show_reveal, reveal)
