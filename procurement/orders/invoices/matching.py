"""Comparing an invoice with orders and receipts, as often as they change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.orders.invoices.errors import InvoiceGoneError
from procurement.orders.invoices.goods import Goods, goods_for, invoiced_packs, lock_goods
from procurement.orders.invoices.kinds import InvoiceStatus
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
    if invoice.status == InvoiceStatus.WITHDRAWN:
        raise InvoiceGoneError
    lines = lines_in_order(session, invoice=invoice)
    if any(line.held_at is not None for line in lines):
        return invoice
    candidates = {line.id: _candidates(session, invoice, line) for line in lines}
    every = {goods.delivery_line_id: goods for some in candidates.values() for goods in some}
    lock_goods(session, delivery_line_ids=list(every))
    invoiced = invoiced_packs(
        session,
        receipt_line_ids=[one.receipt_line_id for one in every.values() if one.receipt_line_id],
        without=invoice.id,
    )
    outcomes = _compare(lines, candidates, invoiced)
    _note(invoice, outcomes)
    invoice.matched_at = moment
    session.flush()
    return invoice


def match_waiting(
    session: Session, *, hospital_id: int, seller_id: int | None = None, moment: datetime
) -> int:
    """Compare again what waits or differs, after goods were accepted or returned.

    Args:
        session: Session of the caller's transaction.
        hospital_id: Who accepted.
        seller_id: Of this seller alone.
        moment: Now.

    Returns:
        How many invoices agree now and did not before.
    """
    waiting = select(Invoice).where(
        Invoice.hospital_id == hospital_id,
        Invoice.status.in_((InvoiceStatus.SUBMITTED, InvoiceStatus.MISMATCHED)),
    )
    if seller_id is not None:
        waiting = waiting.where(Invoice.seller_id == seller_id)
    invoices = session.scalars(waiting.order_by(Invoice.id)).all()
    for invoice in invoices:
        match_invoice(session, invoice=invoice, moment=moment)
    return sum(invoice.status == InvoiceStatus.MATCHED for invoice in invoices)


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
        if outcome.goods is not None and not outcome.faults:
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
