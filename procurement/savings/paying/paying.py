"""Paying what hospitals keep, once each, however often the job is killed.

A row for each hospital is written first, in one transaction; each instruction is drafted in the
transaction that marks its row, under a key that `payments` pays once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.retained import RetainedPay, pay_retained
from procurement.payments.states import InstructionStatus
from procurement.permissions import Actor
from procurement.savings.publishing.publishing import standing_publication
from procurement.savings.settlements.changing import lock, noted, require_status, set_status
from procurement.savings.settlements.elsewhere import (
    SettledElsewhereError,
    lock_terms,
    paid_elsewhere,
)
from procurement.savings.settlements.runs import end_run, give_up_dead_run, start_run
from procurement.savings.settlements.terms import terms_of
from procurement.savings.statements.writing import latest_statements
from procurement.savings.states import (
    RetainedStatus,
    RunKind,
    RunStatus,
    SettlementStatus,
)
from procurement.savings.tables import RetainedPayment, SavingsRun, SavingsSettlement


class NoAgencyError(RefusedError):
    """Nobody is named who pays."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="本次清算尚未指定拨付的医保经办机构。",
            en="The settlement names no fund agency that pays.",
        )


class StillPublicError(RefusedError):
    """The term of publicity has not ended."""

    def __init__(self, until: str) -> None:
        """Keep its last day."""
        super().__init__(
            zh=f"公示期至 {until}，期满后方可拨付。",
            en=f"The term of publicity runs until {until}; payment begins after it.",
        )


class NotPaidError(RefusedError):
    """Some hospitals are not paid yet."""

    def __init__(self, number: int) -> None:
        """Keep how many."""
        super().__init__(
            zh=f"还有 {number} 家医疗机构未到账。", en=f"{number} hospitals are not paid yet."
        )
        self.number = number


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """The payment of one hospital.

    Attributes:
        payment: The row.
        hospital: Its name.
        instruction: The payment instruction; None while there is none.
    """

    payment: RetainedPayment
    hospital: str
    instruction: PaymentInstruction | None

    @property
    def amount(self) -> Decimal:
        """Of both funds."""
        return self.payment.employee + self.payment.resident


