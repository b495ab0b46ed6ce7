"""Locking invoices: who takes back, compares or posts one does it alone, on what is true then."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.orders.invoices.tables import Invoice, InvoiceLine

CHUNK = 500
"""Ids of one query: databases take a limited number."""


def lock_invoices(session: Session, ids: Iterable[int]) -> list[Invoice]:
    """Lock invoices until the transaction is over, and read them and their lines anew.

    Whoever changes an invoice, or lets money rest on it, locks it first and asks only then for its
    status and for what holds its lines. The order is fixed: the lock of an order (where one is
    needed), invoices by id, delivered batches by id.

    Args:
        session: Session of the caller's transaction.
        ids: Which ones; unknown ids are left out.

    Returns:
        The invoices by id, as they are now.
    """
    session.flush()
    wanted = sorted(set(ids))
    found: list[Invoice] = []
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        # SQLite's writer holds the whole file already and ignores FOR UPDATE.
        rows = select(Invoice).where(Invoice.id.in_(some)).order_by(Invoice.id)
        rows = rows.with_for_update(key_share=True)
        found += session.scalars(rows.execution_options(populate_existing=True))
        lines = select(InvoiceLine).where(InvoiceLine.invoice_id.in_(some))
        session.scalars(lines.execution_options(populate_existing=True)).all()
    return found
