"""What a company can claim of a month: its open goods by hospital, and lines matched since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.payable import PayableLine, payable_lines
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.payments.goods import open_goods
from procurement.payments.tables import GoodsPayable
from procurement.permissions.decide import covers

SHOWN_MAX = 500
"""Lines that a page shows of those that are not in the books yet."""


@dataclass(frozen=True, slots=True)
class ClaimableRow:
    """An open line with its invoice; ``open`` is what is still owed of it."""

    goods: GoodsPayable
    line: InvoiceLine
    invoice: Invoice
    open: Decimal


@dataclass(frozen=True, slots=True)
class Claimable:
    """What can be claimed for one hospital.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        rows: Lines that are in the books.
        new: Lines that were matched since and come into the books with the claim.
    """

    hospital_id: int
    hospital: str
    rows: tuple[ClaimableRow, ...]
    new: tuple[PayableLine, ...]

    @property
    def total(self) -> Decimal:
        """Of all of it, in yuan."""
        known = sum((row.open for row in self.rows), Decimal(0))
        return known + sum((line.amount for line in self.new), Decimal(0))


def claimable_of(
    session: Session, *, seller_id: int, region: str, until: date
) -> Sequence[Claimable]:
    """Return what a company can claim, by hospital.

    Args:
        session: Any session.
        seller_id: The company.
        region: Of the agency: only its hospitals count.
        until: Last day of the month.
    """
    rows = _rows(session, seller_id, until)
    new = _new(session, seller_id, until)
    ids = {one.goods.hospital_id for one in rows} | {line.hospital_id for line in new}
    hospitals = session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    )
    return [
        Claimable(
            hospital.id,
            hospital.name,
            tuple(one for one in rows if one.goods.hospital_id == hospital.id),
            tuple(line for line in new if line.hospital_id == hospital.id),
        )
        for hospital in hospitals
        if covers(region, hospital.region)
    ]


def _rows(session: Session, seller_id: int, until: date) -> list[ClaimableRow]:
    found = {
        one.goods.invoice_line_id: one
        for one in open_goods(session, seller_id=seller_id, until=until)
    }
    lines = session.execute(
        select(InvoiceLine, Invoice)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(InvoiceLine.id.in_(found))
        .order_by(Invoice.id, InvoiceLine.number)
    )
    return [
        ClaimableRow(found[line.id].goods, line, invoice, found[line.id].left)
        for line, invoice in lines
    ]


def _new(session: Session, seller_id: int, until: date) -> list[PayableLine]:
    known = select(GoodsPayable.id).where(GoodsPayable.invoice_line_id == InvoiceLine.id)
    ids = session.scalars(
        select(InvoiceLine.id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            Invoice.seller_id == seller_id,
            Invoice.status == InvoiceStatus.MATCHED,
            ~known.exists(),
        )
        .order_by(InvoiceLine.id)
        .limit(SHOWN_MAX)
    ).all()
    return payable_lines(session, until=until, line_ids=ids) if ids else []
