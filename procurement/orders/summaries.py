"""Orders and receipts as lists show them: their lines added up, what went back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from procurement.orders.tables import GoodsReturn, OrderLine, PurchaseOrder, ReceiptLine

BATCH = 500


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order with its lines added up.

    Attributes:
        order: The row.
        products: Names of its products, each once, in the order of the lines.
        packs: Ordered.
        accepted: Packs.
        open: Packs that are neither accepted nor cancelled.
        amount: Yuan, of all that was ordered.
    """

    order: PurchaseOrder
    products: tuple[str, ...]
    packs: int
    accepted: int
    open: int
    amount: Decimal


def summaries_of(session: Session, orders: Sequence[PurchaseOrder]) -> list[OrderSummary]:
    """Add up the lines of some orders.

    Args:
        session: Any session.
        orders: Of one page.
    """
    ids = [one.id for one in orders]
    found: dict[int, list[OrderLine]] = {one: [] for one in ids}
    rows = select(OrderLine).where(OrderLine.order_id.in_(ids))
    for line in session.scalars(rows.order_by(OrderLine.order_id, OrderLine.number)):
        found[line.order_id].append(line)
    return [_summary(order, found[order.id]) for order in orders]


def every_summary(
    session: Session, seen: Select[PurchaseOrder]
) -> Iterator[tuple[OrderSummary, Sequence[PurchaseOrder]]]:
    """Add up all orders of a list, some at a time, the newest first.

    Args:
        session: Any session.
        seen: Which orders, without an order.

    Yields:
        Each with the orders that were read together with it, so that names are asked for once.
    """
    newest = seen.order_by(PurchaseOrder.id.desc()).limit(BATCH)
    rows = newest
    while some := session.scalars(rows).all():
        yield from ((one, some) for one in summaries_of(session, some))
        rows = newest.where(PurchaseOrder.id < some[-1].id)


def _summary(order: PurchaseOrder, lines: Sequence[OrderLine]) -> OrderSummary:
    return OrderSummary(
        order,
        tuple(dict.fromkeys(line.product for line in lines)),
        sum(line.packs for line in lines),
        sum(line.accepted_packs for line in lines),
        sum(line.open_packs for line in lines),
        sum((line.packs * line.pack_price for line in lines), Decimal(0)),
    )


def returns_of(session: Session, *, receipt_id: int) -> Sequence[GoodsReturn]:
    """Return what went back of a receipt, the first one first."""
    return session.scalars(
        select(GoodsReturn)
        .join(ReceiptLine, ReceiptLine.id == GoodsReturn.receipt_line_id)
        .where(ReceiptLine.receipt_id == receipt_id)
        .options(selectinload(GoodsReturn.receipt_line))
        .order_by(GoodsReturn.id)
    ).all()
