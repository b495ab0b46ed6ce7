"""Renewal by the rules: computed by one officer, confirmed by another."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from pricing.renewal import ROUTE_WORDS, Route
from procurement.errors import RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    about,
    done_or_shown,
    dossier_for,
    keep_apart,
    shown,
)
from procurement.negotiations.campaigns.service import find_campaign
from procurement.negotiations.dossiers.filing import find_dossier
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.people_names import names_of
from procurement.negotiations.renewals.renewing import (
    HALVINGS,
    confirm_renewal,
    find_renewal,
    outcome_of,
    propose_renewal,
)
from procurement.negotiations.subjects import dossier_subject
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}/renewal"


@get(_BASE, include_in_schema=False)
@reads
def show_renewal(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show what the rules say about a renewal."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)
    return _page(visit, dossier, None)


@post(_BASE, include_in_schema=False)
@writes
def propose(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Apply the rules, for another officer to confirm."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)

    def change() -> None:
        reader = Reader(visit.form)
        halving, due_at = reader.text("halving"), reader.moment("due_at")
        with reader.checked():
            propose_renewal(
                visit.session,
                dossier=dossier,
                halving=halving if halving in HALVINGS else "",
                asks_renegotiation=visit.form.get("asks_renegotiation") == "yes",
                major_change=visit.form.get("major_change") == "yes",
                due_at=due_at,
                actor=visit.actor,
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/renewal",
        lambda refusal: _page(visit, dossier, refusal),
    )


@post(f"{_BASE}/confirm", include_in_schema=False)
@writes
def confirm(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Confirm a renewal that another officer had computed."""
    dossier = renewal_to_confirm(visit, campaign, dossier_id)
    return done_or_shown(
        visit,
        lambda: confirm_renewal(
            visit.session,
            dossier=dossier,
            digest=visit.form.get("digest", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
        address_of(dossier),
        lambda refusal: _page(visit, dossier, refusal),
    )


def renewal_to_confirm(visit: Visit, campaign: str, dossier_id: int) -> Dossier:
    """Return a dossier whose renewal the visitor may confirm: somebody else proposed it."""
    visit.require_ever(Action.CONFIRM_RENEWAL)
    found = find_campaign(visit.session, name=campaign)
    dossier = find_dossier(visit.session, campaign=found, dossier_id=dossier_id)
    row = find_renewal(visit.session, dossier_id=dossier.id)
    proposed_by = None if row is None else row.proposed_by
    keep_apart(visit, dossier)
    visit.require(
        Action.CONFIRM_RENEWAL,
        dossier_subject(visit.session, dossier, proposed_by=proposed_by),
    )
    return dossier


def _page(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    row = find_renewal(visit.session, dossier_id=dossier.id)
    outcome = None if row is None else outcome_of(row)
    proposed_by = None if row is None else row.proposed_by
    subject = dossier_subject(visit.session, dossier, proposed_by=proposed_by)
    waits = row is not None and row.confirmed_at is None
    return shown(
        visit,
        "renewal.html",
        refusal,
        **about(visit, dossier),
        row=row,
        outcome=outcome,
        route="" if outcome is None else visit.text(*ROUTE_WORDS[Route(outcome["route"])]),
        halvings=[
            ("combined", visit.text("合并降幅减半", "half of the combined cut")),
            ("each", visit.text("各项降幅分别减半", "half of each cut")),
        ],
        names={} if row is None else names_of(visit.session, [row.proposed_by]),
        may_propose=row is None or waits,
        may_confirm=waits and visit.may(Action.CONFIRM_RENEWAL, subject),
    )


ROUTES = (show_renewal, propose, confirm)
"""Handlers of these pages."""
