"""Invoices, stock movements and written partitions of a side."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.database import database_moment, transaction
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.orders.movements.kinds import CountedIn, MovementKind
from procurement.orders.movements.tables import MovementFile
from procurement.orders.partitions.tables import PartitionRun, RunStatus
from procurement.permissions import Role
from tests.procurement.app.cells.sides import Side

DAY = date(2026, 1, 1)


def hand_in_papers(engine: Engine, side: Side, other: Side) -> None:
    """Give a side the papers of its orders: of its hospital, its member, the other's hospital."""
    with transaction(engine) as session:
        hospitals = {
            "": side.organisation_id(Role.HOSPITAL),
            "member_": int(side.things["member"]),
            "guest_": other.organisation_id(Role.HOSPITAL),
        }
        for name, hospital_id in hospitals.items():
            seller_id = side.organisation_id(Role.DISTRIBUTOR)
            line_id = int(side.things[f"{name}receipt_line_id"])
            invoice_id = _invoice(session, name or "own", seller_id, hospital_id, line_id)
            side.things[f"{name}invoice_id"] = invoice_id
            side.things[f"{name}file_id"] = _file(session, name, hospital_id)
        # One of the maker, which delivers on its own.
        own = _invoice(session, "direct", side.maker.id, hospitals[""], None)
        side.things["direct_invoice_id"] = own
        side.things["run_id"] = _run(session, side)


def _invoice(
    session: Session, number: str, seller_id: int, hospital_id: int, receipt_line_id: int | None
) -> int:
    invoice = Invoice(
        seller_id=seller_id,
        hospital_id=hospital_id,
        code="",
        number=number,
        issued_on=DAY,
        amount=Decimal(28),
        status=InvoiceStatus.MISMATCHED,
        submitted_at=database_moment(session),
    )
    session.add(invoice)
    session.flush()
    session.add(
        InvoiceLine(
            invoice_id=invoice.id,
            number=1,
            receipt_line_id=receipt_line_id,
            order_number="",
            note_number="",
            product="阿那曲唑",
            packs=1,
            pack_price=Decimal(28),
            amount=Decimal(28),
            fault_zh="测试",
            fault_en="for tests",
        )
    )
    session.flush()
    return invoice.id


def _file(session: Session, name: str, hospital_id: int) -> int:
    file = MovementFile(
        hospital_id=hospital_id,
        kind=MovementKind.PURCHASE,
        counted_in=CountedIn.PACKS,
        digest=f"{name:x<64}",
        file_name="三月.csv",
        lines=0,
        matched=0,
        counted=0,
        unclear=0,
        sent_at=database_moment(session),
    )
    session.add(file)
    session.flush()
    return file.id


def _run(session: Session, side: Side) -> int:
    run = PartitionRun(
        region=side.region,
        years="2026",
        status=RunStatus.DONE,
        partitions=0,
        rows=0,
        quantity="0",
        amount="0",
        asked_at=database_moment(session),
    )
    session.add(run)
    session.flush()
    return run.id
