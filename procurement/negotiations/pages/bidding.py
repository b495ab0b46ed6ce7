"""Bidding of several makers of one drug: called by the chair, bid by makers, opened by officers."""

from collections.abc import Collection
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.bids.at_edge import secret_key
from procurement.errors import RefusedError
from procurement.negotiations.at_edge import Reader, about, done_or_shown, dossier_for, shown
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.kinds import Part
from procurement.negotiations.renewals.bidders import require_impartial, takes_part
from procurement.negotiations.renewals.bidding import (
    bid,
    bidding_of,
    call_bidding,
    open_bidding,
    outcome_of,
)
from procurement.negotiations.subjects import ALL_PARTS, dossier_subject
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}/bidding"


@get(_BASE, include_in_schema=False)
@reads
def show_bidding(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the bidding that a dossier takes part in."""
    return _page(visit, _bidder(visit, campaign, dossier_id, Action.READ_DOSSIER), None)


@post(f"{_BASE}/call", include_in_schema=False)
@writes
def call(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Call the makers to bid."""
    dossier = _bidder(visit, campaign, dossier_id, Action.RECONCILE_CEILINGS, parts=(Part.CHAIR,))

    def change() -> None:
        reader = Reader(visit.form)
        willingness, closes_at = reader.decimal("willingness"), reader.moment("closes_at")
        with reader.checked():
            call_bidding(
                visit.session,
                dossier=dossier,
                willingness=willingness,
                closes_at=closes_at,
                actor=visit.actor,
                secret_key=secret_key(visit),
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/bidding",
        lambda refusal: _page(visit, dossier, refusal),
    )


@post(f"{_BASE}/bids", include_in_schema=False)
@writes
def hand_in_bid(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Bid."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)

    def change() -> None:
        reader = Reader(visit.form)
        price = reader.decimal("price")
        with reader.checked():
            bid(
                visit.session,
                dossier=dossier,
                price=price,
                actor=visit.actor,
                secret_key=secret_key(visit),
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/bidding",
        lambda refusal: _page(visit, dossier, refusal),
    )


@post(f"{_BASE}/open", include_in_schema=False)
@writes
def open_bids(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Open all bids of the drug."""
    dossier = _bidder(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)
    return done_or_shown(
        visit,
        lambda: open_bidding(
            visit.session,
            dossier=dossier,
            actor=visit.actor,
            secret_key=secret_key(visit),
            moment=visit.moment,
        ),
        f"{address_of(dossier)}/bidding",
        lambda refusal: _page(visit, dossier, refusal),
    )


def _bidder(
    visit: Visit,
    campaign: str,
    dossier_id: int,
    action: Action,
    *,
    parts: Collection[Part] = ALL_PARTS,
) -> Dossier:
    """Return a dossier of a bidding for who has no conflict with any maker that bids."""
    dossier = dossier_for(visit, campaign, dossier_id, action, parts=parts)
    require_impartial(visit.session, dossier=dossier, actor=visit.actor)
    return dossier


def _page(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    bidding = bidding_of(visit.session, dossier=dossier)
    subject = dossier_subject(visit.session, dossier, parts=(Part.CHAIR,))
    is_in = takes_part(dossier)
    is_over = bidding is not None and visit.moment >= bidding.closes_at
    outcome = None if bidding is None else outcome_of(bidding)
    sees_all = visit.actor.organisation_id == dossier.campaign.bureau_id
    return shown(
        visit,
        "bidding.html",
        refusal,
        **about(visit, dossier),
        bidding=bidding,
        outcome=outcome,
        bids=[
            one
            for one in ([] if outcome is None else outcome["bids"])
            if sees_all or one["dossier"] == dossier.id
        ],
        sees_all=sees_all,
        may_call=bidding is None and is_in and visit.may(Action.RECONCILE_CEILINGS, subject),
        may_bid=bidding is not None
        and not is_over
        and is_in
        and visit.may(Action.QUOTE_PRICE, subject),
        may_open=is_over and outcome is None and visit.may(Action.REVIEW_DOSSIER, subject),
    )


ROUTES = (show_bidding, call, hand_in_bid, open_bids)
"""Handlers of these pages."""
