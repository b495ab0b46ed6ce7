"""Reconciliation (对账): what differs between invoices, claims, instructions and the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, null, select, type_coerce
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.database import Money
from procurement.orders.invoices.kinds import InvoiceStatus
from procurement.orders.invoices.tables import Invoice, InvoiceLine
from procurement.payments.account_kinds import Account, AccountKind
from procurement.payments.ledger import balance
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.reading.settled import settled_parts
from procurement.payments.settling_tables import Claim, ClaimLine, GoodsPayable, SettlementMonth
from procurement.payments.states import ClaimStatus, InstructionStatus
from procurement.volumes.rules import region_prefix

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReconciliationFault:
    """Something that two records say differently.

    Attributes:
        kind: ``invoice``, ``claim-sum``, ``payment``, ``overpaid``, ``books`` or ``returned``.
        zh: What, in Chinese.
        en: The same in English.
        link: Where to look.
        amount: By how much, in yuan, where that can be said.
    """

    kind: str
    zh: str
    en: str
    link: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """Whose books are compared: of one side, or of both.

    Attributes:
        hospital_id: Of this hospital; None for all.
        seller_id: With this seller; None for all.
        agency_id: Claims and instructions of this agency, and goods of hospitals of its region;
            None for all.
        region: Of hospitals whose division code begins like this; empty for all.
    """

    hospital_id: int | None = None
    seller_id: int | None = None
    agency_id: int | None = None
    region: str = ""


def reconcile(session: Session, *, concern: Concern) -> list[ReconciliationFault]:
    """List everything that differs; an empty list says that all of it agrees.

    Args:
        session: Any session.
        concern: Whose.
    """
    if concern.agency_id is not None and not concern.region:
        agency = session.get_one(Organisation, concern.agency_id)
        concern = replace(concern, region=region_prefix(agency.region))
    return [
        *_changed_invoices(session, concern),
        *_claim_sums(session, concern),
        *_payments(session, concern),
        *_overpaid(session, concern),
        *_books(session, concern),
    ]


def _goods(concern: Concern) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if concern.hospital_id is not None:
        wanted.append(GoodsPayable.hospital_id == concern.hospital_id)
    if concern.seller_id is not None:
        wanted.append(GoodsPayable.seller_id == concern.seller_id)
    if concern.region:
        wanted.append(GoodsPayable.hospital_id.in_(_hospitals(concern.region)))
    return wanted


def _hospitals(region: str) -> Select[int]:
    return select(Organisation.id).where(Organisation.region.startswith(region))


def _changed_invoices(session: Session, concern: Concern) -> Iterator[ReconciliationFault]:
    rows = session.execute(
        select(Invoice.id, Invoice.number, InvoiceLine.amount, GoodsPayable.amount)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(GoodsPayable, GoodsPayable.invoice_line_id == InvoiceLine.id)
        .where(*_goods(concern))
        .where(
            (Invoice.status != InvoiceStatus.MATCHED) | (InvoiceLine.amount != GoodsPayable.amount)
        )
        .order_by(Invoice.id)
    )
    for invoice_id, number, said, booked in rows:
        yield ReconciliationFault(
            "invoice",
            f"发票 {number} 已入账，但发票状态或金额其后有变。",
            f"invoice {number} is in the books, and was changed since",
            f"/orders/invoices/{invoice_id}",
            said - booked,
        )


def _claims(concern: Concern) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if concern.hospital_id is not None:
        wanted.append(Claim.hospital_id == concern.hospital_id)
    if concern.seller_id is not None:
        wanted.append(Claim.seller_id == concern.seller_id)
    if concern.agency_id is not None:
        months = select(SettlementMonth.id).where(SettlementMonth.agency_id == concern.agency_id)
        wanted.append(Claim.month_id.in_(months))
    elif concern.region:
        wanted.append(Claim.hospital_id.in_(_hospitals(concern.region)))
    return wanted


def _claim_sums(session: Session, concern: Concern) -> Iterator[ReconciliationFault]:
    amount = type_coerce(func.sum(ClaimLine.amount), Money())
    rows = session.execute(
        select(Claim.id, Claim.number, Claim.amount, amount)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(*_claims(concern), ClaimLine.live_goods_id.is_not(null()))
        .group_by(Claim.id, Claim.number, Claim.amount)
        .having(func.sum(ClaimLine.amount) != Claim.amount)
        .order_by(Claim.id)
    )
    for claim_id, number, stated, summed in rows:
        yield ReconciliationFault(
            "claim-sum",
            f"申请 {number} 的金额与明细合计不符。",
            f"the amount of claim {number} is not the sum of its lines",
            f"/payments/claims/{claim_id}",
            stated - summed,
        )


def _payments(session: Session, concern: Concern) -> Iterator[ReconciliationFault]:
    rows = session.execute(
        select(Claim, PaymentInstruction)
        .join(PaymentInstruction, PaymentInstruction.id == Claim.instruction_id)
        .where(*_claims(concern))
        .order_by(Claim.id)
    )
    for claim, instruction in rows:
        link = f"/payments/claims/{claim.id}"
        is_paid = instruction.status == InstructionStatus.PAID
        if claim.amount != instruction.amount or is_paid != (claim.status == ClaimStatus.PAID):
            yield ReconciliationFault(
                "payment",
                f"申请 {claim.number} 与支付指令 {instruction.number} 不符。",
                f"claim {claim.number} and instruction {instruction.number} differ",
                link,
                claim.amount - instruction.amount,
            )
        if instruction.status == InstructionStatus.RETURNED:
            yield ReconciliationFault(
                "returned",
                f"申请 {claim.number} 的付款被银行退回，尚未重新支付。",
                f"the payment of claim {claim.number} was returned and not sent again",
                link,
                instruction.amount,
            )


def _overpaid(session: Session, concern: Concern) -> Iterator[ReconciliationFault]:
    parts = settled_parts()
    paid = type_coerce(func.sum(parts.c.amount), Money())
    rows = session.execute(
        select(GoodsPayable.id, GoodsPayable.amount, paid)
        .join(parts, parts.c.goods_id == GoodsPayable.id)
        .where(*_goods(concern), parts.c.paid_on.is_not(null()), GoodsPayable.amount > ZERO)
        .group_by(GoodsPayable.id, GoodsPayable.amount)
        .having(func.sum(parts.c.amount) > GoodsPayable.amount)
        .order_by(GoodsPayable.id)
    )
    for goods_id, owed, settled in rows:
        yield ReconciliationFault(
            "overpaid",
            f"货款 {goods_id} 的付款超过应付金额。",
            f"goods {goods_id} were paid more than was owed",
            "/payments/goods",
            settled - owed,
        )


def _books(session: Session, concern: Concern) -> Iterator[ReconciliationFault]:
    """What the ledger says is owed must be what is open of goods, between any two."""
    parts = settled_parts()
    done = (
        select(parts.c.goods_id, type_coerce(func.sum(parts.c.amount), Money()).label("amount"))
        .where(parts.c.paid_on.is_not(null()))
        .group_by(parts.c.goods_id)
        .subquery()
    )
    rows = session.execute(
        select(
            GoodsPayable.hospital_id,
            GoodsPayable.seller_id,
            type_coerce(func.sum(GoodsPayable.amount), Money()),
            type_coerce(func.sum(done.c.amount), Money()),
        )
        .outerjoin(done, done.c.goods_id == GoodsPayable.id)
        .where(*_goods(concern))
        .group_by(GoodsPayable.hospital_id, GoodsPayable.seller_id)
        .order_by(GoodsPayable.hospital_id, GoodsPayable.seller_id)
    )
    for hospital, seller, owed, settled in rows:
        left = owed - (settled or ZERO)
        booked = -balance(session, account=Account(AccountKind.OWED_TO_SELLER, hospital, seller))
        if left != booked:
            yield ReconciliationFault(
                "books",
                f"医疗机构 {hospital} 与企业 {seller}：未付货款 {left}，账上应付 {booked}。",
                f"hospital {hospital} and company {seller}: {left} is open, the books say {booked}",
                "/payments/ledger",
                left - booked,
            )
