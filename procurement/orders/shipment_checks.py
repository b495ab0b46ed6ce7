"""What is wrong with a shipment: every fault at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault
from procurement.orders.tables import NUMBER_LENGTH_MAX, Delivery, OrderLine, PurchaseOrder
from procurement.orders.trace_codes import code_faults, seen_before

BATCHES_MAX = 2_000
"""Batches of one delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedLine:
    """One batch of a product that is shipped.

    Attributes:
        order_line_id: The line of the order.
        packs: How many.
        batch_number: As printed (批号).
        expires_on: Last day on which it may be used.
        manufactured_on: Day of making, where it is known.
        trace_codes: Of packs or cases; empty for goods that bear none.
    """

    order_line_id: int
    packs: int
    batch_number: str
    expires_on: date
    manufactured_on: date | None = None
    trace_codes: tuple[str, ...] = ()


def shipment_faults(
    session: Session,
    *,
    order: PurchaseOrder,
    note_number: str,
    lines: Sequence[ShippedLine],
    day: date,
) -> list[FieldFault]:
    """Find all that is wrong with a shipment.

    Args:
        session: Any session.
        order: An order that is held for this.
        note_number: Of the delivery note.
        lines: Its batches.
        day: Of shipping, in China.
    """
    return [
        *_note_faults(session, order, note_number),
        *_number_faults(lines),
        *(fault for place, line in _placed(lines) for fault in _batch_faults(place, line, day)),
        *_open_faults(order, lines),
        *_code_faults(session, order, lines),
    ]


def _placed(lines: Sequence[ShippedLine]) -> Iterator[tuple[str, ShippedLine]]:
    return ((f"lines.{number}", line) for number, line in enumerate(lines, start=1))


def _note_faults(session: Session, order: PurchaseOrder, note_number: str) -> Iterator[FieldFault]:
    if not 0 < len(note_number) <= NUMBER_LENGTH_MAX:
        zh = f"请填写随货同行单号（不超过 {NUMBER_LENGTH_MAX} 字）。"
        en = f"Expected the delivery note's number, at most {NUMBER_LENGTH_MAX} characters."
        yield FieldFault("note_number", zh, en)
    known = select(Delivery.id).where(
        Delivery.distributor_id == order.distributor_id, Delivery.note_number == note_number
    )
    if session.scalar(known) is not None:
        zh = "该随货同行单号已使用过。"
        en = "A delivery with this delivery note's number exists already."
        yield FieldFault("note_number", zh, en)


def _number_faults(lines: Sequence[ShippedLine]) -> Iterator[FieldFault]:
    if not 1 <= len(lines) <= BATCHES_MAX:
        zh, en = f"须有 1 至 {BATCHES_MAX} 行。", f"Expected 1 to {BATCHES_MAX} lines."
        yield FieldFault("lines", zh, en)


def _batch_faults(place: str, line: ShippedLine, day: date) -> Iterator[FieldFault]:
    if line.packs < 1:
        zh, en = "须为不小于 1 的整数。", "Expected a whole number from 1."
        yield FieldFault(f"{place}.packs", zh, en)
    if not 0 < len(line.batch_number.strip()) <= NUMBER_LENGTH_MAX:
        zh = f"请填写批号（不超过 {NUMBER_LENGTH_MAX} 字）。"
        en = f"Expected the batch number, at most {NUMBER_LENGTH_MAX} characters."
        yield FieldFault(f"{place}.batch_number", zh, en)
    if line.expires_on < day:
        zh, en = f"药品已于 {line.expires_on} 过期。", f"These goods expired on {line.expires_on}."
        yield FieldFault(f"{place}.expires_on", zh, en)
    made = line.manufactured_on
    if made is not None and (made > day or made >= line.expires_on):
        zh = "生产日期不能晚于今天，也不能晚于有效期。"
        en = "The day of making lies after today, or after the last day of use."
        yield FieldFault(f"{place}.manufactured_on", zh, en)
    if 1 <= line.packs < len(line.trace_codes):
        zh = f"{line.packs:,} 盒却有 {len(line.trace_codes):,} 个追溯码。"
        en = f"{len(line.trace_codes):,} trace codes for {line.packs:,} packs."
        yield FieldFault(f"{place}.trace_codes", zh, en)


def _open_faults(order: PurchaseOrder, lines: Sequence[ShippedLine]) -> Iterator[FieldFault]:
    """Batches of no line of the order, and more packs than are open; batches are added up."""
    by_id: dict[int, OrderLine] = {line.id: line for line in order.lines}
    sent: dict[int, int] = {}
    for place, line in _placed(lines):
        known = by_id.get(line.order_line_id)
        if known is None:
            zh, en = "订单中没有这一行。", "The order has no such line."
            yield FieldFault(f"{place}.order_line_id", zh, en)
            continue
        sent[known.id] = sent.get(known.id, 0) + max(line.packs, 0)
        if sent[known.id] > known.unshipped_packs:
            zh = f"超出订单：本行未发货的只有 {known.unshipped_packs:,} 盒。"
            en = f"Beyond the order: only {known.unshipped_packs:,} packs of it are not shipped."
            yield FieldFault(f"{place}.packs", zh, en)


def _code_faults(
    session: Session, order: PurchaseOrder, lines: Sequence[ShippedLine]
) -> Iterator[FieldFault]:
    by_place = {f"{place}.trace_codes": line.trace_codes for place, line in _placed(lines)}
    yield from code_faults(by_place)
    codes = [code for line in lines for code in line.trace_codes]
    seen = seen_before(session, codes=codes, order=order)
    for place, own in by_place.items():
        for code in own:
            if code in seen:
                zh, en = seen[code]
                yield FieldFault(
                    place, f"追溯码 {code} 已出现过：{zh}。", f"Trace code {code} was seen: {en}."
                )