def start_paying(
    session: Session, *, settlement: SavingsSettlement, actor: Actor, moment: datetime
) -> SavingsRun:
    """Ask for the payments, once the term of publicity has ended.

    Asked again while payments are made, it instructs those whose instruction was cancelled. What
    the bank returned `payments` sends again: it is the same instruction.

    Raises:
        NoAgencyError: Nobody is named who pays.
        RunUnderWayError: A job is at work.
        SettledElsewhereError: Another settlement pays hospitals for the same batch-years.
        StillPublicError: The term of publicity has not ended.
        WrongStateError: The table is not public.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.PUBLISHED, SettlementStatus.PAYING)
    if locked.agency_id is None:
        raise NoAgencyError
    until = standing_publication(session, settlement=locked).until
    if day_in_china(moment) <= until:
        raise StillPublicError(until.isoformat())
    give_up_dead_run(session, settlement=locked, actor=actor, moment=moment)
    _require_unpaid(session, locked)
    run = start_run(session, settlement=locked, kind=RunKind.PAY, actor=actor, moment=moment)
    if locked.status == SettlementStatus.PUBLISHED:
        set_status(session, settlement=locked, status=SettlementStatus.PAYING, moment=moment)
    noted(session, settlement=locked, action="pay-retained", actor=actor, moment=moment)
    return run


def _require_unpaid(session: Session, settlement: SavingsSettlement) -> None:
    """Let nothing be paid that another settlement pays: checked under a lock of the terms.

    Raises:
        SettledElsewhereError: Another settlement pays some hospitals.
    """
    terms = [one.term_id for one in terms_of(session, settlement=settlement)]
    lock_terms(session, term_ids=terms)
    found = paid_elsewhere(
        session,
        settlement_id=settlement.id,
        term_ids=terms,
        hospital_ids=list(latest_statements(session, settlement_id=settlement.id)),
    )
    if found:
        raise SettledElsewhereError(found)


def prepare_paying(session: Session, *, run: SavingsRun) -> None:
    """Write a row for each hospital, once; those whose instruction was cancelled wait again."""
    if run.status != RunStatus.WAITING:
        return
    statements = latest_statements(session, settlement_id=run.settlement_id)
    known = {one.hospital_id: one for one in _payments(session, run.settlement_id)}
    for statement in statements.values():
        if statement.hospital_id in known:
            continue
        session.add(
            RetainedPayment(
                settlement_id=run.settlement_id,
                statement_id=statement.id,
                hospital_id=statement.hospital_id,
                key=f"savings-{run.settlement_id}-{statement.hospital_id}",
                employee=statement.employee,
                resident=statement.resident,
                status=RetainedStatus.WAITING if statement.payable else RetainedStatus.NOTHING,
            )
        )
    session.flush()
    for payment in _cancelled(session, run.settlement_id):
        base, _, attempt = payment.key.partition("/")
        payment.key = f"{base}/{int(attempt or 1) + 1}"
        payment.status, payment.instruction_id = RetainedStatus.WAITING, None
    session.flush()
    run.status = RunStatus.RUNNING
    run.done, run.total = 0, len(_waiting(session, run.settlement_id))
    session.flush()


def pay_step(session: Session, *, run: SavingsRun, moment: datetime) -> bool:
    """Instruct the payment of the next hospital; False once none waits."""
    settlement = session.get_one(SavingsSettlement, run.settlement_id)
    waiting = _waiting(session, run.settlement_id)
    if not waiting or settlement.agency_id is None:
        end_run(session, run=run, moment=moment)
        return False
    payment = waiting[0]
    instruction = pay_retained(
        session,
        retained=RetainedPay(
            key=payment.key,
            hospital_id=payment.hospital_id,
            agency_id=settlement.agency_id,
            employee=payment.employee,
            resident=payment.resident,
        ),
        actor=Actor(person_id=run.asked_by, organisation_id=settlement.agency_id),
        moment=moment,
    )
    payment.status, payment.instruction_id = RetainedStatus.INSTRUCTED, instruction.id
    payment.instructed_at = moment
    run.done += 1
    session.flush()
    return True


def payments_of(session: Session, *, settlement: SavingsSettlement) -> list[PaymentRow]:
    """Return the payments of a settlement, by the hospitals' names."""
    rows = session.execute(
        select(RetainedPayment, Organisation.name, PaymentInstruction)
        .join(Organisation, Organisation.id == RetainedPayment.hospital_id)
        .outerjoin(PaymentInstruction, PaymentInstruction.id == RetainedPayment.instruction_id)
        .where(RetainedPayment.settlement_id == settlement.id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [PaymentRow(payment, name, instruction) for payment, name, instruction in rows]


def unpaid(session: Session, *, settlement: SavingsSettlement) -> int:
    """Return how many hospitals are not paid yet, as the bank reports."""
    paid = (
        select(func.count())
        .select_from(RetainedPayment)
        .outerjoin(PaymentInstruction, PaymentInstruction.id == RetainedPayment.instruction_id)
        .where(RetainedPayment.settlement_id == settlement.id)
        .where(RetainedPayment.status != RetainedStatus.NOTHING)
        .where(func.coalesce(PaymentInstruction.status, "") != InstructionStatus.PAID)
    )
    return session.scalar(paid) or 0


def close_settlement(
    session: Session, *, settlement: SavingsSettlement, actor: Actor, moment: datetime
) -> None:
    """Say that everything is paid.

    Raises:
        NotPaidError: The bank has not reported every payment.
        WrongStateError: It is not being paid.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.PAYING)
    number = unpaid(session, settlement=locked)
    if number or not _payments(session, locked.id):
        raise NotPaidError(number)
    set_status(session, settlement=locked, status=SettlementStatus.SETTLED, moment=moment)
    noted(session, settlement=locked, action="close-settlement", actor=actor, moment=moment)


def _payments(session: Session, settlement_id: int) -> Sequence[RetainedPayment]:
    own = RetainedPayment.settlement_id == settlement_id
    return session.scalars(select(RetainedPayment).where(own).order_by(RetainedPayment.id)).all()


def _waiting(session: Session, settlement_id: int) -> list[RetainedPayment]:
    rows = _payments(session, settlement_id)
    return [one for one in rows if one.status == RetainedStatus.WAITING]


def _cancelled(session: Session, settlement_id: int) -> Sequence[RetainedPayment]:
    """Those whose instruction no bank ever had: the ledger has the money back."""
    return session.scalars(
        select(RetainedPayment)
        .join(PaymentInstruction, PaymentInstruction.id == RetainedPayment.instruction_id)
        .where(RetainedPayment.settlement_id == settlement_id)
        .where(PaymentInstruction.status == InstructionStatus.CANCELLED)
    ).all()
