"""What was paid of goods, and when: by direct settlement, by a prepayment, by the hospital."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, null, select, type_coerce, union_all

from procurement.database import Money
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

ZERO = literal(Decimal(0), Money())


def money_sum(column: Any) -> Any:  # noqa: ANN401 - a column of whatever table
    """Sum a column of money; 0 where there is nothing to sum."""
    return type_coerce(func.coalesce(func.sum(column), ZERO), Money())


def settled_parts() -> Subquery:
    """Return ``goods_id``, ``paid_on`` and ``amount`` of everything that was paid of goods."""
    return union_all(_cleared(), _claimed(), _by_hospital()).subquery("settled")


def _cleared() -> Select[int, date, Decimal]:
    return select(
        PrepaymentClearing.goods_id.label("goods_id"),
        PrepaymentClearing.cleared_on.label("paid_on"),
        PrepaymentClearing.amount.label("amount"),
    )


def _claimed() -> Select[int, date | None, Decimal]:
    return (
        select(ClaimLine.goods_id, PaymentInstruction.paid_on, ClaimLine.amount)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(PaymentInstruction, PaymentInstruction.id == Claim.instruction_id)
        .where(
            ClaimLine.live_goods_id.is_not(null()),
            Claim.status == ClaimStatus.PAID,
            PaymentInstruction.status == InstructionStatus.PAID,
        )
    )


def _by_hospital() -> Select[int, date, Decimal]:
    cleared = (
        select(PrepaymentClearing.goods_id, func.sum(PrepaymentClearing.amount).label("amount"))
        .group_by(PrepaymentClearing.goods_id)
        .subquery("cleared_before")
    )
    # A hospital pays what prepayments had left of a line.
    left = GoodsPayable.amount - func.coalesce(cleared.c.amount, ZERO)
    return (
        select(HospitalPaymentLine.goods_id, HospitalPayment.paid_on, type_coerce(left, Money()))
        .join(HospitalPayment, HospitalPayment.id == HospitalPaymentLine.payment_id)
        .join(GoodsPayable, GoodsPayable.id == HospitalPaymentLine.goods_id)
        .outerjoin(cleared, cleared.c.goods_id == GoodsPayable.id)
    )
