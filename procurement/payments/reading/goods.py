"""Lines of matched invoices with what was paid of them: a hospital's debt, a company's claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, null, select, type_coerce
from sqlalchemy.orm import Session

from procurement.database import Money
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.payments.reading.scope import Scope
from procurement.payments.reading.settled import ZERO, money_sum, settled_parts
from procurement.payments.states import ClaimStatus
from procurement.payments.tables import Claim, ClaimLine, GoodsPayable


class GoodsState(StrEnum):
    """What is the matter with a line."""

    OPEN = "open"
    """Nobody has claimed or paid it."""
    CLAIMED = "claimed"
    PAID = "paid"


GOODS_NAMES = {
    GoodsState.OPEN: ("待申请", "not claimed yet"),
    GoodsState.CLAIMED: ("结算中", "being settled"),
    GoodsState.PAID: ("已付清", "paid"),
}


@dataclass(frozen=True, slots=True)
class GoodsSums:
    """Sums over all lines that are seen, in yuan."""

    amount: Decimal
    settled: Decimal

    @property
    def open(self) -> Decimal:
        """What is not paid yet."""
        return self.amount - self.settled


def goods_seen(scope: Scope, *, state: str = "", organisation_id: int = 0) -> Any:  # noqa: ANN401 - a selection of several things, as `paginate` takes it
    """Select lines with their invoice, what was paid, and the claim they are in; newest first.

    Args:
        scope: What is seen.
        state: One of `GoodsState`, or empty for all.
        organisation_id: Lines of this hospital or company only; 0 for all.

    Returns:
        Rows of ``GoodsPayable, InvoiceLine, Invoice, settled, Claim``.
    """
    parts = _settled_by_line()
    settled = type_coerce(func.coalesce(parts.c.amount, ZERO), Money())
    statement = (
        select(GoodsPayable, InvoiceLine, Invoice, settled.label("settled"), Claim)
        .join(InvoiceLine, InvoiceLine.id == GoodsPayable.invoice_line_id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .outerjoin(parts, parts.c.goods_id == GoodsPayable.id)
        .outerjoin(ClaimLine, ClaimLine.live_goods_id == GoodsPayable.id)
        .outerjoin(
            Claim, and_(Claim.id == ClaimLine.claim_id, Claim.status != ClaimStatus.WITHDRAWN)
        )
        .where(scope.sees(GoodsPayable.hospital_id, GoodsPayable.seller_id, GoodsPayable.maker_id))
        .order_by(GoodsPayable.accepted_on.desc(), GoodsPayable.id.desc())
    )
    if organisation_id:
        statement = statement.where(
            (GoodsPayable.hospital_id == organisation_id)
            | (GoodsPayable.seller_id == organisation_id)
            | (GoodsPayable.maker_id == organisation_id)
        )
    # A red invoice is settled when what it takes back was taken back.
    is_paid = settled == GoodsPayable.amount
    if state == GoodsState.PAID:
        return statement.where(is_paid)
    if state == GoodsState.CLAIMED:
        return statement.where(~is_paid, Claim.id.is_not(null()))
    if state == GoodsState.OPEN:
        return statement.where(~is_paid, Claim.id.is_(null()))
    return statement


def state_of(goods: GoodsPayable, settled: Decimal, claim: Claim | None) -> GoodsState:
    """Say what is the matter with a line."""
    if settled == goods.amount:
        return GoodsState.PAID
    return GoodsState.OPEN if claim is None else GoodsState.CLAIMED


def goods_sums(session: Session, *, scope: Scope) -> GoodsSums:
    """Sum up all lines that are seen."""
    parts = _settled_by_line()
    amount, settled = session.execute(
        select(money_sum(GoodsPayable.amount), money_sum(parts.c.amount))
        .outerjoin(parts, parts.c.goods_id == GoodsPayable.id)
        .where(scope.sees(GoodsPayable.hospital_id, GoodsPayable.seller_id, GoodsPayable.maker_id))
    ).one()
    return GoodsSums(amount, settled)


def seller_of(session: Session, *, hospital_id: int, goods_ids: Sequence[int]) -> int | None:
    """Return the one company whose goods at a hospital these are; None where there is no one."""
    sellers = session.scalars(
        select(GoodsPayable.seller_id)
        .where(GoodsPayable.id.in_(goods_ids), GoodsPayable.hospital_id == hospital_id)
        .distinct()
    ).all()
    return sellers[0] if len(sellers) == 1 else None


def _settled_by_line() -> Any:  # noqa: ANN401 - a subquery
    parts = settled_parts()
    return (
        select(parts.c.goods_id, func.sum(parts.c.amount).label("amount"))
        .group_by(parts.c.goods_id)
        .subquery("settled_by_line")
    )
