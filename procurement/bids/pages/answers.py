"""The sittings of second answers, and the page on which a manufacturer seals its own."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.accounts.certificates.service import signing_key_of
from procurement.bids.at_edge import (
    SittingNumber,
    answer_script,
    bidder_of,
    file_name,
    json_bytes,
    own_round,
    public_round,
    secret_key,
)
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.periods import address_of
from procurement.bids.sittings import questions_of
from procurement.bids.sittings.standing import require_standing, standings_of
from procurement.bids.submission.receipts import receipts_of
from procurement.bids.submission.submit import submit_bid
from procurement.bids.tables import SittingQuestion
from procurement.database import database_moment
from procurement.permissions import Action, Subject
from procurement.web import OWN_IDEMPOTENCY, WITH_WASM, Visit, reads, render, writes

ADDRESS = "/rounds/{name:str}/answers/{number:int}"


@get("/rounds/{name:str}/answers", include_in_schema=False)
@reads
def show_sittings(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the sittings of a round, and say which have a question for the visitor."""
    round_ = public_round(visit, name, Action.READ_LOG)
    standings = standings_of(
        visit.session, round_=round_, organisation_id=visit.actor.organisation_id
    )
    return render(visit, "bids/sittings.html", round=round_, sittings=standings)


@get(ADDRESS, include_in_schema=False, opt=WITH_WASM)
@reads
def show_answers(visit: Visit, name: FromPath[str], number: SittingNumber) -> Response[Any]:
    """Show the own questions, whose answers are sealed in the browser."""
    round_, organisation_id = own_round(visit, name, Action.ANSWER_QUESTIONS)
    standing = require_standing(
        visit.session, round_=round_, sitting=number, organisation_id=organisation_id
    )
    manifest = require_manifest(visit.session, round_id=round_.id, sitting=number)
    about = {"round_id": round_.id, "sitting": number, "organisation_id": organisation_id}
    own = receipts_of(visit.session, secret_key=secret_key(visit), **about)
    questions = questions_of(visit.session, **about)
    return render(
        visit,
        "bids/answers.html",
        round=round_,
        sitting=number,
        base=address_of(round_, number),
        called=standing.called,
        is_open=standing.takes_answers,
        questions=questions,
        offers=[_offer(question) for question in questions],
        products={lot.lot: lot.product for lot in manifest.lots},
        manifest=manifest,
        newest=own[-1] if own else None,
        bidder=bidder_of(visit.session, organisation_id),
        key=signing_key_of(
            visit.session,
            organisation_id=organisation_id,
            on=database_moment(visit.session),
            suite=manifest.suite_name,
        ),
    )


def _offer(question: SittingQuestion) -> str:
    return "" if question.price is None else f"{question.price:f}"


@get(f"{ADDRESS}/manifest.json", include_in_schema=False)
@reads
def manifest_file(visit: Visit, name: FromPath[str], number: SittingNumber) -> Response[bytes]:
    """Return the sitting's manifest to the page's script, or as a file for ``jicai seal``."""
    round_, _ = own_round(visit, name, Action.ANSWER_QUESTIONS)
    require_standing(visit.session, round_=round_, sitting=number, organisation_id=None)
    manifest = require_manifest(visit.session, round_id=round_.id, sitting=number)
    return json_bytes(manifest.to_bytes(), file=file_name(round_, number, "manifest"))


@post(
    ADDRESS,
    include_in_schema=False,
    opt={OWN_IDEMPOTENCY: True},
    status_code=200,
    request_max_body_size=3 * 2**20,
)
@writes
def submit(
    visit: Visit, name: FromPath[str], body: RawBody, number: SittingNumber
) -> Response[bytes]:
    """Take what the browser sealed: answers or their withdrawal; answer with the receipt."""
    visit.require(Action.ANSWER_QUESTIONS, Subject(organisation_id=visit.actor.organisation_id))

    def answer() -> Response[bytes]:
        given = submit_bid(
            visit.session,
            round_name=name,
            actor=visit.actor,
            body=body,
            key=visit.request.headers.get("idempotency-key", ""),
            secret_key=secret_key(visit),
            sitting=number,
        )
        return json_bytes(given.document, status=200 if given.is_receipt else 409)

    return answer_script(visit, answer)


ROUTES = (show_sittings, show_answers, manifest_file, submit)
