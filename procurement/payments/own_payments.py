"""What hospitals pay sellers themselves, with their vouchers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.errors import NotClaimableError, NothingLeftError
from procurement.payments.goods import OpenGoods, lock_open_goods, take_over_invoices
from procurement.payments.ledger import NewPosting, post
from procurement.payments.rules.events import Event, hospital_paid
from procurement.payments.rules.ledger import KeyReusedError
from procurement.payments.settling_tables import HospitalPayment, HospitalPaymentLine
from procurement.permissions import Actor

VOUCHER_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPayment:
    """A payment by a hospital.

    Attributes:
        hospital_id: Who paid.
        seller_id: Whom.
        goods_ids: For which goods; each in full, as far as it was not prepaid.
        paid_on: Day of the payment.
        voucher: Number of the bank's voucher: recorded once.
    """

    hospital_id: int
    seller_id: int
    goods_ids: Sequence[int]
    paid_on: date
    voucher: str


def record_own_payment(
    session: Session, *, payment: OwnPayment, actor: Actor, moment: datetime
) -> HospitalPayment:
    """Record that a hospital paid a seller itself.

    Raises:
        InvalidInputError: No voucher, or a day that has not come.
        NotClaimableError: Some goods are not open between the two.
        NothingLeftError: They come to nothing.
        KeyReusedError: The voucher was recorded before.
    """
    _check(payment, moment)
    # First the goods: of two who record the same voucher the second waits here, and then sees it.
    found = _open(session, payment, moment)
    voucher = payment.voucher.strip()
    same = select(HospitalPayment.id).where(
        HospitalPayment.hospital_id == payment.hospital_id, HospitalPayment.voucher == voucher
    )
    if session.scalar(same) is not None:
        raise KeyReusedError(voucher)
    _refuse_missing(payment, found)
    amount = sum((one.left for one in found), Decimal(0))
    if amount <= 0:
        raise NothingLeftError
    new = NewPosting(
        kind=Event.HOSPITAL_PAID,
        key=f"hospital-payment/{payment.hospital_id}/{voucher}",
        subject=f"organisation/{payment.seller_id}",
        entries=hospital_paid(payment.hospital_id, payment.seller_id, amount),
        memo=f"{payment.paid_on.isoformat()} {voucher}",
    )
    posting = post(session, new=new, actor=actor, moment=moment)
    row = HospitalPayment(
        hospital_id=payment.hospital_id,
        seller_id=payment.seller_id,
        amount=amount,
        paid_on=payment.paid_on,
        voucher=voucher,
        posting_id=posting.id,
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(row)
    session.flush()
    session.add_all(HospitalPaymentLine(payment_id=row.id, goods_id=one.goods.id) for one in found)
    session.flush()
    record(
        session,
        actor=actor,
        action="record-hospital-payment",
        subject=f"organisation/{payment.hospital_id}",
        facts={"seller": str(payment.seller_id), "voucher": voucher},
        moment=moment,
    )
    return row


def _open(session: Session, payment: OwnPayment, moment: datetime) -> list[OpenGoods]:
    """Those of the named goods that are open between the two."""
    take_over_invoices(
        session, moment=moment, hospital_id=payment.hospital_id, seller_id=payment.seller_id
    )
    found = lock_open_goods(session, hospital_id=payment.hospital_id, seller_id=payment.seller_id)
    return [one for one in found if one.goods.id in payment.goods_ids]


def _refuse_missing(payment: OwnPayment, found: Sequence[OpenGoods]) -> None:
    missing = set(payment.goods_ids) - {one.goods.id for one in found}
    if missing:
        raise NotClaimableError(tuple(sorted(missing)))


def _check(payment: OwnPayment, moment: datetime) -> None:
    faults: list[FieldFault] = []
    if not 0 < len(payment.voucher.strip()) <= VOUCHER_LENGTH_MAX:
        faults.append(FieldFault("voucher", "须填写凭证号。", "Expected the voucher's number."))
    if payment.paid_on > day_in_china(moment):
        faults.append(FieldFault("paid_on", "付款日不能在今天之后。", "That day has not come yet."))
    if not payment.goods_ids:
        faults.append(FieldFault("goods", "须选择货款。", "Expected what is paid."))
    if faults:
        raise InvalidInputError(faults)
