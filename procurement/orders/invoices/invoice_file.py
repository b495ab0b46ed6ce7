"""Many invoices in one file: a CSV line for each line of an invoice; all are stored, or none."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, Row, cell_place, read_lines
from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.invoices.errors import InvoiceTwiceError
from procurement.orders.invoices.invoiceable import Invoiceable
from procurement.orders.invoices.submitting import (
    SentInvoice,
    SentLine,
    compare_new,
    store_invoice,
)
from procurement.orders.invoices.tables import Invoice
from procurement.permissions import Actor

HOSPITAL = Column("hospital", "医疗机构代码")
CODE = Column("code", "发票代码", is_needed=False)
NUMBER = Column("number", "发票号码")
ISSUED_ON = Column("issued_on", "开票日期")
TOTAL = Column("invoice_amount", "价税合计")
ORDER = Column("order_number", "订单号")
NOTE = Column("note_number", "随货单号", is_needed=False)
PRODUCT = Column("product", "品名")
PACKS = Column("packs", "数量（盒）")
PRICE = Column("pack_price", "单价")
AMOUNT = Column("amount", "金额")
COLUMNS = (
    HOSPITAL,
    CODE,
    NUMBER,
    ISSUED_ON,
    TOTAL,
    ORDER,
    NOTE,
    PRODUCT,
    PACKS,
    PRICE,
    AMOUNT,
)

_WHOLE = re.compile(r"-?[0-9]{1,12}")
_AMOUNT = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,4})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_OF_INVOICE: Mapping[str, Column] = {
    "hospital_id": HOSPITAL,
    "code": CODE,
    "number": NUMBER,
    "issued_on": ISSUED_ON,
    "amount": TOTAL,
}
_OF_LINE: Mapping[str, Column] = {
    "product": PRODUCT,
    "packs": PACKS,
    "pack_price": PRICE,
    "amount": AMOUNT,
    "order_number": ORDER,
    "note_number": NOTE,
}


@dataclass(frozen=True, slots=True)
class _Group:
    """One invoice of the file."""

    hospital_id: int
    rows: Sequence[Row]
    sent: SentInvoice


def invoice_template(lines: Sequence[Invoiceable], codes: Mapping[int, str]) -> bytes:
    """Write what may be invoiced as CSV: number, day and sum of each invoice are to be filled in.

    Args:
        lines: What may be invoiced.
        codes: How the file names hospitals, by id.
    """
    rows = [
        (
            codes[one.hospital_id],
            *("", "", "", ""),
            one.order_number,
            one.note_number,
            one.product,
            str(one.packs_left),
            f"{one.pack_price:f}",
            f"{one.packs_left * one.pack_price:f}",
        )
        for one in lines
    ]
    return as_csv([[column.zh for column in COLUMNS], *rows])


def submit_invoice_file(
    session: Session, *, seller_id: int, content: bytes, actor: Actor, moment: datetime
) -> list[Invoice]:
    """Store the invoices of a file and compare each with orders and receipts.

    Args:
        session: Session of the caller's transaction; roll it back where this raises.
        seller_id: Who sold.
        content: CSV in UTF-8 or GB 18030 with `COLUMNS`.
        actor: Who hands it in.
        moment: Now.

    Raises:
        InvalidInputError: Something is wrong; every fault is listed by line and column.
    """
    found = read_lines(content, COLUMNS)
    faults = list(found.faults)
    hospitals = _hospitals(session, {row.cells.get(HOSPITAL.key, "") for row in found.rows})
    groups = _groups(found.rows, hospitals, faults)
    digest = hashlib.sha256(content).hexdigest()
    invoices = []
    for group in groups if not faults else ():
        try:
            invoices.append(
                store_invoice(
                    session,
                    seller_id=seller_id,
                    hospital_id=group.hospital_id,
                    invoice=group.sent,
                    actor=actor,
                    moment=moment,
                )
            )
        except InvalidInputError as error:
            faults.extend(_placed(fault, group) for fault in error.faults)
        except InvoiceTwiceError as error:
            place = cell_place(group.rows[0].number, NUMBER)
            faults.append(FieldFault(place, error.zh, error.en))
    if faults:
        raise InvalidInputError(faults[:FAULTS_MAX])
    for invoice in invoices:
        invoice.file_name = f"csv {digest[:16]}"
    # Only now: the goods of all of them are locked together.
    compare_new(session, invoices=invoices, actor=actor, moment=moment)
    return invoices


def _hospitals(session: Session, codes: set[str]) -> dict[str, int]:
    rows = session.execute(
        select(Organisation.id, Organisation.credit_code, Organisation.institution_code).where(
            Organisation.kind == OrganisationKind.HOSPITAL,
            or_(Organisation.credit_code.in_(codes), Organisation.institution_code.in_(codes)),
        )
    )
    return {code: one for one, *known in rows for code in known if code}


def _groups(
    rows: Sequence[Row], hospitals: Mapping[str, int], faults: list[FieldFault]
) -> list[_Group]:
    by_invoice: dict[tuple[str, str, str], list[tuple[Row, SentLine | None]]] = {}
    for row in rows:
        cells = row.cells
        key = (cells[HOSPITAL.key], cells.get(CODE.key, ""), cells[NUMBER.key])
        by_invoice.setdefault(key, []).append((row, _line(row, faults)))
    groups = []
    for (hospital, code, number), some in by_invoice.items():
        first = some[0][0]
        hospital_id = hospitals.get(hospital)
        if hospital_id is None:
            zh, en = "没有该代码的医疗机构。", "No hospital has this code."
            faults.append(FieldFault(cell_place(first.number, HOSPITAL), zh, en))
        issued_on, total = _head(first, faults)
        for row, _ in some[1:]:
            faults.extend(_contradictions(first, row))
        lines = [line for _, line in some if line is not None]
        if hospital_id is not None and issued_on is not None and total is not None:
            sent = SentInvoice(code, number, issued_on, total, lines)
            groups.append(_Group(hospital_id, [row for row, _ in some], sent))
    return groups


def _head(row: Row, faults: list[FieldFault]) -> tuple[date | None, Decimal | None]:
    total = _amount(row, TOTAL, faults)
    text = row.cells[ISSUED_ON.key]
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text), total
    except ValueError:
        pass
    zh, en = "须为日期，如 2027-03-01。", "Expected a day, such as 2027-03-01."
    faults.append(FieldFault(cell_place(row.number, ISSUED_ON), zh, en))
    return None, total


def _contradictions(first: Row, row: Row) -> list[FieldFault]:
    return [
        FieldFault(
            cell_place(row.number, column),
            f"与第 {first.number} 行的同一张发票不一致。",
            f"Line {first.number} says otherwise of the same invoice.",
        )
        for column in (ISSUED_ON, TOTAL)
        if row.cells[column.key] != first.cells[column.key]
    ]


def _line(row: Row, faults: list[FieldFault]) -> SentLine | None:
    packs = row.cells[PACKS.key]
    price, amount = _amount(row, PRICE, faults), _amount(row, AMOUNT, faults)
    if not _WHOLE.fullmatch(packs):
        zh, en = "须为整数，红字为负。", "Expected a whole number, below zero on a red invoice."
        faults.append(FieldFault(cell_place(row.number, PACKS), zh, en))
        return None
    if price is None or amount is None:
        return None
    return SentLine(
        product=row.cells[PRODUCT.key],
        packs=int(packs),
        pack_price=price,
        amount=amount,
        order_number=row.cells[ORDER.key],
        note_number=row.cells.get(NOTE.key, ""),
    )


def _amount(row: Row, column: Column, faults: list[FieldFault]) -> Decimal | None:
    text = row.cells[column.key].replace(",", "")
    if _AMOUNT.fullmatch(text):
        return Decimal(text)
    zh, en = "须为金额（元），至多四位小数。", "Expected yuan with at most four decimals."
    faults.append(FieldFault(cell_place(row.number, column), zh, en))
    return None


def _placed(fault: FieldFault, group: _Group) -> FieldFault:
    """Say in which line of the file a fault of an invoice is."""
    place, row = fault.field.split("."), group.rows[0]
    if len(place) == 3:
        row = group.rows[int(place[1]) - 1]
        return FieldFault(cell_place(row.number, _OF_LINE[place[2]]), fault.zh, fault.en)
    column = _OF_INVOICE.get(place[0], NUMBER)
    return FieldFault(cell_place(row.number, column), fault.zh, fault.en)
