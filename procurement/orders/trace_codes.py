"""Trace codes (追溯码): no single form, and no pack in two places.

The drug regulator's codes have 20 digits, firms have codes of their own, others follow GS1: only
what any of them could be is asked. Codes may be of packs or of cases that hold several.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.errors import FieldFault
from procurement.orders.errors import TraceCodeSeenError
from procurement.orders.states import TRACE_CODE_NAMES, TraceCodeStatus
from procurement.orders.tables import (
    TRACE_CODE_LENGTH_MAX,
    Delivery,
    DeliveryLine,
    PurchaseOrder,
    TraceCode,
)

_ELSEWHERE = (TraceCodeStatus.DELIVERED, TraceCodeStatus.ACCEPTED)
_CHUNK = 500
"""Codes asked for at once: SQLite bounds the parameters of a statement."""

_AT_ONCE = ("同时提交的另一次送货", "another delivery that was sent at the same moment")


def is_trace_code(code: str) -> bool:
    """Tell whether a text could be a trace code: printable ASCII without blanks, up to 64.

    Examples:
        >>> is_trace_code("81000000000000000001"), is_trace_code("(01)06901234567892(21)A1")
        (True, True)
        >>> is_trace_code(""), is_trace_code("8100 0000"), is_trace_code("８１")
        (False, False, False)
    """
    is_plain = code.isascii() and code.isprintable() and not any(one.isspace() for one in code)
    return is_plain and 0 < len(code) <= TRACE_CODE_LENGTH_MAX


def code_faults(codes_by_place: Mapping[str, Sequence[str]]) -> list[FieldFault]:
    """Find codes without a possible form, and codes given twice within one delivery.

    Args:
        codes_by_place: Codes by the field that holds them.
    """
    faults: list[FieldFault] = []
    seen: dict[str, str] = {}
    for place, codes in codes_by_place.items():
        for code in codes:
            if not is_trace_code(code):
                zh = f"“{code[:80]}”不是追溯码：应为 1 至 64 个可见字符，不含空格。"
                en = f"“{code[:80]}” is no trace code: expected 1 to 64 visible characters."
                faults.append(FieldFault(place, zh, en))
            elif code in seen:
                zh, en = f"追溯码 {code} 重复填写。", f"Trace code {code} is given twice."
                faults.append(FieldFault(place, zh, en))
            seen[code] = place
    return faults


def seen_before(
    session: Session, *, codes: Iterable[str], order: PurchaseOrder
) -> dict[str, tuple[str, str]]:
    """Say of codes where their packs are already, in Chinese and English.

    Codes of packs that were refused or returned may be delivered again. The distributor of another
    order, or the hospital it went to, is not named to this one.

    Args:
        session: Any session.
        codes: Of packs that are to be shipped.
        order: For which order, so that its own deliveries are named.
    """
    found: dict[str, tuple[str, str]] = {}
    for row, delivery, owner in _places(session, codes):
        if row.status not in _ELSEWHERE:
            continue
        status = TRACE_CODE_NAMES[TraceCodeStatus(row.status)]
        if order.distributor_id == delivery.distributor_id:
            zh = f"随货同行单 {delivery.note_number}（订单 {owner.number}），{status[0]}"
            en = f"delivery note {delivery.note_number} of order {owner.number}, {status[1]}"
        else:
            zh, en = f"另一配送企业的送货，{status[0]}", f"another distributor's, {status[1]}"
        found[row.code] = (zh, en)
    return found


def _places(
    session: Session, codes: Iterable[str]
) -> Iterable[tuple[TraceCode, Delivery, PurchaseOrder]]:
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), _CHUNK):
        rows = session.execute(
            select(TraceCode, Delivery, PurchaseOrder)
            .join(DeliveryLine, DeliveryLine.id == TraceCode.delivery_line_id)
            .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
            .join(PurchaseOrder, PurchaseOrder.id == Delivery.order_id)
            .where(TraceCode.code.in_(wanted[start : start + _CHUNK]))
        )
        yield from ((row, delivery, order) for row, delivery, order in rows)


def put_on_their_way(
    session: Session, *, line: DeliveryLine, codes: Sequence[str], moment: datetime
) -> None:
    """Store that packs with codes were shipped; those that came back are on their way again.

    Raises:
        TraceCodeSeenError: Another delivery of the same pack was stored a moment before.
    """
    known: dict[str, TraceCode] = {}
    for start in range(0, len(codes), _CHUNK):
        held = select(TraceCode).where(TraceCode.code.in_(codes[start : start + _CHUNK]))
        rows = session.scalars(
            held.order_by(TraceCode.code)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        known |= {one.code: one for one in rows}
    for code, row in known.items():
        if row.status in _ELSEWHERE:
            raise TraceCodeSeenError(code, *_AT_ONCE)
    for code in codes:
        row = known.get(code) or TraceCode(code=code)
        row.delivery_line_id, row.status = line.id, TraceCodeStatus.DELIVERED
        row.since = moment
        session.add(row)
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        raise TraceCodeSeenError(codes[0], *_AT_ONCE) from error


def codes_of(session: Session, *, line_ids: Sequence[int]) -> dict[int, list[TraceCode]]:
    """Return the trace codes of delivery lines, by line."""
    found: dict[int, list[TraceCode]] = {one: [] for one in line_ids}
    for start in range(0, len(line_ids), _CHUNK):
        rows = session.scalars(
            select(TraceCode)
            .where(TraceCode.delivery_line_id.in_(line_ids[start : start + _CHUNK]))
            .order_by(TraceCode.code)
        )
        for row in rows:
            found[row.delivery_line_id].append(row)
    return found


def settle_codes(
    rows: Iterable[TraceCode], *, away: Iterable[str], status: TraceCodeStatus, moment: datetime
) -> None:
    """Set codes of a line that went away to a status; others of a delivery are accepted.

    Args:
        rows: Codes of the line.
        away: Those that were refused or returned.
        status: Of those.
        moment: When.
    """
    gone = set(away)
    for row in rows:
        row.status = status if row.code in gone else TraceCodeStatus.ACCEPTED
        row.since = moment
