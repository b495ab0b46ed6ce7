"""Comparing an invoice with orders and receipts, as often as they change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from procurement.orders.invoices.errors import InvoiceGoneError
from procurement.orders.invoices.goods import Goods, goods_for, invoiced_packs, lock_goods
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.locking import lock_invoices
from procurement.orders.invoices.rules import (
    FaultKind,
    Invoiced,
    MatchFault,
    is_waiting,
    line_faults,
    same_product,
    total_fault,
)
from procurement.orders.invoices.tables import FAULT_LENGTH_MAX, Invoice, InvoiceLine
from procurement.orders.tables import Delivery, DeliveryLine, ReceiptLine

_UNKNOWN = MatchFault(
    FaultKind.UNKNOWN,
    "没有找到对应的订单和配送：请核对订单号、随货单号或验收记录。",
    "No delivery fits: check the numbers of the order and of the delivery note.",
)
_SEVERAL = MatchFault(
    FaultKind.SEVERAL,
    "有多次配送可能对应：请写明随货单号，或选择验收记录。",
    "Several deliveries fit: name the delivery note, or the line of the receipt.",
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a line came to."""

    line: InvoiceLine
    goods: Goods | None
    faults: tuple[MatchFault, ...]


def lines_in_order(session: Session, *, invoice: Invoice) -> list[InvoiceLine]:
    """Return the lines of an invoice."""
    lines = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)
    return list(session.scalars(lines.order_by(InvoiceLine.number)))


def match_invoice(session: Session, *, invoice: Invoice, moment: datetime) -> Invoice:
    """Compare an invoice with what was ordered, accepted and returned until now.

    An invoice on which a payment rests stays as it is: what changes then needs a red invoice.

    Args:
        session: Session of the caller's transaction.
        invoice: The invoice.
        moment: Now.

    Raises:
        InvoiceGoneError: It was withdrawn.
    """
    lock_invoices(session, [invoice.id])
    if invoice.status == InvoiceStatus.WITHDRAWN:
        raise InvoiceGoneError
    match_locked(session, invoices=[invoice], moment=moment)
    return invoice


def lock_waiting(session: Session, *, delivery: Delivery) -> list[Invoice]:
    """Lock the invoices that wait for a delivery or differ from its order, and all their goods.

    The first thing to be done after the order's lock, before anything is changed: whoever compares
    one of these invoices at the same moment waits, and nobody waits for each other.

    Args:
        session: Session of the caller's transaction, which has locked the order.
        delivery: What is accepted or refused.

    Returns:
        By id: for `match_locked`, once the goods are accepted.
    """
    waiting = select(Invoice.id).where(
        Invoice.hospital_id == delivery.order.hospital_id,
        Invoice.seller_id == delivery.distributor_id,
        Invoice.status.in_(_WAITING),
        Invoice.id.in_(select(InvoiceLine.invoice_id).where(_names(delivery))),
    )
    locked = lock_invoices(session, session.scalars(waiting).all())
    invoices = [one for one in locked if one.status in _WAITING]
    own = session.scalars(select(DeliveryLine.id).where(DeliveryLine.delivery_id == delivery.id))
    goods = {one for invoice in invoices for one in _goods_of(session, invoice)}
    lock_goods(session, delivery_line_ids=[*goods, *own])
    return invoices


def match_locked(session: Session, *, invoices: Sequence[Invoice], moment: datetime) -> None:
    """Compare invoices that are locked; see `match_invoice`.

    The goods of all of them are locked at once, in the order of their ids.

    Args:
        session: Session of the caller's transaction.
        invoices: New ones, or as `lock_invoices` gave them; none is withdrawn.
        moment: Now.
    """
    goods = {one for invoice in invoices for one in _goods_of(session, invoice)}
    lock_goods(session, delivery_line_ids=goods)
    for invoice in invoices:
        _match(session, invoice, moment)


_WAITING = (InvoiceStatus.SUBMITTED, InvoiceStatus.MISMATCHED)


