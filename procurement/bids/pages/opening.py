"""The opening: keyholders post shares, officers decide, and all bids are shown at once."""

import json
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.bids.at_edge import (
    SittingNumber,
    answer_script,
    envelopes_json,
    file_name,
    json_bytes,
    paths,
    public_round,
    record_for,
    require_called,
    round_for,
    secret_key,
    sees_all_prices,
    subject_for,
)
from procurement.bids.keyholders.keys import seats_of
from procurement.bids.keyholders.manifests import manifests_of
from procurement.bids.kinds import BidVerdict
from procurement.bids.opening.disclosure import Disclosure, disclosure_of
from procurement.bids.opening.evidence import opened_bids
from procurement.bids.opening.readiness import Readiness, readiness
from procurement.bids.opening.reveal import call_for_keys, find_reveal_call
from procurement.bids.opening.service import confirmed_proposal, find_opening
from procurement.bids.opening.shares import post_shares
from procurement.bids.periods import BIDS, address_of, period_of
from procurement.bids.submission.close import find_final_log
from procurement.bids.tables import OpenedBid
from procurement.database import database_moment
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round
from procurement.web import WITH_WASM, Cursor, Visit, reads, redirect, render, writes

ENVELOPES_A_TIME = 200


@get(paths("opening"), include_in_schema=False, opt=WITH_WASM)
@reads
def show_opening(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[Any]:
    """Show how far the opening is, and after it what was sealed, to whom may see it."""
    return _page(visit, public_round(visit, name, Action.READ_LOG), number, None)


def _page(visit: Visit, round_: Round, sitting: int, refusal: RefusedError | None) -> Response[Any]:
    about: dict[str, Any] = {"round_id": round_.id, "sitting": sitting}
    period = period_of(visit.session, round_=round_, sitting=sitting)
    moment = database_moment(visit.session)
    state = _state(visit, round_, sitting)
    return render(
        visit,
        "bids/opening.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        sitting=sitting,
        base=address_of(round_, sitting),
        opens_at=period.opens_at,
        log=state,
        state=state,
        opening=find_opening(visit.session, **about),
        own_seat=None if state is None else _own_seat(visit, round_),
        is_time=period.opens_at is not None and moment >= period.opens_at,
        # Second answers need no decision of their own: they were called for to be opened.
        decided=sitting != BIDS or confirmed_proposal(visit.session, round_id=round_.id),
        call=find_reveal_call(visit.session, **about),
        may_open=visit.may(Action.OPEN_BIDS, subject_for(visit, round_)),
        manifests=manifests_of(visit.session, **about),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **_outcome(visit, round_, sitting),
    )


def _state(visit: Visit, round_: Round, sitting: int) -> Readiness | None:
    if find_final_log(visit.session, round_id=round_.id, sitting=sitting) is None:
        return None
    return readiness(visit.session, round_=round_, secret_key=secret_key(visit), sitting=sitting)


def _own_seat(visit: Visit, round_: Round) -> int | None:
    if not visit.may_ever(Action.POST_SHARES):
        return None
    # By id: two organisations may have one name.
    seats = seats_of(visit.session, round_id=round_.id)
    own = (one.seat for one in seats if one.organisation.id == visit.actor.organisation_id)
    return next(own, None)


def _outcome(visit: Visit, round_: Round, sitting: int) -> dict[str, object]:
    """What was opened and the visitor may see, line by line."""
    disclosure = disclosure_of(visit.session, round_=round_)
    rows = opened_bids(visit.session, round_id=round_.id, sitting=sitting)
    sees_all = bool(rows) and sees_all_prices(visit, round_)
    shown = [
        (bid, organisation, _lines(bid))
        for bid, organisation in rows
        if sees_all or organisation.id == visit.actor.organisation_id
    ]
    return {
        "bids": shown,
        "sees_all": sees_all,
        "disclosure": disclosure,
        "Disclosure": Disclosure,
        "BidVerdict": BidVerdict,
    }


def _lines(bid: OpenedBid) -> list[dict[str, Any]]:
    if bid.content is None:
        return []
    content = json.loads(bid.content)
    lines: list[dict[str, Any]] = content["lines"] or content["answers"]
    return lines


@get(paths("opening/envelopes"), include_in_schema=False)
@reads
def envelopes(
    visit: Visit, name: FromPath[str], cursor: Cursor = None, number: SittingNumber = BIDS
) -> Response[bytes]:
    """Return some of the envelopes to a keyholder's page."""
    round_ = round_for(visit, name, Action.POST_SHARES)
    return json_bytes(
        envelopes_json(visit, round_, cursor=cursor, page_size=ENVELOPES_A_TIME, sitting=number)
    )


@post(
    paths("opening/shares"),
    include_in_schema=False,
    status_code=200,
    request_max_body_size=64 * 2**20,
)
@writes
def shares(
    visit: Visit, name: FromPath[str], body: RawBody, number: SittingNumber = BIDS
) -> Response[bytes]:
    """Take the shares that a keyholder's browser unsealed."""
    round_ = round_for(visit, name, Action.POST_SHARES)

    def answer() -> Response[bytes]:
        kept = post_shares(
            visit.session,
            round_=round_,
            actor=visit.actor,
            body=body,
            secret_key=secret_key(visit),
            sitting=number,
        )
        return json_bytes(json.dumps({"shares": kept.shares, "wrong": kept.faults.split()}))

    return answer_script(visit, answer)


@post(paths("opening/reveal-call"), include_in_schema=False)
@writes
def reveal_call(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[Any]:
    """Ask all bidders for their content keys."""
    round_ = round_for(visit, name, Action.OPEN_BIDS)
    reader = FormReader(visit.form)
    due_at = reader.moment("due_at")

    def change() -> None:
        with reader.checked():
            call_for_keys(
                visit.session,
                round_=round_,
                actor=visit.actor,
                # An empty field is as good as a deadline that is past.
                due_at=due_at or database_moment(visit.session),
                reason=visit.form.get("reason", ""),
                secret_key=secret_key(visit),
                sitting=number,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, number, refusal)
    return redirect(f"{address_of(round_, number)}/opening")


@get(paths("opening/record.json"), include_in_schema=False)
@reads
def record(visit: Visit, name: FromPath[str], number: SittingNumber = BIDS) -> Response[bytes]:
    """Send the opening as evidence for ``jicai verify``, as far as the reader may see it."""
    round_ = public_round(visit, name, Action.READ_LOG)
    require_called(visit, round_, number)
    found = record_for(visit, round_, number)
    return json_bytes(found, file=file_name(round_, number, "opening"))


ROUTES = (show_opening, envelopes, shares, reveal_call, record)
