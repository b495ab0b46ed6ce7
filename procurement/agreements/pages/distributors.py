"""Distributors: a winner nominates them by region, they confirm or decline."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.agreements.at_edge import public_round
from procurement.agreements.distributors import (
    active_distributors,
    answer_nomination,
    distributions_of,
    nominate_distributor,
    supplied_regions,
    withdraw_nomination,
)
from procurement.agreements.nominations import distribution_for
from procurement.agreements.pages.words import words
from procurement.agreements.states import DistributionStatus
from procurement.errors import RefusedError
from procurement.permissions import Action, Role
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/rounds/{name:str}/distributors", include_in_schema=False)
@reads
def show_distributors(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the own nominations, those that were received, or all to a bureau and a hospital."""
    return _page(visit, public_round(visit, name, Action.READ_AGREEMENT), None)


def _page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    session, own = visit.session, visit.actor.organisation_id
    is_winner = Role.MANUFACTURER in visit.actor.roles
    is_distributor = Role.DISTRIBUTOR in visit.actor.roles
    regions: tuple[str, ...] = ()
    if is_winner and own is not None:
        regions = supplied_regions(session, round_=round_, organisation_id=own)
    return render(
        visit,
        "agreements/distributors.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        rows=distributions_of(
            session,
            round_id=round_.id,
            organisation_id=own if is_winner else None,
            distributor_id=own if is_distributor else None,
        ),
        regions=regions,
        distributors=active_distributors(session) if regions else (),
        is_winner=is_winner,
        is_distributor=is_distributor,
        DistributionStatus=DistributionStatus,
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/rounds/{name:str}/distributors", include_in_schema=False)
@writes
def nominate(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Nominate a distributor for the regions that are ticked."""
    round_ = public_round(visit, name, Action.NOMINATE_DISTRIBUTOR)
    text = visit.form.get("distributor_id", "")

    def change() -> None:
        for region in visit.form.all("region") or ("",):
            nominate_distributor(
                visit.session,
                round_=round_,
                region=region,
                distributor_id=int(text)
                if text.isascii() and text.isdigit() and len(text) < 10
                else 0,
                actor=visit.actor,
                moment=visit.moment,
            )

    return _answered(visit, round_, attempt(visit, change))


def _answered(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/rounds/{round_.name}/distributors")


@post("/rounds/{name:str}/distributors/{distribution_id:int}/answer", include_in_schema=False)
@writes
def answer(visit: Visit, name: FromPath[str], distribution_id: RowId) -> Response[Any]:
    """Confirm or decline a nomination."""
    round_ = public_round(visit, name, Action.ANSWER_NOMINATION)
    distribution_for(visit, round_, distribution_id, Action.ANSWER_NOMINATION)

    def change() -> None:
        answer_nomination(
            visit.session,
            round_=round_,
            distribution_id=distribution_id,
            confirms=visit.form.get("confirms") == "yes",
            actor=visit.actor,
            moment=visit.moment,
        )

    return _answered(visit, round_, attempt(visit, change))


@post("/rounds/{name:str}/distributors/{distribution_id:int}/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, name: FromPath[str], distribution_id: RowId) -> Response[Any]:
    """Withdraw a nomination."""
    round_ = public_round(visit, name, Action.NOMINATE_DISTRIBUTOR)
    distribution_for(visit, round_, distribution_id, Action.NOMINATE_DISTRIBUTOR)

    def change() -> None:
        withdraw_nomination(
            visit.session,
            round_=round_,
            distribution_id=distribution_id,
            actor=visit.actor,
            moment=visit.moment,
        )

    return _answered(visit, round_, attempt(visit, change))


ROUTES = (show_distributors, nominate, answer, withdraw)
"""Handlers of these pages."""
