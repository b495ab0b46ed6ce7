"""The page on which a manufacturer seals its bid; prices never leave the browser unsealed."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.accounts.certificates.service import signing_key_of
from procurement.bids.at_edge import answer_script, bidder_of, json_bytes, own_round, secret_key
from procurement.bids.keyholders.manifests import current_manifest, require_manifest
from procurement.bids.papers.eligibility import obstacles_to_bidding
from procurement.bids.submission.receipts import receipts_of
from procurement.bids.submission.submit import submit_bid
from procurement.database import database_moment
from procurement.permissions import Action, Subject
from procurement.rounds.tables import RoundStatus
from procurement.web import OWN_IDEMPOTENCY, WITH_WASM, Visit, reads, render, writes


@get("/rounds/{name:str}/bid", include_in_schema=False, opt=WITH_WASM)
@reads
def show_bid(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the form whose prices are sealed in the browser."""
    round_, organisation_id = own_round(visit, name, Action.SUBMIT_BID)
    moment = database_moment(visit.session)
    own = receipts_of(
        visit.session,
        round_id=round_.id,
        organisation_id=organisation_id,
        secret_key=secret_key(visit),
    )
    manifest = current_manifest(visit.session, round_id=round_.id)
    suite = None if manifest is None else manifest.suite_name
    key = signing_key_of(visit.session, organisation_id=organisation_id, on=moment, suite=suite)
    return render(
        visit,
        "bids/bid.html",
        round=round_,
        manifest=manifest,
        newest=own[-1] if own else None,
        bidder=bidder_of(visit.session, organisation_id),
        key=key,
        obstacles=obstacles_to_bidding(
            visit.session, round_=round_, organisation_id=organisation_id, moment=moment
        ),
        is_open=round_.status == RoundStatus.BIDDING
        and round_.closes_at is not None
        and moment < round_.closes_at,
    )


@get("/rounds/{name:str}/manifest.json", include_in_schema=False)
@reads
def manifest_file(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Return the manifest in force to the page's script, or as a file for ``jicai seal``."""
    round_, _ = own_round(visit, name, Action.SUBMIT_BID)
    manifest = require_manifest(visit.session, round_id=round_.id)
    return json_bytes(manifest.to_bytes(), file=f"{name}-manifest.json")


@post(
    "/rounds/{name:str}/bid",
    include_in_schema=False,
    opt={OWN_IDEMPOTENCY: True},
    status_code=200,
    request_max_body_size=3 * 2**20,
)
@writes
def submit(visit: Visit, name: FromPath[str], body: RawBody) -> Response[bytes]:
    """Take what the browser sealed: an envelope or a withdrawal; answer with the receipt."""
    visit.require(Action.SUBMIT_BID, Subject(organisation_id=visit.actor.organisation_id))

    def answer() -> Response[bytes]:
        given = submit_bid(
            visit.session,
            round_name=name,
            actor=visit.actor,
            body=body,
            key=visit.request.headers.get("idempotency-key", ""),
            secret_key=secret_key(visit),
        )
        # A signed refusal is an answer too, and is kept: it is no error of the request.
        return json_bytes(given.document, status=200 if given.is_receipt else 409)

    return answer_script(visit, answer)


ROUTES = (show_bid, manifest_file, submit)
