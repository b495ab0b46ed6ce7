"""The books: accounts with balances, entries, postings."""

from decimal import Decimal
from typing import Any

from litestar import Response, get

from procurement.payments.pages.finding import PAGE, page_number, seen_by, shown, typed
from procurement.payments.reading.ledger import (
    balances_of,
    books_seen,
    correction_of,
    find_account,
    find_posting,
    lines_of,
    movements,
    with_balances,
)
from procurement.web import RowId, Visit, paginate, reads

_ZERO = Decimal(0)


@get("/payments/ledger", include_in_schema=False)
@reads
def show_books(visit: Visit) -> Response[Any]:
    """Show the accounts of the own books, or of those that are asked for."""
    scope = seen_by(visit)
    books = books_seen(visit.session, scope=scope)
    wanted = typed(visit.query.get("owner")) or scope.organisation_id
    owner = next((one for one in books if one.id == wanted), books[0] if books else None)
    rows = balances_of(visit.session, owner_id=owner.id) if owner else []
    return shown(
        visit,
        "ledger",
        scope,
        books=books,
        owner=owner,
        rows=rows,
        total=sum((row.amount for row in rows), start=_ZERO),
        values={"owner": owner.id if owner else ""},
    )


@get("/payments/ledger/accounts/{ledger_account_id:int}", include_in_schema=False)
@reads
def show_account(visit: Visit, ledger_account_id: RowId) -> Response[Any]:
    """Show the entries of an account with the balance after each."""
    scope = seen_by(visit)
    found = find_account(visit.session, scope=scope, account_id=ledger_account_id)
    page = paginate(visit.session, movements(found.account), number=page_number(visit), size=PAGE)
    rows = with_balances(visit.session, account=found.account, rows=list(page.rows))
    return shown(visit, "ledger_account", scope, found=found, page=page, rows=rows)


@get("/payments/ledger/postings/{posting_id:int}", include_in_schema=False)
@reads
def show_posting(visit: Visit, posting_id: RowId) -> Response[Any]:
    """Show a posting with its entries, and what took it back."""
    scope = seen_by(visit)
    posting = find_posting(visit.session, scope=scope, posting_id=posting_id)
    lines = lines_of(visit.session, posting=posting)
    return shown(
        visit,
        "posting",
        scope,
        posting=posting,
        lines=lines,
        total=sum((line.entry.amount for line in lines), start=_ZERO),
        correction=correction_of(visit.session, posting=posting),
    )


ROUTES = (show_books, show_account, show_posting)
"""Handlers of these pages."""
