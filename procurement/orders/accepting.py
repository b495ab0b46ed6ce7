"""The hospital accepts a delivery: all, a part, or nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.errors import InvalidInputError
from procurement.notices import notify
from procurement.orders.acceptance_checks import AcceptedLine, acceptance_faults
from procurement.orders.changing import close_if_done, lock_order, note
from procurement.orders.invoices.matching import lock_waiting, match_locked
from procurement.orders.invoices.tables import Invoice
from procurement.orders.movements.deliveries import settle_delivery
from procurement.orders.numbers import hold_hospital
from procurement.orders.purchases.of_orders import Bought, record_of_order
from procurement.orders.states import (
    DeliveryStatus,
    PurchaseSource,
    TraceCodeStatus,
    check_delivery,
)
from procurement.orders.tables import (
    Delivery,
    DeliveryLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    TraceCode,
)
from procurement.orders.trace_codes import codes_of, settle_codes
from procurement.permissions import Actor

__all__ = ["AcceptedLine", "accept"]


@dataclass(frozen=True, slots=True)
class _Acceptance:
    """One receipt as it is written."""

    order: PurchaseOrder
    delivery: Delivery
    receipt: Receipt
    moment: datetime


def accept(
    session: Session,
    *,
    delivery: Delivery,
    lines: Sequence[AcceptedLine],
    received_on: date,
    actor: Actor,
    moment: datetime,
) -> Receipt:
    """Accept or refuse every batch of a delivery, as the hospital.

    Packs that are refused are open again: they can be shipped anew, or cancelled.

    Args:
        session: Session of the caller's transaction.
        delivery: On its way.
        lines: For each batch, how much is accepted and how much is refused.
        received_on: Day in China on which the goods came in.
        actor: Of the hospital.
        moment: When, aware.

    Returns:
        The receipt; what was accepted is recorded as bought.

    Raises:
        InvalidInputError: With every fault: a batch left out, parts that are not the whole, no
            reason for a refusal, a day that cannot be, goods past their last day.
        WrongStateError: It is accepted or refused already.
    """
    order = delivery.order
    waiting = _hold(session, delivery)
    status = _status(delivery, lines)
    check_delivery(DeliveryStatus(delivery.status), status)
    codes = codes_of(session, line_ids=[line.id for line in delivery.lines])
    faults = acceptance_faults(
        delivery=delivery, lines=lines, codes=codes, received_on=received_on, moment=moment
    )
    if faults:
        raise InvalidInputError(faults)
    receipt = Receipt(
        delivery_id=delivery.id,
        hospital_id=order.hospital_id,
        received_on=received_on,
        accepted_by=actor.person_id,
        accepted_at=moment,
    )
    session.add(receipt)
    session.flush()
    acceptance = _Acceptance(order, delivery, receipt, moment)
    by_id = {line.id: line for line in delivery.lines}
    for given in lines:
        _take_in(session, acceptance, by_id[given.delivery_line_id], given)
        own = codes[given.delivery_line_id]
        away = _refused_codes(given, own)
        settle_codes(own, away=away, status=TraceCodeStatus.REFUSED, moment=moment)
    delivery.status, delivery.arrived_at = status, moment
    close_if_done(order, moment=moment)
    _tell(session, acceptance, lines, actor)
    # The hospital's own stock may have told of these goods before.
    settle_delivery(session, delivery=delivery, moment=moment)
    # Invoices that came with the goods waited for this.
    match_locked(session, invoices=waiting, moment=moment)
    session.refresh(receipt)
    return receipt


def _hold(session: Session, delivery: Delivery) -> list[Invoice]:
    """Take every lock before anything is changed or recorded, in the same order as everywhere.

    The order's lock also keeps two people from accepting one delivery at once.

    Returns:
        The invoices that wait for the goods.
    """
    lock_order(session, order=delivery.order)
    session.refresh(delivery)
    hold_hospital(session, hospital_id=delivery.order.hospital_id)
    waiting = lock_waiting(session, delivery=delivery)
    for line in delivery.lines:
        session.refresh(line)
    return waiting


def _status(delivery: Delivery, lines: Sequence[AcceptedLine]) -> DeliveryStatus:
    accepted = sum(line.accepted for line in lines)
    if not accepted:
        return DeliveryStatus.REFUSED
    packs = sum(line.packs for line in delivery.lines)
    return DeliveryStatus.ACCEPTED if accepted == packs else DeliveryStatus.PARTLY_ACCEPTED


def _refused_codes(given: AcceptedLine, codes: Sequence[TraceCode]) -> Sequence[str]:
    """Codes of the packs that go back: all of them, where nothing is accepted."""
    return given.refused_codes if given.accepted else [one.code for one in codes]


def _take_in(
    session: Session, acceptance: _Acceptance, line: DeliveryLine, given: AcceptedLine
) -> None:
    order, order_line = acceptance.order, line.order_line
    line.accepted_packs, line.refused_packs = given.accepted, given.refused
    line.refusal_reason = given.reason.strip() or None
    order_line.accepted_packs += given.accepted
    order_line.shipped_packs -= given.refused
    row = ReceiptLine(
        receipt_id=acceptance.receipt.id,
        delivery_line_id=line.id,
        accepted_packs=given.accepted,
        refused_packs=given.refused,
        reason=line.refusal_reason,
    )
    session.add(row)
    session.flush()
    if given.accepted:
        record_of_order(
            session,
            order=order,
            line=order_line,
            bought=Bought(
                packs=given.accepted,
                received_on=acceptance.receipt.received_on,
                source=PurchaseSource.RECEIPT,
                source_id=row.id,
            ),
            moment=acceptance.moment,
        )


def _tell(
    session: Session, acceptance: _Acceptance, lines: Sequence[AcceptedLine], actor: Actor
) -> None:
    order, number = acceptance.order, acceptance.delivery.note_number
    accepted, refused = sum(one.accepted for one in lines), sum(one.refused for one in lines)
    note(
        session,
        order,
        actor=actor,
        action="accept-delivery",
        moment=acceptance.moment,
        note=number,
        accepted=str(accepted),
        refused=str(refused),
    )
    for organisation_id in sorted({order.distributor_id, order.organisation_id}):
        notify(
            session,
            organisation_id=organisation_id,
            zh=f"订单 {order.number} 的随货同行单 {number} 已验收：入库 {accepted:,} 盒，"
            f"拒收 {refused:,} 盒。",
            en=f"Delivery note {number} of order {order.number}: {accepted:,} packs accepted, "
            f"{refused:,} refused.",
            link=f"/orders/{order.id}",
            moment=acceptance.moment,
        )