def _names(delivery: Delivery) -> ColumnElement[bool]:
    """Tell whether a line is for a delivery, or for another of the same order."""
    of_order = (
        select(ReceiptLine.id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .where(Delivery.order_id == delivery.order_id)
    )
    return or_(
        InvoiceLine.order_number == delivery.order.number,
        and_(InvoiceLine.order_number == "", InvoiceLine.note_number == delivery.note_number),
        InvoiceLine.receipt_line_id.in_(of_order),
    )


def _goods_of(session: Session, invoice: Invoice) -> list[int]:
    return [
        goods.delivery_line_id
        for line in lines_in_order(session, invoice=invoice)
        for goods in _candidates(session, invoice, line)
    ]


def _match(session: Session, invoice: Invoice, moment: datetime) -> None:
    lines = lines_in_order(session, invoice=invoice)
    if any(line.held_at is not None for line in lines):
        return
    candidates = {line.id: _candidates(session, invoice, line) for line in lines}
    receipts = {
        goods.receipt_line_id
        for some in candidates.values()
        for goods in some
        if goods.receipt_line_id is not None
    }
    invoiced = invoiced_packs(session, receipt_line_ids=receipts, without=invoice.id)
    _note(invoice, _compare(lines, candidates, invoiced))
    invoice.matched_at = moment
    session.flush()


def _candidates(session: Session, invoice: Invoice, line: InvoiceLine) -> list[Goods]:
    if line.receipt_line_id is None and not line.order_number and not line.note_number:
        return []
    found = goods_for(
        session,
        seller_id=invoice.seller_id,
        hospital_id=invoice.hospital_id,
        receipt_line_id=line.receipt_line_id,
        order_number=line.order_number,
        note_number=line.note_number,
    )
    named = [
        goods
        for goods in found
        if same_product(line.product, ordered=goods.product, generic_name=goods.generic_name)
    ]
    return named or found


def _compare(
    lines: Sequence[InvoiceLine],
    candidates: Mapping[int, Sequence[Goods]],
    invoiced: Mapping[int, int],
) -> list[_Outcome]:
    # Lines of the same invoice may be for the same goods: each uses up what it invoices.
    used = dict(invoiced)
    outcomes = []
    for line in lines:
        goods = _chosen(candidates[line.id], line.packs, used)
        if isinstance(goods, MatchFault):
            outcomes.append(_Outcome(line, None, (goods,)))
            continue
        before = used.get(goods.receipt_line_id or 0, 0)
        printed = Invoiced(line.product, line.packs, line.pack_price, line.amount)
        faults = line_faults(printed, goods.received(invoiced=before))
        if not faults and goods.receipt_line_id is not None:
            used[goods.receipt_line_id] = before + line.packs
        outcomes.append(_Outcome(line, goods, faults))
    return outcomes


def _chosen(some: Sequence[Goods], packs: int, used: Mapping[int, int]) -> Goods | MatchFault:
    """The goods that a line is for: the only ones, else those whose packs fit it alone."""
    if not some:
        return _UNKNOWN
    if len(some) == 1:
        return some[0]

    def left(goods: Goods) -> int:
        invoiced = used.get(goods.receipt_line_id or 0, 0)
        if packs < 0:
            return invoiced
        most = goods.shipped if goods.receipt_line_id is None else goods.accepted - goods.returned
        return most - invoiced

    exact = [goods for goods in some if left(goods) == abs(packs)]
    if exact:
        # Batches of the same order that are alike in every respect: any of them.
        return exact[0]
    enough = [goods for goods in some if left(goods) >= abs(packs)]
    return enough[0] if len(enough) == 1 else _SEVERAL


def _note(invoice: Invoice, outcomes: Sequence[_Outcome]) -> None:
    for outcome in outcomes:
        line = outcome.line
        line.fault_zh, line.fault_en = _joined(outcome.faults)
        if outcome.goods is None:
            line.receipt_line_id = None
        elif not outcome.faults:
            line.receipt_line_id = outcome.goods.receipt_line_id
    whole = total_fault([outcome.line.amount for outcome in outcomes], invoice.amount)
    invoice.fault_zh, invoice.fault_en = _joined(() if whole is None else (whole,))
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    if whole is None and not faults:
        invoice.status = InvoiceStatus.MATCHED
    elif whole is None and is_waiting(faults):
        invoice.status = InvoiceStatus.SUBMITTED
    else:
        invoice.status = InvoiceStatus.MISMATCHED


def _joined(faults: Sequence[MatchFault]) -> tuple[str | None, str | None]:
    if not faults:
        return None, None
    zh = "".join(fault.zh for fault in faults)
    en = " ".join(fault.en for fault in faults)
    return zh[:FAULT_LENGTH_MAX], en[:FAULT_LENGTH_MAX]
