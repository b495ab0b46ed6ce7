"""A hospital sends accepted goods back (退货)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.orders.changing import lock_order, note, require_reason
from procurement.orders.purchases.of_orders import Bought, record_of_order
from procurement.orders.states import PurchaseSource, TraceCodeStatus
from procurement.orders.tables import GoodsReturn, PurchaseOrder, ReceiptLine, TraceCode
from procurement.orders.trace_codes import codes_of
from procurement.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What goes back of one batch.

    Attributes:
        packs: How many.
        reason: Why, for distributor and manufacturer.
        returned_on: Day in China.
        trace_codes: Of the packs, where they bear any; where every pack does, of exactly these,
            unless all that is left goes back.
    """

    packs: int
    reason: str
    returned_on: date
    trace_codes: tuple[str, ...] = ()


def returned_of(session: Session, *, receipt_line_id: int) -> int:
    """Return how many packs of a receipt's line went back."""
    total = select(func.sum(GoodsReturn.packs)).where(
        GoodsReturn.receipt_line_id == receipt_line_id
    )
    return int(session.scalar(total) or 0)


def return_goods(
    session: Session,
    *,
    receipt_line: ReceiptLine,
    given: Returned,
    actor: Actor,
    moment: datetime,
) -> GoodsReturn:
    """Send accepted packs of one batch back, as the hospital.

    The order stays as it is; what was bought becomes less by a purchase line below zero.

    Args:
        session: Session of the caller's transaction.
        receipt_line: What was accepted.
        given: What goes back.
        actor: Of the hospital.
        moment: When, aware.

    Raises:
        InvalidInputError: More than was accepted and is still there, a day that cannot be, no
            reason, codes of other packs.
    """
    text = require_reason(given.reason)
    order = receipt_line.receipt.delivery.order
    lock_order(session, order=order)
    line = receipt_line.delivery_line
    session.refresh(line)
    codes = codes_of(session, line_ids=[line.id])[line.id]
    left = receipt_line.accepted_packs - returned_of(session, receipt_line_id=receipt_line.id)
    there = [one for one in codes if one.status == TraceCodeStatus.ACCEPTED]
    faults = [
        *_pack_faults(left, given.packs),
        *_day_faults(receipt_line, given.returned_on, moment),
        *_code_faults(given, there, left),
    ]
    if faults:
        raise InvalidInputError(faults)
    row = GoodsReturn(
        receipt_line_id=receipt_line.id,
        packs=given.packs,
        reason=text,
        returned_on=given.returned_on,
        returned_by=actor.person_id,
        returned_at=moment,
    )
    session.add(row)
    line.order_line.returned_packs += given.packs
    _send_back(there, given, moment, is_all=given.packs == left)
    session.flush()
    record_of_order(
        session,
        order=order,
        line=line.order_line,
        bought=Bought(
            packs=-given.packs,
            received_on=given.returned_on,
            source=PurchaseSource.RETURN,
            source_id=row.id,
            receipt_line_id=receipt_line.id,
        ),
        moment=moment,
    )
    _tell(session, order, row, actor, moment)
    return row


def _send_back(
    there: Sequence[TraceCode], given: Returned, moment: datetime, *, is_all: bool
) -> None:
    """Mark the packs that go back; of a batch that does altogether every one, named or not."""
    for code in there:
        if is_all or code.code in given.trace_codes:
            code.status, code.since = TraceCodeStatus.RETURNED, moment


def _pack_faults(left: int, packs: int) -> Iterator[FieldFault]:
    if not 1 <= packs <= left:
        zh = f"须为 1 至 {left:,}：入库后尚未退货的数量。"
        en = f"Expected 1 to {left:,}: what was accepted and has not gone back."
        yield FieldFault("packs", zh, en)


def _day_faults(row: ReceiptLine, returned_on: date, moment: datetime) -> Iterator[FieldFault]:
    first, today = row.receipt.received_on, day_in_china(moment)
    if not first <= returned_on <= today:
        zh = f"退货日期须在验收日 {first} 与今天 {today} 之间。"
        en = f"Expected a day from {first}, when it was accepted, to today, {today}."
        yield FieldFault("returned_on", zh, en)


def _code_faults(given: Returned, there: Sequence[TraceCode], left: int) -> Iterator[FieldFault]:
    wanted = set(given.trace_codes)
    for code in sorted(wanted - {one.code for one in there}):
        zh = f"本批次入库的药品中没有追溯码 {code[:80]}。"
        en = f"No accepted pack of this batch has trace code {code[:80]}."
        yield FieldFault("trace_codes", zh, en)
    if len(wanted) > max(given.packs, 0):
        zh, en = "追溯码多于退货数量。", "More trace codes than packs that go back."
        yield FieldFault("trace_codes", zh, en)
    # With a code on every pack it is known which packs go back; else they were blocked for ever.
    elif 0 < given.packs < left == len(there) and len(wanted) != given.packs:
        zh = f"请注明退货的 {given.packs:,} 盒的追溯码。"
        en = f"Name the trace codes of the {given.packs:,} packs that go back."
        yield FieldFault("trace_codes", zh, en)


def _tell(
    session: Session, order: PurchaseOrder, row: GoodsReturn, actor: Actor, moment: datetime
) -> None:
    note(
        session,
        order,
        actor=actor,
        action="return-goods",
        moment=moment,
        packs=str(row.packs),
    )
    for organisation_id in sorted({order.distributor_id, order.organisation_id}):
        notify(
            session,
            organisation_id=organisation_id,
            zh=f"订单 {order.number} 退货 {row.packs:,} 盒：{row.reason}",
            en=f"{row.packs:,} packs of order {order.number} go back: {row.reason}",
            link=f"/orders/{order.id}",
            moment=moment,
        )
