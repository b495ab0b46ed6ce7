"""Durable work: matched invoices come into the books, every day."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.jobs import Handler, JobRun
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.payments.account_kinds import AccountKind
from procurement.payments.goods import take_over_invoices, use_prepaid
from procurement.payments.ledger_tables import LedgerAccount
from procurement.payments.settling_tables import GoodsPayable

TAKE_OVER_JOB = "take-over-invoices"

DAILY = (TAKE_OVER_JOB,)
"""Kinds of jobs that are queued once a day."""


def take_over(run: JobRun) -> None:
    """Take over what is matched, hospital by hospital; each is one transaction.

    What is taken over is not taken over again, so that a run after a crash begins anew.
    """
    with run.transaction() as session:
        hospitals = _hospitals(session)
    for number, hospital in enumerate(hospitals, start=1):
        with run.transaction() as session:
            take_over_invoices(session, moment=run.moment(), hospital_id=hospital)
            for seller in _prepaid_sellers(session, hospital):
                use_prepaid(session, hospital_id=hospital, seller_id=seller, moment=run.moment())
            run.progress(number, len(hospitals), session=session)


def _hospitals(session: Session) -> list[int]:
    known = select(GoodsPayable.id).where(GoodsPayable.invoice_line_id == InvoiceLine.id)
    with_new = (
        select(Invoice.hospital_id)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .where(Invoice.status == InvoiceStatus.MATCHED, ~known.exists())
    )
    prepaid = select(LedgerAccount.owner_id).where(
        LedgerAccount.kind == AccountKind.PREPAID_TO_SELLER
    )
    return sorted({*session.scalars(with_new.distinct()), *session.scalars(prepaid.distinct())})


def _prepaid_sellers(session: Session, hospital_id: int) -> list[int]:
    accounts = select(LedgerAccount.counterpart_id).where(
        LedgerAccount.owner_id == hospital_id,
        LedgerAccount.kind == AccountKind.PREPAID_TO_SELLER,
    )
    return sorted(one for one in session.scalars(accounts) if one is not None)


HANDLERS: Mapping[str, Handler] = {TAKE_OVER_JOB: take_over}
"""Who carries out which kind of job."""
