"""When goods were paid: what fulfilment and savings ask."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.orders.invoices.tables import InvoiceLine
from procurement.orders.tables import GoodsReturn, ReceiptLine
from procurement.payments.reading.settled import money_sum, settled_parts
from procurement.payments.settling_tables import GoodsPayable

BATCH = 500


def paid_on(session: Session, receipt_line_ids: Collection[int]) -> Mapping[int, date]:
    """Return on which day receipt lines were paid in full; those that are not are left out.

    Paid in full is a line of which everything that was kept is invoiced, and every invoice line
    is settled: by direct settlement, by what was prepaid, or by the hospital itself. Red invoice
    lines count with the line that they correct.

    Args:
        session: Any session.
        receipt_line_ids: Ids of `procurement.orders.tables.ReceiptLine`.
    """
    ids = sorted(set(receipt_line_ids))
    found: dict[int, date] = {}
    for start in range(0, len(ids), BATCH):
        found |= _paid(session, ids[start : start + BATCH])
    return found


def _paid(session: Session, ids: list[int]) -> dict[int, date]:
    parts = settled_parts()
    settled = (
        select(
            parts.c.goods_id,
            func.max(parts.c.paid_on).label("paid_on"),
            money_sum(parts.c.amount).label("amount"),
        )
        .where(parts.c.paid_on.is_not(None))
        .group_by(parts.c.goods_id)
        .subquery()
    )
    rows = session.execute(
        select(
            InvoiceLine.receipt_line_id,
            InvoiceLine.packs,
            GoodsPayable.amount,
            settled.c.paid_on,
            settled.c.amount,
        )
        .join(GoodsPayable, GoodsPayable.invoice_line_id == InvoiceLine.id)
        .outerjoin(settled, settled.c.goods_id == GoodsPayable.id)
        .where(InvoiceLine.receipt_line_id.in_(ids))
    )
    kept = _kept(session, ids)
    days: dict[int, date] = {}
    open_ones: set[int] = set()
    for receipt_line, packs, amount, day, paid in rows:
        kept[receipt_line] -= packs
        if day is None or (paid or Decimal(0)) < amount:
            open_ones.add(receipt_line)
        elif receipt_line not in days or day > days[receipt_line]:
            days[receipt_line] = day
    return {one: day for one, day in days.items() if one not in open_ones and kept[one] <= 0}


def _kept(session: Session, ids: list[int]) -> dict[int, int]:
    """Packs that were accepted and not returned, by receipt line."""
    returned = (
        select(func.coalesce(func.sum(GoodsReturn.packs), 0))
        .where(GoodsReturn.receipt_line_id == ReceiptLine.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ReceiptLine.id, ReceiptLine.accepted_packs, returned).where(ReceiptLine.id.in_(ids))
    )
    return {one: accepted - int(back) for one, accepted, back in rows}
