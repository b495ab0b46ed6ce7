"""Handing in an invoice, and taking it back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.china_days import day_in_china
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.orders.invoices.errors import InvoiceGoneError, InvoiceHeldError, InvoiceTwiceError
from procurement.orders.invoices.goods import own_receipt_lines
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.locking import lock_invoices
from procurement.orders.invoices.matching import lines_in_order, match_locked
from procurement.orders.invoices.tables import (
    CODE_LENGTH_MAX,
    NUMBER_LENGTH_MAX,
    ORDER_NUMBER_LENGTH_MAX,
    Invoice,
    InvoiceLine,
)
from procurement.permissions import Actor

LINES_MAX = 500
PACKS_MAX = 10**9
PRODUCT_LENGTH_MAX = 300
REASON_LENGTH_MAX = 500

_MONEY_STEP = Decimal("0.0001")
_PLAIN = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line as the seller names it.

    Attributes:
        product: As printed on the invoice.
        packs: Below zero on a red invoice.
        pack_price: Yuan.
        amount: Yuan; below zero on a red invoice.
        receipt_line_id: What the hospital accepted; else the order says what it is for.
        order_number: The order, where no receipt is named.
        note_number: The delivery note, where the order was delivered several times.
    """

    product: str
    packs: int
    pack_price: Decimal
    amount: Decimal
    receipt_line_id: int | None = None
    order_number: str = ""
    note_number: str = ""


@dataclass(frozen=True, slots=True)
class SentInvoice:
    """An invoice as the seller hands it in.

    Attributes:
        code: Of the form; empty for a fully digital invoice.
        number: Of the invoice.
        issued_on: As printed.
        amount: Sum with tax, yuan; below zero for a red invoice.
        lines: At least one.
        file_digest: SHA-256 of its file, where one is handed in.
        file_name: How that was called.
    """

    code: str
    number: str
    issued_on: date
    amount: Decimal
    lines: Sequence[SentLine] = field(default_factory=tuple)
    file_digest: str | None = None
    file_name: str | None = None


def submit_invoice(
    session: Session,
    *,
    seller_id: int,
    hospital_id: int,
    invoice: SentInvoice,
    actor: Actor,
    moment: datetime,
) -> Invoice:
    """Store an invoice and compare it with orders and receipts at once.

    One that differs is stored too, with what differs: the hospital sees it, and it is not paid.

    Args:
        session: Session of the caller's transaction.
        seller_id: Who sold; the actor's organisation.
        hospital_id: Who bought.
        invoice: What is printed.
        actor: Who hands it in.
        moment: Now.

    Raises:
        InvalidInputError: Something is missing or impossible; every fault is listed.
        InvoiceTwiceError: The same invoice, or the same file, is there already.
    """
    row = store_invoice(
        session,
        seller_id=seller_id,
        hospital_id=hospital_id,
        invoice=invoice,
        actor=actor,
        moment=moment,
    )
    compare_new(session, invoices=[row], actor=actor, moment=moment)
    return row


