"""Where receipts of the platform, movements of a hospital and invoices differ, with links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.orders.invoices.goods import Goods, goods_where, invoiced_packs
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.mismatch_rules import (
    GoodsTold,
    MismatchKind,
    Warehoused,
    differences,
)
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.orders.states import DeliveryStatus, PurchaseSource
from procurement.orders.tables import (
    Delivery,
    DeliveryLine,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
)

__all__ = ["Mismatch", "MismatchKind", "mismatches_of"]

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that differs.

    Attributes:
        kind: What.
        zh: Said with both values, in Chinese.
        en: The same in English.
        link: The page that shows it.
        amount: What it comes to in yuan; None where no amount can be told.
    """

    kind: MismatchKind
    zh: str
    en: str
    link: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Stock:
    """What the hospital's movements say, by batch of a delivery.

    Attributes:
        bought: Purchases that are these goods.
        sent_back: Minimal units of returns.
    """

    bought: dict[int, list[Warehoused]] = field(default_factory=dict)
    sent_back: dict[int, int] = field(default_factory=dict)


def mismatches_of(
    session: Session, *, hospital_id: int, since: date, until: date
) -> list[Mismatch]:
    """List what differs between platform, hospital and invoices in some days.

    Args:
        session: Any session.
        hospital_id: Whose purchases.
        since: First day of acceptance, of taking into stock, or of an invoice.
        until: Last such day.

    Returns:
        Goods in the order of their deliveries, then purchases of the hospital, then invoices.
    """
    goods = _goods(session, hospital_id, since, until)
    compares_stock = _sends_movements(session, hospital_id, since, until)
    return [
        *(() if compares_stock else [_no_movements(since, until)]),
        *_of_goods(session, goods, compares_stock=compares_stock),
        *_of_refused(session, hospital_id, since, until),
        *_of_movements(session, hospital_id, since, until),
        *_of_invoices(session, hospital_id, since, until),
    ]


def _goods(session: Session, hospital_id: int, since: date, until: date) -> list[Goods]:
    """Batches accepted in these days, and batches taken into stock then without acceptance."""
    stocked = select(StockMovement.delivery_line_id).where(
        StockMovement.hospital_id == hospital_id,
        StockMovement.kind == MovementKind.PURCHASE,
        StockMovement.status == MovementStatus.MATCHED,
        StockMovement.happened_on.between(since, until),
    )
    return goods_where(
        session,
        [
            PurchaseOrder.hospital_id == hospital_id,
            or_(
                Receipt.received_on.between(since, until),
                Receipt.id.is_(None) & DeliveryLine.id.in_(stocked),
            ),
        ],
    )


def _sends_movements(session: Session, hospital_id: int, since: date, until: date) -> bool:
    purchases = select(StockMovement.id).where(
        StockMovement.hospital_id == hospital_id,
        StockMovement.kind == MovementKind.PURCHASE,
        StockMovement.status != MovementStatus.DELETED,
        StockMovement.happened_on.between(since, until),
    )
    return session.scalar(purchases.limit(1)) is not None


def _no_movements(since: date, until: date) -> Mismatch:
    return Mismatch(
        MismatchKind.NO_MOVEMENTS,
        f"{since} 至 {until} 没有上传采购记录（3503），无法与院内入库核对。",
        f"No purchases (3503) were sent for {since} to {until}: stock cannot be compared.",
        "/orders/movements",
    )


def _of_goods(
    session: Session, goods: Sequence[Goods], *, compares_stock: bool
) -> Iterator[Mismatch]:
    stock = _stock(session, [one.delivery_line_id for one in goods])
    receipts = [one.receipt_line_id for one in goods if one.receipt_line_id is not None]
    invoiced: dict[int, int] = {}
    for start in range(0, len(receipts), CHUNK):
        some = receipts[start : start + CHUNK]
        invoiced |= invoiced_packs(session, receipt_line_ids=some)
    for one in goods:
        told = GoodsTold(
            pack_units=one.pack_units,
            pack_price=one.pack_price,
            is_accepted=one.receipt_line_id is not None,
            accepted=one.accepted,
            returned=one.returned,
            invoiced=invoiced.get(one.receipt_line_id or 0, 0),
            warehoused=stock.bought.get(one.delivery_line_id, ()),
            sent_back=stock.sent_back.get(one.delivery_line_id, 0),
            compares_stock=compares_stock,
        )
        name = f"{one.product} {one.strength}"
        for found in differences(told):
            yield Mismatch(
                found.kind,
                f"订单 {one.order_number}，随货单 {one.note_number}，{name}，"
                f"批号 {one.batch_number}：{found.zh}",
                f"Order {one.order_number}, note {one.note_number}, {name}, batch "
                f"{one.batch_number}: {found.en}",
                f"/orders/{one.order_id}",
                found.amount,
            )


