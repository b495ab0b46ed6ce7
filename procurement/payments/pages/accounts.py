"""Bank accounts: one person of an organisation names one, another confirms it."""

from typing import Any

from litestar import Response, get, post

from procurement.errors import RefusedError
from procurement.payments.bank_accounts import (
    AccountDetails,
    accounts_of,
    close_account,
    confirm_account,
    propose_account,
)
from procurement.payments.pages.finding import own_subject, secret_key, seen_by, shown
from procurement.payments.reading.instructions import find_account, people_named
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt
from procurement.web import RowId, Visit, reads, redirect, writes

HERE = "/payments/accounts"


@get(HERE, include_in_schema=False)
@reads
def show_accounts(visit: Visit) -> Response[Any]:
    """List the accounts of the own organisation."""
    visit.require_ever(Action.MANAGE_BANK_ACCOUNT)
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    scope = seen_by(visit)
    rows = accounts_of(visit.session, organisation_id=scope.organisation_id)
    return shown(
        visit,
        "accounts",
        scope,
        refusal=refusal,
        rows=rows,
        people=people_named(visit.session, [one.proposed_by for one in rows]),
        may_manage=visit.may(Action.MANAGE_BANK_ACCOUNT, own_subject(visit)),
        # The number is not shown again: whoever looks over a shoulder reads it otherwise.
        values={**visit.form, "number": ""},
    )


@post(HERE, include_in_schema=False)
@writes
def propose(visit: Visit) -> Response[Any]:
    """Name an account; another person confirms it."""
    visit.require(Action.MANAGE_BANK_ACCOUNT, own_subject(visit))
    form = visit.form

    def change() -> None:
        propose_account(
            visit.session,
            organisation_id=visit.actor.organisation_id or 0,
            details=AccountDetails(
                holder=form.get("holder", ""),
                bank=form.get("bank", ""),
                number=form.get("number", ""),
                bank_code=form.get("bank_code", ""),
                is_insurance=form.get("is_insurance") == "yes",
            ),
            secret_key=secret_key(visit),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal else redirect(HERE)


@post("/payments/accounts/{account_id:int}/confirm", include_in_schema=False)
@writes
def confirm(visit: Visit, account_id: RowId) -> Response[Any]:
    """Confirm an account that somebody else of the organisation named."""
    visit.require(Action.MANAGE_BANK_ACCOUNT, own_subject(visit))
    account = find_account(
        visit.session, organisation_id=visit.actor.organisation_id or 0, account_id=account_id
    )
    refusal = attempt(
        visit,
        lambda: confirm_account(
            visit.session, account=account, actor=visit.actor, moment=visit.moment
        ),
    )
    return _page(visit, refusal) if refusal else redirect(HERE)


@post("/payments/accounts/{account_id:int}/close", include_in_schema=False)
@writes
def close(visit: Visit, account_id: RowId) -> Response[Any]:
    """Use an account no more."""
    visit.require(Action.MANAGE_BANK_ACCOUNT, own_subject(visit))
    account = find_account(
        visit.session, organisation_id=visit.actor.organisation_id or 0, account_id=account_id
    )
    refusal = attempt(
        visit,
        lambda: close_account(
            visit.session, account=account, actor=visit.actor, moment=visit.moment
        ),
    )
    return _page(visit, refusal) if refusal else redirect(HERE)


ROUTES = (show_accounts, propose, confirm, close)
"""Handlers of these pages."""