def store_invoice(
    session: Session,
    *,
    seller_id: int,
    hospital_id: int,
    invoice: SentInvoice,
    actor: Actor,
    moment: datetime,
) -> Invoice:
    """Store an invoice without comparing it yet; the rest as `submit_invoice`."""
    faults = list(_faults(session, seller_id, hospital_id, invoice, moment))
    if faults:
        raise InvalidInputError(faults)
    _refuse_twin(session, seller_id, invoice)
    row = Invoice(
        seller_id=seller_id,
        hospital_id=hospital_id,
        code=invoice.code,
        number=invoice.number,
        issued_on=invoice.issued_on,
        amount=invoice.amount,
        status=InvoiceStatus.SUBMITTED,
        file_digest=invoice.file_digest,
        file_name=invoice.file_name,
        submitted_by=actor.person_id,
        submitted_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        # Handed in twice at the same moment: the other one is there by now.
        _refuse_twin(session, seller_id, invoice)
        raise
    session.add_all(_line(row.id, number, line) for number, line in enumerate(invoice.lines, 1))
    session.flush()
    return row


def compare_new(
    session: Session, *, invoices: Sequence[Invoice], actor: Actor, moment: datetime
) -> None:
    """Compare invoices that were just stored, all under one lock, and tell whom they concern."""
    match_locked(session, invoices=invoices, moment=moment)
    for row in invoices:
        _tell(session, row, moment)
        _record(session, actor, "submit-invoice", row, moment)


def withdraw_invoice(
    session: Session, *, invoice: Invoice, reason: str, actor: Actor, moment: datetime
) -> Invoice:
    """Take an invoice back; its number may be handed in again.

    Raises:
        InvalidInputError: No reason is given, or it is too long.
        InvoiceGoneError: It was withdrawn before.
        InvoiceHeldError: A payment rests on it.
    """
    # Payments take a matched invoice over under the same lock.
    lock_invoices(session, [invoice.id])
    if invoice.status == InvoiceStatus.WITHDRAWN:
        raise InvoiceGoneError
    if not reason.strip() or len(reason) > REASON_LENGTH_MAX:
        zh, en = f"请填写原因，最多 {REASON_LENGTH_MAX} 个字。", "Give a reason."
        raise InvalidInputError([FieldFault("reason", zh, en)])
    if any(line.held_at is not None for line in lines_in_order(session, invoice=invoice)):
        raise InvoiceHeldError
    invoice.status = InvoiceStatus.WITHDRAWN
    invoice.withdrawn_by = actor.person_id
    invoice.withdrawn_at = moment
    invoice.withdrawn_reason = reason.strip()
    session.flush()
    _record(session, actor, "withdraw-invoice", invoice, moment)
    return invoice


def _line(invoice_id: int, number: int, line: SentLine) -> InvoiceLine:
    return InvoiceLine(
        invoice_id=invoice_id,
        number=number,
        receipt_line_id=line.receipt_line_id,
        order_number=line.order_number,
        note_number=line.note_number,
        product=line.product,
        packs=line.packs,
        pack_price=line.pack_price,
        amount=line.amount,
    )


def _refuse_twin(session: Session, seller_id: int, invoice: SentInvoice) -> None:
    live = select(Invoice).where(
        Invoice.seller_id == seller_id, Invoice.status != InvoiceStatus.WITHDRAWN
    )
    same = live.where(Invoice.code == invoice.code, Invoice.number == invoice.number)
    twin, by_file = session.scalars(same).first(), False
    if twin is None and invoice.file_digest is not None:
        by_digest = live.where(Invoice.file_digest == invoice.file_digest)
        twin, by_file = session.scalars(by_digest.order_by(Invoice.id)).first(), True
    if twin is not None:
        raise InvoiceTwiceError(
            code=twin.code,
            number=twin.number,
            submitted_on=day_in_china(twin.submitted_at),
            by_file=by_file,
        )


def _faults(
    session: Session, seller_id: int, hospital_id: int, invoice: SentInvoice, moment: datetime
) -> Iterator[FieldFault]:
    hospital = session.get(Organisation, hospital_id)
    if hospital is None or hospital.kind != OrganisationKind.HOSPITAL:
        yield FieldFault("hospital_id", "没有这家医疗机构。", "There is no such hospital.")
    if invoice.code and not _is_plain(invoice.code, CODE_LENGTH_MAX):
        yield FieldFault("code", "须为字母和数字。", "Expected letters and digits.")
    if not _is_plain(invoice.number, NUMBER_LENGTH_MAX):
        yield FieldFault("number", "须为字母和数字。", "Expected letters and digits.")
    if invoice.issued_on > day_in_china(moment):
        yield FieldFault("issued_on", "开票日期在今天之后。", "It lies after today.")
    yield from _money_faults("amount", invoice.amount, minimum=-MONEY_MAX)
    if not 1 <= len(invoice.lines) <= LINES_MAX:
        yield FieldFault(
            "lines", f"须有 1 至 {LINES_MAX} 行。", f"Expected 1 to {LINES_MAX} lines."
        )
        return
    named = {one.receipt_line_id for one in invoice.lines if one.receipt_line_id is not None}
    own = own_receipt_lines(session, seller_id=seller_id, hospital_id=hospital_id, ids=named)
    for number, line in enumerate(invoice.lines, 1):
        yield from _line_faults(f"lines.{number}", line)
        if line.receipt_line_id is not None and line.receipt_line_id not in own:
            # The same words whether it is somebody else's or nobody's: prices stay unknown.
            yield FieldFault(
                f"lines.{number}.receipt_line_id",
                "没有该验收记录，或不是本企业向该医疗机构配送的。",
                "No such line of a receipt of this hospital for goods that you delivered.",
            )


def _line_faults(place: str, line: SentLine) -> Iterator[FieldFault]:
    if not line.product.strip() or len(line.product) > PRODUCT_LENGTH_MAX:
        yield FieldFault(f"{place}.product", "请填写品名。", "Name the product.")
    if line.packs == 0 or abs(line.packs) > PACKS_MAX:
        yield FieldFault(
            f"{place}.packs",
            f"须为不等于 0 的整数，绝对值不超过 {PACKS_MAX:,}。",
            f"Expected a whole number other than 0, at most {PACKS_MAX:,}.",
        )
    yield from _money_faults(f"{place}.pack_price", line.pack_price, minimum=Decimal(0))
    yield from _money_faults(f"{place}.amount", line.amount, minimum=-MONEY_MAX)
    if line.packs and line.amount and (line.packs < 0) is not (line.amount < 0):
        yield FieldFault(
            f"{place}.amount",
            "数量与金额的正负须一致。",
            "Packs and amount must both be above or both below zero.",
        )
    if line.receipt_line_id is None and not line.order_number.strip():
        yield FieldFault(
            f"{place}.order_number",
            "请填写订单号，或选择验收记录。",
            "Name the order, or the line of the receipt.",
        )
    for name, text in (("order_number", line.order_number), ("note_number", line.note_number)):
        if len(text) > ORDER_NUMBER_LENGTH_MAX:
            zh, en = "太长。", "Too long."
            yield FieldFault(f"{place}.{name}", zh, en)


def _money_faults(place: str, amount: Decimal, *, minimum: Decimal) -> Iterator[FieldFault]:
    is_good = amount.is_finite() and minimum <= amount <= MONEY_MAX
    if not is_good or amount != amount.quantize(_MONEY_STEP):
        yield FieldFault(
            place,
            "须为金额（元），至多四位小数。",
            "Expected yuan with at most four decimals.",
        )


def _is_plain(text: str, length_max: int) -> bool:
    return len(text) <= length_max and _PLAIN.fullmatch(text) is not None


def _tell(session: Session, invoice: Invoice, moment: datetime) -> None:
    name = f"{invoice.code} {invoice.number}".strip()
    differs = invoice.status == InvoiceStatus.MISMATCHED
    for organisation_id in (invoice.hospital_id, *((invoice.seller_id,) if differs else ())):
        notify(
            session,
            organisation_id=organisation_id,
            zh=f"发票 {name} 已提交" + ("，与订单或验收不符。" if differs else "。"),
            en=f"Invoice {name} was submitted"
            + (" and differs from order or receipt." if differs else "."),
            link=f"/orders/invoices/{invoice.id}",
            moment=moment,
        )


def _record(
    session: Session, actor: Actor, action: str, invoice: Invoice, moment: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"invoice/{invoice.id}",
        facts={"number": f"{invoice.code} {invoice.number}".strip(), "status": invoice.status},
        moment=moment,
    )