def _stock(session: Session, delivery_line_ids: Sequence[int]) -> _Stock:
    stock = _Stock()
    for start in range(0, len(delivery_line_ids), CHUNK):
        rows = session.execute(
            select(StockMovement, MovementFile.counted_in)
            .join(MovementFile, MovementFile.id == StockMovement.file_id)
            .where(
                StockMovement.delivery_line_id.in_(delivery_line_ids[start : start + CHUNK]),
                StockMovement.status == MovementStatus.MATCHED,
            )
            .order_by(StockMovement.id)
        )
        for movement, counted_in in rows:
            line = movement.delivery_line_id or 0
            if movement.kind == MovementKind.PURCHASE:
                bought = Warehoused(movement.units, movement.price, counted_in == CountedIn.PACKS)
                stock.bought.setdefault(line, []).append(bought)
            else:
                stock.sent_back[line] = stock.sent_back.get(line, 0) + (movement.units or 0)
    return stock


def _of_refused(session: Session, hospital_id: int, since: date, until: date) -> Iterator[Mismatch]:
    """Purchases of the hospital that are goods which it refused altogether."""
    rows = session.execute(
        select(StockMovement, Delivery.note_number, Delivery.order_id)
        .join(DeliveryLine, DeliveryLine.id == StockMovement.delivery_line_id)
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .where(
            StockMovement.hospital_id == hospital_id,
            StockMovement.kind == MovementKind.PURCHASE,
            StockMovement.status == MovementStatus.MATCHED,
            StockMovement.happened_on.between(since, until),
            Delivery.status == DeliveryStatus.REFUSED,
        )
        .order_by(StockMovement.id)
    )
    for movement, note, order_id in rows:
        name = f"{movement.happened_on} {movement.name}（{movement.serial}）"
        yield Mismatch(
            MismatchKind.NOT_ACCEPTED,
            f"{name}：院内已入库，平台上随货单 {note} 已全部拒收。",
            f"{name}: taken into stock, while note {note} was refused altogether.",
            f"/orders/{order_id}",
        )


def _of_movements(
    session: Session, hospital_id: int, since: date, until: date
) -> Iterator[Mismatch]:
    rows = session.execute(
        select(StockMovement, PurchaseLine.amount, PurchaseLine.is_winning)
        .outerjoin(
            PurchaseLine,
            (PurchaseLine.source == PurchaseSource.MOVEMENT)
            & (PurchaseLine.source_id == StockMovement.id),
        )
        .where(
            StockMovement.hospital_id == hospital_id,
            StockMovement.status.in_((MovementStatus.UNCLEAR, MovementStatus.COUNTED)),
            StockMovement.happened_on.between(since, until),
        )
        .order_by(StockMovement.id)
    )
    for movement, amount, is_winning in rows:
        name = f"{movement.happened_on} {movement.name}（{movement.serial}）"
        link = f"/orders/movements/{movement.file_id}"
        if movement.status == MovementStatus.UNCLEAR:
            zh, en = movement.reason_zh, movement.reason_en
            yield Mismatch(MismatchKind.UNCLEAR, f"{name}：{zh}", f"{name}: {en}", link)
            continue
        is_return = movement.kind == MovementKind.PURCHASE_RETURN
        kind = (
            ("中选产品", "a winning product")
            if is_winning
            else ("非中选产品", "a product that did not win")
        )
        zh = f"平台外{'退货' if is_return else '采购'}{kind[0]}。"
        en = f"{'Sent back' if is_return else 'Bought'} off the platform: {kind[1]}."
        yield Mismatch(MismatchKind.OFF_PLATFORM, f"{name}：{zh}", f"{name}: {en}", link, amount)


def _of_invoices(
    session: Session, hospital_id: int, since: date, until: date
) -> Iterator[Mismatch]:
    invoices = session.scalars(
        select(Invoice)
        .where(
            Invoice.hospital_id == hospital_id,
            Invoice.status == InvoiceStatus.MISMATCHED,
            Invoice.issued_on.between(since, until),
        )
        .order_by(Invoice.id)
    ).all()
    for invoice in invoices:
        lines = session.scalars(
            select(InvoiceLine)
            .where(InvoiceLine.invoice_id == invoice.id, InvoiceLine.fault_zh.is_not(None))
            .order_by(InvoiceLine.number)
        ).all()
        zh = [invoice.fault_zh, *(f"第 {one.number} 行：{one.fault_zh}" for one in lines)]
        en = [invoice.fault_en, *(f"Line {one.number}: {one.fault_en}" for one in lines)]
        name = f"{invoice.code} {invoice.number}".strip()
        yield Mismatch(
            MismatchKind.INVOICE,
            f"发票 {name}：{''.join(one for one in zh if one)}",
            f"Invoice {name}: {' '.join(one for one in en if one)}",
            f"/orders/invoices/{invoice.id}",
            invoice.amount,
        )
