"""What was reported, ordered, delivered, accepted, invoiced and paid of a hospital's supplies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session

from procurement.agreements.tables import AgreementTerm
from procurement.china_days import day_in_china
from procurement.database import Money
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.tables import DeliveryLine, OrderLine, PurchaseOrder, ReceiptLine
from procurement.payments.reading.settled import settled_parts
from procurement.payments.settling_tables import GoodsPayable
from procurement.rounds.tables import Lot, LotStrength
from procurement.volumes.states import ReportStatus
from procurement.volumes.tables import VolumeLine, VolumeReport, VolumeSplit


@dataclass(frozen=True, slots=True)
class Ordered:
    """What orders say of a supply, in minimal units."""

    ordered: int = 0
    open: int = 0
    shipped: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Invoiced:
    """What invoices say of a supply, and what was paid of them."""

    units: int = 0
    amount: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)


def reported_of(session: Session, *, hospital_id: int, round_id: int) -> dict[int, int]:
    """Return the need that a hospital reported, or its group for it, by strength."""
    rows = session.execute(
        select(
            VolumeLine.lot_strength_id,
            func.sum(func.coalesce(VolumeSplit.volume, VolumeLine.demand)),
        )
        .join(VolumeReport, VolumeReport.id == VolumeLine.report_id)
        .outerjoin(VolumeSplit, VolumeSplit.line_id == VolumeLine.id)
        .join(LotStrength, LotStrength.id == VolumeLine.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(Lot.round_id == round_id, VolumeReport.status == ReportStatus.ACCEPTED)
        .where(func.coalesce(VolumeSplit.member_id, VolumeReport.hospital_id) == hospital_id)
        .group_by(VolumeLine.lot_strength_id)
    )
    return {strength: int(units) for strength, units in rows}


def rounds_of(session: Session, *, term_ids: Collection[int]) -> dict[int, int]:
    """Return the round of each batch-year."""
    rows = session.execute(
        select(AgreementTerm.id, AgreementTerm.round_id).where(AgreementTerm.id.in_(term_ids))
    )
    return {term: round_id for term, round_id in rows}


def ordered_of(
    session: Session, *, hospital_id: int, supply_ids: Collection[int], day: date
) -> dict[int, Ordered]:
    """Return what a hospital ordered of supplies up to a day, by supply."""
    rows = session.execute(
        select(
            OrderLine.supply_id,
            PurchaseOrder.placed_at,
            OrderLine.pack_units,
            OrderLine.packs,
            OrderLine.cancelled_packs,
            OrderLine.shipped_packs,
            OrderLine.accepted_packs,
            OrderLine.returned_packs,
        )
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .where(PurchaseOrder.hospital_id == hospital_id, OrderLine.supply_id.in_(supply_ids))
    )
    found: dict[int, Ordered] = {}
    for supply, placed_at, units, packs, cancelled, shipped, accepted, returned in rows:
        if supply is None or day_in_china(placed_at) > day:
            continue
        before = found.get(supply, Ordered())
        found[supply] = Ordered(
            ordered=before.ordered + (packs - cancelled) * units,
            open=before.open + (packs - cancelled - accepted) * units,
            shipped=before.shipped + shipped * units,
            accepted=before.accepted + (accepted - returned) * units,
        )
    return found


def invoiced_of(
    session: Session, *, hospital_id: int, supply_ids: Collection[int], day: date
) -> Mapping[int, Invoiced]:
    """Return what sellers invoiced to a hospital up to a day, and what was paid, by supply."""
    settled = settled_parts()
    paid = (
        select(settled.c.goods_id, func.sum(settled.c.amount).label("amount"))
        .where(settled.c.paid_on <= day)
        .group_by(settled.c.goods_id)
        .subquery("paid_by_day")
    )
    rows = session.execute(
        select(
            OrderLine.supply_id,
            func.sum(InvoiceLine.packs * OrderLine.pack_units),
            type_coerce(func.sum(InvoiceLine.amount), Money()),
            type_coerce(func.coalesce(func.sum(paid.c.amount), 0), Money()),
        )
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .join(ReceiptLine, ReceiptLine.id == InvoiceLine.receipt_line_id)
        .join(DeliveryLine, DeliveryLine.id == ReceiptLine.delivery_line_id)
        .join(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .outerjoin(GoodsPayable, GoodsPayable.invoice_line_id == InvoiceLine.id)
        .outerjoin(paid, paid.c.goods_id == GoodsPayable.id)
        .where(Invoice.hospital_id == hospital_id, OrderLine.supply_id.in_(supply_ids))
        .where(Invoice.status != InvoiceStatus.WITHDRAWN, Invoice.issued_on <= day)
        .group_by(OrderLine.supply_id)
    )
    return {
        supply or 0: Invoiced(int(units), Decimal(amount), Decimal(paid_amount))
        for supply, units, amount, paid_amount in rows
    }
