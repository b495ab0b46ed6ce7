"""Payments for goods, by the agreement under which they were ordered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.database import Money
from procurement.orders.invoices.tables import InvoiceLine
from procurement.orders.tables import DeliveryLine, OrderLine, PurchaseOrder, ReceiptLine
from procurement.payments.reading.settled import ZERO, money_sum
from procurement.payments.states import ClaimStatus, InstructionStatus
from procurement.payments.tables import (
    Claim,
    ClaimLine,
    GoodsPayable,
    HospitalPayment,
    HospitalPaymentLine,
    PaymentInstruction,
    PrepaymentClearing,
)
from procurement.publication.ocds.reading_bids import party
from procurement.publication.ocds.rules.facts import PaymentFacts

CLEARED, CLAIMED, BY_HOSPITAL = "prepaid", "claim", "hospital"
"""How it was paid: out of a prepayment, by direct settlement, by the hospital itself."""


@dataclass(frozen=True, slots=True)
class Sum:
    """How much is paid under an agreement.

    Attributes:
        payments: Number of payments.
        amount: Yuan.
    """

    payments: int
    amount: Decimal


def payments_by_agreement() -> Subquery:
    """Return what one payment paid of the goods of one agreement.

    The columns are ``agreement_id``, ``way``, ``source_id``, ``paid_on``, ``payer_id``,
    ``payee_id`` and ``amount``. The parts are those of `procurement.payments.reading.settled`,
    with who paid them.
    """
    parts = union_all(_claimed(), _by_hospital(), _cleared()).subquery("paid_part")
    keys = [
        PurchaseOrder.agreement_id,
        parts.c.way,
        parts.c.source_id,
        parts.c.paid_on,
        parts.c.payer_id,
        parts.c.payee_id,
    ]
    return (
        select(*keys, money_sum(parts.c.amount).label("amount"))
        .join(GoodsPayable, GoodsPayable.id == parts.c.goods_id)
        .join(InvoiceLine, InvoiceLine.id == GoodsPayable.invoice_line_id)
        .join(ReceiptLine, ReceiptLine.id == InvoiceLine.receipt_line_id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .where(PurchaseOrder.agreement_id.is_not(None))
        .group_by(*keys)
        .subquery("paid")
    )


def _claimed() -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(CLAIMED).label("way"),
            PaymentInstruction.id.label("source_id"),
            ClaimLine.goods_id.label("goods_id"),
            PaymentInstruction.paid_on.label("paid_on"),
            PaymentInstruction.agency_id.label("payer_id"),
            PaymentInstruction.payee_id.label("payee_id"),
            ClaimLine.amount.label("amount"),
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(PaymentInstruction, PaymentInstruction.id == Claim.instruction_id)
        .where(
            ClaimLine.live_goods_id.is_not(None),
            Claim.status == ClaimStatus.PAID,
            PaymentInstruction.status == InstructionStatus.PAID,
            PaymentInstruction.paid_on.is_not(None),
        )
    )


def _by_hospital() -> Select[*tuple[Any, ...]]:
    cleared = (
        select(PrepaymentClearing.goods_id, func.sum(PrepaymentClearing.amount).label("amount"))
        .group_by(PrepaymentClearing.goods_id)
        .subquery("cleared_before")
    )
    left = GoodsPayable.amount - func.coalesce(cleared.c.amount, ZERO)
    return (
        select(
            literal(BY_HOSPITAL),
            HospitalPayment.id,
            HospitalPaymentLine.goods_id,
            HospitalPayment.paid_on,
            HospitalPayment.hospital_id,
            HospitalPayment.seller_id,
            type_coerce(left, Money()),
        )
        .join(HospitalPayment, HospitalPayment.id == HospitalPaymentLine.payment_id)
        .join(GoodsPayable, GoodsPayable.id == HospitalPaymentLine.goods_id)
        .outerjoin(cleared, cleared.c.goods_id == GoodsPayable.id)
    )


def _cleared() -> Select[*tuple[Any, ...]]:
    # The prepaid money stands in the hospital's books, whoever transferred it.
    return select(
        literal(CLEARED),
        PrepaymentClearing.id,
        PrepaymentClearing.goods_id,
        PrepaymentClearing.cleared_on,
        GoodsPayable.hospital_id,
        GoodsPayable.seller_id,
        PrepaymentClearing.amount,
    ).join(GoodsPayable, GoodsPayable.id == PrepaymentClearing.goods_id)


def sums_by_agreement() -> Subquery:
    """Return ``agreement_id``, ``payments`` and ``amount``: how much is paid in all."""
    paid = payments_by_agreement()
    return (
        select(
            paid.c.agreement_id,
            func.count().label("payments"),
            money_sum(paid.c.amount).label("amount"),
        )
        .group_by(paid.c.agreement_id)
        .subquery("paid_sum")
    )


def payment_facts(
    session: Session, agreement_ids: Collection[int], *, with_amounts: bool
) -> Mapping[int, Sequence[PaymentFacts]]:
    """Return what was paid under agreements, by agreement and day.

    Args:
        session: Any session.
        agreement_ids: The agreements.
        with_amounts: The amounts may be published: they tell the prices.
    """
    paid = payments_by_agreement()
    rows = session.execute(
        select(paid)
        .where(paid.c.agreement_id.in_(agreement_ids))
        .order_by(paid.c.agreement_id, paid.c.paid_on, paid.c.way, paid.c.source_id)
    ).all()
    ids = {one for row in rows for one in (row.payer_id, row.payee_id)}
    named = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    parties = {one.id: party(one) for one in named}
    found: dict[int, list[PaymentFacts]] = {}
    for row in rows:
        found.setdefault(row.agreement_id, []).append(
            PaymentFacts(
                id=payment_id(row.way, row.source_id, row.agreement_id, row.paid_on),
                paid_on=row.paid_on,
                amount=row.amount if with_amounts else None,
                payer=parties[row.payer_id],
                payee=parties[row.payee_id],
            )
        )
    return found


def payment_id(way: str, source_id: int, agreement_id: int, paid_on: date) -> str:
    """Return the id of what one payment paid under one agreement.

    With its day: what the bank returned and paid again later is another payment.

    Examples:
        >>> payment_id(CLAIMED, 12, 3, date(2027, 4, 8))
        'claim-12-3-20270408'
    """
    return f"{way}-{source_id}-{agreement_id}-{paid_on:%Y%m%d}"
