"""What is wrong with an acceptance: every fault at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from procurement.china_days import day_in_china
from procurement.errors import FieldFault
from procurement.orders.tables import REASON_LENGTH_MAX, Delivery, DeliveryLine, TraceCode


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedLine:
    """What is said of one batch of a delivery.

    Attributes:
        delivery_line_id: The batch.
        accepted: Packs that are taken.
        refused: Packs that go back.
        reason: Why they do; empty where none does.
        refused_codes: Trace codes of those packs, where only a part of the batch is refused.
    """

    delivery_line_id: int
    accepted: int
    refused: int
    reason: str = ""
    refused_codes: tuple[str, ...] = ()


def acceptance_faults(
    *,
    delivery: Delivery,
    lines: Sequence[AcceptedLine],
    codes: Mapping[int, Sequence[TraceCode]],
    received_on: date,
    moment: datetime,
) -> list[FieldFault]:
    """Find all that is wrong with an acceptance.

    Args:
        delivery: The delivery, held for this.
        lines: What is said of its batches.
        codes: The trace codes of each batch.
        received_on: Day in China on which the goods came in.
        moment: Now.
    """
    by_id = {line.id: line for line in delivery.lines}
    faults = list(_day_faults(delivery, received_on, moment))
    faults += _cover_faults(by_id, lines)
    for given in lines:
        line = by_id.get(given.delivery_line_id)
        if line is None:
            zh, en = "送货单中没有这一行。", "The delivery has no such line."
            faults.append(FieldFault(f"lines.{given.delivery_line_id}", zh, en))
            continue
        faults += _line_faults(line, given, received_on)
        faults += _code_faults(given, [one.code for one in codes[line.id]], line)
    return faults


def _day_faults(delivery: Delivery, received_on: date, moment: datetime) -> Iterator[FieldFault]:
    shipped_on, today = day_in_china(delivery.shipped_at), day_in_china(moment)
    if not shipped_on <= received_on <= today:
        zh = f"验收日期须在发货日 {shipped_on} 与今天 {today} 之间。"
        en = f"Expected a day from {shipped_on}, when it was shipped, to today, {today}."
        yield FieldFault("received_on", zh, en)


def _cover_faults(
    by_id: Mapping[int, DeliveryLine], lines: Sequence[AcceptedLine]
) -> Iterator[FieldFault]:
    """Every batch is said something of, once."""
    named = [line.delivery_line_id for line in lines]
    for line_id in by_id:
        if named.count(line_id) != 1:
            zh, en = "每一行须填写一次。", "Expected each line once."
            yield FieldFault(f"lines.{line_id}", zh, en)


def _line_faults(
    line: DeliveryLine, given: AcceptedLine, received_on: date
) -> Iterator[FieldFault]:
    place = f"lines.{line.id}"
    if given.accepted < 0 or given.refused < 0 or given.accepted + given.refused != line.packs:
        zh = f"入库与拒收之和须为 {line.packs:,} 盒，且均不小于 0。"
        en = f"Accepted and refused packs must add up to {line.packs:,}, neither below 0."
        yield FieldFault(f"{place}.accepted", zh, en)
    if given.accepted > 0 and line.expires_on < received_on:
        zh = f"该批次已于 {line.expires_on} 过期，只能拒收。"
        en = f"This batch expired on {line.expires_on}: it can only be refused."
        yield FieldFault(f"{place}.accepted", zh, en)
    if given.refused > 0 and not 0 < len(given.reason.strip()) <= REASON_LENGTH_MAX:
        zh = f"拒收须写明原因（不超过 {REASON_LENGTH_MAX} 字）。"
        en = f"Say why packs are refused, in at most {REASON_LENGTH_MAX} characters."
        yield FieldFault(f"{place}.reason", zh, en)


def _code_faults(
    given: AcceptedLine, codes: Sequence[str], line: DeliveryLine
) -> Iterator[FieldFault]:
    place = f"lines.{line.id}.refused_codes"
    for code in sorted(set(given.refused_codes) - set(codes)):
        zh, en = f"该批次没有追溯码 {code[:80]}。", f"The batch has no trace code {code[:80]}."
        yield FieldFault(place, zh, en)
    is_part = given.accepted > 0 and given.refused > 0
    # With a code on every pack it is known which packs go back.
    if is_part and len(codes) == line.packs and len(set(given.refused_codes)) != given.refused:
        zh = f"请注明拒收的 {given.refused:,} 盒的追溯码。"
        en = f"Name the trace codes of the {given.refused:,} packs that are refused."
        yield FieldFault(place, zh, en)
    if given.refused_codes and not given.refused:
        zh, en = "没有拒收，不应填写追溯码。", "Nothing is refused: name no trace code."
        yield FieldFault(place, zh, en)
