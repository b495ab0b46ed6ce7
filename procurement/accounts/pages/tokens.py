"""Tokens of the own organisation: list, make, revoke."""

from typing import Any

from litestar import Response, get, post

from procurement.accounts.sign_in.tokens import make_token, revoke_token, tokens_of
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, Subject
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/account/tokens", include_in_schema=False)
@reads
def show_tokens(visit: Visit) -> Response[Any]:
    """List the tokens, and offer to make one."""
    _require(visit)
    return _tokens(visit)


@post("/account/tokens", include_in_schema=False)
@writes
def make(visit: Visit) -> Response[Any]:
    """Make a token and show it, once."""
    _require(visit)
    days = visit.form.get("life_days", "")
    try:
        token, _row = make_token(
            visit.session,
            person_id=visit.actor.person_id or 0,
            name=visit.form.get("name", ""),
            life_days=int(days) if days.isascii() and days.isdigit() else 0,
            moment=visit.wall_moment,
        )
    except InvalidInputError as refusal:
        return _tokens(visit, faults=refusal.faults)
    return _tokens(visit, token=token)


@post("/account/tokens/{token_id:int}/revoke", include_in_schema=False)
@writes
def revoke(visit: Visit, token_id: RowId) -> Response[Any]:
    """Revoke a token of the own organisation."""
    _require(visit)
    revoke_token(visit.session, actor=visit.actor, token_id=token_id, moment=visit.wall_moment)
    return redirect("/account/tokens")


def _require(visit: Visit) -> None:
    visit.require(Action.MANAGE_TOKENS, Subject(organisation_id=visit.actor.organisation_id))


def _tokens(visit: Visit, *, faults: tuple[FieldFault, ...] = (), token: str = "") -> Response[Any]:
    return render(
        visit,
        "accounts/tokens.html",
        status=422 if faults else 200,
        tokens=tokens_of(visit.session, organisation_id=visit.actor.organisation_id or 0),
        token=token,
        values=visit.form if faults else {"life_days": "365"},
        faults=faults,
    )


ROUTES = (show_tokens, make, revoke)
