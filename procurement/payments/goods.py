"""Goods payable: matched lines of invoices come into the books, prepaid money is used up first.

From then on the invoice cannot be withdrawn; a red invoice corrects it.

Who does the same at the same moment takes turns: invoices are locked before they are posted, the
account of prepaid money before the goods that it pays, and goods before they are claimed or paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.locking import lock_invoices
from procurement.orders.invoices.payable import PayableLine, hold_lines, payable_lines
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.payments.account_kinds import Account, AccountKind
from procurement.payments.ledger import NewPosting, balance, post
from procurement.payments.prepaying_tables import PrepaymentClearing
from procurement.payments.rules.events import Event, goods_received, prepayment_used
from procurement.payments.rules.prepayment import used_up
from procurement.payments.settling_tables import ClaimLine, GoodsPayable, HospitalPaymentLine

BATCH = 500
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class OpenGoods:
    """Goods that are owed and neither claimed nor paid.

    Attributes:
        goods: The row.
        left: What is still owed of it: prepaid parts are off; below zero on a red invoice.
    """

    goods: GoodsPayable
    left: Decimal


def take_over_invoices(
    session: Session,
    *,
    moment: datetime,
    hospital_id: int | None = None,
    seller_id: int | None = None,
) -> int:
    """Post what matched invoices say is owed, as far as it is not posted; use up prepaid money.

    Args:
        session: Session of the caller's transaction.
        moment: Now, aware.
        hospital_id: Of this hospital alone.
        seller_id: Of this seller alone.

    Returns:
        How many lines came into the books.
    """
    ids = _lock_new_lines(session, hospital_id, seller_id)
    taken = 0
    pairs: set[tuple[int, int]] = set()
    for start in range(0, len(ids), BATCH):
        lines = payable_lines(
            session, until=day_in_china(moment), line_ids=ids[start : start + BATCH]
        )
        for line in lines:
            _take_over(session, line, moment)
            pairs.add((line.hospital_id, line.seller_id))
        hold_lines(session, line_ids=[line.invoice_line_id for line in lines], moment=moment)
        taken += len(lines)
    for hospital, seller in sorted(pairs):
        use_prepaid(session, hospital_id=hospital, seller_id=seller, moment=moment)
    return taken


def _lock_new_lines(
    session: Session, hospital_id: int | None, seller_id: int | None
) -> Sequence[int]:
    """Lock the invoices, then ask again: others may have withdrawn or posted them meanwhile."""
    wanted = _new_lines(hospital_id, seller_id)
    invoices = {invoice for _, invoice in session.execute(wanted)}
    lock_invoices(session, invoices)
    return [line for line, invoice in session.execute(wanted) if invoice in invoices]


def _new_lines(hospital_id: int | None, seller_id: int | None) -> Select[int, int]:
    known = select(GoodsPayable.id).where(GoodsPayable.invoice_line_id == InvoiceLine.id)
    wanted = (
        select(InvoiceLine.id, InvoiceLine.invoice_id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.status == InvoiceStatus.MATCHED, ~known.exists())
        .order_by(InvoiceLine.id)
    )
    if hospital_id is not None:
        wanted = wanted.where(Invoice.hospital_id == hospital_id)
    return wanted if seller_id is None else wanted.where(Invoice.seller_id == seller_id)


def _take_over(session: Session, line: PayableLine, moment: datetime) -> None:
    new = NewPosting(
        kind=Event.GOODS_RECEIVED,
        key=f"goods/{line.invoice_line_id}",
        subject=f"invoice/{line.invoice_id}",
        entries=goods_received(line.hospital_id, line.seller_id, line.amount),
        memo=f"{line.invoice_number} {line.order_number}",
    )
    posting = post(session, new=new, actor=None, moment=moment)
    session.add(
        GoodsPayable(
            invoice_line_id=line.invoice_line_id,
            hospital_id=line.hospital_id,
            seller_id=line.seller_id,
            maker_id=line.organisation_id,
            amount=line.amount,
            accepted_on=line.received_on,
            posting_id=posting.id,
            recorded_at=moment,
        )
    )
    session.flush()


def open_goods(
    session: Session,
    *,
    hospital_id: int | None = None,
    seller_id: int | None = None,
    until: date | None = None,
    goods_ids: Sequence[int] | None = None,
) -> list[OpenGoods]:
    """Return goods that are owed and neither claimed nor paid, in the order of acceptance.

    Args:
        session: Any session.
        hospital_id: Of this hospital alone.
        seller_id: Of this seller alone.
        until: Accepted on this day or before.
        goods_ids: Among these.
    """
    wanted = _open_rows()
    if hospital_id is not None:
        wanted = wanted.where(GoodsPayable.hospital_id == hospital_id)
    if seller_id is not None:
        wanted = wanted.where(GoodsPayable.seller_id == seller_id)
    if until is not None:
        wanted = wanted.where(GoodsPayable.accepted_on <= until)
    if goods_ids is not None:
        wanted = wanted.where(GoodsPayable.id.in_(goods_ids))
    rows = session.execute(wanted.order_by(GoodsPayable.accepted_on, GoodsPayable.id))
    left = (OpenGoods(goods, goods.amount - (cleared or ZERO)) for goods, cleared in rows)
    return [one for one in left if one.left]


def lock_open_goods(
    session: Session, *, hospital_id: int, seller_id: int, until: date | None = None
) -> list[OpenGoods]:
    """Return goods that are open between two, which nobody else can claim or pay until the end.

    Args:
        session: Session of the caller's transaction.
        hospital_id: Who owes.
        seller_id: To whom.
        until: Accepted on this day or before; goods of later days are locked too.
    """
    locked = set(
        session.scalars(
            select(GoodsPayable.id)
            .where(
                GoodsPayable.hospital_id == hospital_id,
                GoodsPayable.seller_id == seller_id,
                *_neither_claimed_nor_paid(),
            )
            .order_by(GoodsPayable.id)
            .with_for_update()
        )
    )
    # Whoever held them before may have claimed or paid them: only now is it known what is open.
    found = open_goods(session, hospital_id=hospital_id, seller_id=seller_id, until=until)
    return [one for one in found if one.goods.id in locked]


def _neither_claimed_nor_paid() -> tuple[ColumnElement[bool], ...]:
    claimed = select(ClaimLine.id).where(ClaimLine.live_goods_id == GoodsPayable.id)
    own = select(HospitalPaymentLine.id).where(HospitalPaymentLine.goods_id == GoodsPayable.id)
    return ~claimed.exists(), ~own.exists()


def _open_rows() -> Select[GoodsPayable, Decimal]:
    cleared = (
        select(PrepaymentClearing.goods_id, func.sum(PrepaymentClearing.amount).label("amount"))
        .group_by(PrepaymentClearing.goods_id)
        .subquery()
    )
    return (
        select(GoodsPayable, cleared.c.amount)
        .outerjoin(cleared, cleared.c.goods_id == GoodsPayable.id)
        .where(*_neither_claimed_nor_paid())
    )


def use_prepaid(session: Session, *, hospital_id: int, seller_id: int, moment: datetime) -> Decimal:
    """Pay open deliveries by what their seller was prepaid, the oldest first.

    Returns:
        How much was used.
    """
    account = Account(AccountKind.PREPAID_TO_SELLER, hospital_id, seller_id)
    left = balance(session, account=account, for_update=True)
    if left <= 0:
        return ZERO
    found = lock_open_goods(session, hospital_id=hospital_id, seller_id=seller_id)
    owed = [one for one in found if one.left > 0]
    parts = used_up(left, [one.left for one in owed])
    for one, part in zip(owed, parts, strict=True):
        if part:
            _clear(session, one.goods, part, moment)
    return sum(parts, ZERO)


def _clear(session: Session, goods: GoodsPayable, part: Decimal, moment: datetime) -> None:
    earlier = select(func.count()).where(PrepaymentClearing.goods_id == goods.id)
    new = NewPosting(
        kind=Event.PREPAYMENT_USED,
        key=f"goods/{goods.invoice_line_id}/prepaid/{session.scalar(earlier)}",
        subject=f"goods/{goods.id}",
        entries=prepayment_used(goods.hospital_id, goods.seller_id, part),
    )
    posting = post(session, new=new, actor=None, moment=moment)
    session.add(
        PrepaymentClearing(
            goods_id=goods.id,
            amount=part,
            cleared_on=day_in_china(moment),
            posting_id=posting.id,
        )
    )
    session.flush()
